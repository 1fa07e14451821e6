"""The embedded model's server: a child process of its own, run as a file with `python -I`.

It reads one line of JSON from its standard input (model, api_key, context in tokens of each of its slots, xllamacpp:
where that package is, parent: its pid), writes one line of JSON when it is ready (address) or cannot be (error), and
ends with its parent. It imports nothing of this package: it starts fast and sees nothing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import signal
import sys
import threading
from typing import Any

PR_SET_PDEATHSIG = 1
ERRORS_ONLY = 1


def main() -> None:
    """Serve until the standard input ends."""
    order = json.loads(sys.stdin.readline())
    die_with_parent(order["parent"])
    say = keep_stdout()
    watcher = threading.Thread(target=exit_at_end_of_input, daemon=True)
    watcher.start()
    try:
        server = start(order)
    except Exception as error:
        say({"error": f"{type(error).__name__}: {error}"})
        return
    say({"address": server.listening_address})
    watcher.join()


def start(order: dict[str, Any]) -> Any:
    """Load the model and listen on a free port of the loopback interface."""
    xllamacpp = load_package("xllamacpp", order["xllamacpp"])
    return xllamacpp.Server(make_params(xllamacpp, order))


def make_params(xllamacpp: Any, order: dict[str, Any]) -> Any:
    """Return the server's parameters for an order; docs/performance.md says what others would give."""
    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.api_keys = [order["api_key"]]
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx = order["context"] * order["slots"]
    params.n_parallel = order["slots"]
    # What one slot holds must not change how another's is computed.
    params.kv_unified = False
    params.warmup = True
    params.ui = False
    params.verbosity = ERRORS_ONLY
    # No memory of older prompts: what is asked about one spec must not change the reply to another.
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    params.n_ctx_checkpoints = 0
    return params


def load_package(name: str, file: str) -> Any:
    """Import the package whose `__init__` is `file`, wherever it lies: `python -I` leaves some places out."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    package = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    return package


def keep_stdout() -> Any:
    """Return a function that writes one line of JSON to the standard output, which nothing else reaches any more."""
    own = os.dup(1)
    os.dup2(2, 1)

    def say(record: dict[str, Any]) -> None:
        os.write(own, json.dumps(record).encode() + b"\n")

    return say


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent ends: loading holds every other thread up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def exit_at_end_of_input() -> None:
    """End this process when the parent closes the pipe, or is gone."""
    while sys.stdin.readline():
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
