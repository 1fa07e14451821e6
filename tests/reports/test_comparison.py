from __future__ import annotations

import pytest
from report_projects import ARTIFACT, DOUBLE, RECORD, SHOUT

from pytest_compiled_ai.reports.comparison import compare_trees
from pytest_compiled_ai.reports.model import SpecResult
from pytest_compiled_ai.reports.trees import find_base


def compare(sample, base="HEAD", **options):
    return compare_trees(sample.project(), find_base(sample.root, base), **options)


def only(report):
    (spec,) = report.specs
    return spec


def rules(report):
    return [(finding.rule, finding.subject.strip()) for finding in report.stray]


def test_what_did_not_change_is_only_counted(sample):
    report = compare(sample)
    assert report.specs == ()
    assert report.states == {"fresh": 1, "missing": 1}
    # It is missing still, and that is said.
    assert rules(report) == [("not-fresh", SHOUT)]
    assert (report.project, report.base) == ("example", f"HEAD ({sample.git('rev-parse', 'HEAD')[:9]})")


def test_a_new_body_for_a_new_docstring(sample):
    sample.edit("specs/numbers.py", "Return twice a number.", "Return a number times two.")
    sample.write_body("double", "    return n + n\n", attempt=3, attempts=8)
    spec = only(compare(sample))
    assert (spec.id, spec.kind, spec.state, spec.message) == (DOUBLE, "changed", "fresh", "")
    assert spec.inputs == ("docstring",)
    (edit,) = spec.edits
    assert edit.title == DOUBLE
    assert edit.old.startswith('@spec\ndef double(n: int) -> int:\n    """Return twice a number.')
    assert edit.new == edit.old.replace("twice a number", "a number times two")
    assert spec.has_new_body
    assert spec.body.old.endswith("return n * 2\n")
    assert spec.body.new.endswith("return n + n\n")
    assert spec.origin is not None
    assert (spec.origin.model, spec.origin.attempt, spec.origin.tokens) == ("small", 3, 100)
    lines = (sample.root / ARTIFACT).read_text("utf-8").splitlines()
    assert lines[spec.body_line - 1].startswith("def double")
    assert (sample.root / "specs/numbers.py").read_text("utf-8").splitlines()[spec.line - 1].startswith("def double")


def test_a_spec_that_is_stale_in_the_tree(sample):
    sample.edit("specs/numbers.py", "double(0) == 0", "double(1) == 2")
    spec = only(compare(sample))
    assert (spec.kind, spec.state, spec.has_new_body) == ("changed", "stale", False)
    assert spec.inputs == ("test specs/numbers.py::test_double_of_zero",)
    assert "test specs/numbers.py::test_double_of_zero changed" in spec.message
    assert [edit.title for edit in spec.edits] == ["specs/numbers.py::test_double_of_zero"]


def test_comments_and_formatting_are_no_change(sample):
    sample.edit("specs/numbers.py", "assert double(0) == 0", "assert double(0)   ==   0  # zero")
    assert compare(sample).specs == ()


def test_a_first_body_of_a_spec_that_was_there(sample):
    sample.write_body("shout", "    return text.upper() + '!'\n")
    spec = only(compare(sample))
    assert (spec.id, spec.kind, spec.body.old, spec.inputs, spec.edits) == (SHOUT, "changed", "", (), ())


def test_a_spec_without_a_body_that_changed_shows_what_it_says_now(sample):
    sample.edit("specs/numbers.py", "in upper case,", "in capitals,")
    spec = only(compare(sample))
    assert (spec.id, spec.kind, spec.state) == (SHOUT, "changed", "missing")
    assert [edit.title for edit in spec.edits] == [SHOUT]


def test_a_new_spec(sample):
    sample.write("specs/more.py", SPEC)
    sample.write_body("half", "    return n // 2\n")
    spec = only(compare(sample))
    assert (spec.id, spec.kind, spec.body.old) == ("specs/more.py::half", "added", "")
    assert {edit.title for edit in spec.edits} == {"specs/more.py::half", "specs/more.py::test_half"}
    assert all(not edit.old for edit in spec.edits)


SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def half(n: int) -> int:
        """Return half of a number, rounded down."""

    def test_half() -> None:
        assert half(3) == 1
    '''


def test_a_record_that_changed_alone_is_shown(sample):
    sample.edit(RECORD, '"small"', '"large"')
    spec = only(compare(sample))
    assert (spec.kind, spec.has_new_body, spec.inputs) == ("changed", False, ())


def test_a_body_edited_by_hand(sample):
    sample.edit(ARTIFACT, "n * 2", "n * 3")
    spec = only(compare(sample))
    assert (spec.state, spec.has_new_body) == ("edited", True)
    assert "compiled-ai adopt" in spec.message


def test_a_spec_that_is_gone(sample):
    sample.write_body("shout", "    return text.upper() + '!'\n")
    sample.commit()
    text = (sample.root / "specs/numbers.py").read_text("utf-8")
    (sample.root / "specs/numbers.py").write_text(text.replace("@spec\ndef shout", "def shout"), "utf-8")
    report = compare(sample)
    gone = report.specs[-1]
    assert (gone.id, gone.kind, gone.state, gone.path) == (SHOUT, "removed", None, ARTIFACT)
    assert gone.body.old.endswith("return text.upper() + '!'\n")
    assert ("stray-code", f"{ARTIFACT} shout, which no spec asks for") in rules(report)


def test_a_spec_file_that_is_gone_leaves_an_orphan(sample):
    (sample.root / "specs/numbers.py").unlink()
    report = compare(sample)
    assert [(spec.id, spec.kind) for spec in report.specs] == [(DOUBLE, "removed")]
    assert rules(report) == [("stray-code", ARTIFACT)]
    (sample.root / ARTIFACT).unlink()
    assert rules(compare(sample)) == []


def test_a_spec_file_that_cannot_be_read_takes_no_spec_away(sample):
    sample.write("specs/numbers.py", "import pytest_compiled_ai\ndef f(:\n")
    report = compare(sample)
    assert report.specs == ()
    (finding,) = report.stray
    assert (finding.rule, finding.path, finding.line) == ("unreadable", "specs/numbers.py", 2)
    assert finding.message.startswith("is not valid Python: ")


def test_a_spec_whose_tests_cannot_be_read(sample):
    sample.write("tests/more.py", "def f(:\n")
    sample.edit("specs/numbers.py", "@spec\ndef shout", '@spec(tests=["tests/more.py"])\ndef shout')
    sample.commit()
    report = compare(sample)
    assert report.states == {"fresh": 1, "unreadable": 1}
    ((rule, subject),) = rules(report)
    assert (rule, subject) == ("unreadable", SHOUT)


@pytest.mark.parametrize("text", ["def f(:\n", "<<<<<<< ours\n", "\0"])
def test_a_base_whose_artifact_is_damaged_has_no_body(sample, text):
    whole = (sample.root / ARTIFACT).read_text("utf-8")
    sample.write(ARTIFACT, text)
    sample.commit()
    (sample.root / ARTIFACT).write_text(whole, "utf-8")
    spec = only(compare(sample))
    assert (spec.kind, spec.body.old, spec.inputs) == ("changed", "", ())


@pytest.mark.parametrize("record", ["[]", "{", '{"specs": []}', '{"specs": {"double": 3}}', '{"specs": {}}'])
def test_a_damaged_record_vouches_for_nothing(sample, record):
    sample.write(RECORD, record)
    spec = only(compare(sample))
    assert (spec.kind, spec.origin, spec.state) == ("changed", None, "fresh")


def test_without_a_base_every_spec_is_listed(sample):
    report = compare_trees(sample.project(), None, notice="No base.")
    assert [(spec.id, spec.kind) for spec in report.specs] == [(DOUBLE, "listed"), (SHOUT, "listed")]
    assert (report.base, report.notice, report.stray) == ("", "No base.", ())
    assert all(not spec.edits and not spec.body.old for spec in report.specs)


def test_what_a_run_did_is_shown_even_where_nothing_changed(sample):
    results = {DOUBLE: SpecResult(id=DOUBLE, before="fresh", outcome="fresh"),
               SHOUT: SpecResult(id=SHOUT, before="missing", outcome="failed", message="no luck")}  # fmt: skip
    spec = only(compare(sample, results=results))
    assert (spec.id, spec.kind, spec.result) == (SHOUT, "unchanged", results[SHOUT])


def test_bodies_that_no_one_approved_are_told_where_a_review_is_required(sample):
    sample.edit("pyproject.toml", 'specs = ["specs"]', 'specs = ["specs"]\nrequire_review = true')
    report = compare(sample)
    assert rules(report) == [("not-approved", DOUBLE), ("not-fresh", SHOUT)]
    sample.edit("specs/numbers.py", "Return twice a number.", "Return a number times two.")
    assert only(compare(sample)).is_unapproved
