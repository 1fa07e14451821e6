from __future__ import annotations

import json

import pytest

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.review.decisions import accept, reject
from pytest_compiled_ai.review.pending import find_pending

SPEC, ARTIFACT = "specs/numbers.py", "src/generated/numbers.py"
DOUBLE, NEGATE = f"{SPEC}::double", f"{SPEC}::negate"


def found(root, **flags):
    return find_pending(Project(load_config(root, **flags)))


def edit(root, name, old, new):
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


def decide(root, *, accepted=(), rejected=()):
    for each in found(root).pending:
        if each.id in accepted:
            accept(load_config(root), each, lambda: None)
        if each.id in rejected:
            reject(load_config(root), each.id, lambda: None)


def test_what_is_staged_waits_with_what_it_replaces(root):
    double, negate = found(root).pending
    assert (double.id, double.kind, double.problem) == (DOUBLE, "staged", "")
    assert "return n + n" in double.old
    assert double.new.endswith("    # by two\n    return n * 2\n")
    assert (negate.id, negate.old, negate.standing.state) == (NEGATE, "", "missing")
    assert found(root)[1:] == ((), ())


def test_written_bodies_wait_where_nothing_is_staged(root):
    decide(root, rejected=[DOUBLE, NEGATE])
    (double,) = found(root).pending
    assert (double.id, double.kind, double.old) == (DOUBLE, "written", "")
    assert "return n + n" in double.new
    assert double.record["model"] == "scripted"
    decide(root, accepted=[DOUBLE])
    assert found(root).pending == ()


def test_written_bodies_wait_beside_staged_ones_where_a_review_is_required(root):
    decide(root, rejected=[DOUBLE])
    assert [each.id for each in found(root).pending] == [NEGATE]
    assert [(each.id, each.kind) for each in found(root, require_review=True).pending] == [
        (DOUBLE, "written"), (NEGATE, "staged"),
    ]  # fmt: skip


@pytest.mark.parametrize("edited", ["return n+1", "return ("])
def test_a_body_that_is_not_fresh_is_for_check_to_tell(root, edited):
    decide(root, rejected=[DOUBLE, NEGATE])
    edit(root, ARTIFACT, "return n + n", edited)
    assert found(root).pending == ()


def test_what_cannot_be_accepted_any_more_says_why(root):
    edit(root, SPEC, "Return twice a number.", "Return two times a number.")
    edit(root, ARTIFACT, "return n + n", "return n+n+0")
    double, negate = found(root).pending
    assert double.problem == (
        f"{DOUBLE}: its spec changed since it was staged; run `pytest --compile-ai --compile-ai-review` again."
    )
    assert negate.problem == ""


def test_what_is_damaged_or_gone_is_told(root):
    edit(root, SPEC, "def negate(", "def minus(")
    (root / ".compiled-ai/staged/specs.numbers.py.double.json").write_text("{", encoding="utf-8")
    (root / "src/generated/approvals.json").write_text("{", encoding="utf-8")
    (root / "specs/broken.py").write_text("from pytest_compiled_ai import spec\n@spec\ndef (", encoding="utf-8")
    seen = found(root)
    assert (seen.pending, seen.gone) == ((), (NEGATE,))
    approvals, staged, broken = seen.problems
    assert approvals.startswith("generated/approvals.json is damaged")
    assert staged == ".compiled-ai/staged/specs.numbers.py.double.json is damaged; delete it and compile again"
    assert broken.startswith("specs/broken.py:3")


def test_a_spec_file_that_cannot_be_read_takes_nothing_away(root):
    edit(root, SPEC, "def negate(", "def negate((")
    seen = found(root)
    assert (seen.pending, seen.gone, len(seen.problems)) == ((), (), 1)


def test_a_spec_that_cannot_be_judged_is_told(root):
    staged = root / ".compiled-ai/staged/specs.numbers.py.negate.json"
    assert json.loads(staged.read_text(encoding="utf-8"))["spec"] == NEGATE
    edit(root, SPEC, "@spec\ndef negate", '@spec(tests=["tests/test_gone.py"])\ndef negate')
    (root / "tests").mkdir()
    (root / "tests/test_gone.py").write_text("def test_x(:\n", encoding="utf-8")
    seen = found(root)
    assert [each.id for each in seen.pending] == [DOUBLE]
    assert seen.problems[0].startswith(f"{NEGATE} cannot be reviewed: tests/test_gone.py")
