from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from pytest_compiled_ai.artifacts.approvals import read_approvals, render_approvals
from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.artifacts.staged import find_staged, read_staged, write_staged
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError, SpecError
from pytest_compiled_ai.review import decisions
from pytest_compiled_ai.review.decisions import accept, reject, wait_for_compile
from pytest_compiled_ai.review.pending import find_pending

SPEC, ARTIFACT = "specs/numbers.py", "src/generated/numbers.py"
DOUBLE, NEGATE = f"{SPEC}::double", f"{SPEC}::negate"


def pending(root):
    return {each.id: each for each in find_pending(Project(load_config(root))).pending}


def take(root, each):
    accept(load_config(root), each, lambda: None)


def states(root):
    project = Project(load_config(root))
    return {stub.name: project.standing(file, stub).state for file in project.files for stub in file.stubs}


def tree(root):
    return {path: path.read_bytes() for path in sorted((root / "src").rglob("*")) if path.is_file()}


def edit(root, name, old, new):
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


def approved(root):
    return read_approvals(root / "src/generated").bodies


def test_an_accepted_body_is_written_with_its_record_and_approved(root):
    waits = pending(root)
    take(root, waits[DOUBLE])
    take(root, waits[NEGATE])
    assert "    # by two\n    return n * 2\n" in (root / ARTIFACT).read_text(encoding="utf-8")
    assert states(root) == {"double": "fresh", "negate": "fresh"}
    assert set(approved(root)) == {DOUBLE, NEGATE}
    records = read_records(root / "src/generated/numbers.provenance.json")
    assert records["double"]["body_hash"] == waits[DOUBLE].section.body_hash
    assert find_staged(root) == ([], [])
    assert pending(root) == {}
    text = (root / "src/generated/approvals.json").read_text(encoding="utf-8")
    assert json.loads(text)["version"] == 1


def test_a_rejected_body_is_forgotten_and_the_tree_stays(root):
    before = tree(root)
    reject(load_config(root), DOUBLE, lambda: None)
    reject(load_config(root), DOUBLE, lambda: None)
    assert tree(root) == before
    assert [staged.spec for staged in find_staged(root)[0]] == [NEGATE]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((SPEC, "Return twice a number.", "Return two times it."), "its spec changed since it was staged"),
        ((SPEC, ">>> double(2)\n    4", ">>> double(3)\n    6"), "its spec changed since it was staged"),
        ((ARTIFACT, "return n + n", "return 2 * n"), "the body in its place changed since it was staged"),
        ((SPEC, "def double(n: int)", "def twice(n: int)"), "'specs/numbers.py::double' names 0 specs"),
    ],
)
def test_what_is_not_what_it_was_is_refused_and_nothing_is_written(root, change, said):
    seen = pending(root)[DOUBLE]
    edit(root, *change)
    before = tree(root)
    with pytest.raises(SpecError, match=said):
        take(root, seen)
    assert tree(root) == before
    assert read_staged(root, DOUBLE)


def test_a_body_that_nobody_looked_at_is_not_accepted(root):
    seen = pending(root)[DOUBLE]
    staged = read_staged(root, DOUBLE)
    other = staged.artifact.replace(staged.section.body_hash, "0" * 32)
    write_staged(root, replace(staged, artifact=other))
    with pytest.raises(SpecError, match="another body waits by now, or none; run `compiled-ai review` again"):
        take(root, seen)
    reject(load_config(root), DOUBLE, lambda: None)
    with pytest.raises(SpecError, match="another body waits by now, or none"):
        take(root, seen)


def test_a_crash_between_approval_and_artifact_leaves_a_body_that_can_be_accepted_again(root, monkeypatch):
    seen, before = pending(root)[DOUBLE], (root / ARTIFACT).read_bytes()

    def crash(*_):
        raise ConfigError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(decisions, "keep_body", crash)
        with pytest.raises(ConfigError):
            take(root, seen)
    assert (root / ARTIFACT).read_bytes() == before
    take(root, pending(root)[DOUBLE])
    assert states(root)["double"] == "fresh"


def written(root):
    for spec in (DOUBLE, NEGATE):
        reject(load_config(root), spec, lambda: None)
    return pending(root)[DOUBLE]


def test_a_written_body_is_approved_and_stays_byte_for_byte(root):
    seen, before = written(root), (root / ARTIFACT).read_bytes()
    take(root, seen)
    assert (root / ARTIFACT).read_bytes() == before
    assert set(approved(root)) == {DOUBLE}


@pytest.mark.parametrize(
    "change",
    [
        (ARTIFACT, "return n + n", "return 2 * n"),
        (ARTIFACT, "return n + n", "return ("),
        (SPEC, "Return twice", "Give"),
    ],
)
def test_a_written_body_that_changed_while_it_was_looked_at_is_not_approved(root, change):
    seen = written(root)
    edit(root, *change)
    with pytest.raises(SpecError, match="its body or its spec changed meanwhile; run `compiled-ai review` again"):
        take(root, seen)
    assert approved(root) == {}


def test_approvals_of_specs_that_are_gone_are_dropped_with_the_next(root):
    gone, unread = "specs/numbers.py::gone", "specs/broken.py::kept"
    path = root / "src/generated/approvals.json"
    path.write_text(render_approvals({gone: "1", unread: "2", NEGATE: "3"}), encoding="utf-8")
    (root / "specs/broken.py").write_text("from pytest_compiled_ai import spec\n\n@spec\ndef (", encoding="utf-8")
    take(root, pending(root)[DOUBLE])
    assert set(approved(root)) == {DOUBLE, NEGATE, unread}


def test_damaged_approvals_are_never_written_over(root):
    path, before = root / "src/generated/approvals.json", (root / ARTIFACT).read_bytes()
    path.write_text("<<<<<<< ours\n", encoding="utf-8")
    with pytest.raises(SpecError, match="double cannot be approved: generated/approvals"):
        take(root, pending(root)[DOUBLE])
    assert path.read_text(encoding="utf-8") == "<<<<<<< ours\n"
    assert (root / ARTIFACT).read_bytes() == before


def test_a_decision_waits_for_a_compile(root, capsys):
    released, held = threading.Event(), threading.Event()

    def hold():
        with hold_lock(root, lambda: None):
            held.set()
            released.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(60)

    def wait():
        wait_for_compile()
        released.set()

    reject(load_config(root), DOUBLE, wait)
    thread.join()
    assert capsys.readouterr().out == "compiled-ai: waiting: a compile is running\n"
    assert read_staged(root, DOUBLE) is None
