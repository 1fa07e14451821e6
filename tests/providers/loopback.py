"""An endpoint on loopback that plays what a test tells it to."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

    Act = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Plays the next act of its stage for each request."""

    stage: Stage

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.play(json.loads(body))

    def do_GET(self) -> None:
        self.play({})

    def play(self, body: dict[str, Any]) -> None:
        self.stage.requests.append(body)
        self.stage.headers.append(self.headers)
        self.close_connection = True
        acts = self.stage.acts
        (acts.pop(0) if len(acts) > 1 else acts[0])(self)

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Stage:
    """A server on loopback; the last act is repeated."""

    acts: list[Act] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    address: str = ""

    @property
    def url(self) -> str:
        return f"{self.address}/v1"


def answer(*texts: str, finish: str | None = "stop", usage: dict[str, int] | None = None, cut: bool = False) -> Act:
    """Stream a reply piece by piece; `cut` leaves out the end that chunked encoding demands."""

    def act(handler: Handler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        events = [event({"content": text}) for text in texts]
        if finish:
            events.append(event({}, finish))
        if usage:
            events.append({**event({}), "choices": [], "usage": usage})
        for item in events:
            send_chunk(handler, f"data: {json.dumps(item)}\n\n".encode())
        if not cut:
            send_chunk(handler, b"data: [DONE]\n\n")
            send_chunk(handler, b"")

    return act


def raw_events(*lines: str) -> Act:
    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write("".join(f"data: {line}\n\n" for line in lines).encode())

    return act


def refuse(code: int, body: object = None, **headers: str) -> Act:
    def act(handler: Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(json.dumps(body if body is not None else {"error": {"message": "no"}}).encode())

    return act


def sleep(seconds: float) -> Act:
    def act(handler: Handler) -> None:
        time.sleep(seconds)

    return act


def event(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def send_chunk(handler: Handler, data: bytes) -> None:
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
