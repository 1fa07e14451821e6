"""Draw the measured amortization curve: `python -m benchmarks.documents.curve --out OUT`.

The compile's tokens are those of OUT/compile.jsonl: every question about every spec, refused ones and specs that got no
body included. Those of a call at run time are the lines of OUT/runtime.jsonl.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.ledger import read_ledger
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.evaluation.framework.amortization import break_even, draw_curve, saved_times
from pytest_compiled_ai.evaluation.framework.run_time import read_run_time
from pytest_compiled_ai.reports.figures.picture import draw_picture


def main(argv: Sequence[str] | None = None) -> int:
    """Write OUT/amortization.svg and OUT/amortization.json, print the figures, and return 0, or 2 without both."""
    parser = argparse.ArgumentParser(description="Draw the measured amortization curve of the reader of receipts.")
    parser.add_argument("--out", type=Path, required=True, help="where it was compiled, and the model was asked")
    out: Path = parser.parse_args(argv).out
    try:
        run_time = read_run_time(str(out / "runtime.jsonl"))
    except ConfigError as error:
        print(f"benchmarks.documents: {error}", file=sys.stderr)
        return 2
    lines = read_ledger(out / "compile.jsonl")
    if not lines:
        print(f"benchmarks.documents: {out / 'compile.jsonl'} has no line; compile first.", file=sys.stderr)
        return 2
    generation = sum(line["prompt_tokens"] + line["completion_tokens"] for line in lines)
    even = break_even(generation, run_time.tokens)
    assert even is not None
    curve = draw_curve(generation, run_time.spent, 2 * even)
    (out / "amortization.svg").write_text(draw_picture(curve, "Tokens of reading receipts"), encoding="utf-8")
    figures = {
        "specs": len(lines),
        "generation tokens": generation,
        "tokens of a call": run_time.tokens,
        "calls measured": len(run_time.spent),
        "break-even": even,
        "times at 1,000 calls": saved_times(generation, run_time.tokens, 1000),
    }
    (out / "amortization.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
