"""Draw what an IDE shows of the README's spec, before and after a compile: `python docs/draw_ides.py`.

It writes docs/ide-tree.svg and docs/ide-failure.svg from two real runs of pytest; no model is asked.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from refresh import ARTIFACT, DOCS, README, SHOWN, find
from rich.columns import Columns
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from pytest_compiled_ai.commands.init import init_project

MODULE = "names.py"
PLUGINS = ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:pytest-teamcity"]
TOLD = re.compile(r"^(\S+)::(\S+) (PASSED|FAILED)", re.M)
MARKS = {"PASSED": "[green]✔[/green]", "FAILED": "[red]✘[/red]"}


def main() -> int:
    """Run pytest without and with the README's artifact, and draw both."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        root.mkdir()
        list(init_project(root))
        (root / "specs" / MODULE).write_text(find(SHOWN, README), encoding="utf-8")
        before = run_pytest(root)
        artifact = root / "src" / "generated" / MODULE
        artifact.parent.mkdir(parents=True, exist_ok=True)
        artifact.write_text(find(ARTIFACT, README), encoding="utf-8")
        after = run_pytest(root)
    trees = [draw_tree("before", before), draw_tree("after pytest --compile-ai", after)]
    write_picture("ide-tree.svg", "The test explorer", Columns([Padding(tree, (0, 6, 0, 0)) for tree in trees]))
    shown = before[before.index("= FAILURES =") :].partition("\n")[2].partition("= short test summary")[0]
    write_picture("ide-failure.svg", "A test that was clicked", Text(shown.rstrip("=").strip("\n")))
    return 0


def run_pytest(root: Path) -> str:
    """Return what a run tells of each test."""
    command = [sys.executable, "-m", "pytest", "-v", "--no-header", *PLUGINS]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "COLUMNS": "100"}, capture_output=True, text=True, check=False
    )
    return done.stdout


def draw_tree(title: str, told: str) -> Tree:
    """Return the tests that a run told of, under their files, each with its mark."""
    tree = Tree(f"[bold]{title}[/bold]")
    files: dict[str, Tree] = {}
    for path, name, word in TOLD.findall(told):
        place = files.setdefault(path, tree)
        if place is tree:
            place = files[path] = tree.add(f"{path.partition('/')[0]}/").add(Path(path).name)
        place.add(f"{MARKS[word]} {name}")
    assert files, told
    return tree


def write_picture(name: str, title: str, shown: RenderableType) -> None:
    """Write what is shown as a picture."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=100, file=nowhere, force_terminal=True, color_system="standard")
        console.print(shown)
        (DOCS / name).write_text(console.export_svg(title=title), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
