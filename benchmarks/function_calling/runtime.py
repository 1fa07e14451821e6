"""Ask the model at run time instead: `python -m benchmarks.function_calling.runtime --help`.

The same model gets the leaderboard's published prompt for the same calls, a request at a time. What it says is judged
by the same rules; its tokens, beside those of a compile, say after how many calls a compiled function has paid for
itself.
Lines in OUT/SET.runtime.jsonl are not asked again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.codegen.clerk import Metered, read_lines
from benchmarks.codegen.project import write_project
from benchmarks.codegen.run import open_meter
from benchmarks.function_calling.calls import Call, parse_calls, read_calls
from benchmarks.function_calling.checker import find_fault
from benchmarks.function_calling.official import write_prompts
from benchmarks.function_calling.run import add_places
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.evaluation.interval import wilson
from pytest_compiled_ai.providers.base import Message, Request

_REPLY_TOKENS = 512


def main(argv: Sequence[str] | None = None) -> int:
    """Ask what has no line yet, print the figures, write them beside the lines, and return 0."""
    parser = argparse.ArgumentParser(description="Ask the model for function calls at run time.")
    add_places(parser)
    parser.add_argument("--python", type=Path, required=True, help="the Python of an environment that has bfcl-eval")
    parser.add_argument("--provider", default="embedded")
    options = parser.parse_args(argv)
    calls = sample(read_calls(options.data, options.set), options.limit)
    path = options.out / f"{options.set}.runtime.jsonl"
    ask_all(calls, write_prompts(options.python.absolute(), calls), path, options.provider)
    figures = summarize(read_lines(path), read_lines(options.out / f"{options.set}.jsonl"))
    path.with_suffix(".json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))
    return 0


def sample(calls: Sequence[Call], limit: int) -> list[Call]:
    """Return so many calls, evenly spread over a set, or all of them."""
    if not 0 < limit < len(calls):
        return list(calls)
    return [calls[index * len(calls) // limit] for index in range(limit)]


def ask_all(calls: Sequence[Call], prompts: Sequence[str], path: Path, provider: str) -> None:
    """Ask for the calls that have no line in a file.

    Raises:
        ProviderError: the model cannot be asked.
    """
    done = {line["id"] for line in read_lines(path)}
    root = path.parent / path.stem
    write_project(root, [], {"provider": provider})
    meter = open_meter(load_config(root), path.parent / "replies")
    try:
        for call, prompt in zip(calls, prompts, strict=True):
            if call.id not in done:
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(ask(meter, call, prompt)) + "\n")
    finally:
        meter.close()


def ask(meter: Metered, call: Call, prompt: str) -> dict[str, Any]:
    """Return what the model says to one request, what that has cost, and why it is not accepted."""
    messages = (Message(role="system", content=prompt), Message(role="user", content=call.text))
    reply = meter.complete(Request(messages=messages, max_tokens=_REPLY_TOKENS, first=True))
    return {
        "id": call.id,
        "reply": reply.text,
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "seconds": reply.seconds,
        "fault": judge(call, reply.text),
    }


def judge(call: Call, text: str) -> str:
    """Return why a reply is not accepted, or ""."""
    try:
        found = parse_calls(text, {call.name: list(call.properties)})
    except ValueError as error:
        return str(error)
    return find_fault(call, [{name: given} for name, given in found])


def summarize(lines: Sequence[Mapping[str, Any]], compiled: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the figures of the calls, and those of a compile where the set has been compiled.

    Args:
        lines: what was asked at run time.
        compiled: the lines of the compiling run, if there is one.
    """
    right, spent = sum(not line["fault"] for line in lines), _spent(lines)
    figures = {
        "calls": len(lines),
        "right": right,
        "share": right / len(lines) if lines else 0.0,
        "interval": wilson(right, len(lines)),
        "seconds a call": fmean(line["seconds"] for line in lines) if lines else 0.0,
        "tokens a call": spent,
        "tokens a compile": _spent(compiled),
    }
    total = sum(spent.values())
    return figures | ({"calls to break even": sum(_spent(compiled).values()) / total} if total and compiled else {})


def _spent(lines: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    if not lines:
        return {"in": 0.0, "out": 0.0}
    return {
        "in": fmean(line["prompt_tokens"] for line in lines),
        "out": fmean(line["completion_tokens"] for line in lines),
    }


if __name__ == "__main__":
    sys.exit(main())
