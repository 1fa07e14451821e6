"""Judge wrong and cheating bodies of one honest spec: `python -m benchmarks.security.tampering [--json OUT]`.

Each body of `tampering.toml` is shown to the static gates alone, to the tests alone, from outside, and to all gates
together, as in a compile. What all accept is a hole; the honest body must pass all three.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.security.arena import HONEST, STATIC, Arena, open_arena

HERE = Path(__file__).resolve().parent
COLUMNS = ("static", "oracle", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One body by its name: for each column the gate that refused it and what it said, or "" where it was accepted."""

    name: str
    refusals: dict[str, str]

    def accepts(self, column: str) -> bool:
        """Tell whether a column accepted the body."""
        return not self.refusals[column]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0 if all gates refuse every body but the honest one."""
    parser = argparse.ArgumentParser(description="Judge wrong and cheating bodies.")
    parser.add_argument("--only", default="", help="only bodies whose name has this in it")
    parser.add_argument("--json", type=Path, help="write the judgements there, too")
    options = parser.parse_args(argv)
    candidates = {name: body for name, body in read_candidates().items() if options.only in name}
    judgements = []
    print(f"{'accepted by':46}" + "".join(f"{column:>8}" for column in COLUMNS))
    for judgement in judge_all(candidates):
        print(render_row(judgement), flush=True)
        judgements.append(judgement)
    honest, *others = judgements
    print(render(others))
    if options.json:
        options.json.write_text(json.dumps([asdict(j) for j in (honest, *others)], indent=2) + "\n", encoding="utf-8")
    return 0 if is_met(honest, others) else 1


def read_candidates() -> dict[str, str]:
    """Return the bodies of the corpus by their names."""
    table = tomllib.loads((HERE / "tampering.toml").read_text(encoding="utf-8"))
    return {item["name"]: item["body"] for item in table["candidate"]}


def judge_all(candidates: dict[str, str]) -> Iterator[Judgement]:
    """Yield the judgement of the honest body, then those of the candidates."""
    with tempfile.TemporaryDirectory(prefix="tampering-") as folder, open_arena(Path(folder) / "project") as arena:
        for name, body in {"honest": HONEST, **candidates}.items():
            yield judge(arena, name, body)


def judge(arena: Arena, name: str, body: str) -> Judgement:
    """Return what each column says of one body."""
    verdicts = {"static": arena.refuse(body, STATIC), "oracle": arena.refuse(body, frozenset({"tests"}))}
    # The static gates come first: what they refuse, all do.
    verdicts["all"] = verdicts["static"] or arena.refuse(body, None)
    told = {column: f"{verdict.gate}: {verdict.message}" if verdict else "" for column, verdict in verdicts.items()}
    return Judgement(name=name, refusals=told)


def is_met(honest: Judgement, others: Sequence[Judgement]) -> bool:
    """Tell whether the honest body alone is accepted by all gates, and by each column for itself."""
    return all(map(honest.accepts, COLUMNS)) and not any(other.accepts("all") for other in others)


def render_row(judgement: Judgement) -> str:
    """Return one line of the table."""
    cells = "".join(f"{'yes' if judgement.accepts(column) else '.':>8}" for column in COLUMNS)
    return f"{judgement.name[:45]:46}{cells}  {judgement.refusals['all'][:90]}"


def render(others: Sequence[Judgement]) -> str:
    """Return the sums."""
    sums = "".join(f"{sum(each.accepts(column) for each in others):8}" for column in COLUMNS)
    return f"{f'of {len(others)} wrong or cheating bodies':46}{sums}  (target: 0 by all)"


if __name__ == "__main__":
    sys.exit(main())
