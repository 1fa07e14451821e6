"""Which cases of a function, taken together, are answers to the rows of its tests."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pytest_compiled_ai.gates.answers.branches import Case, Computed, Raised, read_branches
from pytest_compiled_ai.gates.answers.commonplace import is_named, is_trivial
from pytest_compiled_ai.gates.answers.equality import same
from pytest_compiled_ai.gates.answers.example import Example
from pytest_compiled_ai.gates.answers.flow import Flow
from pytest_compiled_ai.gates.answers.row import Row, bind
from pytest_compiled_ai.gates.answers.tables import read_tables
from pytest_compiled_ai.gates.answers.weight import Weight, weigh

_MANY = 3


class Found(NamedTuple):
    """What is wrong with a body, and in which line of the function."""

    what: str
    line: int


def find_answers(flow: Flow, examples: Iterable[Example], prose: str) -> Iterator[Found]:
    """Yield the cases of a function that are answers to single rows, the plainest first."""
    bound = (bind(example, flow) for example in examples)
    rows = [row for row in bound if row is not None]
    cases = (*read_branches(flow), *read_tables(flow))
    for group in _groups(case for case in cases if case.pins):
        weights = {number: _weight(case, rows, flow, prose) for number, case in enumerate(group)}
        yield from _judge(group, weights)
        if _is_complete(group, weights, cases):
            yield Found(_describe(group), group[0].line)
    yield from _find_constant(flow, cases, rows, prose)


def _groups(cases: Iterable[Case]) -> Iterable[list[Case]]:
    """Return cases that stand together: the entries of one table, and all branches that pin a single way."""
    groups: dict[int, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group if case.entries > 1 else 0, []).append(case)
    return groups.values()


def _weight(case: Case, rows: Iterable[Row], flow: Flow, prose: str) -> Weight:
    return max((weigh(case, row, flow, prose) for row in rows), default=Weight.NONE)


def _judge(group: list[Case], weights: Mapping[int, Weight]) -> Iterator[Found]:
    heavy = [group[number] for number, weight in weights.items() if weight >= Weight.WEAK]
    for number, weight in weights.items():
        if weight is Weight.STRONG and group[number].entries == 1:
            yield Found(_describe([group[number]]), group[number].line)
    if len(heavy) > 1 and 2 * len(_different(heavy)) >= len(_different(group)) and len(_different(heavy)) > 1:
        yield Found(_describe(heavy), heavy[0].line)
    faint = [group[number] for number, weight in weights.items() if weight >= Weight.FAINT]
    outcomes = {repr(case.outcome) for case in faint}
    if len(outcomes) >= _MANY and 2 * len(outcomes) >= len(_different(group)):
        yield Found(_describe(faint), faint[0].line)


def _is_complete(group: Sequence[Case], weights: Mapping[int, Weight], cases: Sequence[Case]) -> bool:
    """Tell whether a table holds rows of the tests and nothing else, in a body that has nothing beside it."""
    computed = sum(case.outcome is Computed.COMPUTED for case in cases)
    is_table = any(case.entries > 1 for case in group)
    if not all(weights.values()) or computed > is_table:
        return False
    number = len(_different(group))
    return number > 1 if Weight.STRONG in weights.values() else number >= _MANY and _is_of_numbers(group)


def _is_of_numbers(group: Iterable[Case]) -> bool:
    """Tell whether a table gives numbers for numbers that do not follow each other: those of months may be all."""
    keys = [pin.value for case in group for pin in case.pins]
    ranges = [set(range(first, first + len(keys))) for first in (0, 1)]
    plain = [*keys, *(case.outcome for case in group)]
    return all(isinstance(value, int | float) for value in plain) and set(keys) not in ranges


def _different(cases: Iterable[Case]) -> set[str]:
    return {" ".join(f"{pin.target and ast.dump(pin.target)} {pin.value!r}" for pin in case.pins) for case in cases}


def _find_constant(flow: Flow, cases: Iterable[Case], rows: Sequence[Row], prose: str) -> Iterator[Found]:
    """Yield a constant that is returned whatever the arguments are, and that a row expects."""
    used = {node.id for node in flow.nodes if isinstance(node, ast.Name)}
    if not flow.parameters or used.intersection(flow.parameters):
        return
    for case in cases:
        if is_trivial(case.outcome) or isinstance(case.outcome, Raised) or is_named(case.outcome, prose):
            continue
        if any(row.example.kind == "equals" and same(case.outcome, row.example.expected) for row in rows):
            yield Found(f"{_shown(case.outcome)} is a test's result, whatever the arguments are", case.line)


def _describe(cases: Sequence[Case]) -> str:
    values = list(dict.fromkeys(_shown(pin.value) for case in cases for pin in case.pins))
    several = ", ".join(values[:_MANY])
    return f"it treats {several} apart, as the tests have {'it' if len(values) == 1 else 'them'}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
