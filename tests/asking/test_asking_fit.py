from __future__ import annotations

import re

import pytest

from pytest_compiled_ai.asking.fitting import describe_question, fit_question, note_question
from pytest_compiled_ai.asking.helpers import asked_in, read_runtime, write_warming
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.question import first_prompt, screen_question
from pytest_compiled_ai.errors import SpecError

SPEC = '@spec(runtime_model="support")'
MARK = '@ask(fallback="other", timeout=5)'
DOC = '"""Say what a customer complains about."""'


def subject_of(config, name="triage"):
    project = Project(config)
    return project.subject(*project.find(name))


def fit(config):
    fit_question(config, subject_of(config))


def refusal_of(config):
    """What is said of a spec that does not fit, empty where it does."""
    try:
        fit(config)
    except SpecError as error:
        return str(error)
    return ""


def test_a_spec_with_a_question_and_replies_fits(write):
    assert refusal_of(write()) == ""


def test_a_spec_without_a_runtime_model_needs_neither(write):
    assert refusal_of(write((SPEC, "@spec"), (MARK, ""), replies=None)) == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (MARK, "", "and specs/mail.py has no question: write one below @ask(fallback=...)"),
        ("def triage(text: str) -> str:", "class triage:", "which is for functions, and it is a class"),
        (SPEC, f'@spec(runtime_model="big")\n    def more(text: str) -> str:\n        {DOC}\n\n\n    {SPEC}', "and another spec of the file has 'big'"),
        ("from typing import Literal", "from json import loads as json\n    from typing import Literal", "has a json of its own"),
        (MARK, f"_ask_model = 3\n\n\n    {MARK}", "has a _ask_model of its own"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(write, old, new, told):
    changes = [(old, new)]
    if "class" in new:
        changes.append(
            (
                '"""Return the queue of a complaint: its kind in upper case, or "EMPTY" for a blank text."""',
                "def f(self) -> str: ...",
            )
        )
    with pytest.raises(SpecError, match=r"specs/mail.py:\d+: triage has a runtime_model, .*" + re.escape(told)):
        fit(write(*changes))


def test_an_import_that_means_the_same_is_no_clash(write):
    config = write(("from typing import Literal", "import json\n    from typing import Literal"))
    assert refusal_of(config) == ""


def test_the_libraries_must_be_declared(write):
    config = write()
    settings = config.root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"openai", ', ""), encoding="utf-8")
    with pytest.raises(SpecError, match=r"which needs openai: add that to \[project\] dependencies, and install it"):
        fit(config)


def test_replies_must_be_recorded_for_the_question_as_it_is(write):
    with pytest.raises(
        SpecError, match=r"specs/mail.replies.json is missing: .* run `compiled-ai record specs/mail.py`"
    ):
        fit(write(replies=None))
    with pytest.raises(
        SpecError, match=r"was recorded before ask_kind asked what it asks now; run `compiled-ai record"
    ):
        fit(write(replies={"question": "0", "replies": []}))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("text: str) -> Literal", "text: Kind) -> Literal"), "ask_kind's signature names Kind, which is not defined"),
        ((MARK, "def usual() -> str:\n        return ''\n\n\n    @ask(fallback=usual())"), "the fallback of ask_kind names usual, which an artifact cannot have"),
    ],
)  # fmt: skip
def test_what_an_artifact_cannot_have_is_told(write, change, told):
    with pytest.raises(SpecError, match=told):
        subject_of(write(change))


def test_a_fallback_may_be_a_constant_of_the_file(write):
    subject = subject_of(write((MARK, 'USUAL = "other"\n\n\n    @ask(fallback=USUAL)')))
    asked = asked_in(subject.helpers)
    assert asked is not None
    assert "        USUAL,\n" in asked.text
    assert "timeout=10.0" in asked.text


def test_a_body_is_offered_the_question_and_nothing_of_the_runtime(write):
    helpers = subject_of(write()).helpers
    assert [helper.name for helper in helpers if helper.is_offered] == ["ask_kind"]
    assert not any(helper.is_offered for helper in read_runtime())
    assert "_ask_model" in {helper.name for helper in helpers}


def test_the_prompt_and_the_report_say_so(write):
    config = write()
    subject = subject_of(config)
    assert note_question(subject) == ("may ask a model while it runs: ask_kind of 'support'; without a model 'other'",)
    project = Project(config)
    prompt = first_prompt(project, *project.find("triage"))[1].content
    assert describe_question(subject) in prompt
    assert "def ask_kind(text: str)" in prompt
    assert "_ask_model" not in prompt


def test_a_spec_that_asks_nothing_says_nothing(write):
    subject = subject_of(write((SPEC, "@spec")))
    assert (note_question(subject), describe_question(subject), write_warming(subject.helpers)) == ((), "", "")


def test_the_question_is_screened_before_it_is_sent(write):
    config = write((DOC, DOC.replace("Say", "Key AKIAIOSFODNN7EXAMPLQ: say")))
    with pytest.raises(SpecError, match=r"AWS|key|secret"):
        screen_question(config, subject_of(config), "models.example.com")


def test_an_answer_without_a_schema_ends_the_warming(write):
    code = write_warming(subject_of(write()).helpers)
    exec("from typing import Literal\n" + code, {"__name__": "m"})
    with pytest.raises(Exception, match="schema"):
        exec(
            "from collections.abc import Callable\n"
            + code.replace("Literal['delivery', 'billing', 'other']", "Callable[[], int]"),
            {"__name__": "m"},
        )
