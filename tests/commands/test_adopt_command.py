from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK, USAGE
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config

pytestmark = pytest.mark.usefixtures("untyped")

ARTIFACT = Path("src/generated/numbers.py")
RECORD = Path("src/generated/numbers.provenance.json")
BY_HAND = '''
# A note of mine.
def negate(n: int) -> int:
    """Return a number with the other sign."""
    return -n  # as simple as that
'''


def adopt(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["adopt", *arguments])
    caught = capsys.readouterr()
    return status, caught.out + caught.err


def edit(old: str, new: str, path: Path = ARTIFACT) -> str:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())
    return text.replace(old, new)


def state(name: str) -> str:
    project = Project(load_config(Path.cwd()))
    return project.standing(*project.find(name)).state


def record(name: str) -> dict[str, object]:
    return json.loads(RECORD.read_text(encoding="utf-8"))["specs"][name]


def body_of(text: str) -> str:
    return text[text.index("def double") :]


@pytest.mark.usefixtures("project")
def test_an_edit_that_passes_is_adopted_and_stays_byte_for_byte(capsys):
    before = record("double")
    edited = edit("    return n * 2\n", "    # by hand\n    return  n + n\n")
    assert state("double") == "edited"
    status, said = adopt(capsys, "double")
    assert status == OK, said
    assert "numbers.py::double: adopted (" in said
    assert body_of(ARTIFACT.read_text(encoding="utf-8")) == body_of(edited)
    assert state("double") == "fresh"
    after = record("double")
    assert (after["provider"], after["model"], after["based_on"]) == ("hand", "", "scripted")
    assert after["body_hash"] != before["body_hash"]
    assert after["tests"] == before["tests"]
    assert after["digest"] == before["digest"]
    assert after["gates"][-1]["gate"] == "confirm"
    assert main(["explain", "double"]) == OK
    assert "its body: by hand, from that of scripted; gates" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_a_second_adoption_still_knows_the_model(capsys):
    edit("return n * 2", "return n + n")
    assert adopt(capsys, "--all")[0] == OK
    edit("return n + n", "return 2 * n")
    assert adopt(capsys, "--all")[0] == OK
    assert record("double")["based_on"] == "scripted"


@pytest.mark.usefixtures("project")
def test_a_first_body_by_hand_is_adopted_with_its_comments(capsys):
    text = ARTIFACT.read_text(encoding="utf-8")
    ARTIFACT.write_text(text + "\n" + BY_HAND, encoding="utf-8")
    assert state("negate") == "conflict"
    status, said = adopt(capsys, "negate")
    assert status == OK, said
    assert state("negate") == state("double") == "fresh"
    written = ARTIFACT.read_text(encoding="utf-8")
    assert "".join(line for line in written.splitlines(True) if line not in _stamps(written)[1:]) == (
        text + "\n" + BY_HAND
    )
    assert "# A note of mine.\n# spec v1:" in written
    assert (record("negate")["based_on"], record("negate")["attempt"]) == ("", 0)
    assert main(["explain", "negate"]) == OK
    assert "no body passed" not in capsys.readouterr().out


def _stamps(text: str) -> list[str]:
    return [line for line in text.splitlines(True) if line.startswith("# spec v1:")]


@pytest.mark.usefixtures("project")
def test_an_edit_in_conflict_is_adopted_for_the_spec_as_it_is_now(capsys):
    edit("double(2)\n", "double(3)\n", Path("specs/numbers.py"))
    edit("    4\n", "    6\n", Path("specs/numbers.py"))
    assert state("double") == "stale"
    status, said = adopt(capsys, "double")
    assert status == FAILED
    assert "double: its spec changed and its body did not: `pytest --compile-ai` judges it anew" in said
    edit("return n * 2", "return n + n")
    edit("double(2)\n    4\n", "double(3)\n    6\n")
    assert state("double") == "conflict"
    assert adopt(capsys, "double")[0] == OK
    assert state("double") == "fresh"


@pytest.mark.usefixtures("project")
def test_line_ends_are_kept(capsys):
    ARTIFACT.write_bytes(ARTIFACT.read_bytes().replace(b"\n", b"\r\n"))
    edited = edit("return n * 2", "return n + n")
    assert adopt(capsys, "double")[0] == OK
    assert ARTIFACT.read_bytes().decode().count("\r\n") == edited.count("\n")
    assert state("double") == "fresh"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("return n * 2", "return n + 1", "its body is refused: tests: a test failed: double: double(2) gave 3"),
        ("return n * 2", "return eval('n * 2')", "its body is refused: policy: `eval`"),
        ("(n: int)", "(n: int = 0)", "its signature, decorators or docstring are not the spec's any more; put back"),
        ("return n * 2", "return n * (", "numbers.py cannot be read as Python any more; mend it, then adopt again"),
        ("return n * 2", "return twice(n)\n\n\ndef twice(n: int) -> int:\n    return n * 2",
         "it uses twice, which no spec asks for; write that inside the function"),
        ("return n * 2", "return n + n\n\n\nprint(1)", "is code of no spec: a statement that no compile writes"),
    ],
)  # fmt: skip
def test_what_a_gate_refuses_is_told_and_nothing_is_written(capsys, old, new, told):
    edit(old, new)
    before = ARTIFACT.read_bytes(), RECORD.read_bytes()
    status, said = adopt(capsys, "double")
    assert status == FAILED
    assert told in " ".join(said.split())
    assert (ARTIFACT.read_bytes(), RECORD.read_bytes()) == before
    assert state("double") in {"edited", "conflict"}


@pytest.mark.usefixtures("project")
def test_fresh_and_missing_ones_are_told(capsys):
    status, said = adopt(capsys, "double")
    assert status == OK
    assert "double: its body is the one that was compiled for it: nothing to adopt" in said
    status, said = adopt(capsys, "negate", "double")
    assert status == FAILED
    assert "negate: it has no body; write one where its artifact goes, or run `pytest --compile-ai`" in said


def test_all_of_none_is_nothing_and_writes_nothing(project, capsys):
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert adopt(capsys, "--all") == (OK, "compiled-ai: nothing to adopt: no body was edited by hand\n")
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("arguments", [(), ("--all", "double")])
def test_specs_or_all_of_them(capsys, arguments):
    status, said = adopt(capsys, *arguments)
    assert status == USAGE
    assert "name the specs to adopt, or --all" in said


@pytest.mark.usefixtures("project")
def test_an_unknown_spec_is_told(capsys):
    status, said = adopt(capsys, "treble")
    assert status == FAILED
    assert "'treble' names 0 specs" in said


@pytest.mark.usefixtures("project")
def test_a_spec_file_that_cannot_be_read_fails_the_run(capsys):
    Path("specs/broken.py").write_text("from pytest_compiled_ai import spec\ndef (", encoding="utf-8")
    status, said = adopt(capsys, "--all")
    assert status == FAILED
    assert "specs/broken.py:2: is not valid Python" in said
