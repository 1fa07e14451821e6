"""Doubles for the tests of plugins and of projects: a scripted provider, an endpoint on loopback, a project on disk."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent

from pytest_compiled_ai.providers.base import OnToken, Reply, Request

PYPROJECT = """
    [project]
    name = "example"
    version = "0"
    requires-python = ">=3.11"

    [tool.compiled-ai]
    specs = ["specs"]
    provider = "openai"
    model = "scripted"
    base_url = "{url}"

    [tool.pytest.ini_options]
    pythonpath = ["src"]
"""


class ScriptedProvider:
    """Answers from a script, in order, and remembers what it was asked; an exception in the script is raised.

    Args:
        replies: what it says; the last reply is said again when the script is at its end.
    """

    name = model = "scripted"
    where = "a script"

    def __init__(self, *replies: str | Reply | BaseException) -> None:
        self._script = list(replies)
        self.requests: list[Request] = []
        self.is_closed = False

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        """Answer with the next line of the script."""
        self.requests.append(request)
        said = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(said, BaseException):
            raise said
        reply = make_reply(said) if isinstance(said, str) else said
        if on_token:
            on_token(reply.text)
        return reply

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True


def make_reply(text: str, *, finish: str = "stop") -> Reply:
    """Return a reply of that text; its tokens are its words."""
    return Reply(text=text, finish=finish, prompt_tokens=10, completion_tokens=len(text.split()), seconds=0.0)


def fenced(code: str) -> str:
    """Return code as a model would reply it."""
    return f"```python\n{dedent(code).strip()}\n```"


@dataclass
class Endpoint:
    """An OpenAI-compatible server on loopback: says the replies in order (the last again), keeps the requests.

    A reply that is an integer is a bare HTTP status instead.
    """

    replies: list[str | int]
    url: str = ""
    requests: list[dict[str, object]] = field(default_factory=list)

    def next_reply(self) -> str | int:
        """Return what to say now."""
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serve_replies(*replies: str | int) -> Iterator[Endpoint]:
    """Serve scripted replies by HTTP, streamed as the protocol has it, until the block ends."""
    endpoint = Endpoint(list(replies))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            endpoint.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said = endpoint.next_reply()
            body = b'{"error": {"message": "scripted"}}' if isinstance(said, int) else _stream(said)
            self.send_response(said if isinstance(said, int) else 200)
            self.send_header("Content-Type", "application/json" if isinstance(said, int) else "text/event-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()


def write_project(root: Path, files: Mapping[str, str], *, url: str = "http://127.0.0.1:9/v1") -> Path:
    """Write a project that asks the endpoint at `url`: a pyproject.toml, unless `files` has one, and the files."""
    for name, text in {"pyproject.toml": PYPROJECT.format(url=url), **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def _stream(text: str) -> bytes:
    base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    chunks: Iterable[dict[str, object]] = (
        {**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]},
        {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {
            **base,
            "choices": [],
            "usage": {"prompt_tokens": 10, "completion_tokens": len(text.split()), "total_tokens": 10},
        },
    )
    return b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"
