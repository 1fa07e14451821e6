from __future__ import annotations

import io
import json
import sys

import pytest
from asked_projects import SETTINGS

from pytest_compiled_ai.asking import child
from pytest_compiled_ai.asking.recording import find_recorder
from pytest_compiled_ai.asking.replies import replies_path
from pytest_compiled_ai.asking.requests import requests_of_failure
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.compiler import kept
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.errors import ProviderError, SpecError
from pytest_compiled_ai.testing import ScriptedProvider, serve_replies

PARCEL = {"text": "My parcel never came"}
CHARGED = {"text": "You charged me twice"}
BLANK = {"text": " "}


@pytest.fixture
def recorder(write):
    def make(*changes, **options):
        project = Project(write(*changes, **options))
        found = find_recorder(project, project.files[0])
        assert found is not None
        return found

    return make


def read(recorder):
    return json.loads(replies_path(recorder.file).read_text(encoding="utf-8"))


def replies(recorder):
    return {entry["arguments"]["text"]: entry.get("reply") for entry in read(recorder)["replies"]}


def answer(value):
    return json.dumps({"answer": value})


def opened(recorder):
    return [dict(entry.arguments) for entry in recorder.find_entries() if entry.is_open]


def test_what_the_tests_call_is_asked_once_and_kept(recorder):
    made, provider, said = recorder(replies=None), ScriptedProvider(*map(answer, ("delivery", "billing", "other"))), []
    assert opened(made) == [PARCEL, CHARGED, BLANK]
    assert made.record(provider, said.append) == ()
    assert replies(made) == {PARCEL["text"]: "delivery", CHARGED["text"]: "billing", " ": "other"}
    assert read(made)["question"] == made.question.hash
    assert {entry["model"] for entry in read(made)["replies"]} == {"scripted"}
    assert said[0] == 'ask_kind {"text": "My parcel never came"}: "delivery"'
    system, user = provider.requests[0].messages
    assert system.content.startswith("Say what a customer complains about.")
    assert json.loads(user.content) == PARCEL
    assert opened(made) == []


def test_what_is_written_by_hand_stays(recorder):
    made = recorder()
    assert opened(made) == [BLANK]
    provider = ScriptedProvider(answer("other"))
    made.record(provider, print)
    assert len(provider.requests) == 1
    assert replies(made) == {PARCEL["text"]: "delivery", CHARGED["text"]: "billing", " ": "other"}


def test_a_changed_question_is_asked_anew_but_not_of_people(recorder):
    entries = [
        {"arguments": PARCEL, "reply": "billing", "model": "old"},
        {"arguments": CHARGED, "reply": "billing"},
        {"arguments": {"gone": 1}, "reply": "billing"},
    ]
    made = recorder(replies={"question": "0", "replies": entries})
    assert opened(made) == [PARCEL, BLANK]
    made.record(ScriptedProvider(answer("delivery")), print)
    assert replies(made) == {PARCEL["text"]: "delivery", CHARGED["text"]: "billing", " ": "delivery"}


def test_an_answer_that_does_not_fit_is_asked_for_twice_and_stays_open(recorder):
    made, provider = recorder(), ScriptedProvider(answer("weather"))
    (problem,) = made.record(provider, print)
    assert (
        problem
        == "ask_kind {\"text\": \" \"}: the answer does not fit: Input should be 'delivery', 'billing' or 'other'"
    )
    assert [message.role for message in provider.requests[1].messages] == ["system", "user", "assistant", "user"]
    assert opened(made) == [BLANK]
    assert made.record(ScriptedProvider("what?", answer("other")), print) == ()


def test_what_was_answered_before_a_failure_is_kept(recorder):
    made = recorder(replies=None)
    with pytest.raises(ProviderError):
        made.record(ScriptedProvider(answer("delivery"), ProviderError("down")), print)
    assert opened(made) == [CHARGED, BLANK]


def test_a_failure_at_the_first_question_writes_nothing(recorder):
    made = recorder(replies=None)
    with pytest.raises(ProviderError):
        made.record(ScriptedProvider(ProviderError("down")), print)
    assert not replies_path(made.file).exists()


def test_what_a_failed_body_asked_is_open(recorder, monkeypatch):
    made = recorder()
    told = 'E BaseException: no reply is recorded for ask_kind {"text": "my parcel"}; run `compiled-ai record specs/mail.py`'
    folder = made.project.config.root / ".compiled-ai"
    folder.mkdir()
    (folder / "specs.mail.py.triage.json").write_text(json.dumps({"feedback": told}), encoding="utf-8")
    assert kept.read_failure(made.project.config.root, "specs/mail.py::triage")
    assert opened(made) == [BLANK, {"text": "my parcel"}]


@pytest.mark.parametrize("given", ['{"text": [...] "x"}', '{"other": 1}', "{}"])
def test_what_cannot_be_read_of_a_failure_is_left(recorder, given):
    told = f"no reply is recorded for ask_kind {given}; run `compiled-ai record specs/mail.py`"
    assert list(requests_of_failure(recorder().question, told)) == []


def test_calls_whose_arguments_are_not_the_questions_are_left(recorder):
    made = recorder(("def triage(text: str)", "def triage(mail: str)"))
    assert opened(made) == []


def test_calls_with_what_json_does_not_know_are_left(recorder):
    made = recorder(('triage(" ")', 'triage(b"x")'), ('triage("You charged me twice")', 'triage("\\ud800")'))
    assert opened(made) == []


def test_a_secret_is_not_sent(recorder):
    made = recorder(('triage(" ")', 'triage("my key is AKIAIOSFODNN7EXAMPLQ")'))
    provider = ScriptedProvider(answer("other"))
    with pytest.raises(SpecError, match=r"specs/mail.py"):
        made.record(provider, print)
    assert provider.requests == []


def test_a_question_that_cannot_be_imported_is_told_in_a_line(recorder):
    made = recorder(
        ("from typing import Literal", "from typing import Literal\n\n    from shop import Kind"),
        ('Literal["delivery", "billing", "other"]', "Kind"),
    )
    with pytest.raises(
        SpecError, match="ask_kind cannot be asked: ModuleNotFoundError: No module named 'shop'; mend that first"
    ):
        made.record(ScriptedProvider(""), print)


def test_a_type_of_the_project_is_the_schema(recorder):
    made = recorder(
        ("from typing import Literal", "from typing import Literal\n\n    from shop import Kind"),
        ('Literal["delivery", "billing", "other"]', "Kind"),
    )
    shop = made.project.config.root / "src" / "shop.py"
    shop.parent.mkdir()
    shop.write_text("from enum import Enum\nclass Kind(Enum):\n    A = 'a'\n", encoding="utf-8")
    assert made.record(ScriptedProvider(answer("a")), print) == ()
    assert replies(made)[" "] == "a"


def test_nothing_is_recorded_where_nobody_asks(write):
    project = Project(write(('@spec(runtime_model="support")', "@spec")))
    assert find_recorder(project, project.files[0]) is None


def test_the_child_writes_its_answers(monkeypatch, capsys):
    program = "def _ask_messages(question, given):\n    return [question.__name__, given]\n\n\ndef ask():\n    pass\n"
    orders = {"program": program, "name": "ask", "path": [], "given": [1, 2]}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(orders)))
    child.main()
    assert json.loads(capsys.readouterr().out) == [["ask", 1], ["ask", 2]]


def test_the_child_reads_answers():
    program = (
        "from pydantic import TypeAdapter\n\n\n"
        "def _ask_read(question, text):\n    return TypeAdapter(question.__annotations__['return']).validate_json(text)\n\n\n"
        "def ask() -> int:\n    return 1\n"
    )
    found = child.carry_out({"program": program, "name": "ask", "path": [], "texts": ["3", "x"]})
    assert found[0] == {"reply": 3}
    assert "JSON" in found[1]["problem"]


@pytest.fixture
def record(monkeypatch, capsys):
    def make(config, spec):
        monkeypatch.chdir(config.root)
        status = main(["record", spec])
        out, err = capsys.readouterr()
        return status, out, err

    return make


@pytest.mark.parametrize("spec", ["specs/mail.py", "specs/mail.py::triage", "triage"])
def test_the_command_asks_the_provider_of_the_spec(write, record, spec):
    with serve_replies(answer("other")) as endpoint:
        config = write(url=endpoint.url)
        status, out, err = record(config, spec)
    assert (status, err) == (0, "")
    assert endpoint.requests[0]["model"] == "small"
    where = endpoint.url.removeprefix("http://").removesuffix("/v1")
    assert out.splitlines() == [
        f"compiled-ai: 1 question goes to {where} (small)",
        'ask_kind {"text": " "}: "other"',
        "compiled-ai: specs/mail.replies.json: 1 of 1 recorded; read them, then commit them",
    ]
    status, out, _ = record(config, spec)
    assert status == 0
    assert "nothing is open" in out


def test_the_command_fails_where_an_answer_does_not_fit(write, record):
    with serve_replies("no") as endpoint:
        status, out, _ = record(write(url=endpoint.url), "triage")
    assert status == 1
    assert "0 of 1 recorded" in out


def test_the_command_needs_a_spec_that_may_ask(write, record):
    status, _, err = record(write(('@spec(runtime_model="support")', "@spec")), "triage")
    assert status == 1
    assert "specs/mail.py has no spec that may ask a model: say @spec(runtime_model=...) of one." in err


def test_a_provider_that_is_not_configured_is_told(write, record):
    status, _, err = record(write(('"support"', '"nobody"')), "triage")
    assert (status, "provider 'nobody' is not configured" in err) == (4, True)
    assert "{url}" in SETTINGS
