"""Which rows and examples of a spec no model is told, so that no body can be made for them.

Tests come first: a docstring is what a model is to go by, and loses examples only where no test has rows to spare.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pytest_compiled_ai.compiler.row_ids import match_ids
from pytest_compiled_ai.compiler.rows import Rows, cut_rows, find_rows, is_defined
from pytest_compiled_ai.compiler.shown import DocExample, can_leave_out, find_examples
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import HeldOut, Subject, name_example
from pytest_compiled_ai.specs.canonical import canonical_exact
from pytest_compiled_ai.specs.syntax import parse_source, read_source

_ENOUGH = 6
"""Rows and examples of a spec: of fewer, a model needs every one."""


class Source(NamedTuple):
    """A file that holds tests of a spec: its path relative to the root, its text, its tree."""

    path: str
    text: str
    tree: ast.Module


class Group(NamedTuple):
    """The rows of one test, or the examples of a docstring: what each says, and which may be held out."""

    name: str
    texts: tuple[bytes, ...]
    free: frozenset[int]


def hold_out(config: Config, subject: Subject) -> Subject:
    """Return a spec with what no model is told of it.

    The tests may be frozen, with their parameters, or named without; the same is held out either way, unless the rows
    that pytest has collected are not those of the source: then that test is shown.
    """
    if not config.held_out:
        return subject
    files = read_tests(config, subject)
    found = {rows.test: rows for file in files for rows in _rows_in(file, files, subject)}
    examples = find_examples(subject.stub) if subject.stub.id in subject.tests else ()
    tests = [_group_rows(rows) for rows in found.values()]
    chosen = choose_held(subject.stub.id, tests, _group_examples(subject, examples), config.held_out)
    shown = chosen.pop(subject.stub.id, frozenset())
    if not can_leave_out(subject.stub, shown):
        shown = frozenset()
    names = {name_example(subject.stub.id, examples[number].first) for number in shown}
    rows = {}
    for test, ids in ((test, match_ids(found[test], subject.tests)) for test in chosen):
        if ids is not None and all(_can_cut(file, test, chosen[test]) for file in files):
            rows[test] = chosen[test]
            names |= {ids[number] for number in chosen[test]} if ids else set()
    return replace(subject, held=HeldOut(rows=rows, examples=shown, names=frozenset(names)))


def choose_held(spec: str, tests: Sequence[Group], examples: Group, share: float) -> dict[str, frozenset[int]]:
    """Return the numbers of what is held out, by the name of its group.

    Each test gives `share` of its own rows, those of the lowest hashes: what stands in other tests changes nothing.
    Where all are too short for that, one row is taken; where there is none to take, it is the examples' turn.
    """
    if sum(len(group.texts) for group in (*tests, examples)) < _ENOUGH:
        return {}
    for groups in (tests, [examples]):
        held = {group.name: _lowest(spec, group, int(share * len(group.texts))) for group in groups}
        ones = [(group, number) for group in groups for number in _lowest(spec, group, 1)]
        if ones and not any(held.values()):
            group, number = min(ones, key=lambda item: _hash(spec, item[0].texts[item[1]]))
            held = {group.name: frozenset({number})}
        if any(held.values()):
            return {name: numbers for name, numbers in held.items() if numbers}
    return {}


def show_file(file: Source, subject: Subject) -> Source:
    """Return a test file as a model may see it."""
    held = {test: numbers for test, numbers in subject.held.rows.items() if _is_in(file, test)}
    text = cut_rows(file.text, file.path, held) if held else file.text
    assert text is not None
    return Source(file.path, text, parse_source(text, file.path)) if held else file


def read_tests(config: Config, subject: Subject) -> tuple[Source, ...]:
    """Return the files that hold the tests of a spec, its own first."""
    own = Source(subject.file.relative, subject.file.source, subject.file.tree)
    others = dict.fromkeys(path for path in subject.test_paths if path != own.path)
    return (own, *(_read(config, path) for path in others))


def _read(config: Config, path: str) -> Source:
    text = read_source(config.root / path, path)
    return Source(path, text, parse_source(text, path))


def _rows_in(file: Source, files: Iterable[Source], subject: Subject) -> Iterator[Rows]:
    tests = list(dict.fromkeys(test.partition("[")[0] for test in subject.tests))
    own = [test.partition("::")[2] for test in tests if test.startswith(f"{file.path}::")]
    trees = {each.path: each.tree for each in files}
    # A test that is inherited, or imported, runs the same rows under another id.
    again = {test.rpartition("::")[2] for test in tests if not _is_own(test, trees)}
    yield from find_rows(file.tree, file.path, [name for name in own if name.rpartition("::")[2] not in again])


def _is_own(test: str, trees: Mapping[str, ast.Module]) -> bool:
    path, _, name = test.partition("::")
    return path in trees and is_defined(trees[path], name)


def _group_rows(rows: Rows) -> Group:
    return Group(rows.test, tuple(map(canonical_exact, rows.values.elts)), rows.free - {0})


def _group_examples(subject: Subject, examples: Sequence[DocExample]) -> Group:
    free = frozenset(number for number, example in enumerate(examples) if example.is_free)
    return Group(subject.stub.id, tuple(example.text.encode() for example in examples), free - {0})


def _lowest(spec: str, group: Group, count: int) -> frozenset[int]:
    # What stands there twice is known from the other place.
    free = [number for number in group.free if group.texts.count(group.texts[number]) == 1]
    return frozenset(sorted(free, key=lambda number: _hash(spec, group.texts[number]))[:count])


def _hash(spec: str, text: bytes) -> bytes:
    return hashlib.sha256(spec.encode() + b"\0" + text).digest()


def _can_cut(file: Source, test: str, held: Collection[int]) -> bool:
    return not _is_in(file, test) or cut_rows(file.text, file.path, {test: held}) is not None


def _is_in(file: Source, test: str) -> bool:
    return test.startswith(f"{file.path}::")
