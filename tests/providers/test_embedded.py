from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_models import CONTENT

from pytest_compiled_ai.errors import ModelFileError, ProviderError
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.providers.catalogue import Entry
from pytest_compiled_ai.providers.embedded import EmbeddedProvider, create_embedded


def ask(text: str, *, first: bool = False, tokens: int = 10) -> Request:
    message = Message(role="user", content=text)
    return Request(messages=(message,), temperature=0.8, seed=5, max_tokens=tokens, first=first)


@pytest.fixture
def provider(llama: Path):
    made = EmbeddedProvider(model="fake", path=llama)
    yield made
    made.close()
    made.close()


def plan(llama: Path, **keys: object) -> None:
    llama.write_text(json.dumps(keys), encoding="utf-8")


def asked(llama: Path) -> list[dict[str, Any]]:
    path = llama.with_name("asked")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_starts_with_the_first_question(provider: EmbeddedProvider, llama: Path) -> None:
    assert (provider.name, provider.model, provider.where) == ("embedded", "fake", "this machine")
    assert provider._server is None
    heard: list[str] = []
    assert provider.complete(ask("a", first=True), heard.append).text == "pass"
    assert provider.complete(ask("b")).finish == "stop"
    assert heard == ["pass"]
    assert [each["cache_prompt"] for each in asked(llama)] == [False, True]
    assert len({each["pid"] for each in asked(llama)}) == 1


def test_a_reply_goes_on_from_its_beginning_and_ends_with_the_function(provider: EmbeddedProvider, llama: Path) -> None:
    begun = replace(ask("a"), prefill="def f():\n", note="    # mind\n", opening="    # ", hint="Be quick.")
    assert provider.complete(begun).text == "def f():\n    # pass"
    assert provider.complete(ask("b")).text == "pass"
    first, second = asked(llama)
    assert [message["content"] for message in first["messages"]] == ["a", "def f():\n    # mind\n    # "]
    assert {"```", "\ndef ", "\n@"} <= set(first["stop"])
    assert second["stop"] is None


def test_each_lane_has_its_slot_of_the_one_server(provider: EmbeddedProvider, llama: Path) -> None:
    one, other = provider.at(0), provider.at(1)
    assert (other.name, other.model, other.where, other.concurrency) == ("embedded", "fake", "this machine", 1)
    heard: list[str] = []
    assert one.complete(ask("a", first=True)).text == "pass"
    assert other.complete(ask("b", first=True), heard.append).text == "pass"
    other.close()
    assert one.complete(ask("c")).text == "pass"
    assert heard == ["pass"]
    assert [(each["id_slot"], each["cache_prompt"]) for each in asked(llama)] == [(0, False), (1, False), (0, True)]
    # What a lane closes is none of the others' business.
    assert len({each["pid"] for each in asked(llama)}) == 1


def test_a_dead_server_is_started_once_more(provider: EmbeddedProvider, llama: Path) -> None:
    plan(llama, die_at=2)
    provider.complete(ask("a"))
    assert provider.complete(ask("b")).text == "pass"
    with pytest.raises(
        ProviderError, match=r"died twice \(killed in the middle; exit status 9\); is there memory enough"
    ):
        provider.complete(ask("c"))
    assert len({each["pid"] for each in asked(llama)}) == 2


def test_a_refusal_is_passed_on(provider: EmbeddedProvider, llama: Path) -> None:
    plan(llama, refuse=400)
    with pytest.raises(ProviderError, match="provider 'embedded': this machine refused the question with 400"):
        provider.complete(ask("a"))
    assert len(asked(llama)) == 1


def test_a_start_that_fails_is_not_tried_again(provider: EmbeddedProvider, llama: Path) -> None:
    plan(llama, start="fail")
    with pytest.raises(ProviderError, match="did not start: RuntimeError: bad input"):
        provider.complete(ask("a"))


def test_create_finds_the_model(entry: Entry, models: Path) -> None:
    with pytest.raises(ModelFileError, match="compiled-ai model prepare"):
        create_embedded(None)
    models.mkdir()
    (models / entry.file).write_bytes(CONTENT)
    assert create_embedded("tiny").model == "tiny"


@pytest.fixture(scope="module")
def small():
    pytest.importorskip("xllamacpp")
    try:
        made = create_embedded("qwen2.5-coder-0.5b")
    except ModelFileError as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.mark.model
def test_a_spec_does_not_feel_the_one_before(small: EmbeddedProvider) -> None:
    def converse(text: str) -> list[str]:
        return [small.complete(ask(text, first=True)).text, small.complete(ask(f"{text} Be brief.")).text]

    a, b = "Write a Python function that reverses a list.", "Write a Python function that adds two fractions."
    alone = converse(a)
    other = converse(b)
    assert converse(a) == alone
    assert other != alone
    small.close()
    assert converse(a) == alone


@pytest.mark.model
def test_usage_is_the_servers_own(small: EmbeddedProvider) -> None:
    reply = small.complete(ask("Say: hello", first=True, tokens=3))
    assert (reply.finish, reply.completion_tokens) == ("length", 3)
    assert reply.prompt_tokens > 3


@pytest.mark.model
def test_a_question_that_is_too_long_is_one_line(small: EmbeddedProvider) -> None:
    with pytest.raises(ProviderError, match="this machine refused the question with 400") as caught:
        small.complete(ask("word " * 9000, first=True))
    assert "\n" not in str(caught.value)
