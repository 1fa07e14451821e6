"""The worker: one fork of the zygote, sealed before it reads the program that it runs.

Whatever it says is the candidate's word: it holds nothing by which a verdict could be forged.
"""

from __future__ import annotations

import os
import random
from typing import NoReturn

from pytest_compiled_ai.sandbox.kernel import sealing
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.answering import Program, Session
from pytest_compiled_ai.sandbox.worker.frames import Frame


def run_worker(
    program: Program, requests: int, replies: int, *, parent: int, limits: Limits, namespaces: bool
) -> NoReturn:
    """Seal this process, run the first frame's text as the artifact, and answer calls until the caller hangs up."""
    try:
        seal = sealing.close(requests, replies, parent=parent, limits=limits, namespaces=namespaces)
        random.seed(0)
        _say(Frame(kind=frames.READY, number=0, parts=(seal.encode(),)))
        session = Session(program)
        while (frame := _hear()) is not None:
            kind, parts = session.answer(frame)
            _say(Frame(kind=kind, number=frame.number, parts=parts))
    finally:
        os._exit(1)


def _hear() -> Frame | None:
    prefix = _read(frames.PREFIX)
    return None if prefix is None else frames.unpack(_read(frames.read_length(prefix)) or b"")


def _read(size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        more = os.read(sealing.REQUESTS, min(size - len(data), 1 << 20))
        if not more:
            return None
        data += more
    return bytes(data)


def _say(frame: Frame) -> None:
    data = memoryview(frames.pack(frame))
    while data:
        data = data[os.write(sealing.REPLIES, data) :]
