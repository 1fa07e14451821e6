from __future__ import annotations

import json
import logging
from datetime import date
from typing import Literal

import pytest
from chat_server import serve_chat

from pytest_compiled_ai.asking import runtime

GIVEN = {"text": "My parcel never came"}


def ask_kind(text: str) -> Literal["delivery", "billing"]:
    """Say what a customer complains about."""
    return runtime._ask_model(
        ask_kind, {"text": text}, "billing", provider="my-desk", recorded="specs/mail.replies.json", timeout=20
    )


def ask_day(text: str, after: date) -> date:
    """Say which day is meant."""
    given = {"text": text, "after": after}
    return runtime._ask_model(ask_day, given, after, provider="openai", recorded="days.replies.json", timeout=20)


@pytest.fixture(autouse=True)
def _alone(monkeypatch, caplog):
    for name in ("COMPILED_AI_RECORDED", "MY_DESK_MODEL", "MY_DESK_BASE_URL", "MY_DESK_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.INFO, logger=runtime.__name__)


@pytest.fixture
def serve(monkeypatch):
    def start(chat, prefix="MY_DESK"):
        monkeypatch.setenv(f"{prefix}_MODEL", "small")
        monkeypatch.setenv(f"{prefix}_BASE_URL", chat.url)
        return chat

    return start


def answer(value):
    return json.dumps({"answer": value})


def test_it_asks_with_the_question_the_data_and_the_schema(serve, monkeypatch, caplog):
    monkeypatch.setenv("MY_DESK_API_KEY", "k1")
    with serve_chat(answer("delivery")) as chat:
        serve(chat)
        assert ask_kind(**GIVEN) == "delivery"
    (request,) = chat.requests
    system, user = request["messages"]
    assert system["content"].startswith("Say what a customer complains about.\n\n")
    assert '"enum": ["delivery", "billing"]' in system["content"]
    assert json.loads(user["content"]) == GIVEN
    assert request["model"] == "small"
    assert request["response_format"]["json_schema"]["schema"]["required"] == ["answer"]
    assert chat.keys == ["Bearer k1"]
    (record,) = [each for each in caplog.records if each.name == runtime.__name__]
    assert (record.tokens_in, record.tokens_out) == (30, 4)
    assert record.getMessage() == "ask_kind: asked small, 30 tokens in, 4 out"


def test_answers_are_of_the_type(serve):
    with serve_chat("Sure:\n```json\n" + answer("2024-05-06") + "\n```") as chat:
        serve(chat, "OPENAI")
        assert ask_day("next Monday", date(2024, 5, 1)) == date(2024, 5, 6)
    assert json.loads(chat.requests[0]["messages"][1]["content"]) == {"after": "2024-05-01", "text": "next Monday"}


@pytest.mark.parametrize("wrong", [answer("weather"), "no idea", '{"answer": ', "", answer(None)])
def test_an_answer_that_does_not_fit_is_asked_for_once_more(serve, wrong):
    with serve_chat(wrong, answer("delivery")) as chat:
        serve(chat)
        assert ask_kind(**GIVEN) == "delivery"
    assert [message["role"] for message in chat.requests[1]["messages"]] == ["system", "user", "assistant", "user"]
    assert "does not fit" in chat.requests[1]["messages"][3]["content"]


def test_a_second_one_that_does_not_fit_is_the_last(serve, caplog):
    with serve_chat(answer("weather")) as chat:
        serve(chat)
        assert ask_kind(**GIVEN) == "billing"
    assert len(chat.requests) == 2
    assert (
        "small: its answer does not fit: Input should be 'delivery' or 'billing'; the fallback stands in" in caplog.text
    )


@pytest.mark.parametrize("broken", [500, 401, 429, b"<html>"])
def test_an_endpoint_that_fails_leaves_the_fallback(serve, broken, caplog):
    with serve_chat(broken) as chat:
        serve(chat)
        assert ask_kind(**GIVEN) == "billing"
    assert len(chat.requests) == (2 if isinstance(broken, bytes) else 1)
    assert "the fallback stands in" in caplog.text


def test_silence_ends_in_time_with_the_fallback(serve, caplog):
    with serve_chat(None) as chat:
        serve(chat)
        late = runtime._ask_model(ask_kind, GIVEN, "billing", provider="my-desk", recorded="", timeout=0.2)
    assert late == "billing"
    assert "APITimeoutError" in caplog.text


def test_nobody_there_leaves_the_fallback(monkeypatch, caplog):
    monkeypatch.setenv("MY_DESK_MODEL", "small")
    monkeypatch.setenv("MY_DESK_BASE_URL", "http://127.0.0.1:9/v1")
    assert ask_kind(**GIVEN) == "billing"
    assert "APIConnectionError" in caplog.text


@pytest.mark.parametrize("name", ["", "MY_DESK_MODEL", "MY_DESK_BASE_URL"])
def test_without_a_model_and_an_endpoint_nothing_is_asked(monkeypatch, caplog, name):
    if name:
        monkeypatch.setenv(name, "http://127.0.0.1:9/v1")
    monkeypatch.setenv("MY_DESK_API_KEY", "a key alone")
    assert ask_kind(**GIVEN) == "billing"
    assert "ask_kind: no model is named by MY_DESK_MODEL; the fallback stands in" in caplog.text


@pytest.fixture
def recorded(monkeypatch, tmp_path):
    def write(*entries):
        (tmp_path / "specs").mkdir(exist_ok=True)
        (tmp_path / "specs" / "mail.replies.json").write_text(json.dumps({"replies": entries}), encoding="utf-8")

    monkeypatch.setenv("COMPILED_AI_RECORDED", str(tmp_path))
    monkeypatch.setenv("MY_DESK_MODEL", "never asked")
    return write


def test_what_is_recorded_is_answered_and_no_model_asked(recorded):
    recorded({"arguments": GIVEN, "reply": "delivery"}, {"arguments": {"text": "x"}})
    assert ask_kind(**GIVEN) == "delivery"


@pytest.mark.parametrize("entries", [None, [], [{"arguments": GIVEN}]])
def test_what_is_not_recorded_is_told_past_every_handler(recorded, entries):
    if entries is not None:
        recorded(*entries)
    with pytest.raises(BaseException, match="no reply is recorded") as caught:
        ask_kind(**GIVEN)
    assert not isinstance(caught.value, Exception)
    assert str(caught.value) == (
        'no reply is recorded for ask_kind {"text": "My parcel never came"}; run `compiled-ai record specs/mail.py`'
    )


def test_a_recorded_reply_that_does_not_fit_is_told(recorded):
    recorded({"arguments": GIVEN, "reply": "weather"})
    with pytest.raises(
        BaseException, match=r"the reply recorded in specs/mail.replies.json for ask_kind .* does not fit"
    ):
        ask_kind(**GIVEN)
