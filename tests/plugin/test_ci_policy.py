"""In CI a model is asked only where the run itself says so; a check is never switched off."""

from __future__ import annotations

import pytest
from plugin_projects import DOUBLE, DOUBLING, Sandbox

from pytest_compiled_ai.context import SIGNS

ADDOPTS = {"specs/doubling.py": DOUBLING, "pytest.ini": "[pytest]\npythonpath = src\naddopts = --compile-ai\n"}
MISSING = "compiled-ai: specs/doubling.py::double is missing; *"
SAID = "compiled-ai: this is CI ({} is set): specs are checked, and no model is asked; *"


@pytest.fixture(autouse=True)
def _no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for sign in SIGNS:
        monkeypatch.delenv(sign.variable, raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def test_a_flag_in_a_file_only_checks_and_says_why(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    sandbox.write(ADDOPTS, DOUBLE)
    before = sandbox.tree()
    result = sandbox.run("-k", "nothing")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([SAID.format("GITHUB_ACTIONS"), MISSING])
    assert sandbox.asked == 0
    assert sandbox.tree() == before


def test_under_xdist_too_it_is_said_once(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    sandbox.write(ADDOPTS, DOUBLE)
    result = sandbox.run_apart("-n", "2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert sandbox.asked == 0
    assert result.stdout.str().count("this is CI (CI is set)") == 1


def test_what_is_fresh_passes_and_is_bound_as_in_a_plain_run(
    compiled: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_BUILD", "True")
    conftest = "import inspect\nfrom generated.numbers import double\nassert 'n * 2' in inspect.getsource(double)\n"
    test = "def test_one() -> None:\n    pass\n"
    for name, text in {
        "pytest.ini": ADDOPTS["pytest.ini"],
        "more/conftest.py": conftest,
        "more/test_it.py": test,
    }.items():
        (compiled.root / name).parent.mkdir(exist_ok=True)
        (compiled.root / name).write_text(text, encoding="utf-8")
    result = compiled.run_apart("specs", "more")
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines([SAID.format("TF_BUILD"), "compiled-ai: 2 specs, all fresh"])


def test_a_flag_on_the_command_line_compiles(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    result = sandbox.run("--compile-ai")
    assert result.ret == 0
    assert sandbox.asked == 1
    assert "this is CI" not in result.stdout.str()


@pytest.mark.parametrize(
    "environ",
    [{"CI": "true", "PYTEST_ADDOPTS": "-q --compile-ai"}, {"TEAMCITY_VERSION": "LOCAL", "PYCHARM_HOSTED": "1"}, {}],
    ids=["PYTEST_ADDOPTS", "PyCharm", "terminal"],
)
def test_elsewhere_and_with_addopts_of_the_environment_it_looks_for_a_model(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    sandbox.write(ADDOPTS)
    # There is none to be found, which ends a compile before it begins, and no check.
    result = sandbox.run("--compile-ai-provider", "embedded")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "this is CI" not in result.stdout.str()


def test_a_plain_run_is_as_everywhere(compiled: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    compiled.edit("specs/numbers.py", "twice a number", "two times a number")
    result = compiled.run()
    assert result.ret == 0
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["compiled-ai: specs/numbers.py::double is stale (docstring changed); *"])
    assert "this is CI" not in result.stdout.str()


def test_a_dry_run_stays_one(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    sandbox.write(ADDOPTS, DOUBLE)
    result = sandbox.run("--compile-ai-dry-run")
    result.stdout.fnmatch_lines(["specs/doubling.py::double (missing) -> src/generated/doubling.py; asks openai, *"])
    assert sandbox.asked == 0


def test_nothing_switches_a_check_off(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-compile-ai")
    for place in ("", "CI"):
        if place:
            monkeypatch.setenv(place, "true")
        result = sandbox.run("--compile-ai-check", "-k", "nothing")
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.stdout.fnmatch_lines([MISSING])
    assert sandbox.asked == 0


def test_what_is_taken_back_is_neither_compiled_nor_checked(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    sandbox.write(ADDOPTS, DOUBLE)
    result = sandbox.run("--no-compile-ai", "-k", "nothing")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert sandbox.asked == 0
    assert "this is CI" not in result.stdout.str()
