"""Gates that are for the specs of some templates alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pytest_compiled_ai.gates.base import Candidate, Gate, Subject, Verdict
from pytest_compiled_ai.templates.base import Template


class TemplateGate:
    """A gate that is asked about the bodies of certain templates.

    Args:
        gate: the gate.
        templates: the names of the templates.
    """

    def __init__(self, gate: Gate, templates: Collection[str]) -> None:
        self.name, self.stage = gate.name, gate.stage
        self.templates = frozenset(templates)
        self._gate = gate

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Ask the gate."""
        return self._gate.check(candidate, subject)


def concerns(gate: Gate, subject: Subject) -> bool:
    """Tell whether a gate is asked about a spec's bodies: one of a template only where the spec names that."""
    return not isinstance(gate, TemplateGate) or subject.stub.options.template in gate.templates


def gates_of_templates(templates: Iterable[Template], properties: Gate) -> list[Gate]:
    """Return the templates' own gates, and the one that their properties are held by."""
    known = list(templates)
    own: list[Gate] = [TemplateGate(gate, [each.name]) for each in known for gate in each.gates]
    return [*own, TemplateGate(properties, [each.name for each in known if each.properties])]
