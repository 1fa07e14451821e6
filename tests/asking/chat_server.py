"""An endpoint on loopback that answers in one piece, as an artifact asks for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Chat:
    """What it says, in order, the last again: a text, a status, bare bytes of no JSON, or None for silence."""

    replies: list[str | int | bytes | None]
    url: str = ""
    requests: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def serve_chat(*replies: str | int | bytes | None) -> Iterator[Chat]:
    """Serve them until the block ends."""
    chat, over = Chat(list(replies)), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            chat.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            chat.keys.append(self.headers["Authorization"])
            said = chat.replies.pop(0) if len(chat.replies) > 1 else chat.replies[0]
            if said is None:
                over.wait(60)
                return
            body = said if isinstance(said, bytes) else json.dumps(_completion(said)).encode()
            self.send_response(said if isinstance(said, int) else 200)
            self.send_header("Content-Type", "text/html" if isinstance(said, bytes) else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        chat.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield chat
        finally:
            over.set()
            server.shutdown()
            thread.join()


def _completion(said: str | int) -> dict[str, object]:
    if isinstance(said, int):
        return {"error": {"message": "scripted"}}
    message = {"role": "assistant", "content": said}
    return {
        "id": "1", "object": "chat.completion", "created": int(time.time()), "model": "small",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}] if said else [],
        "usage": {"prompt_tokens": 30, "completion_tokens": 4, "total_tokens": 34},
    }  # fmt: skip
