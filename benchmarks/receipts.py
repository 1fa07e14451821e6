"""Score the compiled `generated.receipts` on real receipts: `python benchmarks/receipts.py --data PATH [--json OUT]`.

The data is SROIE (ICDAR 2019 Robust Reading Challenge on Scanned Receipts OCR and Information Extraction, CC BY 4.0,
https://rrc.cvc.uab.es/?ch=13), one JSON object a line: `{"id": ..., "lines": [{"x0", "y0", "x1", "y1", "text"}, ...],
"fields": {"total": ...}}`. It is read in place: nothing of it is part of this project,
and the receipts in the spec were made up for it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NoReturn

GENERATED = Path(__file__).resolve().parent.parent / "src"
AMOUNT = re.compile(r"-?\d[\d,]*(?:\.\d+)?")

Box = tuple[int, int, int, int, str]
ReadTotal = Callable[[list[Box]], Decimal | None]
Outcome = Literal["right", "none", "wrong", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One scanned receipt: its text boxes and its true total."""

    id: str
    boxes: list[Box]
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many receipts were read, and how. `accuracy` is the share of right totals, 0 to 1."""

    receipts: int
    right: int
    none: int
    wrong: int
    error: int
    accuracy: float


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0, or 2 where data or artifact is missing."""
    parser = argparse.ArgumentParser(description="Score generated.receipts on SROIE receipts (ICDAR 2019).")
    parser.add_argument("--data", type=Path, required=True, help="receipts.jsonl, or the folder that holds it")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    receipts = list(read_receipts(options.data))
    score = score_receipts(load_artifact(GENERATED), receipts)
    print(render(score))
    if options.json:
        options.json.write_text(json.dumps(asdict(score), indent=2) + "\n", encoding="utf-8")
    return 0


def read_receipts(path: Path) -> Iterator[Receipt]:
    """Yield the receipts of a file, or of the `receipts.jsonl` in a folder."""
    path = path / "receipts.jsonl" if path.is_dir() else path
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        records = [parse_receipt(json.loads(line)) for line in lines]
    except (OSError, ValueError, LookupError, TypeError) as error:
        stop(f"no receipts in {path} ({type(error).__name__}: {error}); give SROIE as JSON lines with --data.")
    if not records:
        stop(f"no receipts in {path}: it is empty.")
    yield from records


def parse_receipt(record: dict[str, Any]) -> Receipt:
    """Turn one record of the file into a receipt."""
    boxes = [(line["x0"], line["y0"], line["x1"], line["y1"], line["text"]) for line in record["lines"]]
    return Receipt(id=record["id"], boxes=boxes, total=true_total(record["fields"]["total"]))


def true_total(text: str) -> Decimal:
    """Read the total of the ground truth, which is written as on the paper: `60.30`, `RM 68.10`, `$8.70`."""
    found = AMOUNT.search(text.replace(" ", ""))
    if not found:
        raise ValueError(f"the true total {text!r} is no amount")
    return Decimal(found[0].replace(",", ""))


def load_artifact(folder: Path) -> ReadTotal:
    """Import `generated.receipts` from a folder and return its `receipt_total`."""
    sys.path.insert(0, str(folder))
    try:
        artifact = importlib.import_module("generated.receipts")
        read_total: ReadTotal = artifact.receipt_total
    except (ImportError, AttributeError, SyntaxError):
        stop(
            f"{folder / 'generated' / 'receipts.py'} has no `receipt_total`; run: pytest --compile-ai specs/receipts.py"
        )
    finally:
        sys.path.remove(str(folder))
    return read_total


def score_receipts(read_total: ReadTotal, receipts: Iterable[Receipt]) -> Score:
    """Run the compiled function on all receipts and count the outcomes."""
    outcomes = [judge(read_total, receipt) for receipt in receipts]
    counts = {kind: outcomes.count(kind) for kind in ("right", "none", "wrong", "error")}
    return Score(receipts=len(outcomes), accuracy=counts["right"] / len(outcomes), **counts)


def judge(read_total: ReadTotal, receipt: Receipt) -> Outcome:
    """Compare what the function reads with the truth, as Decimals: 60.3 equals 60.30."""
    try:
        total = read_total(receipt.boxes)
    except Exception:
        # A body that raises is a miss to be counted, not the end of the benchmark.
        return "error"
    if total is None:
        return "none"
    return "right" if total == receipt.total else "wrong"


def render(score: Score) -> str:
    """Return the table of the figures."""
    rows = [
        ("right (equal as Decimal)", score.right),
        ("missed: no total found", score.none),
        ("missed: another amount", score.wrong),
        ("missed: raised an error", score.error),
        ("receipts", score.receipts),
    ]
    table = [f"{label:<26} {count:>5} {count / score.receipts:>7.1%}" for label, count in rows]
    return "\n".join(["SROIE (ICDAR 2019), totals read by generated.receipts", *table])


def stop(message: str) -> NoReturn:
    """End with exit code 2 and one line."""
    print(f"benchmarks/receipts.py: {message}", file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    sys.exit(main())
