from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from loopback import Stage, answer, raw_events, refuse, sleep

from pytest_compiled_ai.config import ProviderSettings
from pytest_compiled_ai.errors import ConfigError, ProviderError
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.providers.endpoint import Endpoint
from pytest_compiled_ai.providers.openai_compatible import OpenAICompatible, create_openai, estimate_tokens

KEY = "sk-very-secret-0123456789"
ASKED = Request(messages=(Message(role="system", content="be brief"), Message(role="user", content="hello")), seed=7)
SOON = {"retry_after_ms": "1"}


@pytest.fixture
def provider(stage: Stage):
    made = open_provider(stage.url)
    yield made
    made.close()
    made.close()


def open_provider(url: str, **kwargs) -> OpenAICompatible:
    return OpenAICompatible(
        endpoint=Endpoint(name="big", url=url, model="m-1", key_env="BIG_KEY"), api_key=KEY, **kwargs
    )


def test_streams_text_and_reports_usage(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer("def ", "f", usage={"prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13})]
    heard: list[str] = []
    reply = provider.complete(ASKED, heard.append)
    assert (reply.text, reply.finish, reply.prompt_tokens, reply.completion_tokens) == ("def f", "stop", 11, 2)
    assert heard == ["def ", "f"]
    assert reply.seconds > 0


def test_sends_the_question(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer("x")]
    provider.complete(ASKED)
    (body,) = stage.requests
    assert body["messages"] == [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hello"}]
    assert (body["model"], body["seed"], body["temperature"], body["max_tokens"]) == ("m-1", 7, 0.0, 1024)
    assert body["stream_options"] == {"include_usage": True}
    assert stage.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"hint": "Be quick.", "prefill": "def f", "opening": "    #"}, "hello\n\nBe quick."),
        ({"note": "    # Mind this.\n"}, "hello\n\n# Mind this."),
        ({"hint": "Be quick.", "note": "    # Mind this.\n"}, "hello\n\nBe quick.\n\n    # Mind this."),
    ],
)
def test_what_a_reply_cannot_begin_with_is_said_in_the_last_message(
    stage: Stage, provider: OpenAICompatible, asked: dict[str, str], said: str
) -> None:
    stage.acts = [answer("x")]
    provider.complete(replace(ASKED, **asked))
    assert [message["content"] for message in stage.requests[0]["messages"]] == ["be brief", said]


def test_estimates_tokens_where_the_server_reports_none(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer("12345")]
    reply = provider.complete(ASKED)
    assert (reply.prompt_tokens, reply.completion_tokens) == (estimate_tokens("be briefhello"), 2)


def test_counts_what_a_reply_costs(stage: Stage) -> None:
    endpoint = Endpoint(name="x", url=stage.url, model="m", key_env="")
    provider = OpenAICompatible(endpoint=endpoint, api_key="k", price=(2.0, 8.0))
    stage.acts = [answer("hi", usage={"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500})]
    assert provider.complete(ASKED).cost == pytest.approx(0.006)
    provider.close()


def test_breaks_off_a_reply_that_goes_round_in_a_circle(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer(*["    # - one more\n"] * 40, finish="stop")]
    reply = provider.complete(ASKED)
    assert (reply.finish, reply.text.count("\n")) == ("length", 12)


def test_sends_additional_fields(stage: Stage) -> None:
    stage.acts = [answer("x")]
    provider = open_provider(stage.url, fields=lambda request: {"cache_prompt": not request.first})
    provider.complete(ASKED)
    provider.close()
    assert stage.requests[0]["cache_prompt"] is True


def test_waits_out_a_rate_limit(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [refuse(429, **SOON), refuse(503, **SOON), answer("at last")]
    assert provider.complete(ASKED).text == "at last"
    assert len(stage.requests) == 3


@pytest.mark.parametrize(
    ("act", "asked", "said"),
    [
        (refuse(429, **SOON), 5, "127.0.0.1:PORT still says 429 after all retries (no); wait, or check the quota."),
        (refuse(500, **SOON), 5, "127.0.0.1:PORT still fails with 500 after all retries (no); try again later."),
        (refuse(401), 1, "127.0.0.1:PORT refused the key (401); check the value of the environment variable BIG_KEY."),
        (refuse(403), 1, "127.0.0.1:PORT forbids this (403: no); check what the key in BIG_KEY may use."),
        (refuse(404), 1, "127.0.0.1:PORT does not know the model 'm-1' (404); check model and base_url."),
        (refuse(422), 1, "127.0.0.1:PORT refused the question with 422: no"),
        (refuse(400), 1, "127.0.0.1:PORT refused the question with 400: no"),
    ],
)
def test_explains_a_refusal_in_one_line(stage: Stage, provider: OpenAICompatible, act, asked: int, said: str) -> None:
    stage.acts = [act]
    with pytest.raises(ProviderError) as caught:
        provider.complete(ASKED)
    assert str(caught.value) == f"provider 'big': {said.replace('PORT', stage.address.rpartition(':')[2])}"
    assert len(stage.requests) == asked


def test_shortens_what_a_server_says(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [refuse(400, {"error": {"message": "too long\n" * 100}})]
    with pytest.raises(ProviderError) as caught:
        provider.complete(ASKED)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("...")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("code", [400, 401, 403, 429, 500])
def test_the_key_is_never_said(stage: Stage, code: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stage.acts = [refuse(code, {"error": {"message": f"bad key {KEY}"}})]
    provider = open_provider(stage.url, retries=0)
    with pytest.raises(ProviderError) as caught:
        provider.complete(ASKED)
    provider.close()
    assert KEY not in str(caught.value)
    assert KEY not in repr(vars(provider))
    assert KEY not in caplog.text


def test_says_that_nobody_listens() -> None:
    provider = open_provider("http://127.0.0.1:9/v1", retries=0)
    with pytest.raises(
        ProviderError, match=r"^provider 'big': cannot reach 127\.0\.0\.1:9 \(.*refused\); is the endpoint up"
    ):
        provider.complete(ASKED)
    provider.close()


def test_says_that_an_endpoint_is_slow(stage: Stage) -> None:
    stage.acts = [sleep(0.5)]
    provider = open_provider(stage.url, retries=0, read_seconds=0.05)
    with pytest.raises(ProviderError, match="did not answer in time"):
        provider.complete(ASKED)
    provider.close()


@pytest.mark.parametrize(
    "broken",
    [
        answer("def", cut=True),
        answer("def", cut=True, finish=None),
        answer("def", finish=None),
        raw_events("{no json"),
    ],
    ids=["cut", "cut early", "no finish", "not json"],
)
def test_asks_again_after_a_broken_stream(stage: Stage, provider: OpenAICompatible, broken) -> None:
    stage.acts = [broken, broken, answer("whole")]
    assert provider.complete(ASKED).text == "whole"
    assert len(stage.requests) == 3


def test_gives_up_on_a_stream_that_always_breaks(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer("def", finish=None)]
    with pytest.raises(ProviderError, match=r"broke off its reply 3 times \(no finish reason\); try again later\."):
        provider.complete(ASKED)
    assert len(stage.requests) == 3


def test_explains_an_error_inside_a_stream(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [raw_events('{"error": {"message": "overloaded"}}')]
    with pytest.raises(ProviderError, match="broke off with an error: overloaded"):
        provider.complete(ASKED)


def test_an_error_of_the_listener_is_not_the_streams(stage: Stage, provider: OpenAICompatible) -> None:
    def listen(text: str) -> None:
        raise ValueError(text)

    stage.acts = [answer("mine")]
    with pytest.raises(ValueError, match="mine"):
        provider.complete(ASKED, listen)
    assert len(stage.requests) == 1


def test_leaves_out_what_a_model_refuses(stage: Stage, provider: OpenAICompatible) -> None:
    refusals = [refuse(400, {"error": {"message": "no", "param": name}}) for name in ("max_tokens", "temperature")]
    stage.acts = [*refusals, answer("ok")]
    assert provider.complete(ASKED).text == "ok"
    assert stage.requests[-1]["max_completion_tokens"] == 1024
    assert not {"max_tokens", "temperature"} & set(stage.requests[-1])
    provider.complete(ASKED)
    assert len(stage.requests) == 4


def test_refused_twice_is_refused(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [refuse(400, {"error": {"message": "never", "param": "seed"}})]
    with pytest.raises(ProviderError, match="400: never"):
        provider.complete(ASKED)
    assert len(stage.requests) == 2


def test_create_names_the_endpoint() -> None:
    settings = ProviderSettings(base_url="https://models.example.com/v1", model="m", api_key_env="BIG_KEY")
    provider = create_openai("big", settings, {"BIG_KEY": f" {KEY}\n"})
    provider.close()
    assert (provider.name, provider.model, provider.where) == ("big", "m", "models.example.com")


def test_create_goes_to_openai_by_default() -> None:
    provider = create_openai("openai", ProviderSettings(model="m"), {"OPENAI_API_KEY": KEY})
    provider.close()
    assert provider.where == "api.openai.com"


def test_loopback_needs_no_key_and_no_proxy(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    stage.acts = [answer("local")]
    provider = create_openai("local", ProviderSettings(base_url=stage.url, model="m"), {})
    assert provider.complete(ASKED).text == "local"
    provider.close()


def test_the_shells_openai_settings_stay_here(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "our-organization")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "our-project")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example.com")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer other")
    stage.acts = [answer("x")]
    provider = open_provider(stage.url)
    provider.complete(ASKED)
    provider.close()
    assert "our-" not in str(stage.headers[0])
    assert stage.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("name", "settings", "kind", "said"),
    [
        ("openai", {}, ConfigError, r"'openai' has no model; set model in \[tool\.compiled-ai\]\."),
        ("big", {}, ConfigError, r"set model in \[tool\.compiled-ai\.providers\.big\]\."),
        ("big", {"model": "m", "base_url": "example.com"}, ConfigError, r"base_url in .*big\] is not an http\(s\) URL"),
        ("big", {"model": "m", "base_url": "http://h:99999"}, ConfigError, "is not an http"),
        ("big", {"model": "m", "api_key_env": "NOWHERE"}, ProviderError, "the environment variable NOWHERE is not set"),
        ("big", {"model": "m", "api_key_env": "SPACED"}, ProviderError, "SPACED holds no usable key"),
    ],
)
def test_create_explains_what_is_missing(name: str, settings, kind, said: str) -> None:
    with pytest.raises(kind, match=said):
        create_openai(name, ProviderSettings(**settings), {"SPACED": "a\nb"})
