"""What a plain run imports, writes and sends: nothing of a compile's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plugin_projects import DOUBLE, DOUBLING, Sandbox

HEAVY = {"openai", "rich", "bandit", "mypy", "xllamacpp", "httpx", "httpx2"}
OURS = (
    "gates",
    "sandbox",
    "providers",
    "reports",
    "commands",
    "compiler.compiler",
    "specs.namespace",
    "specs.literals",
)
COMPILING = tuple(f"pytest_compiled_ai.{name}" for name in OURS)
DUMP = """
    import json
    import pathlib
    import sys


    def pytest_unconfigure(config):
        pathlib.Path(config.rootpath, "loaded.json").write_text(json.dumps(sorted(sys.modules)))
    """


def loaded(sandbox: Sandbox) -> set[str]:
    return set(json.loads((sandbox.root / "loaded.json").read_text(encoding="utf-8")))


def test_a_plain_run_imports_nothing_that_only_a_compile_needs(compiled: Sandbox) -> None:
    compiled.write({"conftest.py": DUMP, "loaded.json": "[]"})
    compiled.edit("specs/numbers.py", "twice a number", "two times a number")
    before = compiled.tree()
    compiled.run_apart().assert_outcomes(passed=3)
    assert {name.partition(".")[0] for name in loaded(compiled)} & HEAVY == set()
    assert {name for name in loaded(compiled) if name.startswith(COMPILING)} == set()
    after = compiled.tree()
    assert {**after, "loaded.json": b""} == {**before, "loaded.json": b""}


def test_a_project_without_a_table_gets_the_plugin_alone(sandbox: Sandbox) -> None:
    test = "def test_one() -> None:\n    pass\n"
    sandbox.write({"pyproject.toml": "[project]\nname = 'x'\n", "conftest.py": DUMP, "test_one.py": test})
    sandbox.run_apart().assert_outcomes(passed=1)
    ours = {name for name in loaded(sandbox) if name.partition(".")[0] == "pytest_compiled_ai"}
    allowed = {"pytest_compiled_ai", "plugin", "binding", "config", "errors", "finder", "layout"}
    assert {name.rpartition(".")[2] for name in ours} <= allowed | {"placeholder", "pyproject"}
    assert {name.partition(".")[0] for name in loaded(sandbox)} & HEAVY == set()


def test_a_compile_that_finds_all_fresh_opens_no_provider(compiled: Sandbox) -> None:
    result = compiled.run("--compile-ai")
    assert result.ret == 0
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["compiled-ai: 2 specs, nothing to compile"])
    assert not (compiled.root / ".compiled-ai").exists()


def test_an_artifact_runs_where_nothing_of_ours_is_installed(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING}, DOUBLE)
    assert sandbox.run("--compile-ai").ret == 0
    program = (
        "import sys; sys.modules['pytest_compiled_ai'] = None; from generated.doubling import double; print(double(21))"
    )
    sandbox.pytester.syspathinsert(sandbox.root / "src")
    script = sandbox.root / "src" / "main.py"
    script.write_text(program, encoding="utf-8")
    done = sandbox.pytester.runpython(script)
    assert done.outlines == ["42"]


def test_a_plain_run_behind_a_compile_reads_no_spec_anew_until_one_changes(
    compiled: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COMPILED_AI_CHECKED", str(tmp_path / "checked"))
    # A conftest would be an input of the specs.
    compiled.write({"dump.py": DUMP, "loaded.json": "[]"})
    assert compiled.run_apart("--compile-ai").ret == 0
    result = compiled.run_apart("-p", "dump")
    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("*stale*")
    assert "pytest_compiled_ai.unchanged" in loaded(compiled)
    assert not {"pytest_compiled_ai.checking", "pytest_compiled_ai.compiler.project"} & loaded(compiled)
    compiled.edit("specs/numbers.py", "twice a number", "two times a number")
    compiled.run_apart().stdout.fnmatch_lines(["compiled-ai: * is stale (docstring changed)*"])
