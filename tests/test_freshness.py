"""Which edits make a spec stale, and what `compiled-ai check` says and does: docs/freshness.md, on every Python."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import freshness_edits
import pytest
from freshness_edits import EDITS, LINE, PAGE, TABLE, Edit, Finding, add, look, swap
from freshness_project import copy_project, make_project

from pytest_compiled_ai.specs.model import State

ROOT = PAGE.parents[1]
STRANGERS = {"openai", "rich", "mypy", "bandit", "pytest", "filelock", "pluggy", "hypothesis", "platformdirs"}
WATCHED = """
import contextlib, io, json, os, sys
from pathlib import Path

events = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.utime",
          "os.truncate", "subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.connect"}
seen = []

def watch(event, arguments):
    if event == "open":
        name, mode, flags = arguments
        if set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            seen.append(f"open {name}")
    elif event in events:
        seen.append(event)

sys.addaudithook(watch)
from pytest_compiled_ai.cli import main

with contextlib.redirect_stdout(io.StringIO()) as out:
    status = main(["check"])
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
print(json.dumps({
    "status": status,
    "out": out.getvalue(),
    "seen": seen,
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    "imported": [name for name in files if Path(name).is_relative_to(Path.cwd())],
}))
"""


def pythons() -> list[str]:
    """Return this Python, and every one from 3.11 that pyenv has."""
    found = [sys.executable]
    for path in sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob("3.*/bin/python")):
        version = re.match(r"3\.(\d+)\.\d+$", path.parent.parent.name)
        found += [str(path)] if version and int(version[1]) >= 11 else []
    return found


def run(python: str, cwd: Path, *arguments: str) -> str:
    """Run a Python that has nothing but its standard library and this package."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, "-B", "-S", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop") / "made"
    root.mkdir()
    make_project(root)
    return root


@pytest.fixture
def edited(made: Path, tmp_path: Path) -> Path:
    copy_project(made, tmp_path / "project")
    return tmp_path / "project"


def test_a_compiled_project_is_fresh(made: Path) -> None:
    assert look(made) == Finding("fresh", (), (), ("compiled-ai: 3 specs, all fresh",))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.group}: {edit.what}")
def test_what_an_edit_does(edited: Path, edit: Edit) -> None:
    edit.change(edited)
    found = look(edited)
    assert (found.state, found.inputs, found.others) == (edit.state, edit.inputs, edit.others), found.lines


def test_the_edits_are_many_and_of_every_kind() -> None:
    assert len(EDITS) >= 40
    assert len({edit.what for edit in EDITS if edit.group != "Its tests"}) == sum(e.group != "Its tests" for e in EDITS)
    assert {edit.state for edit in EDITS} == {*State.__args__, "cannot be checked"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("python", pythons())
def test_the_page_shows_what_each_python_finds(python: str) -> None:
    """To write the page anew: `PYTHONPATH=. python tests/freshness_edits.py --write`."""
    shown = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert shown
    assert run(python, ROOT, "tests/freshness_edits.py") == shown[0]


def test_the_page_is_written_between_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- edits -->\nold\n<!-- /edits -->\nbelow\n")
    monkeypatch.setattr(freshness_edits, "PAGE", page)
    monkeypatch.setattr(freshness_edits, "EDITS", EDITS[:1])
    assert freshness_edits.main(["--write"]) == 0
    above, table, below = re.split(r"<!-- /?edits -->\n", page.read_text())
    assert (above, below) == ("above\n", "below\n")
    assert f"| {EDITS[0].what} | stale | `docstring` |  |" in table.splitlines()


@pytest.mark.parametrize(
    ("state", "command"),
    [
        ("stale", "run `pytest --compile-ai`"),
        ("missing", "run `pytest --compile-ai`"),
        ("edited", "run `compiled-ai adopt {}` to keep the edit, or "),
        ("conflict", "run `compiled-ai adopt {}` to keep the edit, or "),
    ],
)
def test_each_state_names_what_mends_it(edited: Path, state: str, command: str) -> None:
    edit = next(edit for edit in EDITS if edit.state == state)
    edit.change(edited)
    (told,) = [found for line in look(edited).lines if (found := LINE.fullmatch(line))]
    assert (told["spec"], told["state"]) == (freshness_edits.SPEC, state)
    assert told["mend"].startswith(command.format(told["spec"]))
    assert f"| {state} |" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["the stub is renamed", "the spec file is deleted"])
def test_an_orphan_is_named_with_what_removes_it(edited: Path, what: str) -> None:
    next(edit for edit in EDITS if edit.what == what).change(edited)
    (line,) = [line for line in look(edited).lines if "orphaned" in line]
    assert line.startswith("compiled-ai: src/generated/prices.py")
    assert line.endswith("; run `compiled-ai prune`")


@pytest.fixture
def frozen(edited: Path) -> Iterator[Path]:
    """Return a project with something wrong in it, none of whose files may be written."""
    add("specs/rates.py", "\n\ndef test_no_rate() -> None:\n    assert rate('XX') == 0\n")(edited)
    swap("src/generated/prices.py", '"none"', '"nothing"')(edited)
    places = [edited, *edited.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    yield edited
    for place in places:
        place.chmod(0o755)


def test_a_check_imports_no_package_and_nothing_of_the_project(frozen: Path) -> None:
    # With its packages at hand, and none of them wanted.
    answer = watched(sys.executable, frozen, "-B", "-P")
    assert STRANGERS & set(answer["modules"]) == set()
    assert answer["imported"] == []


@pytest.mark.parametrize("python", pythons())
def test_a_check_writes_nothing_and_starts_nothing(frozen: Path, python: str) -> None:
    before = snapshot(frozen)
    answer = watched(python, frozen, "-B", "-S", "-P")
    assert answer["seen"] == []
    assert snapshot(frozen) == before
    assert answer["status"] == 1
    assert [line.partition("; ")[0] for line in answer["out"].splitlines()] == [
        "compiled-ai: specs/prices.py::price is edited",
        "compiled-ai: specs/rates.py::rate is stale (test specs/rates.py::test_no_rate changed)",
    ]


def test_a_check_of_what_is_fresh_succeeds(made: Path) -> None:
    answer = watched(sys.executable, made, "-B", "-P")
    assert (answer["status"], answer["out"]) == (0, "compiled-ai: 3 specs, all fresh\n")


def watched(python: str, cwd: Path, *flags: str) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, *flags, "-c", WATCHED]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files} | {
        str(path): (path.stat().st_mtime_ns, b"") for path in root.rglob("*") if path.is_dir()
    }
