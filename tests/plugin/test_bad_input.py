"""What is wrong with a project or an endpoint is one clear line; nothing is written, nothing lost."""

from __future__ import annotations

import pytest
from plugin_projects import BODY, DOUBLE, DOUBLING, Sandbox

STUB = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number."""
    '''
NO_TESTS = {"specs/bad.py": STUB}
NOT_IMPORTABLE = {
    "specs/bad.py": STUB
    + "\n\n    def test_it() -> None:\n        from nowhere_at_all import n\n        assert double(n) == 2\n"
}
SYNTAX = {"specs/bad.py": STUB.replace("n: int) ->", "n: int ->")}
DUPLICATE = {"specs/bad.py": DOUBLING + "\n\n    @spec\n    def double(n: int) -> int:\n        ...\n"}
OWN_CLASS = {
    "specs/bad.py": '''
    from dataclasses import dataclass

    from pytest_compiled_ai import spec


    @dataclass
    class Point:
        x: int


    @spec
    def right(point: Point) -> Point:
        """Return the point to the right."""


    def test_right() -> None:
        assert right(Point(1)) == Point(2)
    '''
}
CYCLE = {
    "specs/bad.py": '''
    from pytest_compiled_ai import spec


    @spec(uses=["two"])
    def one(n: int) -> int:
        """Return one."""


    @spec(uses=["one"])
    def two(n: int) -> int:
        """Return two."""


    def test_both() -> None:
        assert one(1) + two(1) == 3
    '''
}


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (NO_TESTS, "compiled-ai: specs/bad.py::double: specs/bad.py:*double has no tests; add examples*"),
        (NOT_IMPORTABLE, "compiled-ai: specs/bad.py::double: specs/bad.py:*nowhere_at_all*"),
        (SYNTAX, "compiled-ai: specs/bad.py:5*"),
        (DUPLICATE, "compiled-ai: specs/bad.py:*double*"),
        (OWN_CLASS, "compiled-ai: specs/bad.py*Point*"),
        (CYCLE, "*compiled-ai: specs/bad.py:5: uses makes a circle: one *"),
    ],
    ids=["no tests", "not importable", "syntax", "duplicate", "own class", "cycle"],
)
def test_a_bad_spec_is_one_line_and_asks_nothing(sandbox: Sandbox, files: dict[str, str], line: str) -> None:
    sandbox.write({**files, "tests/test_other.py": "def test_other() -> None:\n    pass\n"}, DOUBLE)
    before = sandbox.tree()
    result = sandbox.run("--compile-ai", "tests")
    told = [
        text for text in [*result.outlines, *result.errlines] if "compiled-ai: " in text and " to compile" not in text
    ]
    assert result.ret == 1, told
    assert len(told) == 1
    result.stdout.fnmatch_lines([line])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert sandbox.asked == 0
    assert sandbox.tree() == before


@pytest.mark.parametrize(
    ("replies", "line"),
    [
        (
            (401,),
            "*provider 'openai': 127.0.0.1:* refused the key (401); check *",
        ),
        ((), "*provider 'openai': cannot reach 127.0.0.1:9 *"),
    ],
    ids=["wrong key", "endpoint down"],
)
def test_a_bad_endpoint_ends_the_run_with_one_line(
    sandbox: Sandbox, replies: tuple[int, ...], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    sandbox.write({"specs/doubling.py": DOUBLING, "specs/halving.py": DOUBLING}, *replies)
    before = sandbox.tree()
    result = sandbox.run("--compile-ai")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len([text for text in (*result.outlines, *result.errlines) if "provider 'openai'" in text]) == 1
    result.stderr.fnmatch_lines([line])
    assert "sk-secret-of-mine" not in result.stdout.str() + result.stderr.str()
    assert sandbox.tree() == before


@pytest.mark.parametrize("blocked", ["src/generated", "src"])
def test_a_folder_that_cannot_be_written_stops_before_any_question(sandbox: Sandbox, blocked: str) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, blocked: "a file, where a folder should be\n"}, DOUBLE)
    before = sandbox.tree()
    result = sandbox.run("--compile-ai")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        f"ERROR: compiled-ai: {sandbox.root / blocked} cannot be written (Not a directory), "
        "so no artifact could be kept; mend that first."
    ]
    assert sandbox.asked == 0
    assert sandbox.tree() == before


def test_a_refused_reply_leaves_no_trace_in_the_tree(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, "I cannot help with that.", "", table="attempts = 2")
    result = sandbox.run("--compile-ai", "-q")
    assert result.ret == 1
    assert sandbox.asked == 2
    assert not sandbox.generated.exists()
    result.stdout.fnmatch_lines(["compiled-ai: specs/doubling.py::double: no body passed in 2 attempts: *"])


def test_a_broken_artifact_is_told_and_kept(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, "src/generated/doubling.py": BODY + "\n<<<<<<< HEAD\n"})
    before = sandbox.tree()
    result = sandbox.run("specs/doubling.py::test_double_of_zero")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["compiled-ai: double has no compiled body: generated.doubling cannot be imported: SyntaxError: *"]
    )
    assert sandbox.tree() == before
