from __future__ import annotations

import io

import pytest
from rich.console import Console

from pytest_compiled_ai.artifacts.staged import find_staged
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.evaluation.strength import Measured
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.review import walk
from pytest_compiled_ai.review.decisions import reject
from pytest_compiled_ai.review.pending import find_pending
from pytest_compiled_ai.review.walk import KEYS, Walk

SPEC, ARTIFACT = "specs/numbers.py", "src/generated/numbers.py"
DOUBLE, NEGATE = f"{SPEC}::double", f"{SPEC}::negate"


class Person:
    """Presses keys; an exception among them is raised."""

    def __init__(self, root, *keys, strength=False, width=120):
        self.root, self.keys, self.file = root, list(keys), io.StringIO()
        console = Console(file=self.file, width=width, highlight=False, markup=False)
        watcher = TerminalWatcher(self.file)
        self.walk = Walk(settings=load_config(root), console=console, ask=self.ask, watcher=watcher, strength=strength)

    def ask(self, question):
        assert question == f"{KEYS}: "
        key = self.keys.pop(0)
        if isinstance(key, BaseException):
            raise key
        return key

    def review(self):
        left = self.walk.run(find_pending(Project(load_config(self.root))).pending)
        assert self.keys == []
        return left

    @property
    def seen(self):
        return self.file.getvalue()


def artifact(root):
    return (root / ARTIFACT).read_text(encoding="utf-8")


def waiting(root):
    return [staged.spec for staged in find_staged(root)[0]]


def test_one_is_accepted_and_one_is_rejected(root):
    person = Person(root, "a", "R ")
    assert person.review() == 0
    assert "return n * 2" in artifact(root)
    assert "negate" not in artifact(root)
    assert waiting(root) == []
    assert f"[1/2] {DOUBLE}: staged, not written yet\n" in person.seen
    assert f"compiled-ai: {DOUBLE}: accepted\n" in person.seen
    assert f"compiled-ai: {NEGATE}: rejected\n" in person.seen


def test_what_is_skipped_waits_and_another_key_is_no_answer(root):
    before = artifact(root)
    assert Person(root, "", "x", "n", "accept", "n").review() == 2
    assert (artifact(root), waiting(root)) == (before, [DOUBLE, NEGATE])


@pytest.mark.parametrize("end", ["q", EOFError()])
def test_what_was_decided_before_the_end_is_kept(root, end):
    person = Person(root, "a", end)
    assert person.review() == 1
    assert "return n * 2" in artifact(root)
    assert waiting(root) == [NEGATE]
    assert person.seen.endswith("compiled-ai: stopped; what was decided is kept\n")


def test_an_interrupt_leaves_what_was_decided(root):
    with pytest.raises(KeyboardInterrupt):
        Person(root, "a", KeyboardInterrupt()).review()
    assert "return n * 2" in artifact(root)
    assert waiting(root) == [NEGATE]


def test_what_cannot_be_accepted_is_told_and_the_next_comes(root):
    text = artifact(root)
    (root / ARTIFACT).write_text(text.replace("return n + n", "return 2 * n"), encoding="utf-8")
    person = Person(root, "a", "a")
    assert person.review() == 1
    assert f"cannot be accepted: {DOUBLE}: the body in its place changed since it was staged" in person.seen
    assert f"compiled-ai: {DOUBLE}: the body in its place changed" in person.seen
    assert "return 2 * n" in artifact(root)
    assert "return -n" in artifact(root)


def test_an_edit_is_judged_shown_and_accepted(root, editor):
    editor("s/n \\* 2/2 * n/")
    person = Person(root, "e", "a", "n")
    assert person.review() == 1
    assert "    # by two\n    return 2 * n\n" in artifact(root)
    assert person.seen.count(f"[1/2] {DOUBLE}: staged") == 2
    assert "written by hand, based on scripted\n" in person.seen


def test_a_refused_edit_is_told_and_opened_again_as_it_was_left(root, editor):
    editor("s/n \\* 3/n + n/; s/n \\* 2/n * 3/")
    person = Person(root, "e", "e", "a", "n")
    assert person.review() == 1
    assert "compiled-ai: refused: tests: a test failed: double: double(2) gave 6" in person.seen
    assert "    # by two\n    return n + n\n" in artifact(root)


def test_an_edit_that_changes_nothing_asks_no_gate(root, editor):
    editor("s/nothing at all//")
    person = Person(root, "e", "n", "n")
    assert person.review() == 2
    assert "compiled-ai: nothing was changed\n" in person.seen
    assert "the gates look at it" not in person.seen


def test_an_editor_that_does_not_start_is_told(root, monkeypatch):
    monkeypatch.setenv("VISUAL", "/nowhere/ed")
    person = Person(root, "e", "q")
    assert person.review() == 2
    assert "compiled-ai: refused: the editor '/nowhere/ed' is of no use" in person.seen


def measured(settings, pending, watcher):
    return Measured(id=pending.id, artifact="a", problem="not today")


def test_strength_is_measured_on_demand(root, monkeypatch):
    monkeypatch.setattr(walk, "measure_pending", measured)
    person = Person(root, "n", "s", "n")
    person.review()
    assert person.seen.count("not measured: not today") == 1
    assert f"{NEGATE}: not measured: not today\n" in person.seen


def test_strength_is_shown_unasked_where_that_is_asked_for(root, monkeypatch):
    monkeypatch.setattr(walk, "measure_pending", measured)
    person = Person(root, "n", "n", strength=True)
    person.review()
    assert person.seen.count("not measured: not today") == 2


def test_a_written_body_is_approved_or_stays_as_it_is(root):
    for spec in (DOUBLE, NEGATE):
        reject(load_config(root), spec, lambda: None)
    before, person = artifact(root), Person(root, "r")
    assert person.review() == 1
    assert f"{DOUBLE}: written, not approved\n" in person.seen
    assert f"{DOUBLE} stays written and not approved; edit it, or change its spec\n" in person.seen
    assert Person(root, "a").review() == 0
    assert artifact(root) == before
    assert (root / "src/generated/approvals.json").is_file()
