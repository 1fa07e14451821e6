"""Score a run by the leaderboard's rules: `python -m benchmarks.function_calling.score --help`.

Each accepted body reads the texts of the calls that it is scored on, in a sealed worker; a spec without a body answers
none of them. Outputs are kept in OUT/SET.outputs.json, and with --python the leaderboard's own checker judges the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.codegen.clerk import SOLVED, read_lines
from benchmarks.codegen.project import GENERATED
from benchmarks.codegen.score import LIMITS
from benchmarks.function_calling.calls import Call
from benchmarks.function_calling.checker import find_fault
from benchmarks.function_calling.figures import Answer, render, summarize
from benchmarks.function_calling.official import compare
from benchmarks.function_calling.places import is_derivable
from benchmarks.function_calling.run import add_places
from benchmarks.function_calling.specs import ENTRY
from benchmarks.function_calling.tasks import Task, read_tasks
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.preload import MODULES
from pytest_compiled_ai.sandbox.worker.zygote import Zygote


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of a run, write them beside it, and return 0, or 1 where the two checkers disagree."""
    parser = argparse.ArgumentParser(description="Score a run by the leaderboard's rules.")
    add_places(parser)
    parser.add_argument("--python", type=Path, help="the Python of an environment that has bfcl-eval")
    options = parser.parse_args(argv)
    path, lines = options.out / options.set, read_lines(options.out / f"{options.set}.jsonl")
    answers = answer_all(read_tasks(options.data, options.set), lines, path)
    figures = summarize(lines, answers)
    if options.python:
        judged = [(answer.call, answer.output) for answer in answers if answer.output]
        figures |= {"judged by both": len(judged), "disagreements": compare(options.python.absolute(), judged)}
    path.with_suffix(".outputs.json").write_text(json.dumps(list(map(_row, answers)), indent=1), encoding="utf-8")
    path.with_suffix(".figures.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(render(options.set, figures))
    return 1 if figures.get("disagreements") else 0


def answer_all(tasks: Iterable[Task], lines: Sequence[Mapping[str, Any]], root: Path) -> list[Answer]:
    """Return what the bodies of a run make of the calls of their tasks: those that are scored, and their own."""
    outcomes = {line["name"]: line["outcome"] for line in lines}
    run = [task for task in tasks if task.name in outcomes]
    path = [str(root), *sys.path]
    with (
        Zygote(module="generated.problem", filename="problem.py", header="", path=path, modules=MODULES) as zygote,
        zygote.client(NO_CLASSES, LIMITS) as client,
    ):
        return [
            answer
            for task in run
            for answer in _answer(client, task, _read_body(root, task) if outcomes[task.name] == SOLVED else "")
        ]


def _answer(client: Client, task: Task, body: str) -> Iterable[Answer]:
    derivable = all(map(is_derivable, task.own))
    for call in (*task.scored, *task.own):
        output, failure = ask(client, call, body) if body else ([], "no body was accepted")
        yield Answer(
            task=task.name,
            call=call,
            output=output,
            fault=failure or find_fault(call, output),
            is_own=call in task.own,
            is_derivable=is_derivable(call) if task.is_group else derivable,
        )


def ask(client: Client, call: Call, body: str) -> tuple[list[dict[str, Any]], str]:
    """Return the call that a body makes of a request's text, or why there is none."""
    try:
        with client.fork(body) as worker:
            found = worker.call(ENTRY, (call.text,), {})
    except Exception as failure:
        return [], f"{type(failure).__name__}: {failure}"[:200]
    return ([{call.name: found}], "") if isinstance(found, dict) else ([], f"it is no dict: {found!r}"[:200])


def _row(answer: Answer) -> dict[str, Any]:
    return {
        "task": answer.task,
        "id": answer.call.id,
        "text": answer.call.text,
        "function": answer.call.function,
        "answer": answer.call.answer,
        "output": answer.output,
        "fault": answer.fault,
        "own": answer.is_own,
        "derivable": answer.is_derivable,
    }


def _read_body(root: Path, task: Task) -> str:
    return (root / GENERATED / f"{task.name}.py").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
