"""How much a case of a body says: whether it gives the answer of one test's row, to that row alone."""

from __future__ import annotations

from enum import IntEnum

from pytest_compiled_ai.gates.answers.branches import Case, Computed, Raised
from pytest_compiled_ai.gates.answers.commonplace import (
    is_conventional,
    is_label,
    is_named,
    is_peculiar,
    is_tiny,
    is_trivial,
    is_word,
)
from pytest_compiled_ai.gates.answers.equality import same
from pytest_compiled_ai.gates.answers.example import Example
from pytest_compiled_ai.gates.answers.flow import Flow
from pytest_compiled_ai.gates.answers.holds import Hold, hold_of
from pytest_compiled_ai.gates.answers.row import Row


class Weight(IntEnum):
    """How far a case is from chance."""

    NONE = 0
    SLIGHT = 1
    """A base case with a result as plain: it counts where it makes a table of rows complete."""
    FAINT = 2
    """A small number's answer: a base case, unless there are many."""
    WEAK = 3
    """A kind of argument, a length, an element: two of them in a table are its rows."""
    STRONG = 4


def weigh(case: Case, row: Row, flow: Flow, prose: str) -> Weight:
    """Return what a case says about one row; `prose` is what the spec's own words name."""
    holds = [hold_of(pin, row, flow) for pin in case.pins]
    found = [hold for hold in holds if hold is not None]
    if not found or len(found) < len(holds):
        return Weight.NONE
    touched = frozenset().union(*(hold.touched for hold in found))
    if any(not is_trivial(value) for name, value in row.given.items() if name not in touched):
        return Weight.NONE
    agrees = _agrees(case.outcome, row.example)
    telling = [hold.value for hold in found if hold.kind == "whole" and _is_telling(hold.value, prose)]
    if telling:
        return _weigh_whole(telling, row, agrees=agrees)
    answer = row.example.expected
    if not agrees or row.example.kind == "raises" or any(is_named(hold.value, prose) for hold in found):
        return Weight.NONE
    if is_trivial(answer) or is_named(answer, prose):
        return Weight.NONE if any(is_conventional(hold.value) for hold in found) else Weight.SLIGHT
    if any(hold.kind == "digest" for hold in found):
        return Weight.STRONG
    if is_label(answer, row.values):
        return Weight.NONE
    return _weigh_small(found, row)


def _weigh_whole(telling: list[object], row: Row, *, agrees: bool) -> Weight:
    if not agrees:
        return Weight.STRONG if any(map(is_peculiar, telling)) else Weight.NONE
    if row.example.kind == "raises":
        is_kind = all(map(is_word, telling))
    else:
        is_kind = is_label(row.example.expected, row.values) and all(isinstance(v, int | float) for v in telling)
    return Weight.WEAK if is_kind else Weight.STRONG


def _weigh_small(found: list[Hold], row: Row) -> Weight:
    if all(map(is_trivial, row.values)):
        whole = frozenset().union(*(hold.touched for hold in found if hold.kind == "whole"))
        odd = [hold for hold in found if hold.kind == "whole" and not is_tiny(hold.value)]
        numbers = isinstance(row.example.expected, int | float)
        return Weight.STRONG if len(whole) > 1 and odd and numbers else Weight.FAINT
    return Weight.WEAK if any(hold.kind == "part" for hold in found) else Weight.NONE


def _is_telling(value: object, prose: str) -> bool:
    return not (is_trivial(value) or is_conventional(value) or is_named(value, prose))


def _agrees(outcome: object, example: Example) -> bool:
    if isinstance(outcome, Raised):
        return example.kind == "raises" and example.expected in {outcome.name, "Exception"}
    return example.kind != "raises" and outcome is not Computed.COMPUTED and same(outcome, example.expected)
