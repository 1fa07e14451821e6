"""Anything in, a valid value out: where there is none, a declared fallback."""

from __future__ import annotations

import ast

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_nodes
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.contract import FALLBACK, find_fallback
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.validity import find_fault

_PROMPT = (
    "It is a validator. Convert inside a `try` and check the value by each rule. Wherever a rule is broken, or the "
    "conversion fails, return {fallback}, by its name. Do not raise, whatever comes."
)
_NAMES = (FALLBACK.lower(), FALLBACK)


def find_misfit(form: Form) -> str:
    """Return what a stub lacks of "value in, valid value out"."""
    if not form.parameters:
        return "a parameter: the value to validate"
    name = find_fallback(form)
    if not name:
        return f"a fallback: a parameter `{_NAMES[0]}`, or a constant {FALLBACK} of the spec file"
    if name in form.constants and (fault := find_fault(form.constants[name], form.result)):
        return f"a {name} of the return type, and it {fault}"
    return ""


class Fallback:
    """Refuses a body that does not name its fallback: a copy of its value would go on standing when that changes."""

    name = "fallback"
    stage = Stage.SYNTAX

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look for a name that stands for the fallback."""
        names = {node.id for node in own_nodes(candidate) if isinstance(node, ast.Name)}
        found = sorted(name for name in names if name == _NAMES[0] or FALLBACK in name)
        if found:
            return passing(self, fallback=found[0])
        wanted = next((name for name in subject.constants if FALLBACK in name), _NAMES[0])
        return failing(self, f"the body never uses `{wanted}`; return it, by its name, for what is not valid.")


VALIDATOR = Template(
    name="validator",
    summary="value -> valid value, or a declared fallback",
    prompt=_PROMPT,
    modules=("dates", "money", "numbers"),
    find_misfit=find_misfit,
    properties=("total", "unmodified", "valid", "deterministic"),
    gates=(Fallback(),),
)
