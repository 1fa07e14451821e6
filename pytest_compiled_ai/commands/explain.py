"""`compiled-ai explain SPEC`: where a spec stands, what was asked, what came nearest, and what would help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_compiled_ai.artifacts.provenance import read_records, record_path
from pytest_compiled_ai.checking import mend
from pytest_compiled_ai.commands.base import OK, read_settings
from pytest_compiled_ai.compiler.kept import read_failure
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.question import first_prompt
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.policies.packs.catalogue import packs_of
from pytest_compiled_ai.specs.model import SpecFile, Stub


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its argument."""
    parser.add_argument("spec", metavar="SPEC", help="an id (specs/money.py::parse_amount) or a name")


def run(options: argparse.Namespace) -> int:
    """Print it."""
    for line in explain_spec(read_settings(), options.spec):
        print(line)
    return OK


def explain_spec(settings: Config, wanted: str) -> Iterator[str]:
    """Yield the lines about one spec.

    Raises:
        SpecError: the spec cannot be found or read.
    """
    project = Project(settings)
    file, stub = project.find(wanted)
    standing = project.standing(file, stub)
    yield f"{stub.id} ({file.relative}:{stub.line}) is {standing.state}"
    if standing.changed:
        yield f"changed since its body was made: {', '.join(standing.changed)}"
    if standing.state != "fresh":
        yield f"to mend it: {mend(standing)}"
    yield from _origin(file, stub)
    yield from (f"policy pack {pack.name}: {pack.summary}" for pack in packs_of(settings, stub))
    kept = read_failure(settings.root, stub.id)
    record = read_records(record_path(file.target)).get(stub.name, {})
    yield from _changes(record.get("changes"))
    yield from _ambiguity((kept or {}).get("ambiguity") or record.get("ambiguity"))
    yield ""
    tests = project.tests(file, stub)
    yield f"its {len(tests)} test{'' if len(tests) == 1 else 's'}: {', '.join(test.id for test in tests) or 'none'}"
    yield "\n--- the prompt"
    messages = (
        kept["prompt"] if kept else [{"role": m.role, "content": m.content} for m in first_prompt(project, file, stub)]
    )
    for message in messages:
        yield f"[{message['role']}]\n{message['content']}\n"
    if kept:
        yield from _failure(kept)


def _origin(file: SpecFile, stub: Stub) -> Iterator[str]:
    record = read_records(record_path(file.target)).get(stub.name)
    if record:
        yield (
            f"its body: by {_author(record)}; "
            f"gates: {', '.join(_gates(record))}; body coverage: {record.get('coverage') or 'not measured'}"
        )


def _author(record: Mapping[str, Any]) -> str:
    if record.get("provider") == "hand":
        return f"hand, from that of {record['based_on']}" if record.get("based_on") else "hand"
    tokens = record.get("prompt_tokens", 0) + record.get("completion_tokens", 0)
    return f"{record.get('model')} at attempt {record.get('attempt')}, {tokens} tokens"


def _changes(found: Sequence[str] | None) -> Iterator[str]:
    if found:
        yield "\n--- changed for callers when this body took the place of the one before"
        yield from found


def _ambiguity(found: Mapping[str, Any] | None) -> Iterator[str]:
    if found:
        yield f"\n--- left open by its spec: {found['call']}"
        for choice in found["choices"]:
            yield f"{choice['answer']}, as {choice['bodies']} of the bodies that passed say; to decide for it:"
            yield choice["test"] or "(no test of a few lines can tell)"


def _gates(record: dict[str, Any]) -> list[str]:
    # Older records name the gates without their evidence.
    return [gate if isinstance(gate, str) else gate["gate"] for gate in record.get("gates", [])]


def _failure(kept: dict[str, Any]) -> Iterator[str]:
    yield "--- the attempts of the last compile"
    yield from kept["attempts"]
    yield f"\n--- the best of them, attempt {kept['attempt']}"
    yield str(kept["candidate"])
    if not kept["feedback"]:
        return
    yield f"--- why it was refused\n{kept['feedback']}"
    yield "\n--- what would help"
    yield "say in the docstring the rule that this failure breaks, with an example (>>>) that shows it; or split the"
    yield "stub in two, the second with `uses=`; or ask more often (--compile-ai-attempts), or a larger model"
    yield "(--compile-ai-provider)."
