from __future__ import annotations

from pathlib import Path

import pytest
from compiler_scripts import ARTIFACT, RECORD, SPEC

from pytest_compiled_ai.compiler.damage import describe_damage
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.testing import ScriptedProvider, fenced

GOOD = fenced("def double(n: int) -> int:\n    return 2 * n")


@pytest.fixture
def made(bench, near):
    made = bench({"specs/number.py": SPEC})
    assert not made.report(ScriptedProvider(GOOD)).failed
    return made


def told(project):
    return [line for file in project.files for line in describe_damage(project, file)]


def lines(made):
    return told(made.project())


def test_what_is_whole_is_not_named(made):
    assert lines(made) == []
    (made.root / ARTIFACT).unlink()
    assert lines(made) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def (", "line 1: invalid syntax"),
        (b"# ok\n\xff", "byte 5 is not UTF-8"),
        (b"x = '\x00'", "null bytes"),
    ],
)
def test_an_artifact_that_is_no_python_is_named_with_the_reason(made, content, reason):
    (made.root / ARTIFACT).write_bytes(content)
    (line,) = lines(made)
    assert line.startswith(f"{ARTIFACT} cannot be read as Python (")
    assert reason in line
    assert line.endswith("or run `pytest --compile-ai --compile-ai-force --compile-ai-only specs/number.py`")


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_changes_while_it_is_read_is_said_so(made, monkeypatch, is_gone):
    whole = made.read(ARTIFACT)
    made.write(ARTIFACT, "def (")
    project = made.project()
    salvaged = project.salvaged

    def mend(file):
        found = salvaged(file)
        if is_gone:
            (made.root / ARTIFACT).unlink()
        else:
            made.write(ARTIFACT, whole)
        return found

    monkeypatch.setattr(project, "salvaged", mend)
    said = "No such file or directory" if is_gone else "it changes while it is read"
    assert said in told(project)[0]


def test_of_a_body_that_is_not_fresh_no_record_is_missed(made, monkeypatch):
    (made.root / RECORD).unlink()
    assert len(lines(made)) == 1
    made.edit("specs/number.py", "== 0", "== -0")
    assert lines(made) == []
    project = made.project()

    def refuse(*_):
        raise SpecError("unreadable")

    monkeypatch.setattr(project, "standing", refuse)
    assert told(project) == []
    assert not Path(made.root / RECORD).exists()
