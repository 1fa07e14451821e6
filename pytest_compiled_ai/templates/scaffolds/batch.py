"""A batch processor: one line for each item in a file that is the result and the mark of progress at once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import sys
import traceback
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePath
from typing import IO, Any, NamedTuple
from uuid import UUID

from pytest_compiled_ai.templates.scaffolds.hole import Item, hole


class HoleBatch(NamedTuple):
    """How many items a run answered, how many failed, and how many an earlier run had done."""

    answered: int
    failed: int
    resumed: int


def hole_batch(items: Iterable[Item], checkpoint: str | os.PathLike[str]) -> HoleBatch:
    """Append a line of JSON to `checkpoint` for each item, in order; what it holds already is not done again.

    A line has the `position` of its item, from 0, the `item` as a hash, and a `value`, or an `error` where the function
    raised one or its result is no data. It is on the disk before the next item is taken, so that a run which was killed
    at any moment goes on where it was when it is called again, with the same items: each has one line in the end.

    Raises:
        ValueError: the checkpoint is damaged, or of other items; it is left as it is.
        BlockingIOError: another process writes to it.
        TypeError: an item is no data.
    """
    counts = [0, 0, 0]
    with Path(checkpoint).open("ab+") as file:
        _hole_claim(file, Path(checkpoint).absolute().parent)
        _hole_mend(file)
        for position, item in enumerate(items):
            mark = hashlib.sha256(_hole_json(item)).hexdigest()[:32]
            if line := file.readline():
                _hole_check(line, position, mark)
                counts[2] += 1
                continue
            outcome = _hole_outcome(item)
            file.write(_hole_json({"position": position, "item": mark, **outcome}) + b"\n")
            file.flush()
            os.fsync(file.fileno())
            counts["error" in outcome] += 1
        if file.readline():
            raise ValueError(f"{checkpoint} holds more items than there are")
    return HoleBatch(*counts)


def _hole_claim(file: IO[bytes], folder: Path) -> None:
    """Make this process the only one that writes to a file, and have its name on the disk."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        name = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(name)
        finally:
            os.close(name)


def _hole_mend(file: IO[bytes]) -> None:
    """Drop the last line where a crash tore it, and go to the start."""
    start, end, last = 0, 0, b"{}\n"
    file.seek(0)
    for line in file:
        start, end, last = end, end + len(line), line
    if _hole_read(last) is None:
        file.truncate(start)
    file.seek(0)


def _hole_check(line: bytes, position: int, mark: str) -> None:
    """Make sure that a line of the checkpoint is that of an item."""
    record = _hole_read(line)
    if record is None:
        raise ValueError(f"line {position + 1} of the checkpoint is damaged")
    if (record.get("position"), record.get("item")) != (position, mark):
        raise ValueError(f"line {position + 1} of the checkpoint is of another item")


def _hole_read(line: bytes) -> dict[str, Any] | None:
    """Return what a line holds, None where it is no whole line."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and line.endswith(b"\n") else None


def _hole_outcome(item: Item) -> dict[str, Any]:
    """Return what the function makes of an item."""
    try:
        return {"value": json.loads(_hole_json(hole(item)))}
    except Exception as error:
        return {"error": traceback.format_exception_only(error)[-1].strip()}


def _hole_json(value: Any) -> bytes:
    return json.dumps(_hole_data(value), sort_keys=True).encode()


def _hole_data(value: Any) -> Any:
    """Return a value as JSON has it: records are objects, sets are sorted, what has a spelling is text."""
    if isinstance(value, Enum):
        return _hole_data(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _hole_data(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _hole_data(value._asdict())
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(_hole_data(key)): _hole_data(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hole_data(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(_hole_data, value), key=json.dumps)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID | PurePath) else value
