"""The judge's process: it is given its orders in a file, and says in records what came of them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from pytest_compiled_ai.errors import CompiledAIError, SandboxError
from pytest_compiled_ai.golden.judge import judge
from pytest_compiled_ai.sandbox.jail.protocol import RECORDS_VARIABLE


def main() -> None:
    """Carry out the orders that the command line names."""
    orders = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    descriptor = int(os.environ.pop(RECORDS_VARIABLE))
    # From here on it is the time of the body that counts.
    _send(descriptor, "collected")
    try:
        for marks in judge(orders):
            _send(descriptor, "part", marks=[asdict(mark) for mark in marks])
        _send(descriptor, "done")
    except SandboxError as error:
        _send(descriptor, "broken", reason=str(error))
    except CompiledAIError as error:
        _send(descriptor, "refused", reason=str(error))


def _send(descriptor: int, event: str, **values: object) -> None:
    line = json.dumps({"event": event, **values}).encode() + b"\n"
    while line:
        line = line[os.write(descriptor, line) :]


if __name__ == "__main__":
    main()
