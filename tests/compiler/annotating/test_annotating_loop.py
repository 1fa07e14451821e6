"""A scripted reply that lacks annotations compiles at the first attempt."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.testing import ScriptedProvider, fenced

SPEC = {
    "specs/number.py": '''
        from pytest_compiled_ai import spec

        @spec
        def count_ways(n: int) -> int:
            """Count the ways up n stairs, one or two at a time.

            >>> count_ways(4)
            5
            """
        '''
}
REPLY = fenced(
    "def count_ways(n: int) -> int:\n"
    "    memo = {}\n"
    "    def climb(left):\n"
    "        if left in memo:\n"
    "            return memo[left]\n"
    "        if left < 2:\n"
    "            return 1\n"
    "        memo[left] = climb(left - 1) + climb(left - 2)\n"
    "        return memo[left]\n"
    "    return climb(n)\n"
)


@pytest.mark.usefixtures("sealed")
def test_a_reply_without_annotations_is_accepted_at_once(bench):
    project = bench(SPEC)
    result = project.compile(ScriptedProvider(REPLY))["count_ways"]
    assert (result.attempts, project.watcher.refusals) == (1, [])
    written = project.read("src/generated/number.py")
    assert "    memo: dict[int, int] = {}\n    def climb(left: int) -> int:\n" in written


@pytest.mark.usefixtures("sealed")
def test_a_reply_with_another_fault_is_judged_as_it_is(bench):
    project = bench(SPEC)
    result = project.compile(ScriptedProvider(REPLY.replace("climb(n)", "str(climb(n))"), REPLY))["count_ways"]
    assert result.attempts == 2
    (refusal,) = project.watcher.refusals
    assert refusal.startswith('mypy: Need type annotation for "memo"')
