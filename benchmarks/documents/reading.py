"""The compiled reader, run in sealed processes on receipts that it never saw."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents.project import FUNCTION, READER
from benchmarks.documents.receipts import FIELDS, Receipt
from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.channel import CallLimits
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

_LIMITS = CallLimits(call=10.0, total=600.0)
_NOTHING = dict.fromkeys(FIELDS, "")


def read_all(project: Path, receipts: Sequence[Receipt]) -> list[dict[str, str]]:
    """Return what the compiled reader gives for each receipt; a field is empty where it gives none, or raises.

    Raises:
        FileNotFoundError: nothing is compiled yet.
    """
    source = project / "src" / "generated" / f"{READER}.py"
    text = source.read_text(encoding="utf-8")
    path = [str(project), str(project / "src"), *sys.path]
    # The reader's imports are the other artifacts: they have to be there before a process is sealed.
    header = f"from generated.{READER} import {FUNCTION}"
    with (
        Zygote(module="generated.reader", filename=source.name, header=header, path=path) as zygote,
        zygote.client(NO_CLASSES, _LIMITS) as client,
    ):
        return [_read(client, text, receipt) for receipt in receipts]


def _read(client: Client, text: str, receipt: Receipt) -> dict[str, str]:
    try:
        with client.fork(text) as worker:
            return as_fields(worker.call(FUNCTION, [list(receipt.boxes)], {}))
    except SandboxError:
        raise
    except Exception:
        # A body that raises is a miss to be counted, not the end of the benchmark.
        return dict(_NOTHING)


def as_fields(found: Any) -> dict[str, str]:
    """Return the fields of an answer as texts, empty where it has none."""
    given = found if isinstance(found, Mapping) else {}
    return {field: str(given[field]) if given.get(field) is not None else "" for field in FIELDS}
