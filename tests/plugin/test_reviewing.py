"""Bodies that wait for a person, and a project that asks for an approval of each."""

from __future__ import annotations

import pytest
from plugin_projects import BODY, DOUBLE, DOUBLING, Sandbox

STAGED = ".compiled-ai/staged/specs.doubling.py.double.json"


def test_a_body_is_staged_and_the_run_goes_on_with_what_is_written(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    result = sandbox.run("--compile-ai", "--compile-ai-review")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "*specs/doubling.py::double: staged (1 attempt, *",
            "specs/doubling.py::double * staged * 1 *",
            "compiled-ai: 1 staged and not written yet; look at what is new: `compiled-ai review`",
            "*double * is not compiled; run `pytest --compile-ai`*",
        ]
    )
    assert not sandbox.generated.exists()
    assert (sandbox.root / STAGED).is_file()
    again = sandbox.run("--compile-ai", "--compile-ai-review")
    assert sandbox.asked == 1
    again.stdout.fnmatch_lines(["specs/doubling.py::double * staged * 0 *"])


def test_the_flag_alone_compiles_nothing(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    sandbox.run("--compile-ai-review").assert_outcomes(failed=2)
    assert sandbox.asked == 0


def test_the_command_stages_too(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_compiled_ai.cli import main

    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    monkeypatch.chdir(sandbox.root)
    assert main(["compile", "--review"]) == 0
    assert (sandbox.root / STAGED).is_file()
    assert not sandbox.generated.exists()
    assert main(["review", "--accept", "double"]) == 0
    assert BODY.splitlines()[-1] in (sandbox.generated / "doubling.py").read_text(encoding="utf-8")
    sandbox.run().assert_outcomes(passed=2)


def test_a_check_refuses_what_nobody_approved_and_a_plain_run_does_not_care(compiled: Sandbox) -> None:
    compiled.edit("pyproject.toml", "specs =", "require_review = true\nspecs =")
    result = compiled.run("--compile-ai-check")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "compiled-ai: specs/numbers.py::double is not approved; run `compiled-ai review`",
            "compiled-ai: specs/numbers.py::negate is not approved; run `compiled-ai review`",
        ]
    )
    plain = compiled.run()
    assert plain.ret == 0
    plain.assert_outcomes(passed=3)
    plain.stdout.no_fnmatch_line("*compiled-ai review*")
