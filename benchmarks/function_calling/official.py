"""The leaderboard's own checker and prompt, from the package bfcl-eval in an environment of its own.

`pip install --no-deps bfcl-eval` is enough: the checker needs nothing but itself.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.function_calling.calls import Call
from benchmarks.function_calling.checker import find_fault

_START = Path(__file__).with_name("official_start.py")

Output = Sequence[Mapping[str, Mapping[str, Any]]]


def judge_officially(python: Path, judged: Sequence[tuple[Call, Output]]) -> list[str]:
    """Return for each output why the leaderboard's checker refuses it, or "".

    Args:
        python: the Python of an environment that has bfcl-eval.
        judged: calls, each with the calls that were made for it.

    Raises:
        RuntimeError: the checker cannot be run there.
    """
    items = [{"function": call.function, "output": output, "answer": call.answer} for call, output in judged]
    return _ask(python, "judge", items)


def write_prompts(python: Path, calls: Sequence[Call]) -> list[str]:
    """Return the leaderboard's published system prompt for the functions that each call offers."""
    return _ask(python, "prompt", [call.offered or [call.function] for call in calls])


def compare(python: Path, judged: Sequence[tuple[Call, Output]]) -> list[str]:
    """Return a line for each output about which the leaderboard's checker and ours disagree."""
    theirs = judge_officially(python, judged)
    ours = [find_fault(call, output) for call, output in judged]
    return [
        f"{call.id}: {list(output)!r}: ours says {mine or 'accepted'!r}, the official one {other or 'accepted'!r}"
        for (call, output), mine, other in zip(judged, ours, theirs, strict=True)
        if bool(mine) != bool(other)
    ]


def _ask(python: Path, what: str, items: Sequence[Any]) -> list[str]:
    done = subprocess.run(
        [str(python), "-s", "-B", str(_START), what],
        input=json.dumps(items),
        capture_output=True,
        encoding="utf-8",
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise RuntimeError(f"bfcl-eval cannot be run by {python}: {last}; try: pip install --no-deps bfcl-eval")
    answers: list[str] = json.loads(done.stdout)
    return answers
