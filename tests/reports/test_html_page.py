from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from report_projects import ARTIFACT, DOUBLE, make_full_report, make_report, make_spec, make_strength

from pytest_compiled_ai.reports.changes import Choice, Edit, Finding, GateLine, Origin
from pytest_compiled_ai.reports.html_page import render_page
from pytest_compiled_ai.reports.model import SpecResult

ATTACKS = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</style><style>*{display:none}",
    "</title><h1>x",
    "<!-- ",
    "&lt;b&gt;",
    "javascript:alert(1)",
]
VOID = {"meta"}


class Page(HTMLParser):
    """Reads a page, and knows that it is well formed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"style"}:
            self.text += data


def test_all_of_a_report_is_on_the_page():
    page = Page(render_page(make_full_report()))
    for said in (
        "Compiled specs of example", "Compared with main (0123456). 3 specs: 3 fresh.", "1,234tokens, cost 0.0123",
        "src/generated/old.py:1 gone", "shout is missing; run x", "What changed in the spec", DOUBLE,
        "What changes for callers", "double(-1) is -2, was 2", "Left open by the spec: double(0)", "def test_a(): ...",
        "(no test of a few lines can tell)", "Changes that no test notices", "line 7: `n * 2` changed to `n + 2`",
        "large (big)", "2 of at most 8", "3 of 4 mutants killed", "2 gates said yes", "tests: 2", "There is none.",
    ):  # fmt: skip
        assert said in page.text, said


def test_the_contents_lead_to_each_spec():
    page = Page(render_page(make_full_report()))
    ids = [attrs["id"] for tag, attrs in page.tags if tag == "article"]
    assert ids == ["spec-0", "spec-1", "spec-2"]
    assert [attrs["href"] for tag, attrs in page.tags if tag == "a"] == [f"#{id_}" for id_ in ids]


def test_the_page_needs_nothing_from_elsewhere_and_no_script():
    text = render_page(make_full_report())
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"url\(|@import|https?:", text)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_text_is_text(attack):
    origin = Origin(
        provider=attack, model=attack, tier=attack, coverage=attack, based_on=attack, prompt=attack, compiler=attack,
        gates=(GateLine(gate=attack, evidence={attack: attack}),), tests=(attack,), held_out=(attack,), changes=(attack,),
        call=attack, choices=(Choice(answer=attack, bodies=1, test=attack),),
    )  # fmt: skip
    spec = make_spec(
        id=attack, path=attack, artifact=attack, inputs=(attack,), edits=(Edit(title=attack, old=attack, new="b"),),
        body=Edit(title=attack, old="a", new=attack), origin=origin, message=attack, state="stale",
        strength=replace(make_strength(), id=attack),
        result=SpecResult(id=attack, before="stale", outcome="failed", message=attack, notes=(attack,)),
    )  # fmt: skip
    stray = Finding(rule=attack, level="error", path=attack, line=1, subject=attack, message=attack)
    report = make_report(spec, project=attack, base=attack, notice=attack, stray=(stray,))
    page, plain = Page(render_page(report)), Page(render_page(make_report(make_spec())))
    assert {tag for tag, _ in page.tags} - {tag for tag, _ in plain.tags} <= {"section", "ul", "pre", "p", "h4"}
    assert {name for _, attrs in page.tags for name in attrs} <= {name for _, attrs in plain.tags for name in attrs}
    assert page.text.count(attack) > 15


def rows(text, name):
    return re.findall(rf'<tr class="{name}">(.*?)</tr>', text)


def test_a_changed_line_has_signs_and_marks_beside_its_colours():
    text = render_page(make_report(make_spec(edits=())))
    (row,) = rows(text, "changed")
    assert (
        '<td class="old number">1</td><td class="old"><span class="sign">\u2212</span>return n <mark>+</mark> ' in row
    )
    assert '<td class="new number">1</td><td class="new"><span class="sign">+</span>return n <mark>*</mark> ' in row


def test_a_line_on_one_side_only_leaves_the_other_empty():
    edit = Edit(title=ARTIFACT, old="a\nb\n", new="a\n")
    text = render_page(make_report(make_spec(edits=(), body=edit)))
    assert len(rows(text, "same")) == 1
    assert '<td class="new number none"></td><td class="new none"></td>' in rows(text, "changed")[0]
    assert '<table class="diff">' in text


def test_a_first_body_has_one_column():
    assert '<table class="diff single">' in render_page(make_report(make_spec(body=Edit(title=ARTIFACT, new="x\n"))))


def test_lines_left_out_are_shown_as_a_gap():
    lines = [f"line {n}" for n in range(30)]
    edit = Edit(title=ARTIFACT, old="\n".join(lines), new="\n".join([*lines[:15], "other", *lines[16:]]))
    assert len(rows(render_page(make_report(make_spec(edits=(), body=edit))), "gap")) == 2


def test_a_body_that_is_the_same_is_shown_whole():
    spec = make_spec(body=Edit(title=ARTIFACT, old="return 1\n", new="return 1\n"))
    assert '<p class="empty">It is the same.</p><pre>return 1</pre>' in render_page(make_report(spec))


def test_states_have_words_and_moods():
    def badges(**changes):
        return render_page(make_report(make_spec(**changes)))

    assert '<span class="badge good">fresh</span>' in badges()
    assert '<span class="badge error">unreadable</span>' in badges(state=None, message="why")
    assert '<span class="badge warning">stale</span>' in badges(state="stale", message="why")
    assert '<span class="badge error">2 errors</span>' in badges(state="stale", message="why", is_unapproved=True)
    staged = SpecResult(id=DOUBLE, before="missing", outcome="staged")
    assert '<span class="badge warning">staged</span>' in badges(result=staged)


def test_a_report_on_nothing_says_so():
    text = render_page(make_report(base="", notice="There is no base."))
    assert "No spec changed." in text
    assert "There is no base. 0 specs." in text
    assert "<article" not in text
    assert "To look at" not in Page(text).text.replace("to look at", "")


def test_an_origin_without_gates_has_no_table_of_them():
    spec = make_spec()
    text = render_page(make_report(replace(spec, origin=replace(spec.origin, gates=(), changes=()))))
    assert "gates said yes" not in text
    assert "What changes for callers" not in text


def test_inputs_without_texts_are_named():
    text = render_page(make_report(make_spec(edits=())))
    assert "the changed texts" not in text
    assert "<li><code>docstring</code></li>" in text
    assert '<ul class="inputs">' not in render_page(make_report(make_spec(inputs=())))
