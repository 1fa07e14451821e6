"""Ask the same model at run time: `python -m benchmarks.documents.runtime --data PATH --out OUT [--limit 40]`.

A sample of the receipts that only score, the first ones in their fixed order, is given to the model as the same rows of
text that the compiled reader sees, with the rules of the task in words, and an answer as JSON is asked for. A receipt
with a line in OUT/runtime.jsonl is not asked again. Its tokens are those of the usage fields.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.codegen.clerk import read_lines
from benchmarks.documents.reading import as_fields, read_all
from benchmarks.documents.receipts import BadReceiptsError, Receipt, read_receipts, split
from benchmarks.documents.run import add_places, open_provider
from benchmarks.documents.score import pair, render, write_pairs
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.providers.base import Message, Provider, Reply, Request
from pytest_compiled_ai.templates.modules.layout import rows_of

LIMIT = 40
_TOKENS = 120
_SYSTEM = "You read receipts. You answer with one JSON object and nothing else."
_TASK = """The rows of a scanned receipt, from top to bottom:

{rows}

Answer with a JSON object with these fields:
- "company": the name of the company at the top, as it is written, without its registration number
- "date": the date of the receipt, as it is written
- "total": the total to pay after rounding, digits and a point only
Use "" for what the receipt does not have."""
_OBJECT = re.compile(r"\{.*?\}", re.DOTALL)


def main(argv: Sequence[str] | None = None) -> int:
    """Ask what has no line yet, compare with the compiled reader, and return 0, or 2 where something is missing."""
    parser = argparse.ArgumentParser(description="Ask the model for the fields of receipts at run time.")
    add_places(parser)
    parser.add_argument("--limit", type=int, default=LIMIT, help="receipts (default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        _, unseen = split(read_receipts(options.data))
        sample = unseen[: options.limit]
        answers = read_all(options.out / "project", sample)
    except (BadReceiptsError, FileNotFoundError) as error:
        print(f"benchmarks.documents: {error}", file=sys.stderr)
        return 2
    path: Path = options.out / "runtime.jsonl"
    ask_missing(sample, path, options.out, options.provider)
    said = {line["id"]: line["fields"] for line in read_lines(path)}
    pairs = pair(sample, answers, [said[receipt.id] for receipt in sample])
    print(render(pairs, "model"))
    write_pairs(pairs, options.out / "runtime.json")
    return 0


def ask_missing(sample: Sequence[Receipt], path: Path, out: Path, provider: str) -> None:
    """Ask about each receipt that has no line, and write its line.

    Raises:
        ProviderError: the model cannot be asked.
    """
    done = {line["id"] for line in read_lines(path)}
    todo = [receipt for receipt in sample if receipt.id not in done]
    if not todo:
        return
    opened = open_provider(load_config(out / "project", provider=provider), out)
    try:
        for number, receipt in enumerate(todo, 1):
            reply = ask(receipt, opened)
            write_answer(path, receipt, reply)
            print(f"{number}/{len(todo)} {receipt.id} {reply.prompt_tokens} + {reply.completion_tokens}", flush=True)
    finally:
        opened.close()


def ask(receipt: Receipt, provider: Provider) -> Reply:
    """Return what the model says about one receipt."""
    rows = "\n".join(rows_of(receipt.boxes))
    messages = (Message(role="system", content=_SYSTEM), Message(role="user", content=_TASK.format(rows=rows)))
    return provider.complete(Request(messages=messages, max_tokens=_TOKENS, first=True))


def write_answer(path: Path, receipt: Receipt, reply: Reply) -> None:
    """Add a line to the answers."""
    line = {
        "id": receipt.id,
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "fields": read_answer(reply.text),
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_answer(text: str) -> dict[str, str]:
    """Return the fields in a reply: those of the first JSON object in it; empty ones where there is none."""
    found: Any = None
    if match := _OBJECT.search(text):
        try:
            found = json.loads(match[0])
        except ValueError:
            found = None
    return as_fields(found)


if __name__ == "__main__":
    sys.exit(main())
