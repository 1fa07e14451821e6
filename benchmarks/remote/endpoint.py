"""An OpenAI-compatible endpoint on loopback that streams its answers, takes its time, and fails where it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.remote.weather import Fate, Weather

PIECE = 40
"""Characters of an answer that come at a time."""


@dataclass
class Endpoint:
    """What a server says and what it has been asked; `answer` gets the text of a question.

    `fates` counts what became of the requests, `most` is the largest number of them that were under way at a time.
    """

    answer: Callable[[str], str]
    weather: Weather
    url: str = ""
    fates: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    most: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, body: dict[str, Any]) -> tuple[str, Fate]:
        """Count a request, and return its text and what becomes of it."""
        text = "\n".join(str(message["content"]) for message in body["messages"])
        with self._lock:
            self.asked[text] += 1
            fate = self.weather.fate_of(text, self.asked[text])
            self.fates[fate] += 1
            self._now += 1
            self.most = max(self.most, self._now)
        return text, fate

    def leave(self) -> None:
        """Count a request that is answered, in whatever way."""
        with self._lock:
            self._now -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    endpoint: Endpoint
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one question, or fail to."""
        text, fate = self.endpoint.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        weather = self.endpoint.weather
        try:
            if fate.isdigit():
                self._refuse(int(fate), weather.retry_after if fate == "429" else None)
                return
            time.sleep(weather.slow if fate == "slow" else weather.latency)
            self._stream(self.endpoint.answer(text), fate)
        finally:
            self.endpoint.leave()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _refuse(self, status: int, retry_after: float | None) -> None:
        body = json.dumps({"error": {"message": f"injected {status}"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", f"{retry_after:g}")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, text: str, fate: Fate) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        events = list(_events(text))
        if fate == "garbage":
            events[len(events) // 2 :] = [b"<html>bad gateway</html>"]
        if fate == "cut":
            del events[len(events) // 2 :]
        for event in events:
            self._send(b"data: " + event + b"\n\n")
        if fate == "cut":
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


@contextmanager
def serve(answer: Callable[[str], str], weather: Weather) -> Iterator[Endpoint]:
    """Serve on a free port of loopback until the block ends."""
    endpoint = Endpoint(answer, weather)
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"endpoint": endpoint})) as server:
        endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()


def _events(text: str) -> Iterator[bytes]:
    base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "loopback"}
    pieces: Sequence[str] = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    for piece in pieces:
        yield _json(base | {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
    yield _json(base | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    usage = {"prompt_tokens": 100, "completion_tokens": len(pieces), "total_tokens": 100 + len(pieces)}
    yield _json(base | {"choices": [], "usage": usage})
    yield b"[DONE]"


def _json(record: object) -> bytes:
    return json.dumps(record).encode()
