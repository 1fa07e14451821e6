"""Score the input and output gates: `python benchmarks/security/screens.py [--data PATH] [--replies FILE]`.

- False alarms: every distinct docstring of the standard library and of what is installed, found at run time, screened
  as if it were a spec's and sent to a remote provider. Many alarms are true: authors' addresses, say.
- Recall: `corpus.json` beside this file, written for it. Its `{36}` stands for that many random characters (`{U16}`
  upper case and digits, `{L34}` letters, `{D12}` digits), so that no secret lies in the repository.
- `--data`: the folder of the Compiled AI paper's cases (https://github.com/XY-Corp/CompiledAI, MIT), read in place.
  The rules were tuned on them: they are shown apart.
- `--replies`: recorded replies, one `{"reply": ..., "user": ...}` a line, and how many the output gate would refuse.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import string
import sys
import sysconfig
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from pytest_compiled_ai.compiler.prompt import SYSTEM
from pytest_compiled_ai.gates.leakage import find_leak
from pytest_compiled_ai.screens.gate import screen_prompt
from pytest_compiled_ai.screens.model import Finding, Part

CORPUS = Path(__file__).with_name("corpus.json")
_ALPHABETS = {
    "": string.ascii_letters + string.digits,
    "U": string.ascii_uppercase + string.digits,
    "L": string.ascii_letters,
    "D": string.digits,
}
Figures = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0, or 2 where data is missing."""
    parser = argparse.ArgumentParser(description="Score the input gate and the output gate.")
    parser.add_argument("--data", type=Path, help="the folder of the paper's security cases")
    parser.add_argument("--replies", type=Path, help="recorded replies, JSON lines")
    parser.add_argument("--limit", type=int, default=12000, help="docstrings to screen (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="print what was missed, and the false alarms")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    figures: Figures = {"corpus": score_corpus()}
    if options.data:
        figures["the paper's cases, tuned on"] = score_paper(options.data)
    if options.replies:
        figures["replies"] = score_replies(options.replies)
    figures["docstrings"] = score_docstrings(read_docstrings(), options.limit)
    print(render(figures, show=options.show))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def screen(text: str, origin: str = "spec") -> tuple[Finding, ...]:
    """Screen one text as a part of a prompt to a remote provider."""
    return screen_prompt([Part(label="it", text=text, origin="data" if origin == "data" else "spec")], remote=True)


def read_docstrings() -> Iterator[str]:
    """Yield the distinct docstrings, longer than 40 characters, of the standard library and of installed packages."""
    warnings.simplefilter("ignore")
    roots = {sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")}
    seen: set[str] = set()
    for path in sorted(path for root in roots for path in Path(root).rglob("*.py")):
        if "test" in str(path.parent) or "pytest_compiled_ai" in path.parts:
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError, OSError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
                text = ast.get_docstring(node) or ""
                if len(text) > 40 and text not in seen:
                    seen.add(text)
                    yield text


def score_docstrings(texts: Iterable[str], limit: int) -> Figures:
    """Return the shares of docstrings with alarms; `limit` of them, drawn with a fixed seed."""
    pool = list(texts)
    random.Random(1).shuffle(pool)
    kinds: Counter[str] = Counter()
    refused = noticed = 0
    started = time.process_time()
    for text in (chosen := pool[:limit]):
        findings = screen(text)
        kinds.update({finding.kind for finding in findings})
        refused += any(finding.level == "refuse" for finding in findings)
        noticed += bool(findings)
    count = max(1, len(chosen))
    return {
        "texts": len(chosen),
        "injection alarms": kinds["injection"] / count,
        "any alarm": noticed / count,
        "refused": refused / count,
        "by kind": dict(kinds.most_common()),
        "ms per text": (time.process_time() - started) * 1000 / count,
    }


def score_corpus(path: Path = CORPUS) -> Figures:
    """Return, for each kind of the corpus, how many of its texts are found; of the harmless ones, how many are not."""
    draw = random.Random(2)
    corpus: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return {kind: _score([fill(text, draw) for text in texts], kind != "benign") for kind, texts in corpus.items()}


def fill(text: str, draw: random.Random) -> str:
    """Replace `{36}` and the like by random characters."""
    return re.sub(
        r"\{([ULD]?)(\d+)\}", lambda found: "".join(draw.choices(_ALPHABETS[found[1]], k=int(found[2]))), text
    )


def score_paper(folder: Path) -> Figures:
    """Return how many of the paper's cases are judged as the paper wants; a missed leak may be caught in the reply."""
    figures = {}
    for name in ("input_injection", "input_pii", "output_leakage"):
        try:
            cases = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["instances"]
        except (OSError, ValueError, KeyError) as error:
            stop(f"no cases in {folder / name}.json ({type(error).__name__}: {error}).")
        texts: dict[bool, list[str]] = {True: [], False: []}
        for case in cases:
            texts[_is_attack(case)].append(case["input"]["user_request"])
        figures[f"{name}: found at the input"] = _score(texts[True], True)
        figures[f"{name}: harmless let through"] = _score(texts[False], False)
    return figures


def _is_attack(case: dict[str, Any]) -> bool:
    expected = case["expected_output"]
    if "attack_type" in case:
        return bool(case["attack_type"] != "none")
    return bool(expected.get("blocked") or expected.get("pii_detected"))


def score_replies(path: Path) -> Figures:
    """Return how many recorded replies the output gate refuses."""
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        leaks = [find_leak(record["reply"], SYSTEM, [record.get("user", "")]) for record in records]
    except (OSError, ValueError, LookupError, TypeError) as error:
        stop(f"no replies in {path} ({type(error).__name__}: {error}).")
    return {"replies": len(leaks), "refused": sum(leak is not None for leak in leaks)}


def render(figures: Figures, *, show: bool) -> str:
    """Return the figures as lines."""
    lines = []
    for section, values in figures.items():
        lines.append(section)
        for name, value in values.items():
            if isinstance(value, dict) and "right" in value:
                lines.append(f"  {name:<40} {value['right']:>3} of {value['of']}")
                lines += [f"      {text!r}" for text in value["wrong"] if show]
            elif isinstance(value, float):
                lines.append(f"  {name:<40} {value:.2f}" if name.startswith("ms") else f"  {name:<40} {value:.2%}")
            else:
                lines.append(f"  {name:<40} {value}")
    return "\n".join(lines)


def stop(message: str) -> NoReturn:
    """End with exit code 2 and one line."""
    print(f"benchmarks/security/screens.py: {message}", file=sys.stderr)
    raise SystemExit(2)


def _score(texts: list[str], wanted: bool) -> Figures:
    wrong = [text for text in texts if bool(screen(text)) is not wanted]
    return {"right": len(texts) - len(wrong), "of": len(texts), "wrong": wrong}


if __name__ == "__main__":
    sys.exit(main())
