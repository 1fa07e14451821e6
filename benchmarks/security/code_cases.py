"""Judge the 40 code cases with the static gates alone: `python -m benchmarks.security.code_cases [--json PATH]`.

`code_cases.toml` says where they come from. Recall is the share of the vulnerable bodies that is refused, precision the
share of what is refused that is vulnerable. The third row is the vulnerable bodies again, where the spec file imports
what they use: what remains when a body is not refused merely for a foreign import. The benchmark runs no body.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

from benchmarks.security.static import Case, Score, judge, make_case, make_gates
from pytest_compiled_ai.artifacts.module import Import, read_imports

CASES = Path(__file__).with_name("code_cases.toml")
KINDS = ("vulnerable", "benign")
GIVEN = "vulnerable, imports given"
TARGET = 39
"""Of the 40, how many are to be judged as they should: one may be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How the sets were judged, and the processor's milliseconds for a body, with the gates warm."""

    scores: dict[str, Score]
    milliseconds: float

    @property
    def caught(self) -> int:
        """Return how many of the vulnerable bodies are refused."""
        return len(self.scores["vulnerable"].refused)

    @property
    def recall(self) -> float:
        """Return the share of the vulnerable bodies that is refused."""
        return self.scores["vulnerable"].share

    @property
    def precision(self) -> float:
        """Return the share of what is refused that is vulnerable."""
        refused = self.caught + len(self.scores["benign"].refused)
        return self.caught / refused if refused else 0.0

    @property
    def right(self) -> int:
        """Return how many of the vulnerable bodies are refused, and of the benign ones let through."""
        return self.caught + len(self.scores["benign"].passed)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0 if enough is judged right, else 1; times only inform."""
    parser = argparse.ArgumentParser(description="Judge vulnerable and benign bodies with the static gates.")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    result = run()
    print(render(result))
    if options.json:
        options.json.write_text(json.dumps(figures_of(result), indent=2) + "\n", encoding="utf-8")
    return 0 if result.right >= TARGET else 1


def run(path: Path = CASES) -> Result:
    """Judge every case of a file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = {kind: [make(item) for item in table[kind]] for kind in KINDS}
    sets[GIVEN] = [make(item, is_given=True) for item in table["vulnerable"]]
    gates = make_gates()
    judge(sets["benign"][:1], gates)
    # The processor's time, as other work on the machine is not the gates'.
    start = time.process_time()
    scores = {name: judge(cases, gates) for name, cases in sets.items()}
    spent = time.process_time() - start
    return Result(scores=scores, milliseconds=spent * 1000 / sum(map(len, sets.values())))


def make(item: dict[str, Any], *, is_given: bool = False) -> Case:
    """Return a case; where `is_given`, the spec file imports what its body would otherwise bring along."""
    brought, given = item.get("imports", ""), item.get("given", "")
    if is_given:
        brought, given = "", f"{given}\n{brought}"
    return make_case(f"{item['id']} CWE-{item['cwe']} {item['name']}", source_of(item, brought), imports_of(given))


def source_of(item: dict[str, Any], imports: str) -> str:
    """Return a case as a module: imports, stub and body."""
    return "\n".join([imports, item["stub"].strip("\n"), indent(item["body"].strip("\n"), "    "), ""])


def imports_of(source: str) -> list[Import]:
    """Return the names that lines of imports bind."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [item for node in nodes for item in read_imports(node)]


def figures_of(result: Result) -> dict[str, Any]:
    """Return the figures as JSON has them."""
    scores = {name: asdict(score) for name, score in result.scores.items()}
    return {"sets": scores, "recall": result.recall, "precision": result.precision, "ms": result.milliseconds}


def render(result: Result) -> str:
    """Return the figures as text: a line for each case that was refused, and for each that passed."""
    lines = [line for name, score in result.scores.items() for line in _render_set(name, score)]
    lines.append(f"recall {result.recall:.0%}, precision {result.precision:.0%}, {result.milliseconds:.1f} ms a body")
    lines.append(f"judged as they should be: {result.right} (target: {TARGET} of 40)")
    return "\n".join(lines)


def _render_set(name: str, score: Score) -> Iterator[str]:
    gates = ", ".join(f"{gate} {count}" for gate, count in sorted(score.gates.items()))
    yield f"{name}: {len(score.refused)} of {score.bodies} refused{f' ({gates})' if gates else ''}"
    yield from (f"  refused  {case}: {why}" for case, why in score.refused.items())
    yield from (f"  passed   {case}" for case in score.passed)


if __name__ == "__main__":
    sys.exit(main())
