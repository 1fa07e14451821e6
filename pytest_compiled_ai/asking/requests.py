"""What has to be recorded for a spec file: what its tests ask, as far as that can be told without a model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_compiled_ai.asking.declaration import Question
from pytest_compiled_ai.asking.replies import Entry, Recording
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.placeholder import read_signature
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.syntax import Function


def open_again(recording: Recording, question: Question) -> Recording:
    """Return a recording where what a model replied to another question than the present one is open again.

    What a person wrote stays, but for arguments that the question has no more.
    """
    if recording.question in {"", question.hash}:
        return recording
    fitting = [entry for entry in recording.entries if entry.arguments.keys() == set(question.parameters)]
    opened = (Entry(entry.arguments, is_open=True) if entry.model else entry for entry in fitting)
    return Recording(question.hash, tuple(opened))


def requests_of_calls(question: Question, stub: Stub, inputs: Iterable[Input]) -> Iterator[Entry]:
    """Yield what is asked where a function asks about its own arguments: those with the names of the question's.

    Args:
        question: the question.
        stub: the function.
        inputs: what the tests call it with.
    """
    assert isinstance(stub.node, Function)
    signature = read_signature(stub.node)
    for row in inputs:
        given = signature.bind(*row.arguments, **dict(row.keywords)).arguments
        if all(name in given for name in question.parameters):
            yield from _as_entry({name: given[name] for name in question.parameters})


def requests_of_failure(question: Question, text: str) -> Iterator[Entry]:
    """Yield what the tests of a failed body asked, and nothing was recorded for: as its failures tell it."""
    for found in re.finditer(rf"no reply is recorded for {question.name} (\{{.*?\}}); run `compiled-ai record", text):
        try:
            given = json.loads(found[1])
        except ValueError:
            # The middle of a long failure is cut out.
            continue
        if given.keys() == set(question.parameters):
            yield Entry(given, is_open=True)


def _as_entry(given: Mapping[str, Any]) -> Iterator[Entry]:
    try:
        # What JSON changes, as a tuple, is asked as it comes back.
        text = json.dumps(given, allow_nan=False, ensure_ascii=False).encode()
        yield Entry(json.loads(text), is_open=True)
    except (TypeError, ValueError):
        return
