"""The one model client: any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openai

from pytest_compiled_ai.errors import ConfigError, ProviderError
from pytest_compiled_ai.providers.base import OnToken, Reply, Request
from pytest_compiled_ai.providers.endpoint import OPENAI_URL, Endpoint, open_client
from pytest_compiled_ai.providers.openai_errors import explain, is_storm
from pytest_compiled_ai.providers.runaway import is_runaway

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk

    from pytest_compiled_ai.config import ProviderSettings

READ_SECONDS = 120.0
RETRIES = 4
STREAM_RETRIES = 2
PATIENCE = 180.0
"""Seconds for which a question is asked again and again where the endpoint says that it is busy."""
NO_KEY = "no-key-needed"

# Servers differ in what they accept: newer OpenAI models want `max_completion_tokens`, some refuse a temperature.
_REPLACEMENTS = {"max_tokens": "max_completion_tokens", "temperature": None, "seed": None, "stream_options": None}


class _BrokenStreamError(Exception):
    """A reply ended in the middle."""


class OpenAICompatible:
    """A model behind an OpenAI-compatible endpoint; retries happen inside one `complete` and use up no attempt.

    A reply that goes round in a circle is broken off, as if it had reached its bound; its tokens are estimated.

    `fields` gives a request's additional body fields. After a broken stream the question is asked again, so `on_token`
    may see the beginning of a reply more than once. `patience` is for storms: seconds behind which a question is asked
    no more whose retries all met with "too many requests", or with an error of an endpoint that has answered before.
    """

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        api_key: str,
        fields: Callable[[Request], Mapping[str, object]] | None = None,
        price: tuple[float, float] | None = None,
        concurrency: int = 1,
        read_seconds: float = READ_SECONDS,
        retries: int = RETRIES,
        stream_retries: int = STREAM_RETRIES,
        patience: float = 0.0,
    ) -> None:
        self.name, self.model, self.where = endpoint.name, endpoint.model, endpoint.where
        self.concurrency = concurrency
        self._endpoint = endpoint
        self._fields, self._price = fields, price
        self._stream_retries, self._patience = stream_retries, patience
        self._has_answered = False
        self._refused: set[str] = set()
        self._client = open_client(endpoint, api_key, read_seconds, retries)

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        """Answer one request, handing each piece of text to `on_token` as it comes.

        Raises:
            ProviderError: the endpoint is down, refused the key, the model or the question, or breaks every reply off.
        """
        for _ in range(1 + self._stream_retries):
            try:
                return self._ask(request, on_token)
            except _BrokenStreamError as broken:
                last = str(broken)
        times = 1 + self._stream_retries
        raise ProviderError(
            f"provider {self.name!r}: {self.where} broke off its reply {times} times ({last}); try again later."
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, request: Request, on_token: OnToken | None) -> Reply:
        started = time.monotonic()
        pieces: list[str] = []
        finish, usage = "", None
        with closing(self._chunks(request)) as chunks:
            for chunk in chunks:
                usage = chunk.usage or usage
                for choice in (chunk.choices or ())[:1]:
                    finish = choice.finish_reason or finish
                    if choice.delta.content:
                        pieces.append(choice.delta.content)
                        if on_token:
                            on_token(choice.delta.content)
                if pieces and "\n" in pieces[-1] and is_runaway("".join(pieces)):
                    finish = "length"
                    break
        if not finish:
            raise _BrokenStreamError("no finish reason")
        self._has_answered = True
        reply = _reply(request, "".join(pieces), finish, usage, time.monotonic() - started)
        return replace(reply, cost=_cost(reply, self._price))

    def _chunks(self, request: Request) -> Generator[ChatCompletionChunk]:
        # Only what the connection raises is caught here: an error of `on_token` is raised outside of this generator.
        with self._open(request) as stream:
            try:
                yield from stream
            except openai.APIConnectionError as error:
                raise _BrokenStreamError(f"{error.__cause__ or error}") from None
            except openai.APIError as error:
                raise ProviderError(explain(error, self._endpoint, self._client.api_key)) from None
            except ValueError:
                raise _BrokenStreamError("a piece is not JSON") from None

    def _open(self, request: Request) -> openai.Stream[ChatCompletionChunk]:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                stream: openai.Stream[ChatCompletionChunk] = self._client.chat.completions.create(**self._body(request))
            except openai.BadRequestError as error:
                if error.param not in _REPLACEMENTS or error.param in self._refused:
                    raise ProviderError(explain(error, self._endpoint, self._client.api_key)) from None
                self._refused.add(error.param)
            except openai.APIError as error:
                if time.monotonic() >= deadline or not is_storm(error, has_answered=self._has_answered):
                    raise ProviderError(explain(error, self._endpoint, self._client.api_key)) from None
            else:
                return stream

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stream_options": {"include_usage": True},
        }
        for name in self._refused:
            value, replacement = body.pop(name), _REPLACEMENTS[name]
            if replacement:
                body[replacement] = value
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        if said := f"{request.hint}\n\n{request.note}".strip():
            messages[-1]["content"] += f"\n\n{said}"
        extra = dict(self._fields(request)) if self._fields else None
        return body | {"model": self.model, "messages": messages, "stream": True, "extra_body": extra}


def create_openai(name: str, settings: ProviderSettings, environ: Mapping[str, str]) -> OpenAICompatible:
    """Return the provider that `settings` describe; `name` is its name in the configuration.

    A server on this machine needs no key.

    Raises:
        ConfigError: no model is named, or `base_url` is not a URL.
        ProviderError: the environment variable with the key is unset or holds no usable key.
    """
    table = "[tool.compiled-ai]" if name == "openai" else f"[tool.compiled-ai.providers.{name}]"
    if not settings.model:
        raise ConfigError(f"provider {name!r} has no model; set model in {table}.")
    url = settings.base_url or OPENAI_URL
    try:
        endpoint = Endpoint(name=name, url=url, model=settings.model, key_env=settings.api_key_env)
    except ValueError:
        raise ConfigError(
            f"base_url in {table} is not an http(s) URL; it should look like https://models.example.com/v1."
        ) from None
    return OpenAICompatible(
        endpoint=endpoint,
        api_key=_read_key(endpoint, environ),
        price=settings.price,
        concurrency=settings.concurrency,
        patience=PATIENCE,
    )


def _read_key(endpoint: Endpoint, environ: Mapping[str, str]) -> str:
    key = environ.get(endpoint.key_env, "").strip()
    if not key and endpoint.is_loopback:
        return NO_KEY
    if not key:
        raise ProviderError(
            f"provider {endpoint.name!r}: the environment variable {endpoint.key_env} is not set; "
            f"put the key for {endpoint.where} there, or name another variable with api_key_env."
        )
    # An HTTP library quotes a header that it can't send, and with it the key.
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ProviderError(
            f"provider {endpoint.name!r}: the environment variable {endpoint.key_env} holds no usable key: "
            "it has spaces, line ends or characters that are not ASCII."
        )
    return key


def _reply(request: Request, text: str, finish: str, usage: CompletionUsage | None, seconds: float) -> Reply:
    prompt = "".join(message.content for message in request.messages)
    return Reply(
        text=text,
        finish=finish,
        prompt_tokens=usage.prompt_tokens if usage else estimate_tokens(prompt),
        completion_tokens=usage.completion_tokens if usage else estimate_tokens(text),
        seconds=seconds,
    )


def _cost(reply: Reply, price: tuple[float, float] | None) -> float:
    paid_in, paid_out = price or (0.0, 0.0)
    return (reply.prompt_tokens * paid_in + reply.completion_tokens * paid_out) / 1e6


def estimate_tokens(text: str) -> int:
    """Return roughly how many tokens a text is, for servers that report no usage: one for each four characters."""
    return -(-len(text) // 4)
