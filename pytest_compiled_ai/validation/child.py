"""A process that calls functions for another one: takes calls over a channel, one at a time, and answers each.

It is run as `python -m pytest_compiled_ai.validation.child DESCRIPTOR`, and ends when the channel does.
"""

from __future__ import annotations

import signal
import sys
import warnings
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any


def main(argv: list[str]) -> int:
    """Answer calls until there are no more."""
    # Ctrl-C is for the parent, which ends this process in its own order: tidily, or it would leave folders behind.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    warnings.simplefilter("ignore")
    with Connection(int(argv[0])) as channel:
        serve(channel)
    return 0


def serve(channel: Any) -> None:
    """Call what comes over a channel, and send back (True, what it returns) or (False, its error's text)."""
    while True:
        try:
            function, arguments, keywords = channel.recv()
        except EOFError:
            return
        try:
            answer = True, function(*arguments, **keywords)
        except Exception as error:  # of any kind: it is told where the call came from
            answer = False, f"{type(error).__name__}: {error}"
        channel.send(answer)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
