"""Run hostile bodies where no static gate has seen them: `python -m benchmarks.security.hostile [--only TEXT]`.

Each body of `hostile.toml` runs in the sealed tier and, apart, in the jailed one; effects are looked for from outside,
and a run whose tests pass is a forged verdict. In the jailed tier tests run beside the body, where a verdict can be
forged by nature: the static gates stand before it, always, and the third column is what passes both.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.security.arena import FILES, STATIC, Arena, open_arena
from benchmarks.security.effects import Scene, fill_in
from pytest_compiled_ai.errors import CompiledAIError
from pytest_compiled_ai.gates.execution import Tests, judge_run
from pytest_compiled_ai.sandbox.jail.tier import detect_tier
from pytest_compiled_ai.sandbox.suite.results import TestRun

HERE = Path(__file__).resolve().parent
PATIENCE = 60.0
"""Seconds in which every run has to be over, on a busy machine too, start and end of its processes included."""
TIERS = ("sealed", "jailed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One body, its class, and where its effect is looked for."""

    name: str
    kind: str
    seen: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a body's run ended: what it did, whether the tests passed, whether the harness broke, and what was said."""

    effects: tuple[str, ...]
    is_forged: bool
    is_broken: bool
    said: str
    seconds: float

    @property
    def mark(self) -> str:
        """Return it for a cell of the table."""
        return "ESC" if self.effects else "FORGED" if self.is_forged else "BROKE" if self.is_broken else "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One body's endings by tier, and the static gate that refuses it, or ""."""

    hostile: Hostile
    endings: dict[str, Ending]
    refused: str

    def mark(self, column: str) -> str:
        """Return the cell of a column."""
        if column in TIERS:
            return self.endings[column].mark if column in self.endings else ""
        return "." if self.refused else self.mark("jailed")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0 if nothing got out where nothing may."""
    parser = argparse.ArgumentParser(description="Run hostile bodies in both tiers.")
    parser.add_argument("--only", default="", help="only bodies whose name or class has this in it")
    parser.add_argument("--tier", action="append", choices=TIERS, help="only this tier; may be given twice")
    parser.add_argument("--timeout", type=float, default=3.0, help="seconds of one run; a busy machine needs more")
    parser.add_argument("--json", type=Path, help="write the endings there, too")
    options = parser.parse_args(argv)
    chosen = [each for each in read_hostile() if options.only in f"{each.name} {each.kind}"]
    if not detect_tier().verified:
        print(f"nothing is run: this machine has no jail that holds ({detect_tier().problem}).")
        return 1
    rows = []
    for row in run_all(chosen, options.tier or TIERS, options.timeout):
        print(render_row(row), flush=True)
        rows.append(row)
    print(render(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    return 0 if is_met(rows) else 1


def read_hostile() -> tuple[Hostile, ...]:
    """Return the bodies of the corpus."""
    table = tomllib.loads((HERE / "hostile.toml").read_text(encoding="utf-8"))
    return tuple(
        Hostile(name=item["name"], kind=item["class"], seen=item["seen"], body=item["body"])
        for item in table["hostile"]
    )


def run_all(chosen: Sequence[Hostile], tiers: Sequence[str], timeout: float) -> Iterator[Row]:
    """Yield the bodies with how they ended, one after the other, each in every tier."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder, Scene(Path(folder).resolve()) as scene:
        files = {**FILES, ".env": scene.canaries["planted-key"]}
        with open_arena(scene.root / "project", timeout=timeout, files=files) as arena:
            if not arena.sealed.is_sealed:
                raise SystemExit("nothing is run: this machine has no sealed tier.")
            for hostile in chosen:
                yield run_one(arena, scene, hostile, tiers)


def run_one(arena: Arena, scene: Scene, hostile: Hostile, tiers: Sequence[str]) -> Row:
    """Return how one body ended in each tier."""
    body = fill_in(hostile.body, scene.names(arena.root, arena.shop.shadow.root))
    refusal = arena.refuse(body, STATIC)
    runs: dict[str, Callable[[str], TestRun]] = {"sealed": arena.run_sealed, "jailed": arena.run_jailed}
    endings = {tier: observe(arena, scene, lambda run=runs[tier]: run(body)) for tier in tiers}  # type: ignore[misc]
    return Row(hostile=hostile, endings=endings, refused=refusal.gate if refusal else "")


def observe(arena: Arena, scene: Scene, act: Callable[[], TestRun]) -> Ending:
    """Run a body and return what was seen of it."""
    arena.shop.shadow.put(arena.subject.target, arena.candidate("return items").module)
    scene.begin(arena.root / "src", arena.root / "specs", arena.shop.shadow.root)
    started = time.monotonic()
    forged, broken, text = False, False, ""
    try:
        run = act()
    except CompiledAIError as error:
        broken, said = True, f"{type(error).__name__}: {error}"
    else:
        verdict = judge_run(Tests(arena.sealed), run, arena.subject)
        forged, said, text = verdict.passed, verdict.message or "passed", repr(run)
    seconds = time.monotonic() - started
    target = str(arena.shop.shadow.root / arena.subject.target)
    effects = tuple(e for e in scene.find_effects(text + said, PATIENCE) if e != f"changed {target}")
    if (arena.shop.shadow.root / arena.subject.target).is_symlink():
        effects += ("put a link in the artifact's place",)
    return Ending(effects=effects, is_forged=forged, is_broken=broken, said=said, seconds=round(seconds, 3))


def is_met(rows: Sequence[Row]) -> bool:
    """Tell whether nothing got out of either tier, and no verdict was forged but in the jail without a gate."""
    clean = all(row.mark("sealed") in {".", ""} and row.mark("gate and jail") in {".", ""} for row in rows)
    return clean and all(row.mark("jailed") in {".", "FORGED", ""} for row in rows)


def render_row(row: Row) -> str:
    """Return one line of the table."""
    cells = "".join(f"{row.mark(column):>8}" for column in (*TIERS, "gate and jail"))
    said = next((ending.said for ending in row.endings.values()), "")
    effects = "; ".join(effect for ending in row.endings.values() for effect in ending.effects)
    return f"{row.hostile.kind:18}{row.hostile.name[:42]:43}{cells}  {row.refused or '-':13}{effects or said[:90]}"


def render(rows: Sequence[Row]) -> str:
    """Return the sums."""
    lines = [f"{len(rows)} bodies of {len({row.hostile.kind for row in rows})} classes"]
    for column in (*TIERS, "gate and jail"):
        marks = Counter(row.mark(column) for row in rows)
        lines.append(f"{column:14} escapes {marks['ESC']}, forged {marks['FORGED']}, broke the run {marks['BROKE']}")
    refused = Counter(row.refused for row in rows if row.refused)
    lines.append(f"static gates   refuse {refused.total()}: {', '.join(f'{k} {v}' for k, v in refused.most_common())}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
