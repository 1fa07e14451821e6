"""What comes out of a jailed child, read within bounds."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping

Record = Mapping[str, object]

_CHUNK = 1 << 16
_TAIL = 1 << 14


class Stream:
    """One pipe from the child. `limit` is the number of bytes that may come through it; a subclass keeps them."""

    name = "output"

    def __init__(self, descriptor: int, limit: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.is_open = True
        self.is_over = False
        self._left = limit

    def read(self) -> bool:
        """Take what is there, one chunk at most; return False where there was nothing."""
        try:
            data = os.read(self.descriptor, _CHUNK)
        except BlockingIOError:
            return False
        self.is_open = bool(data)
        self._left -= len(data)
        self.is_over = self.is_over or self._left < 0
        if not self.is_over:
            self.keep(data)
        return self.is_open

    def drain(self) -> None:
        """Take all that is left in the pipe of a child that has ended."""
        while self.is_open and not self.is_over and self.read():
            pass

    def keep(self, data: bytes) -> None:
        """Do with a chunk what the stream is for."""
        raise NotImplementedError


class Output(Stream):
    """What the child printed; only the end of it is kept."""

    def __init__(self, descriptor: int, limit: int) -> None:
        super().__init__(descriptor, limit)
        self._tail = b""

    def keep(self, data: bytes) -> None:
        """Keep the end."""
        self._tail = (self._tail + data)[-_TAIL:]

    @property
    def text(self) -> str:
        """The end of the output, as text."""
        return self._tail.decode("utf-8", "replace")


class Records(Stream):
    """The child's JSON lines. A line that is none is dropped: what it should have said is missing then."""

    name = "records"

    def __init__(self, descriptor: int, limit: int) -> None:
        super().__init__(descriptor, limit)
        self.all: list[Record] = []
        self.collected_at: float | None = None
        self._rest = b""

    def keep(self, data: bytes) -> None:
        """Cut the bytes into lines and the lines into records."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            record = _record(line)
            if record is None:
                continue
            self.all.append(record)
            if record["event"] == "collected" and self.collected_at is None:
                self.collected_at = time.monotonic()


def _record(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("event"), str) else None
