"""Draw `terminal.svg` from the log of a real run, live lines and colours as they stood when it ended.

Make the log with FORCE_COLOR=1 and COLUMNS=110 in the environment, of `pytest --compile-ai --no-header` and then
`pytest --no-header`; then run `python docs/picture.py run.log docs/terminal.svg`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 110
_ERASE = "\x1b[2K"
_UP = "\x1b[1A"
_CURSOR = re.compile(r"\x1b\[\?25[hl]")


def settle(log: str) -> Iterator[str]:
    """Yield the lines that a terminal still shows once every redraw is done."""
    lines: list[str] = []
    for raw in _CURSOR.sub("", log).split("\n"):
        while raw.startswith((f"{_UP}{_ERASE}", f"\r{_UP}{_ERASE}")) and lines:
            lines.pop()
            raw = raw.partition(_ERASE)[2]
        lines.append(raw.rpartition(_ERASE)[2].strip("\r"))
    yield from lines


def main() -> None:
    """Read the log that the first argument names, write the picture that the second names."""
    log, picture = map(Path, sys.argv[1:])
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="standard")
        text = log.read_bytes().decode("utf-8")
        console.print(Text.from_ansi("\n".join(settle(text)).strip("\n")), soft_wrap=True)
        picture.write_text(console.export_svg(title="pytest --compile-ai"), encoding="utf-8")


if __name__ == "__main__":
    main()
