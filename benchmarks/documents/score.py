"""Score the compiled reader and the baseline: `python -m benchmarks.documents.score --data PATH --out OUT`.

Only receipts count that nobody looked at: all but the labelled ones. A field is right where it equals the truth as
text, white space apart; a total as decimal text, its currency and commas apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.codegen.ablate import sign_test
from benchmarks.documents import baseline
from benchmarks.documents.reading import read_all
from benchmarks.documents.receipts import FIELDS, BadReceiptsError, Receipt, normalise, read_receipts, split
from pytest_compiled_ai.evaluation.interval import wilson

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """One field, read by two readers: how many are right, and on how many receipts only one of them is.

    `low` and `high` are Wilson's 95% interval of the first one's share; `p` is the exact two-sided sign test's.
    """

    field: str
    receipts: int
    right: int
    low: float
    high: float
    other_right: int
    only_one: int
    only_other: int
    p: float

    @property
    def points(self) -> float:
        """How many percentage points the first is better."""
        return 100 * (self.right - self.other_right) / self.receipts


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures, write them to OUT/score.json, and return 0, or 2 where data or reader is missing."""
    parser = argparse.ArgumentParser(description="Score the compiled reader of receipts, paired with the baseline.")
    parser.add_argument("--data", type=Path, required=True, help="receipts.jsonl, or the folder that holds it")
    parser.add_argument("--out", type=Path, required=True, help="where the reader was compiled")
    options = parser.parse_args(argv)
    try:
        _, unseen = split(read_receipts(options.data))
        answers = read_all(options.out / "project", unseen)
    except (BadReceiptsError, FileNotFoundError) as error:
        print(f"benchmarks.documents: {error}", file=sys.stderr)
        return 2
    pairs = pair(unseen, answers, [baseline.read_receipt(receipt.boxes) for receipt in unseen])
    print(render(pairs, "baseline"))
    write_pairs(pairs, options.out / "score.json")
    plain = pair(unseen, answers, [read_plainly(receipt) for receipt in unseen])
    print(f"\n{render(plain, 'expressions alone')}")
    write_pairs(plain, options.out / "score-expressions.json")
    return 0


def read_plainly(receipt: Receipt) -> dict[str, str]:
    """Return what the baseline's regular expressions find where no boxes are joined to rows before."""
    lines = [box[4].strip() for box in receipt.boxes]
    return {
        "company": baseline.find_company(lines),
        "date": baseline.find_date(lines),
        "total": baseline.find_total(lines),
    }


def pair(receipts: Sequence[Receipt], one: Sequence[Fields], other: Sequence[Fields]) -> list[Paired]:
    """Return how two readers compare on each field of the same receipts."""
    return [_pair(field, mark(field, receipts, one), mark(field, receipts, other)) for field in FIELDS]


def mark(field: str, receipts: Sequence[Receipt], answers: Sequence[Fields]) -> list[bool]:
    """Return which answers are right in a field."""
    rows = zip(receipts, answers, strict=True)
    return [normalise(field, answer[field]) == normalise(field, receipt.truth[field]) for receipt, answer in rows]


def _pair(field: str, one: Sequence[bool], other: Sequence[bool]) -> Paired:
    only_one = sum(a and not b for a, b in zip(one, other, strict=True))
    only_other = sum(b and not a for a, b in zip(one, other, strict=True))
    low, high = wilson(sum(one), len(one))
    return Paired(
        field=field,
        receipts=len(one),
        right=sum(one),
        low=low,
        high=high,
        other_right=sum(other),
        only_one=only_one,
        only_other=only_other,
        p=sign_test(only_one, only_other),
    )


def render(pairs: Sequence[Paired], other: str) -> str:
    """Return the figures as Markdown."""
    lines = [
        f"| field | compiled | {other} | points | only compiled | only {other} | p |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in pairs:
        share, other_share = each.right / each.receipts, each.other_right / each.receipts
        lines.append(
            f"| {each.field} | {each.right} of {each.receipts} = {share:.1%} ({each.low:.1%} to {each.high:.1%}) "
            f"| {each.other_right} = {other_share:.1%} | {each.points:+.1f} | {each.only_one} | {each.only_other} "
            f"| {each.p:.3g} |"
        )
    mean = sum(each.points for each in pairs) / len(pairs)
    return "\n".join([*lines, f"| mean of the fields | | | {mean:+.1f} | | | |"])


def write_pairs(pairs: Sequence[Paired], path: Path) -> None:
    """Write the figures as JSON."""
    rows = [{**asdict(each), "points": each.points} for each in pairs]
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
