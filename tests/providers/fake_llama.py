"""Stands for the package xllamacpp: its model file says, as JSON, how the server behaves.

Keys: `die_at`, the number of the request that ends the process; `refuse`, a status; `start`, what happens at start.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace


class CommonParams(SimpleNamespace):
    def __init__(self):
        super().__init__(model=SimpleNamespace(path=""))


class Server:
    def __init__(self, params):
        plan = json.loads(Path(params.model.path).read_text(encoding="utf-8"))
        match plan.get("start"):
            case "fail":
                sys.stderr.write("0.00.004 E srv load_model: failed\n\n")
                raise RuntimeError("bad input")
            case "die":
                sys.stderr.write("out of memory\n")
                sys.stderr.flush()
                os._exit(3)
            case "hang":
                time.sleep(60)
        # What is printed by a library must not spoil the report.
        print("hello from the library", flush=True)
        handler = type("Bound", (Answers,), {"plan": plan, "key": params.api_keys[0], "params": params})
        self.http = ThreadingHTTPServer((params.hostnames[0], params.port), handler)
        self.listening_address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


class Answers(BaseHTTPRequestHandler):
    count = 0

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).count += 1
        tally = Path(self.params.model.path).with_name("asked")
        with tally.open("a", encoding="utf-8") as file:
            told = {key: body.get(key) for key in ("cache_prompt", "id_slot", "stop", "messages")}
            file.write(json.dumps({"pid": os.getpid(), **told}) + "\n")
        if self.headers["Authorization"] != f"Bearer {self.key}":
            self.send_error(401)
        elif "refuse" in self.plan:
            self.send_error(self.plan["refuse"])
        else:
            self.stream(die=self.plan.get("die_at") == type(self).count)

    def stream(self, *, die):
        self.send_response(200)
        self.end_headers()
        for delta, finish in ({"content": "pass"}, None), ({}, "stop"):
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            self.wfile.write(f"data: {json.dumps({'id': '1', 'choices': [choice]})}\n\n".encode())
            if die:
                sys.stderr.write("killed in the middle\n")
                sys.stderr.flush()
                os._exit(9)
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass
