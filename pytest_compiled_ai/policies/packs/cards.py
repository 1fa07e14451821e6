"""Card numbers: none whole in a result, a log or an exception, and none written out in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module

from pytest_compiled_ai.gates.answers.values import UnknownValueError, fold
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.exceptions import find_raised
from pytest_compiled_ai.policies.packs.logs import find_logged
from pytest_compiled_ai.policies.packs.reading import read_body
from pytest_compiled_ai.policies.packs.sources import card_data
from pytest_compiled_ai.policies.rules.finding import Finding

DATA, LITERALS = "card-data", "card-literals"
_DIGITS = re.compile(r"(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)")
_WHOLE = "more of a card than its last four digits"


def _check_data(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    taint = card_data(reading)
    for node in reading.nodes:
        if not isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) or node.value is None:
            continue
        if reading.scopes.owner(node) in reading.functions and taint.carries(node.value):
            instead = 'return no more than `"*" * (len(number) - 4) + number[-4:]`'
            yield Finding(rule=DATA, what=f"the result has {_WHOLE}", instead=instead, line=node.lineno)
    yield from find_logged(candidate, subject, DATA, card_data, _WHOLE)
    yield from find_raised(candidate, subject, DATA, card_data, _WHOLE)


def _check_literals(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    for node in read_body(candidate, subject).nodes:
        if isinstance(node, ast.Constant | ast.BinOp | ast.JoinedStr | ast.Call) and _is_card_number(node):
            what = "a card number is written out in the code"
            yield Finding(rule=LITERALS, what=what, instead="leave it out, and compute", line=node.lineno)


def _is_card_number(node: ast.expr) -> bool:
    try:
        value = fold(node, {})
    except UnknownValueError:
        return False
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    # Imported when a text is looked at: most bodies have none that long.
    valid: Callable[[str], bool] = import_module("stdnum.luhn").is_valid
    return any(valid(re.sub(r"\D", "", match[0])) for match in _DIGITS.finditer(text))


CARD_DATA = PackRule(
    name=DATA,
    explain="Of a card's number no more than the last four digits is returned, logged or raised.",
    check=_check_data,
)
CARD_LITERALS = PackRule(
    name=LITERALS,
    explain="No number that a card could have (13 to 19 digits with Luhn's check digit) stands in the code.",
    check=_check_literals,
)
