"""The model inside: llama.cpp's own server in a child process, asked through the one client."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from pytest_compiled_ai.config import EMBEDDED
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers.base import THIS_MACHINE, Message, OnToken, Reply, Request
from pytest_compiled_ai.providers.child import START_SECONDS, ServerProcess
from pytest_compiled_ai.providers.endpoint import Endpoint
from pytest_compiled_ai.providers.model_files import find_model
from pytest_compiled_ai.providers.openai_compatible import OpenAICompatible

# A long prompt is read before the first token comes, at about 60 tokens a second.
READ_SECONDS = 600.0
LANES = 2
"""Specs under way at a time: while the body of one is checked, that of another is written. One is written at a time."""
# A reply that was begun within a function is over where the fence closes, or where a line begins something else.
_BEGINNINGS = ("@", "def ", "async def ", "class ", "if __name__", "assert ", "print(", "#")
STOPS = ["```", *(f"\n{word}" for word in _BEGINNINGS)]


class EmbeddedProvider:
    """The model on this machine; its server starts with the first question.

    A reply depends on what was asked in its lane since the last request with `first`, and on nothing else: each lane
    has a slot of the server, with a prompt cache of its own. A server that dies is started once more, and the question
    asked again, so `on_token` may see the beginning of a reply twice.
    """

    name = EMBEDDED
    where = THIS_MACHINE
    concurrency = LANES

    def __init__(self, *, model: str, path: Path, start_seconds: float = START_SECONDS) -> None:
        self.model = model
        self._path = path
        self._start_seconds = start_seconds
        self._restarts = 1
        self._server: ServerProcess | None = None
        self._clients: list[OpenAICompatible] = []
        self._lanes = 1
        self._asking = threading.Lock()
        self._is_closed = False

    def at(self, lane: int) -> _Lane:
        """Return what is asked in a lane; all lanes have to be known before the first question."""
        self._lanes = max(self._lanes, lane + 1)
        return _Lane(self, lane)

    def complete(self, request: Request, on_token: OnToken | None = None, lane: int = 0) -> Reply:
        """Answer one request, handing each piece of text to `on_token` as it comes.

        Raises:
            ProviderError: the server does not start, dies twice, or refuses the question.
        """
        asked = _with_prefill(request)
        with self._asking:
            return self._complete(request, asked, on_token, lane)

    def _complete(self, request: Request, asked: Request, on_token: OnToken | None, lane: int) -> Reply:
        while True:
            client = (self._clients or self._start())[lane]
            try:
                reply = client.complete(asked, on_token)
                return replace(reply, text=request.prefill + request.opening + reply.text)
            except ProviderError:
                if self._is_closed or self._server is None or not self._server.has_died():
                    raise
                self._give_up_or_restart(self._server.last_words())

    def close(self) -> None:
        """End the server, and with it a reply that is being written."""
        self._is_closed = True
        self._end()

    def _end(self) -> None:
        clients, server = self._clients, self._server
        self._clients, self._server = [], None
        if server:
            server.stop()
        for client in clients:
            client.close()

    def _start(self) -> list[OpenAICompatible]:
        self._is_closed = False
        server = ServerProcess(self._path, seconds=self._start_seconds, slots=self._lanes)
        endpoint = Endpoint(
            name=self.name, url=f"{server.address}/v1", model=self.model, key_env="", shown=THIS_MACHINE
        )
        self._server = server
        self._clients = [
            OpenAICompatible(
                endpoint=endpoint,
                api_key=server.api_key,
                fields=partial(_server_fields, lane),
                read_seconds=READ_SECONDS,
                retries=0,
                stream_retries=0,
            )
            for lane in range(self._lanes)
        ]
        return self._clients

    def _give_up_or_restart(self, words: str) -> None:
        self._end()
        if self._restarts == 0:
            raise ProviderError(
                f"the embedded model's server died twice ({words}); is there memory enough? `compiled-ai doctor` tells."
            ) from None
        self._restarts -= 1


class _Lane:
    """The provider as one lane asks it."""

    name, where, concurrency = EMBEDDED, THIS_MACHINE, 1

    def __init__(self, provider: EmbeddedProvider, lane: int) -> None:
        self.model = provider.model
        self._provider, self._lane = provider, lane

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        """Answer one request out of the lane's own slot."""
        return self._provider.complete(request, on_token, self._lane)

    def close(self) -> None:
        """Leave the server to the provider."""


def create_embedded(model: str | None) -> EmbeddedProvider:
    """Return the provider for a model of the catalogue, or for the best that is there.

    Raises:
        ConfigError: the catalogue has no such model.
        ModelFileError: the model's file is absent, unfinished or damaged.
    """
    entry, path = find_model(model)
    return EmbeddedProvider(model=entry.name, path=path)


def _with_prefill(request: Request) -> Request:
    """Return the request with the beginning of its reply said already: llama.cpp's server goes on from there."""
    if not request.prefill:
        return request
    begun = Message(role="assistant", content=request.prefill + request.note + request.opening)
    return replace(request, messages=(*request.messages, begun), hint="", note="")


def _server_fields(slot: int, request: Request) -> Mapping[str, object]:
    # With the cache off for this request, all of its tokens are read anew over whatever the slot held.
    fields: dict[str, object] = {"cache_prompt": not request.first, "id_slot": slot}
    if request.prefill:
        fields["stop"] = STOPS
    return fields
