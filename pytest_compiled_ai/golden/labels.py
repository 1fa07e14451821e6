"""The labelled examples of one spec: those that a model may be shown, and those that are held out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.gates.examples_of_tests import Example, Unread, examples_of
from pytest_compiled_ai.golden.rows import Row, key_of_call, read_rows
from pytest_compiled_ai.placeholder import read_signature
from pytest_compiled_ai.specs.discover import discover
from pytest_compiled_ai.specs.syntax import Function

METRIC: Final = "exact"
_FEWEST: Final = 10
"""Different examples: of fewer, half is no measure of anything."""
_MOST: Final = 500
"""Examples that a body is searched for: more than a model is ever told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labelled examples of a spec, how an answer is scored, and the mean score that the held-out part asks for."""

    visible: tuple[Row, ...]
    held: tuple[Row, ...]
    metric: str
    threshold: float


def read_labels(root: Path, subject: Subject) -> Labels | None:
    """Return the labelled examples of a spec, or None where it has none.

    Which part an example is in follows from a hash of the spec's id and of its input: about half are held out, the same
    ones whatever is added or labelled anew, and equal inputs are never in both. One whose input stands in the tests or
    the docstring is in neither: it is known, and checked there.

    Raises:
        SpecLineError: a line is no example.
        SpecError: there are too few, or the options contradict each other.
    """
    stub = subject.stub
    options, where = stub.options, f"{subject.file.relative}:{stub.line}"
    if not options.golden:
        if options.metric or options.threshold is not None:
            raise SpecError(
                f'{where}: metric and threshold are for labelled examples; name them: golden="data/*.jsonl".'
            )
        return None
    if not isinstance(stub.node, Function):
        raise SpecError(f"{where}: golden examples are for functions; {stub.name} is a class.")
    if both := sorted({*options.golden}.intersection(options.depends)):
        raise SpecError(f"{where}: {both[0]} is in golden and in depends; no test may read what is held out.")
    known = set(_known_keys(examples_of(root, subject), stub.node))
    rows = [row for path in options.golden for row in read_rows(root, path, stub.node) if row.key not in known]
    held = {row.key for row in rows if is_held(stub.id, row.key)}
    labels = Labels(
        visible=tuple(row for row in rows if row.key not in held),
        held=tuple(row for row in rows if row.key in held),
        metric=options.metric or METRIC,
        threshold=1.0 if options.threshold is None else options.threshold,
    )
    if len({row.key for row in rows}) < _FEWEST or not held:
        raise SpecError(
            f"{where}: golden has {len({row.key for row in rows})} different inputs beside those of the tests, "
            f"{len(held)} of them held out; {_FEWEST} and 1 are the fewest. Label more, or write them as tests."
        )
    return labels


def list_examples(root: Path, subject: Subject) -> tuple[Example, ...]:
    """Return the examples that the tests of a spec hold, and its labelled ones that a model may have seen.

    Raises:
        SpecError: a file of them cannot be read.
    """
    labels = read_labels(root, subject)
    rows: Sequence[Row] = labels.visible[:_MOST] if labels else ()
    name = subject.stub.name
    labelled = (
        Example(function=name, arguments=row.arguments, keywords=tuple(row.keywords.items()), expected=row.expected)
        for row in rows
    )
    return (*examples_of(root, subject), *labelled)


def is_held(spec: str, key: str) -> bool:
    """Tell whether an input of a spec, by the key of its row, is held out."""
    return hashlib.sha256(f"{spec}\0{key}".encode()).digest()[0] % 2 == 1


def _known_keys(examples: Sequence[Example], function: Function) -> Iterator[str]:
    signature = read_signature(function)
    for example in examples:
        given = (*example.arguments, *(value for _, value in example.keywords))
        if not any(value is Unread.UNREAD for value in given):
            # What no JSON holds stands in no file.
            with suppress(TypeError, ValueError):
                yield key_of_call(signature, example.arguments, dict(example.keywords))


def find_golden(config: Config) -> frozenset[str]:
    """Return the files of labelled examples of all specs of a project, relative to its root."""
    stubs = (stub for file in discover(config).files for stub in file.stubs)
    return frozenset(path for stub in stubs for path in stub.options.golden)
