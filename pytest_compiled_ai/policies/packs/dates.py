"""Dates and times: each moment says its time zone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.rules.finding import Finding

NAME = "naive-times"
_PLACES = {"": 7, ".now": 0, ".fromtimestamp": 1, ".combine": 2}
"""Where the time zone stands among the arguments of `datetime` and of its makers."""
_NEVER = frozenset({".utcnow", ".utcfromtimestamp", ".today"})
_INSTEAD = "give it a time zone, as `tzinfo=timezone.utc`"


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    for node in reading.nodes:
        if isinstance(node, ast.Call) and _is_naive(node, reading) and not _is_mended(node, reading):
            what = f"`{ast.unparse(node.func)}` makes a time without a zone"
            yield Finding(rule=NAME, what=what, instead=_INSTEAD, line=node.lineno)


def _is_naive(call: ast.Call, reading: Reading) -> bool:
    makers = {
        name.removeprefix("datetime.datetime") for name in read_calls(reading).origins(call.func) if _makes_time(name)
    }
    if makers & _NEVER:
        return True
    if ".strptime" in makers:
        return not any("%z" in text for text in _texts(call))
    if places := [_PLACES[maker] for maker in makers if maker in _PLACES]:
        zone = next((k.value for k in call.keywords if k.arg in {"tz", "tzinfo"}), None)
        is_starred = any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords)
        return _is_none(zone) if zone else len(call.args) <= min(places) and not is_starred
    return isinstance(call.func, ast.Attribute) and call.func.attr == "replace" and _drops_zone(call)


def _makes_time(name: str) -> bool:
    return name == "datetime.datetime" or name.startswith("datetime.datetime.")


def _drops_zone(call: ast.Call) -> bool:
    return any(keyword.arg == "tzinfo" and _is_none(keyword.value) for keyword in call.keywords)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _texts(call: ast.Call) -> list[str]:
    return [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _is_mended(call: ast.Call, reading: Reading) -> bool:
    """Tell whether a time is given its zone at once: `datetime.strptime(...).replace(tzinfo=...)`."""
    attribute = reading.parent(call)
    outer = reading.parent(attribute) if isinstance(attribute, ast.Attribute) else None
    if not (isinstance(outer, ast.Call) and isinstance(attribute, ast.Attribute)):
        return False
    is_given = any(k.arg == "tzinfo" and not _is_none(k.value) for k in outer.keywords)
    # A date has no zone, and needs none.
    return (attribute.attr == "replace" and is_given) or attribute.attr == "date"


NAIVE_TIMES = PackRule(
    name=NAME, explain="A `datetime` that the body makes has a time zone, and none loses it.", check=_check
)
