"""When nothing is compiled, and what a compile does without."""

from __future__ import annotations

import pytest
from plugin_projects import DOUBLE, DOUBLING, Sandbox


@pytest.mark.parametrize("flag", ["--collect-only", "--setup-plan", "--fixtures", "--no-compile-ai", "--markers"])
def test_a_run_that_runs_no_test_compiles_nothing(sandbox: Sandbox, flag: str) -> None:
    # pytest's own doctest items fail under --setup-plan.
    text = DOUBLING.replace(">>>", "Of") if flag == "--setup-plan" else DOUBLING
    sandbox.write({"specs/doubling.py": text, "pytest.ini": "[pytest]\naddopts = --compile-ai\n"}, DOUBLE)
    before = sandbox.tree()
    result = sandbox.run(flag)
    assert result.ret == (1 if flag == "--no-compile-ai" else 0)
    assert sandbox.asked == 0
    assert sandbox.tree() == before


def test_collecting_under_xdist_compiles_nothing(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    result = sandbox.run_apart("-n", "2", "--collect-only", "--compile-ai")
    assert result.ret == 0
    assert sandbox.asked == 0
    assert not sandbox.generated.exists()


def test_workers_run_what_the_controller_compiled_once(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    result = sandbox.run_apart("-n", "2", "--compile-ai")
    result.assert_outcomes(passed=2)
    assert result.ret == 0
    assert sandbox.asked == 1
    result.stdout.fnmatch_lines(["compiled-ai: 1 spec to compile; prompts go to 127.0.0.1:* (scripted); about *"])
    assert (sandbox.generated / "doubling.py").is_file()


def test_a_usage_error_under_xdist_is_one_line_too(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, "src": "in the way\n"}, DOUBLE)
    result = sandbox.run_apart("-n", "2", "--compile-ai")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert sandbox.asked == 0
    assert [line for line in result.errlines if line.startswith("ERROR: compiled-ai: ")]
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_workers_leave_the_stale_line_to_the_controller(compiled: Sandbox) -> None:
    compiled.edit("specs/numbers.py", "twice a number", "two times a number")
    result = compiled.run_apart("-n", "2")
    result.assert_outcomes(passed=3)
    assert (
        result.outlines.count(
            "compiled-ai: specs/numbers.py::double is stale (docstring changed); run `pytest --compile-ai`"
        )
        == 1
    )


def test_it_works_without_terminal_and_capture_and_with_warnings_as_errors(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    result = sandbox.run_apart("--compile-ai", "-p", "no:terminal", "-p", "no:capture", "-W", "error")
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    assert sandbox.asked == 1
    assert "compiled-ai: 1 spec to compile" in result.stdout.str()
    assert (sandbox.generated / "doubling.py").is_file()
    plain = sandbox.run_apart("-p", "no:terminal", "-p", "no:capture", "-W", "error")
    assert plain.ret == 0
    assert plain.stdout.str() == ""


def test_nothing_is_only_in_the_header_or_the_summary(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, "I cannot.")
    result = sandbox.run(
        "--compile-ai", "--compile-ai-attempts=1", "-qq", "--no-header", "--no-summary", "-W", "error",
        "--import-mode=importlib",
    )  # fmt: skip
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "compiled-ai: 1 spec to compile; prompts go to *",
            "compiled-ai: specs/doubling.py::double: no body passed in 1 attempts: the reply *",
        ]
    )
