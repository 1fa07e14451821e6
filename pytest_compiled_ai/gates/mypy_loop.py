"""mypy in a loop: a child process of its own, run as a file with `python -I`.

It reads lines of JSON from its standard input, first its orders, then the texts to check, and answers each text with a
line of JSON. What goes wrong ends it with a traceback, and the parent says the last line of that.
"""

from __future__ import annotations

import gc
import json
import os
import select
import sys
from collections.abc import Iterator
from typing import Final

IDLE: Final = 0.5
"""Seconds without a question after which there is time to sweep."""
UNSWEPT: Final = 10
"""Checks after which there has to be: each leaves some ten megabytes."""


def main() -> None:
    """Answer until the standard input ends."""
    orders = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path.append(orders["ours"])
    from pytest_compiled_ai.sandbox.kernel.privileges import die_with

    die_with(orders["parent"])
    # mypy looks for a text's imports on this path, too: nothing may be there but what is installed.
    sys.path.pop()
    if orders["mypy"] not in sys.path:
        sys.path.append(orders["mypy"])
    for answer in check_all(orders["arguments"]):
        print(json.dumps(answer), file=answers, flush=True)


def check_all(arguments: list[str]) -> Iterator[dict[str, object]]:
    """Yield an answer for each line of the standard input."""
    from mypy import api

    # What every check needs is read before the first is asked for.
    api.run([*arguments, "--command=pass"])
    unswept = 0
    while line := sys.stdin.readline():
        # A text has no file, so no cache can hold it: mypy knows a file by its size and its second of change, and two
        # candidates may have both in common.
        output, errors, status = api.run([*arguments, f"--command={json.loads(line)}"])
        yield {"status": status, "output": output, "errors": errors}
        # mypy exempts what it loads from collection, which would add up from check to check. Sweeping takes longer than
        # a check does, and whatever else judges the same text wants the processor now.
        unswept += 1
        if unswept >= UNSWEPT or not _is_asked(IDLE):
            gc.collect()
            unswept = 0


def _is_asked(seconds: float) -> bool:
    if sys.platform == "win32":
        return False
    return bool(select.select([sys.stdin], [], [], seconds)[0])


if __name__ == "__main__":
    main()
