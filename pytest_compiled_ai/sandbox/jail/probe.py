"""The jail's self-test, run in the child: try what must not work, and report what did."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytest_compiled_ai.sandbox.jail.protocol import RECORDS_VARIABLE


def breaches(private: Path) -> list[str]:
    """Return the names of the forbidden acts that succeeded; `private` is a folder that holds a file `secret`."""
    acts: dict[str, Callable[[], object]] = {
        "opened a socket": lambda: socket.socket().close(),
        "read a private file": (private / "secret").read_text,
        "listed a private folder": lambda: list(private.iterdir()),
        "wrote a private file": lambda: (private / "planted").write_text("x"),
        "started a process": _fork,
        "started a program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "signalled its parent": lambda: os.kill(os.getppid(), signal.SIGCONT),
    }
    return [name for name, act in acts.items() if _succeeds(act)]


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError:
        return False
    return True


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


if __name__ == "__main__":
    found = breaches(Path(sys.argv[1]))
    os.write(int(os.environ[RECORDS_VARIABLE]), json.dumps({"event": "probed", "breaches": found}).encode() + b"\n")
