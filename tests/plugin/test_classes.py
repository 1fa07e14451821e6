"""Classes as specs, from the stub to the run of their tests."""

from __future__ import annotations

import pytest
from plugin_projects import Sandbox

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.testing import fenced

STACK = '''
    from __future__ import annotations

    from collections.abc import AsyncIterator, Iterator
    from dataclasses import dataclass, field

    from pytest_compiled_ai import spec

    LIMIT = 3


    @spec
    @dataclass
    class Stack:
        """Hold up to LIMIT numbers.

        >>> Stack.of(1, 2)
        Stack(items=[1, 2])
        """

        items: list[int] = field(default_factory=list)

        def push(self, item: int) -> None:
            """Put a number on top.

            >>> stack = Stack()
            >>> stack.push(1)
            >>> len(stack)
            1
            """

        @property
        def top(self) -> int:
            """The number on top."""
            ...

        @top.setter
        def top(self, item: int) -> None:
            raise NotImplementedError

        def is_full(self) -> bool:
            return len(self) >= LIMIT

        def __len__(self) -> int: ...

        def __iter__(self) -> Iterator[int]:
            """Yield from the top down."""

        async def drain(self) -> AsyncIterator[int]:
            """Take the numbers off, from the top down."""
            raise NotImplementedError
            yield

        @classmethod
        def of(cls, *items: int) -> Stack:
            """Return a stack of numbers, the last on top."""

        @staticmethod
        def limit() -> int: ...


    def test_a_property_is_read_and_set() -> None:
        stack = Stack.of(1, 2)
        stack.top += 5
        assert stack.items == [1, 7]
        assert type(stack) is Stack


    def test_walks() -> None:
        import asyncio

        stack = Stack.of(1, 2, 3)
        assert stack.is_full()
        assert list(stack) == [3, 2, 1]

        async def collect() -> list[int]:
            return [item async for item in stack.drain()]

        assert asyncio.run(collect()) == [3, 2, 1]
        assert len(stack) == 0
        assert Stack.limit() == 3
    '''
REPLY = """
    @dataclass
    class Stack:
        items: list[int] = field(default_factory=list)

        def push(self, item: int) -> None:
            self.items.append(item)

        @property
        def top(self) -> int:
            return self.items[-1]

        @top.setter
        def top(self, item: int) -> None:
            self.items[-1] = item

        def is_full(self) -> bool:
            return True

        def __len__(self) -> int:
            return len(self.items)

        def __iter__(self) -> Iterator[int]:
            yield from reversed(self.items)

        async def drain(self) -> AsyncIterator[int]:
            while self.items:
                yield self.items.pop()

        @classmethod
        def of(cls, *items: int) -> Stack:
            return cls(list(items))

        @staticmethod
        def limit() -> int:
            return LIMIT
    """
USER = '''
    from pytest_compiled_ai import spec

    from specs.stack import Stack


    @spec(uses=[Stack])
    def total(stack: Stack) -> int:
        """Return the sum of a stack's numbers.

        >>> total(Stack.of(1, 2))
        3
        """
    '''
TOTAL = fenced("def total(stack: Stack) -> int:\n    return sum(stack)")


def test_a_class_is_compiled_in_one_go_and_used_by_another_spec(sandbox: Sandbox) -> None:
    helper = REPLY + "\n        def _grow(self) -> None:\n            return\n"
    wrong = REPLY.replace("self.items[-1] = item", "self.items.append(item)")
    files = {"specs/stack.py": STACK, "specs/later.py": USER}
    sandbox.write(files, fenced(helper), fenced(wrong), fenced(REPLY), TOTAL)
    result = sandbox.run("--compile-ai")
    assert result.ret == 0
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(
        [
            "*the reply adds `_grow` to `Stack`; *put helpers inside a method.*",
            "*specs/stack.py::Stack: compiled (3 attempts, *",
            "*specs/later.py::total: compiled (1 attempt, *",
            "specs/stack.py::Stack * compiled * 3 *jailed*",
        ]
    )
    assert "runs in the jail: a class runs beside its tests" in str(result.stdout)
    asked = [str(request["messages"]) for request in sandbox.endpoint.requests]
    assert "the reply adds `_grow`" in asked[1]
    assert "exists already: use it" in asked[3]
    artifact = (sandbox.generated / "stack.py").read_text(encoding="utf-8")
    assert "LIMIT = 3\n" in artifact
    assert "return len(self) >= LIMIT" in artifact
    assert '    """Put a number on top.' in artifact
    assert "_grow" not in artifact
    assert "from generated.stack import Stack" in (sandbox.generated / "later.py").read_text(encoding="utf-8")
    record = read_records(sandbox.generated / "stack.provenance.json")["Stack"]
    assert record["tier"] == "jailed"
    assert "specs/stack.py::Stack.push" in record["tests"]
    before = sandbox.tree()
    sandbox.run("-q").assert_outcomes(passed=5)
    check = sandbox.run("--compile-ai-check")
    check.stdout.fnmatch_lines(["compiled-ai: 2 specs, all fresh"])
    # A new docstring asks for no new body.
    sandbox.edit("specs/stack.py", "Put a number on top.", "Lay a number on top.")
    restamped = sandbox.run("--compile-ai")
    assert restamped.ret == 0
    restamped.stdout.fnmatch_lines(["*specs/stack.py::Stack: restamped (0 attempts, *"])
    assert sandbox.asked == 4
    assert "Lay a number" in (sandbox.generated / "stack.py").read_text(encoding="utf-8")
    assert before != sandbox.tree()


def test_a_class_that_is_not_compiled_can_be_imported_and_fails_when_it_is_used(sandbox: Sandbox) -> None:
    conftest = """
        from generated.stack import Stack


        class Deque(Stack):
            pass


        def keep(stack: Stack, more: list[Stack]) -> bool:
            return isinstance(stack, Stack)
        """
    test = "import conftest\n\n\ndef test_it() -> None:\n    assert not conftest.keep(1, [])\n"
    more = "import conftest\n\n\ndef test_more() -> None:\n    conftest.Stack()\n"
    files = {"specs/stack.py": STACK, "conftest.py": conftest, "tests/test_it.py": test, "tests/test_more.py": more}
    sandbox.write(files)
    result = sandbox.run()
    result.assert_outcomes(passed=1, failed=5)
    result.stdout.fnmatch_lines(
        ["*generated.stack.Stack (specs/stack.py:*) is not compiled; run `pytest --compile-ai`."]
    )
    assert "Traceback" not in str(result.stdout)


def test_a_class_asked_to_be_sealed_is_an_error_of_the_spec(sandbox: Sandbox) -> None:
    sandbox.write({"specs/stack.py": STACK.replace("    @spec\n", '    @spec(isolation="sealed")\n')}, fenced(REPLY))
    result = sandbox.run("--compile-ai")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*specs/stack.py::Stack cannot be sealed: a class runs beside its tests; *"])
    assert sandbox.asked == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("LIMIT = 3", "LIMIT = len([])", "*Stack's signature names LIMIT, which is no literal constant*"),
        ("return len(self) >= LIMIT", "return self.nothing", "*what Stack takes from the spec does not type-check:*"),
    ],
)
def test_a_fault_of_the_author_s_code_costs_no_question(sandbox: Sandbox, old: str, new: str, said: str) -> None:
    sandbox.write({"specs/stack.py": STACK.replace(old, new)}, fenced(REPLY))
    result = sandbox.run("--compile-ai")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([said])
    assert sandbox.asked == 0
