from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_projects import ARTIFACT, DOUBLE, make_full_report, make_report, make_spec, make_strength

from pytest_compiled_ai.evaluation.strength import Measured
from pytest_compiled_ai.reports.changes import Edit, GateLine
from pytest_compiled_ai.reports.markdown import COMMENT_LIMIT, code, fenced, plain, render_markdown, told
from pytest_compiled_ai.reports.model import SpecResult

WORDS = st.text(st.characters(codec="utf-8"), max_size=40)


def test_a_report_says_what_a_reviewer_asks():
    text = render_markdown(make_full_report())
    assert text.startswith(
        "## Compiled specs of example\n\n❌ 2 to mend. Compared with main (0123456). 3 specs: 3 fresh; "
    )
    assert "1,234 tokens, cost 0.0123.\n" in text
    assert f"| `{DOUBLE}` | changed | fresh | jailed | 1/1 lines | 3 of 4 mutants killed | 1,234 |\n" in text
    assert "| `specs/numbers.py::gone` | removed | gone |  |  | not measured | 0 |\n" in text
    assert "- ❌ `src/generated/old.py:1` gone\n" in text
    assert "- ❌ `specs/numbers.py:16` shout is missing; run `x`\n" in text
    assert "Changed since its body was made: `docstring`, `test specs/numbers.py::test_double_of_zero`.\n" in text
    assert f"```diff\n--- a/{DOUBLE}\n+++ b/{DOUBLE}\n@@ -1 +1 @@\n-a\n+b\n```\n" in text
    assert "-return n + n\n+return n * 2\n```\n" in text
    assert "What changes for callers:\n\n- `double(-1) is -2, was 2`\n" in text
    assert "Left open by the spec: `double(0)`\n\n- `is 1`, as 3 of the bodies say\n- `is 2`" in text
    assert "No test notices:\n\n- ``line 7: `n * 2` changed to `n + 2` and no test fails``\n" in text
    assert "- written by: large (big)\n- attempt: 2 of at most 8\n- tokens: 1,200 in, 34 out; cost 0.0123\n" in text
    assert "- tests: 1, 1 held out\n" in text
    assert "- gate `mypy` \n- gate `tests` tests: 2\n" in text
    assert "There is no body.\n" in text


def test_a_report_on_nothing_is_short():
    text = render_markdown(make_report(notice="By hand."))
    assert text == (
        "## Compiled specs of example\n\n✅ nothing to mend. Compared with main (0123456). By hand. 0 specs; 0 tokens.\n"
        "\nNo spec changed.\n\n"
    )


def test_a_run_s_words_stand_for_the_state():
    result = SpecResult(id=DOUBLE, before="stale", outcome="restamped", prompt_tokens=5, cost=0.5)
    body = Edit(title=ARTIFACT, old="x", new="x")
    text = render_markdown(make_report(make_spec(result=result, origin=None, body=body, inputs=(), edits=())))
    assert f"| `{DOUBLE}` | changed | restamped |  |  | not measured | 5 |" in text
    assert "5 tokens, cost 0.5000." in text
    assert "The body is the same.\n" in text
    assert "- this run: restamped\n- written by: no record\n- strength: not measured\n" in text
    failed = replace(result, outcome="failed", message="no `x` passed")
    assert "- this run: failed: no `x` passed\n" in render_markdown(make_report(make_spec(result=failed)))


def test_what_was_not_measured_says_why():
    strength = Measured(id=DOUBLE, artifact="", problem="it has no body")
    assert "| not measured: it has no body |" in render_markdown(make_report(make_spec(strength=strength)))
    assert "No test notices" not in render_markdown(make_report(make_spec(strength=make_strength(survivors=0))))


def test_a_body_of_a_person_names_what_it_is_based_on():
    spec = make_spec()
    spec = replace(spec, origin=replace(spec.origin, provider="hand", model="", based_on="large", held_out=()))
    assert "- written by: no model (hand), based on large\n" in render_markdown(make_report(spec))


@pytest.mark.parametrize("count", [1, 3, 8])
def test_a_long_report_leaves_specs_out_and_says_so(count):
    lines = [3000, *[6000] * (count - 1)]
    specs = [
        make_spec(id=f"specs/é.py::f{n}", body=Edit(title="a.py", old="", new=f"é = {n}\n" * size))
        for n, size in enumerate(lines)
    ]
    small = make_spec(id="specs/small.py::g")
    text = render_markdown(make_report(*specs, small))
    assert len(text.encode()) <= COMMENT_LIMIT
    shown = re.findall(r"^### `(specs/\S+)`", text, re.M)
    # One long diff has room, and the small spec after those that have not.
    assert shown[0] == "specs/é.py::f0"
    assert shown[-1] == "specs/small.py::g"
    left = count + 1 - len(shown)
    assert left == max(0, count - 1)
    assert (f"\n*{left} of {count + 1} specs are left out" in text) == (left > 0)


@pytest.mark.parametrize("limit", [200, 2000, COMMENT_LIMIT, 1024 * 1024])
def test_even_the_head_is_cut(limit):
    specs = [make_spec(id=f"specs/numbers.py::function_{n}") for n in range(1200)]
    text = render_markdown(make_report(*specs), max(limit, 600))
    assert len(text.encode()) <= max(limit, 600)
    assert "More is left out here" in text or limit > COMMENT_LIMIT


@given(WORDS)
def test_code_is_one_span_whatever_is_in_it(text):
    span = code(text)
    fence = re.match("`+", span)[0]
    assert span.endswith(fence)
    assert "\n" not in span
    inner = span[len(fence) : -len(fence)]
    assert not re.search(rf"(?<!`){fence}(?!`)", inner)


@given(WORDS)
def test_a_block_cannot_be_closed_by_its_text(text):
    block = fenced("diff", text)
    fence = re.match("`+", block)[0]
    assert not any(re.match(rf" *`{{{len(fence)},}}", line) for line in block.splitlines()[1:-1])


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
        ("**bold** _it_ [a](b)", r"\*\*bold\*\* \_it\_ \[a\](b)"),
        ("a | b\nc", r"a \| b c"),
        ("@octocat #1 &amp; https://x", "@\u200boctocat \\#1 \\&amp; https:\u200b//x"),
        ("\u202etxt", "\\<U+202E\\>txt"),
    ],
)
def test_plain_text_has_nothing_of_markdown_in_it(text, safe):
    assert plain(text) == safe


@pytest.mark.parametrize(
    ("text", "shown"), [("run `a_b`; or", "run `a_b`; or"), ("one ` only_", "one \\` only\\_"), ("`x` y_", "`x` y\\_")]
)
def test_a_message_s_backticks_are_code(text, shown):
    assert told(text) == shown


def test_a_bar_does_not_end_a_cell_of_a_table():
    spec = make_spec(id="specs/a|b.py::f", strength=None)
    gate = GateLine(gate="a|b", evidence={"k": "<script>"})
    text = render_markdown(make_report(replace(spec, origin=replace(spec.origin, gates=(gate,)))))
    assert "| `specs/a\\|b.py::f` | changed |" in text
    assert "- gate `a|b` k: \\<script\\>\n" in text
