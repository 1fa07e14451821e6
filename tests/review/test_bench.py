from __future__ import annotations

import os

import pytest

from pytest_compiled_ai.artifacts.staged import read_staged
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError, SpecError
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.review.bench import judge_edit, measure_pending, open_editor
from pytest_compiled_ai.review.decisions import accept, reject
from pytest_compiled_ai.review.pending import find_pending

SPEC, ARTIFACT = "specs/numbers.py", "src/generated/numbers.py"
DOUBLE, NEGATE = f"{SPEC}::double", f"{SPEC}::negate"


def pending(root, spec):
    return next(each for each in find_pending(Project(load_config(root))).pending if each.id == spec)


def judge(root, seen, text):
    return judge_edit(load_config(root), seen, text, TerminalWatcher())


def test_what_a_person_makes_of_a_text_comes_back(editor):
    editor("s/one/two/")
    assert open_editor("one\nmore\n", os.environ) == "two\nmore\n"


def test_visual_goes_before_editor():
    assert open_editor("one", {"VISUAL": "true", "EDITOR": "false"}) == "one"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"EDITOR": "false"}, "the editor 'false' is of no use: it ended with 1; name another in VISUAL or EDITOR"),
        ({"EDITOR": "/nowhere/ed -x"}, "the editor '/nowhere/ed -x' is of no use: .*No such file"),
        ({"VISUAL": 'ed "'}, "is of no use: No closing quotation"),
        ({"EDITOR": "  "}, "the editor '  ' is of no use"),
    ],
)
def test_an_editor_that_does_not_work_is_told(environ, said):
    with pytest.raises(ConfigError, match=said):
        open_editor("text", environ)


def test_without_a_word_it_is_vi(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConfigError, match="the editor 'vi' is of no use"):
        open_editor("text", {})


def test_an_edited_body_that_passes_is_staged_as_a_person_s(root):
    seen = pending(root, DOUBLE)
    text = "import math\n\n\n" + seen.new.replace("# by two\n    return n * 2", "return math.prod([n, 2])  # mine")
    edited = judge(root, seen, text)
    assert (edited.kind, edited.problem) == ("staged", "")
    assert "return n + n" in edited.old
    assert edited.new.startswith("import math\n")
    record = read_staged(root, DOUBLE).record
    assert (record["provider"], record["model"], record["based_on"]) == ("hand", "", "scripted")
    assert [gate["gate"] for gate in record["gates"]][-1] == "confirm"
    accept(load_config(root), edited, lambda: None)
    assert "    return math.prod([n, 2])  # mine\n" in (root / ARTIFACT).read_text(encoding="utf-8")
    assert [each.id for each in find_pending(Project(load_config(root))).pending] == [NEGATE]


def test_a_written_body_can_be_edited_too(root):
    for spec in (DOUBLE, NEGATE):
        reject(load_config(root), spec, lambda: None)
    edited = judge(root, pending(root, DOUBLE), pending(root, DOUBLE).new.replace("n + n", "2 * n"))
    assert (edited.kind, "return n + n" in edited.old) == ("staged", True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("n * 2", "n * 3", "^tests: a test failed"),
        ("n * 2", "eval('n * 2')", "^policy: `eval`"),
        ("return n * 2", "return (", "^it is not Python: "),
        ("n: int", "n: int = 0", "^only the body may be edited"),
        ("Return twice", "Give twice", "^only the body may be edited"),
        ("def double", "def triple", "^only the body may be edited"),
        ("    return n * 2\n", "    return n * 2\n\n\ndef more() -> None:\n    pass\n", "^only the body may be edited"),
    ],
)
def test_what_a_gate_refuses_is_told_and_what_is_staged_stays(root, old, new, said):
    seen, before = pending(root, DOUBLE), read_staged(root, DOUBLE)
    assert old in seen.new
    with pytest.raises(SpecError, match=said):
        judge(root, seen, seen.new.replace(old, new))
    assert read_staged(root, DOUBLE) == before


def test_tests_are_measured_on_the_body_that_waits(root):
    found = measure_pending(load_config(root), pending(root, DOUBLE), TerminalWatcher())
    assert (found.id, found.artifact) == (DOUBLE, ARTIFACT)
    assert str(found.strength) == "strength 3 of 4 mutants killed (75%)"
    assert "`n * 2` changed to `n + 2`" in str(found.strength.survivors[0])


def test_what_cannot_be_measured_says_why(root):
    seen = pending(root, DOUBLE)
    path = root / SPEC
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("@spec\ndef double(n: int)", "@spec\ndef double(m: int)"), encoding="utf-8")
    assert "`n` is not defined here" in measure_pending(load_config(root), seen, TerminalWatcher()).problem
    kind = text.replace("def double(n: int) -> int:", "class double:").replace("\n    4\n", "\n    4\n", 1)
    method = '    """\n\n    def value(self) -> int:\n        """Return 2."""\n\n\n@spec\ndef negate'
    path.write_text(kind.replace('    """\n\n\n@spec\ndef negate', method), encoding="utf-8")
    assert measure_pending(load_config(root), seen, TerminalWatcher()).problem == (
        "its body is none for the spec as it is now"
    )
    path.write_text(text.replace("def double(n: int)", "def twice(n: int)"), encoding="utf-8")
    assert "names 0 specs" in measure_pending(load_config(root), seen, TerminalWatcher()).problem
