from __future__ import annotations

import pytest

from pytest_compiled_ai.asking.gate import Asking, is_bounded
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.gates.allow_list import AllowList
from pytest_compiled_ai.gates.imports import Imports
from pytest_compiled_ai.policies.policy import read_policy

ONE_PLACE = "call `ask_kind` at one place of the body, outside of loops and functions."


@pytest.fixture
def judge(write):
    config = write()
    project = Project(config)
    file, stub = project.find("triage")
    subject = project.subject(file, stub)

    def make(*lines, gate=None):
        body = Body(text="\n".join(f"    {line}" for line in lines), imports=())
        candidate = cut_candidate(assemble(project.blank(file), subject, body, "v1:0"), subject, body)
        return (gate(config) if gate else Asking()).check(candidate, subject)

    return make


def test_a_body_that_asks_once_passes_and_says_of_whom(judge):
    verdict = judge("kind = ask_kind(text.strip())", "return kind.upper()")
    assert verdict.passed
    assert dict(verdict.evidence) == {"asks": "ask_kind", "of": "support", "fallback": "'other'"}


def test_a_body_that_does_not_ask_passes_too(judge):
    verdict = judge("return text.upper()")
    assert (verdict.passed, dict(verdict.evidence)) == (True, {})


@pytest.mark.parametrize(
    "lines",
    [
        ("return ask_kind(text) + ask_kind(text)",),
        ("return ask_kind(ask_kind(text))",),
        ("for part in text.split():", "    ask_kind(part)", "return text"),
        ("while not ask_kind(text):", "    pass", "return text"),
        ("return ''.join(ask_kind(part) for part in text)",),
        ("return ''.join([ask_kind(part) for part in text])",),
        ("return ''.join({ask_kind(part) for part in text})",),
        ("return ''.join({part: ask_kind(part) for part in text})",),
        ("return ''.join(map(ask_kind, text))",),
        ("return ''.join(map(lambda part: ask_kind(part), text))",),
        ("def inner() -> str:", "    return ask_kind(text)", "return inner()"),
        ("again = ask_kind", "return again(text)"),
    ],
)
def test_a_body_that_could_ask_more_often_is_refused(judge, lines):
    verdict = judge(*lines)
    assert (verdict.passed, verdict.message) == (False, ONE_PLACE)


def test_recursion_asks_again(judge):
    verdict = judge("return ask_kind(text) if len(text) < 9 else triage(text[1:])")
    assert not verdict.passed
    assert "`triage` calls itself" in verdict.message


@pytest.mark.parametrize("name", ["_ask_model", "_ask_endpoint", "_ask_recorded", "_ASK_LOG"])
def test_the_runtime_is_not_for_a_body(judge, name):
    verdict = judge(f"return str({name})")
    assert verdict.message == f"`{name}` is not for a body; call `ask_kind`."


@pytest.mark.parametrize("module", ["openai", "httpx", "pydantic"])
def test_the_sdk_is_refused_as_in_any_body(judge, module):
    verdict = judge(
        f"import {module}", "return text", gate=lambda config: Imports(frozenset({module}), read_policy(config))
    )
    assert "is neither in the standard library nor imported by the spec" in verdict.message


@pytest.mark.parametrize("name", ["OpenAI", "create_model", "os"])
def test_what_the_runtime_imports_is_no_name_of_a_body(judge, name):
    assert not judge(f"return str({name})", gate=lambda config: AllowList(read_policy(config))).passed


def test_it_is_asked_only_about_bodies_that_may_ask(write):
    project = Project(write(('@spec(runtime_model="support")', "@spec")))
    subject = project.subject(*project.find("triage"))
    assert subject.helpers == ()
    assert not is_bounded(Asking(), subject)
    assert is_bounded(AllowList(read_policy(project.config)), subject)
