"""Compile the README's spec with the embedded model, and show what came of it: `python docs/refresh.py`.

It writes the artifact into README.md, its record into docs/artifacts.md, and docs/terminal.svg, all from one real run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pytest_compiled_ai.commands.init import init_project
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
WIDTH = 110
PLUGINS = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio"]
SHOWN = re.compile(r"(?<=```python\n)# specs/names\.py\n.*?(?=```)", re.S)
ARTIFACT = re.compile(r"(?<=```python\n)# Compiled from .*?(?=```)", re.S)
RECORD = re.compile(r"(?<=```json\n).*?(?=```)", re.S)
_ERASE, _UP = "\x1b[2K", "\x1b[1A"
_CURSOR = re.compile(r"\x1b\[\?25[hl]")


def main() -> int:
    """Run it all; nothing is written where a run fails."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        list(init_project(root))
        (root / "specs" / "names.py").write_text(find(SHOWN, README), encoding="utf-8")
        log = ""
        for arguments, extra in ((["--compile-ai"], {}), ([], {FOLDER_VARIABLE: str(root / "nowhere")})):
            done = run_pytest(root, arguments, extra)
            said = done.stdout.decode("utf-8")
            log += f"$ pytest {' '.join(arguments)}\n{said}\n"
            if done.returncode:
                print(said, file=sys.stderr)
                return done.returncode
        generated = root / "src" / "generated"
        put(ARTIFACT, README, (generated / "names.py").read_text(encoding="utf-8"))
        put(RECORD, DOCS / "artifacts.md", (generated / "names.provenance.json").read_text(encoding="utf-8"))
    (DOCS / "terminal.svg").write_text(draw(log), encoding="utf-8")
    return 0


def run_pytest(root: Path, arguments: list[str], extra: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run pytest as on a terminal with colours, keeping what it writes."""
    command = [sys.executable, "-m", "pytest", "--no-header", *PLUGINS, *arguments]
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), **extra}
    return subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, check=False)


def find(pattern: re.Pattern[str], page: Path) -> str:
    """Return the block that a page shows."""
    found = pattern.search(page.read_text(encoding="utf-8"))
    assert found, f"{page} has no such block"
    return found[0]


def put(pattern: re.Pattern[str], page: Path, text: str) -> None:
    """Replace the block that a page shows."""
    page.write_text(pattern.sub(lambda _: text, page.read_text(encoding="utf-8"), count=1), encoding="utf-8")


def draw(log: str) -> str:
    """Return a log as a picture."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="standard")
        console.print(Text.from_ansi("\n".join(settle(log)).strip("\n")), soft_wrap=True)
        return console.export_svg(title="pytest --compile-ai")


def settle(log: str) -> Iterator[str]:
    """Yield the lines that a terminal still shows once every redraw is done."""
    lines: list[str] = []
    for raw in _CURSOR.sub("", log).split("\n"):
        text = raw
        while text.lstrip("\r").startswith(f"{_UP}{_ERASE}") and lines:
            lines.pop()
            text = text.partition(_ERASE)[2]
        lines.append(text.rpartition(_ERASE)[2].strip("\r"))
    yield from lines


if __name__ == "__main__":
    sys.exit(main())
