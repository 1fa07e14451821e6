"""The table of situations, a test for each row: what a run says, and how it exits."""

from __future__ import annotations

import pytest
from plugin_projects import DOUBLE, NEGATE, NUMBERS, WRONG, Sandbox

SWALLOWING = """

    def test_swallow() -> None:
        import pytest
        with pytest.raises(Exception):
            double(1)
    """
OURS = "*compiled-ai*"


def said(result: pytest.RunResult) -> list[str]:
    """Return the lines that the plugin wrote, on either stream."""
    return [line for line in [*result.outlines, *result.errlines] if line.startswith(("compiled-ai:", "ERROR: "))]


def test_a_plain_run_of_fresh_specs_says_nothing_and_writes_nothing(compiled: Sandbox) -> None:
    before = compiled.tree()
    result = compiled.run("-q")
    result.assert_outcomes(passed=3)
    assert result.ret == 0
    result.stdout.no_fnmatch_line(OURS)
    assert compiled.tree() == before


@pytest.mark.parametrize(
    ("path", "old", "new", "line"),
    [
        (
            "specs/numbers.py",
            "Return twice a number.",
            "Return two times a number.",
            "compiled-ai: specs/numbers.py::double is stale (* changed); run `pytest --compile-ai`",
        ),
        (
            "src/generated/numbers.py",
            "return n * 2",
            "return n + n",
            "compiled-ai: specs/numbers.py::double is edited; run `compiled-ai adopt specs/numbers.py::double` to keep *",
        ),
    ],
)
def test_a_plain_run_tells_of_a_body_that_does_not_fit_and_runs_it(
    compiled: Sandbox, path: str, old: str, new: str, line: str
) -> None:
    compiled.edit(path, old, new)
    before = compiled.tree()
    result = compiled.run()
    result.assert_outcomes(passed=3)
    assert result.ret == 0
    assert len(said(result)) == 1
    result.stdout.fnmatch_lines([line.replace("[", "[[]")])
    assert compiled.tree() == before


def test_a_plain_run_tells_of_a_conflict_and_takes_the_body_that_is_there(compiled: Sandbox) -> None:
    compiled.edit("specs/numbers.py", "== 0", "== 0 * n(1)\n\n\ndef n(x: int) -> int:\n    return x")
    compiled.edit("src/generated/numbers.py", "return n * 2", "return n + 7")
    result = compiled.run("--disable-warnings")
    result.assert_outcomes(passed=1, failed=2)
    assert result.ret == 1
    assert len(said(result)) == 1
    result.stdout.fnmatch_lines(
        ["compiled-ai: specs/numbers.py::double is conflict (*changed); run *--compile-ai-force*"]
    )


def test_an_uncompiled_spec_fails_its_tests_with_a_line_that_nothing_can_swallow(sandbox: Sandbox) -> None:
    sandbox.write({"specs/numbers.py": NUMBERS + SWALLOWING})
    before = sandbox.tree()
    result = sandbox.run("--tb=short")
    result.assert_outcomes(failed=4)
    assert result.ret == 1
    line = "compiled-ai: generated.numbers.{} (specs/numbers.py:{}) is not compiled; run `pytest --compile-ai`."
    told = [text for text in result.outlines if text.endswith("run `pytest --compile-ai`.") and text[:8] == "compiled"]
    assert line.format("negate", 14) in told
    assert told.count(line.format("double", 5)) >= 2
    result.stdout.fnmatch_lines(["FAILED specs/numbers.py::test_swallow - Failed: compiled-ai: *"])
    assert "Traceback" not in result.stdout.str()
    assert sandbox.tree() == before


def test_one_failed_spec_fails_the_run_and_harms_no_other(sandbox: Sandbox) -> None:
    sandbox.write({"specs/numbers.py": NUMBERS}, DOUBLE, WRONG, table="attempts = 1")
    result = sandbox.run("--compile-ai", "-k", "double")
    assert result.ret == 1
    result.assert_outcomes(passed=2, deselected=1)
    result.stdout.fnmatch_lines(["compiled-ai: specs/numbers.py::negate: no body passed in 1 attempts: *explain*"])
    artifact = (sandbox.generated / "numbers.py").read_text(encoding="utf-8")
    assert "def double" in artifact
    assert "def negate" not in artifact
    kept = sandbox.root / ".compiled-ai" / "specs.numbers.py.negate.json"
    assert "return n" in kept.read_text(encoding="utf-8")


def test_a_failed_spec_keeps_its_old_body(compiled: Sandbox) -> None:
    compiled.edit("specs/numbers.py", "negate(3) == -3", "negate(3) == 300")
    with_endpoint = compiled.root / "pyproject.toml"
    text = with_endpoint.read_text(encoding="utf-8")
    before = (compiled.generated / "numbers.py").read_bytes()
    record = (compiled.generated / "numbers.provenance.json").read_bytes()
    compiled.write({"specs/numbers.py": (compiled.root / "specs/numbers.py").read_text(encoding="utf-8")}, NEGATE)
    assert with_endpoint.read_text(encoding="utf-8") != text
    result = compiled.run("--compile-ai", "--compile-ai-attempts=1")
    assert result.ret == 1
    result.assert_outcomes(passed=2, failed=1)
    assert (compiled.generated / "numbers.py").read_bytes() == before
    assert (compiled.generated / "numbers.provenance.json").read_bytes() == record


@pytest.mark.parametrize(
    ("table", "flags", "line"),
    [
        ("atempts = 3", [], "unknown key 'atempts' in [tool.compiled-ai]; did you mean 'attempts'?"),
        ("attempts = true", [], "[tool.compiled-ai] attempts must be a int, not True."),
        ("", ["--compile-ai", "--compile-ai-attempts=0"], "attempts must be at least 1, not 0."),
        ("", ["--compile-ai", "--compile-ai-provider=nobody"], "provider 'nobody' is not configured; known: *"),
    ],
)
def test_bad_configuration_is_one_line(sandbox: Sandbox, table: str, flags: list[str], line: str) -> None:
    sandbox.write({"specs/numbers.py": NUMBERS}, table=table)
    before = sandbox.tree()
    result = sandbox.run_apart(*flags)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len(said(result)) == 1
    result.stderr.fnmatch_lines([f"ERROR: compiled-ai: {line}".replace("[", "[[]")])
    assert sandbox.tree() == before


def test_a_project_without_a_table_is_told_so(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--compile-ai")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --compile-ai: no [[]tool.compiled-ai] table at or above *; run `compiled-ai init`."]
    )


def test_broken_toml_is_one_line(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("pyproject.toml").write_text("[tool.compiled-ai\n", encoding="utf-8")
    result = pytester.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len(result.errlines) == 2


def test_without_any_model_both_roads_are_named(sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "pyproject.toml": '[tool.compiled-ai]\n[tool.pytest.ini_options]\npythonpath = ["src"]\n',
            "specs/numbers.py": NUMBERS,
        }
    )
    before = sandbox.tree()
    result = sandbox.run("--compile-ai")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len(said(result)) == 1
    (line,) = said(result)
    assert "compiled-ai model prepare" in line
    assert 'provider = "openai"' in line
    assert sandbox.tree() == before
    assert not sandbox.generated.exists()


def test_a_spec_whose_own_import_fails_stops_before_any_question(sandbox: Sandbox) -> None:
    broken = "    import no_such_module_here\n" + NUMBERS
    sandbox.write({"specs/broken.py": broken, "specs/numbers.py": NUMBERS}, DOUBLE, NEGATE)
    result = sandbox.run("--compile-ai", "specs/numbers.py")
    assert result.ret == 1
    result.assert_outcomes(passed=3)
    assert sandbox.asked == 2
    result.stdout.fnmatch_lines(["compiled-ai: specs/broken.py::double: *no_such_module_here*"])
    assert not (sandbox.generated / "broken.py").exists()
