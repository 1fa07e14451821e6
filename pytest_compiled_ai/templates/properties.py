"""The free properties: what holds for every answer of a template's functions, whatever the spec is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import UNASKED, Answer
from pytest_compiled_ai.evaluation.notation import write_value
from pytest_compiled_ai.templates.contract import find_schemas
from pytest_compiled_ai.templates.declared import is_declared
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.grounding import find_ungrounded
from pytest_compiled_ai.templates.schema import find_schema_fault
from pytest_compiled_ai.templates.validity import find_fault

_UNSENT = ("could not be asked", "is of an unknown type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call, answered by workers of two hash seeds; `declared` are the exceptions that may come.

    `known` is what the spec says in words: a value may come from there.
    """

    form: Form
    input: Input
    answer: Answer
    again: Answer
    declared: frozenset[str] = frozenset()
    known: str = ""

    @property
    def is_answered(self) -> bool:
        """Tell whether the body was asked: an argument may be what cannot be sent, and time be short on the machine."""
        was_kept_waiting = _is_late(self.answer) and self.again.kind != "none"
        return not (self.answer == UNASKED or _is_unsent(self.answer) or was_kept_waiting)


def _is_unsent(answer: Answer) -> bool:
    return answer.kind == "none" and any(sign in answer.text for sign in _UNSENT)


def _is_late(answer: Answer) -> bool:
    return answer.kind == "none" and answer.text.startswith("ran longer")


def _total(case: Case) -> str:
    """Return how a call ended without an answer, but by a declared exception."""
    if case.answer.kind == "none":
        return f"gave no answer: it {case.answer.text}"
    if case.answer.kind == "value" or is_declared(case.answer.text, case.declared, case.form.types.bases):
        return ""
    allowed = f", where only {' or '.join(sorted(case.declared))} may come" if case.declared else ""
    return f"raised {case.answer.text}{allowed}"


def _unmodified(case: Case) -> str:
    """Return what a call made of its arguments."""
    before = write_value(case.input.arguments), write_value(dict(case.input.keywords))
    is_same = case.answer.kind != "value" or all(
        # What is long was cut.
        was.startswith(now.removesuffix("…")) for was, now in zip(before, case.answer.after, strict=True)
    )  # fmt: skip
    return "" if is_same else f"changed its arguments, to {case.answer.after[0]}"


def _valid(case: Case) -> str:
    """Return what is wrong about the value of a call by the return type, or by the schema."""
    if case.answer.kind != "value":
        return ""
    schemas = find_schemas(case.form).items()
    faults = [find_fault(case.answer.value, case.form.result)]
    faults += [find_schema_fault(case.answer.value, schema) for _, schema in schemas]
    found = next(filter(None, faults), "")
    shown = _cut(case.answer.text)
    return f"gave {shown}: {_joined('the value', found)}" if found else ""


def _grounded(case: Case) -> str:
    """Return which value of a record does not stand in the document."""
    if case.answer.kind != "value":
        return ""
    found = find_ungrounded(case.answer.value, (case.input.arguments, dict(case.input.keywords)), case.known)
    return f"gave {_cut(case.answer.text)}: {found}, which does not stand in the document" if found else ""


def _deterministic(case: Case) -> str:
    """Return how two processes differ."""
    if UNASKED in (case.answer, case.again) or _is_late(case.again) or case.answer.key == case.again.key:
        return ""
    words = [_cut(each.text) for each in (case.answer, case.again)]
    return f"gave {words[0]} in one process and {words[1]} in another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property: what is wrong about a case, or "", and what a model is advised."""

    find_fault: Callable[[Case], str]
    advice: str


PROPERTIES: Final[Mapping[str, Property]] = {
    "total": Property(
        find_fault=_total,
        advice="It must return a value for any arguments of its types: empty, cut, and strange ones, too.",
    ),
    "unmodified": Property(find_fault=_unmodified, advice="It must leave its arguments as they are: work on a copy."),
    "valid": Property(find_fault=_valid, advice="Every value must be of its declared type, and keep to the schema."),
    "grounded": Property(
        find_fault=_grounded,
        advice="Take every value from the document; where it says nothing, give None or an empty text.",
    ),
    "deterministic": Property(
        find_fault=_deterministic,
        advice="Do not rely on the order of a set, on hash(), id(), chance, the clock or earlier calls.",
    ),
}


def _joined(what: str, fault: str) -> str:
    return f"{what}{fault}" if fault[:1] in ".[" else f"{what} {fault}"


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:197]}..."
