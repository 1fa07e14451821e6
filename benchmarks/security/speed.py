"""Measure what judging one candidate takes: `python -m benchmarks.security.speed [--rounds N] [--json OUT]`.

One run, medians, in milliseconds of wall clock, beside the load of the machine: on a busy one they say little.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.security.arena import Arena, open_arena
from pytest_compiled_ai.compiler.asking import ask_gates
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

TARGETS = {"worker": 10.0, "right": 250.0, "wrong": 30.0}
_LINES = "\n".join(f"step_{n} = [item + {n} - {n} for item in kept if item in seen]" for n in range(24))
RIGHT = f"""
kept: list[int] = []
seen: set[int] = set()
for item in items:
    if item not in seen:
        seen.add(item)
        kept.append(item)
{_LINES}
kept.sort()
return step_0[:0] + kept[:most]"""
WRONG = RIGHT.replace("kept.sort()\n", "")
PROGRAM = "def double(numbers: list[int]) -> list[int]:\n    return [2 * number for number in numbers]\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and return 0: times only inform."""
    parser = argparse.ArgumentParser(description="Measure what judging one candidate takes.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    figures = {"worker": time_worker(options.rounds), **time_gates(options.rounds)}
    load = os.getloadavg()
    print(render(figures, load))
    if options.json:
        told = {"ms": figures, "load": load, "processors": os.cpu_count()}
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


def time_worker(rounds: int) -> float:
    """Return the time to fork a worker, seal it, make 20 calls and end it, warm."""
    with (
        Zygote(module="generated.double", filename="double.py", header="", path=sys.path) as zygote,
        zygote.client(NO_CLASSES) as client,
    ):
        use_worker(client)
        return statistics.median(take(lambda: use_worker(client)) for _ in range(rounds))


def use_worker(client: Client) -> None:
    """Fork a worker, make 20 calls and end it."""
    with client.fork(PROGRAM) as worker:
        for number in range(20):
            assert worker.call("double", ([number],), {}) == [2 * number]


def time_gates(rounds: int) -> dict[str, float]:
    """Return the time of each gate for a right body, of all before the last, of the last, and of a wrong body."""
    with tempfile.TemporaryDirectory(prefix="speed-") as folder, open_arena(Path(folder) / "project") as arena:
        judge(arena, RIGHT)
        # Each with a comment of its own: a body that was run already is not run again.
        right = [judge(arena, f"{RIGHT.rstrip()}\n    # {number}") for number in range(rounds)]
        wrong = [judge(arena, f"{WRONG.rstrip()}\n    # {number}") for number in range(rounds)]
    assert all("confirm" in spent and "determinism" in spent for spent in right)
    assert not any("determinism" in spent for spent in wrong)
    each = {f"  {name}": statistics.median(spent[name] for spent in right) for name in right[0] if name != "confirm"}
    return {
        "right": statistics.median(sum(spent.values()) - spent["confirm"] for spent in right),
        **each,
        "confirm": statistics.median(spent["confirm"] for spent in right),
        "wrong": statistics.median(sum(spent.values()) for spent in wrong),
        "  wrong: tests": statistics.median(spent["tests"] for spent in wrong),
    }


def judge(arena: Arena, body: str) -> dict[str, float]:
    """Return the time of each gate that was asked, up to the first refusal; the last is asked where all passed."""
    candidate, shop = arena.candidate(body), arena.shop
    verdicts = ask_gates(shop.gates_for(arena.subject), candidate, arena.subject, lambda _: None)
    if verdicts[-1].passed:
        verdicts += ask_gates([shop.confirm], candidate, arena.subject, lambda _: None)
    return {verdict.gate: verdict.seconds * 1000 for verdict in verdicts}


def take(act: Callable[[], object]) -> float:
    """Return the milliseconds that an act takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def render(figures: dict[str, float], load: Sequence[float]) -> str:
    """Return the figures as text."""
    lines = [f"load {load[0]:.1f} on {os.cpu_count()} processors; medians in ms"]
    for name, value in figures.items():
        target = f"  (target: {TARGETS[name]:.0f}, idle)" if name in TARGETS else ""
        lines.append(f"{name:20}{value:9.1f}{target}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
