"""A provider as an OpenAI-compatible endpoint on loopback, for programs that bring a client of their own.

It counts what is asked, and after so many candidates it refuses to answer.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any

from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers.base import Message, Provider, Reply, Request

Answer = dict[str, Any] | None
_SEED = 1
_BAD_REQUEST = 400
"""No client asks again after this one."""


@dataclass(slots=True)
class Desk:
    """What is asked and answered about one problem.

    Questions wait until whoever serves asks the provider, in a thread of its own choice: a provider's child process
    may end with the thread that started it. `is_closed` tells that a question had no answer: there were enough, or the
    provider gave none, and `failure` is why.
    """

    provider: Provider
    limit: int
    url: str = ""
    asked: int = 0
    is_closed: bool = False
    failure: ProviderError | None = None
    _waiting: SimpleQueue[tuple[Mapping[str, Any], SimpleQueue[Answer]]] = field(default_factory=SimpleQueue)
    _quiet_since: float = field(default_factory=time.monotonic)

    def ask(self, body: Mapping[str, Any]) -> Answer:
        """Wait for the answer to the body of a request, None where there is none any more."""
        back: SimpleQueue[Answer] = SimpleQueue()
        self._waiting.put((body, back))
        return back.get()

    def serve(self, seconds: float) -> None:
        """Answer the question that waits, or comes within so many seconds."""
        with suppress(Empty):
            body, back = self._waiting.get(timeout=seconds)
            back.put(self._answer(body))
            self._quiet_since = time.monotonic()

    def quiet_seconds(self) -> float:
        """Return how long nothing has been asked."""
        return time.monotonic() - self._quiet_since

    def _answer(self, body: Mapping[str, Any]) -> Answer:
        self.is_closed = self.is_closed or self.asked == self.limit
        if self.is_closed:
            return None
        self.asked += 1
        try:
            return _write_reply(self.provider.complete(_read_request(body, self.asked)), str(body.get("model")))
        except ProviderError as failure:
            self.is_closed, self.failure = True, failure
            return None


@contextmanager
def serve_provider(provider: Provider, limit: int) -> Iterator[Desk]:
    """Take questions for a provider until the block ends; `limit` of them are answered, by the desk's `serve`."""
    desk = Desk(provider, limit)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = desk.ask(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said = {"error": {"message": "no more candidates"}} if answer is None else answer
            body = json.dumps(said).encode()
            self.send_response(_BAD_REQUEST if answer is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        desk.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield desk
        finally:
            server.shutdown()
            thread.join()


def _read_request(body: Mapping[str, Any], number: int) -> Request:
    return Request(
        messages=tuple(Message(role=each["role"], content=each["content"]) for each in body["messages"]),
        temperature=float(body["temperature"]),
        seed=_SEED + number,
        max_tokens=int(body["max_tokens"]),
        first=number == 1,
    )


def _write_reply(reply: Reply, model: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text}
    total = reply.prompt_tokens + reply.completion_tokens
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
        "usage": {
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "total_tokens": total,
        },
    }
