"""`compiled-ai demo`: a fresh project, compiled by the embedded model, then tested with no model at all."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pytest_compiled_ai.artifacts.plan import plan_change, render_diff
from pytest_compiled_ai.commands.init import init_project
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its argument."""
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="make the project in this folder, and leave it")


def run(options: argparse.Namespace) -> int:
    """Run the demo."""
    return run_demo(options.keep)


def run_demo(keep: Path | None) -> int:
    """Run the demo in `keep`, or in a temporary folder, and return pytest's exit status.

    Raises:
        ConfigError: the folder holds something already.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="compiled-ai-demo-") as folder:
            return _show(Path(folder))
    if keep.exists() and any(keep.iterdir()):
        raise ConfigError(f"{keep} is not empty; name a new folder for the demo.")
    keep.mkdir(parents=True, exist_ok=True)
    return _show(keep)


def _show(root: Path) -> int:
    _say(f"a fresh project in {root}")
    for line in init_project(root):
        print(line, flush=True)
    print((root / "specs" / "names.py").read_text(encoding="utf-8"), flush=True)
    _say("pytest --compile-ai: the embedded model writes the body, the gates judge it")
    status = _pytest(root, ["--compile-ai", "--compile-ai-no-cache", "--compile-ai-provider", "embedded"], {})
    if status:
        return status
    _say("what the compile wrote, as a reviewer would see it")
    artifact = root / "src" / "generated" / "names.py"
    change = plan_change(artifact, artifact.read_text(encoding="utf-8"))
    print(render_diff([type(change)(path=change.path, old=None, new=change.new)], root), flush=True)
    _say("pytest, with no model to be found: the same tests on plain Python")
    return _pytest(root, [], {FOLDER_VARIABLE: str(root / "nowhere")})


def _pytest(root: Path, flags: list[str], extra: Mapping[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *flags]
    return subprocess.run(command, cwd=root, env={**os.environ, **extra}, check=False).returncode


def _say(text: str) -> None:
    print(f"\n== {text}\n", flush=True)
