"""A compile and the tests, in one run of pytest."""

from __future__ import annotations

import pytest
from plugin_projects import DOUBLE, DOUBLING, NEGATE, Sandbox

from pytest_compiled_ai.testing import fenced

WAITING = '''
    import asyncio

    from pytest_compiled_ai import spec

    from specs.zeros import double


    @spec(uses=["zeros.double"], tests=["tests/test_more.py"])
    async def later(n: int) -> int:
        """Return four times a number, by two calls of double."""


    def test_later() -> None:
        assert asyncio.run(later(1)) == 4
    '''
MORE = """
    import asyncio

    from generated.later import later


    def test_more() -> None:
        assert asyncio.run(later(3)) == 12
    """
LATER = fenced("async def later(n: int) -> int:\n    return double(double(n))")


def test_specs_of_several_files_are_compiled_in_order_and_run_at_once(sandbox: Sandbox) -> None:
    files = {"specs/later.py": WAITING, "specs/zeros.py": DOUBLING, "tests/test_more.py": MORE}
    sandbox.write(files, DOUBLE, LATER)
    result = sandbox.run("--compile-ai")
    assert result.ret == 0
    result.assert_outcomes(passed=4)
    assert sandbox.asked == 2
    result.stdout.fnmatch_lines(
        [
            "compiled-ai: 2 specs to compile; prompts go to 127.0.0.1:* (scripted); about *",
            "*specs/zeros.py::double: compiled (1 attempt, *",
            "*specs/later.py::later: compiled (1 attempt, *",
            "spec * state * tries * tokens * seconds * tier*",
            "specs/zeros.py::double * compiled * 1 *",
        ]
    )
    artifact = (sandbox.generated / "later.py").read_text(encoding="utf-8")
    assert "from generated.zeros import double" in artifact
    assert "pytest_compiled_ai" not in artifact
    assert {"later.py", "zeros.py", "__init__.py", "later.provenance.json", "zeros.provenance.json"} == {
        path.name for path in sandbox.generated.iterdir() if path.is_file()
    }
    assert "test_more" in str(sandbox.endpoint.requests[1]["messages"])
    before = sandbox.tree()
    sandbox.run("-q").assert_outcomes(passed=4)
    assert sandbox.tree() == before
    assert sandbox.asked == 2


def test_a_conftest_may_import_what_is_not_generated_yet(sandbox: Sandbox) -> None:
    conftest = """
        import pytest
        from generated.doubling import double


        @pytest.fixture
        def six() -> int:
            return double(3)
        """
    test = "import app\n\n\ndef test_six(six: int) -> None:\n    assert six == 6 == app.run()\n"
    app = "from generated.doubling import double\n\n\ndef run() -> int:\n    return double(3)\n"
    files = {"specs/doubling.py": DOUBLING, "conftest.py": conftest, "tests/test_six.py": test, "src/app.py": app}
    sandbox.write(files, DOUBLE)
    missing = sandbox.run()
    missing.assert_outcomes(failed=2, errors=1)
    compiled = sandbox.run("--compile-ai")
    compiled.assert_outcomes(passed=3)
    assert compiled.ret == 0
    sandbox.run_apart().assert_outcomes(passed=3)


def test_check_names_each_state_and_asks_nothing(compiled: Sandbox) -> None:
    fresh = compiled.run("--compile-ai-check")
    assert fresh.ret == 0
    fresh.stdout.fnmatch_lines(["compiled-ai: 2 specs, all fresh"])
    compiled.edit("specs/numbers.py", "negate(3) == -3", "negate(4) == -4")
    before = compiled.tree()
    stale = compiled.run("--compile-ai-check", "-k", "double")
    assert stale.ret == 1
    stale.stdout.fnmatch_lines(["compiled-ai: specs/numbers.py::negate is stale (*test_negate* changed); run *"])
    assert compiled.tree() == before


def test_a_dry_run_shows_the_prompt_and_asks_nothing(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    before = sandbox.tree()
    result = sandbox.run("--compile-ai-dry-run", "--compile-ai-only", "double")
    result.stdout.fnmatch_lines(
        [
            "specs/doubling.py::double (missing) -> src/generated/doubling.py; asks openai, about * tokens in:",
            "*def double(n: int)*",
        ]
    )
    result.stdout.no_fnmatch_line("*all fresh*")
    none = sandbox.run("--compile-ai-dry-run", "--compile-ai-only", "other")
    none.stdout.no_fnmatch_line("*tokens in*")
    assert sandbox.asked == 0
    assert sandbox.tree() == before


def test_a_new_docstring_restamps_a_body_that_still_passes(compiled: Sandbox) -> None:
    compiled.edit("specs/numbers.py", "twice a number", "two times a number")
    result = compiled.run("--compile-ai")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*specs/numbers.py::double: restamped (0 attempts, *"])
    compiled.run("-q").stdout.no_fnmatch_line("*compiled-ai*")


def test_force_writes_over_an_edit_and_only_chooses_one(compiled: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = (compiled.root / "specs/numbers.py").read_text(encoding="utf-8")
    compiled.edit("src/generated/numbers.py", "return -n", "return 0 - n")
    compiled.write({"specs/numbers.py": specs}, NEGATE)
    kept = compiled.run("--compile-ai")
    assert kept.ret == 0
    assert compiled.asked == 0
    kept.stdout.fnmatch_lines(["compiled-ai: specs/numbers.py::negate: its body was edited by hand and is kept; *"])
    forced = compiled.run("--compile-ai", "--compile-ai-force", "--compile-ai-only", "*::negate")
    assert forced.ret == 0
    assert compiled.asked == 1
    artifact = (compiled.generated / "numbers.py").read_text(encoding="utf-8")
    assert "return -n" in artifact
    assert "return n * 2" in artifact


def test_a_run_that_chooses_no_test_still_fails_for_a_failed_spec(compiled: Sandbox) -> None:
    compiled.edit("specs/numbers.py", "double(0) == 0", "double(0) == 1")
    compiled.edit("src/generated/numbers.py", "return n * 2", "return n + 1")
    result = compiled.run("--compile-ai", "-k", "nothing_like_this")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["compiled-ai: specs/numbers.py::double: its spec changed and its body was edited by hand*"]
    )
