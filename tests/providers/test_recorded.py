from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.providers.recorded import FOLDER_VARIABLE, RecordedProvider, replies_folder
from pytest_compiled_ai.testing import ScriptedProvider

ASKED = Request(messages=(Message(role="user", content="write f"),), seed=1, first=True)
LATER = replace(ASKED, seed=2, first=False)


@pytest.fixture
def answer(tmp_path):
    """Return a function that answers requests in a run of its own, and what the model itself was asked."""

    def answer(*requests, model="scripted"):
        inner = ScriptedProvider("one", "two", "three")
        inner.model = model
        provider = RecordedProvider(inner, tmp_path / "replies")
        replies = [provider.complete(request) for request in requests]
        provider.close()
        assert inner.is_closed
        return [(reply.text, reply.replayed) for reply in replies], inner.requests

    return answer


def test_what_was_asked_before_is_not_asked_again(answer):
    assert answer(ASKED, LATER)[0] == [("one", False), ("two", False)]
    assert answer(ASKED, LATER) == ([("one", True), ("two", True)], [])


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 3}, {"temperature": 0.5}, {"hint": "h"}, {"note": "n"}, {"opening": "o"}, {"prefill": "p"},
        {"max_tokens": 9}, {"messages": (Message(role="user", content="write g"),)},
    ],
)  # fmt: skip
def test_another_question_is_asked(answer, other):
    answer(ASKED)
    assert answer(replace(ASKED, **other))[0] == [("one", False)]


def test_another_model_is_asked(answer):
    answer(ASKED)
    assert answer(ASKED, model="other")[0] == [("one", False)]


def test_a_question_behind_a_replayed_one_starts_from_an_empty_prompt_cache(answer):
    answer(ASKED)
    third = replace(LATER, seed=3)
    asked = answer(ASKED, LATER, third)[1]
    assert [request.first for request in asked] == [True, False]
    assert answer(ASKED, LATER, third)[1] == []


def test_a_reply_that_was_spoiled_is_asked_for_again(answer, tmp_path):
    answer(ASKED)
    for spoiled in ("", "{}", '["x"]', "\udcff"):
        for path in (tmp_path / "replies").rglob("*.json"):
            path.write_text(spoiled, encoding="utf-8", errors="surrogateescape")
        assert answer(ASKED)[0] == [("one", False)]


def test_nothing_of_the_question_is_kept_but_its_hash(answer, tmp_path):
    answer(ASKED)
    (path,) = (tmp_path / "replies").rglob("*.json")
    assert "write" not in path.read_text(encoding="utf-8")
    assert len(path.stem) == 64


def test_a_folder_that_cannot_be_made_costs_a_question_alone(tmp_path):
    (tmp_path / "file").touch()
    provider = RecordedProvider(ScriptedProvider("one"), tmp_path / "file" / "replies")
    assert [provider.complete(ASKED).replayed for _ in range(2)] == [False, False]


def test_a_replayed_reply_is_shown_as_it_would_have_come(tmp_path):
    provider = RecordedProvider(ScriptedProvider("one two"), tmp_path)
    seen: list[str] = []
    provider.complete(ASKED)
    provider.complete(ASKED, seen.append)
    assert seen == ["one two"]


def test_where_replies_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert replies_folder() == tmp_path
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert replies_folder().name == "replies"
