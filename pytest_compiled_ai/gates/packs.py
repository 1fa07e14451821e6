"""The rules of the policy packs that hold for a spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Candidate, Gate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.policies.packs.base import Pack
from pytest_compiled_ai.policies.packs.catalogue import packs_of
from pytest_compiled_ai.policies.rules.finding import Finding

_TOLD = 3


class Packs:
    """Refuses what breaks a rule of a pack that the project or the spec names."""

    name = "packs"
    stage = Stage.SECURITY

    def __init__(self, config: Config) -> None:
        self._config = config

    def holds_for(self, subject: Subject) -> bool:
        """Tell whether the project or the spec names a pack."""
        return bool(self._config.policies or subject.stub.options.policies)

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Judge the body by every rule; the model is told of the first few breaches, a sentence each."""
        packs = packs_of(self._config, subject.stub)
        evidence = {"packs": ", ".join(pack.name for pack in packs)}
        told: dict[str, Finding] = {}
        try:
            for finding in _find_breaches(packs, candidate, subject):
                told.setdefault(f"{finding.what}: {finding.instead}.", finding)
        except SyntaxError as error:
            return failing(self, f"the body is not valid Python: {error.msg}.")
        if not told:
            return passing(self, **evidence)
        first = min(told.values(), key=lambda finding: finding.line)
        evidence |= {"rule": first.rule, "line": str(first.line)}
        feedback = "\n".join(sorted(told, key=lambda text: told[text].line)[:_TOLD])
        message = f"{first.rule}: {first.what} (line {first.line}): {first.instead}."
        return replace(failing(self, message, feedback), evidence=evidence)


def is_asked(gate: Gate, subject: Subject) -> bool:
    """Tell whether a gate is asked about a spec's bodies: that of the packs only where one holds."""
    return not isinstance(gate, Packs) or gate.holds_for(subject)


def _find_breaches(packs: Sequence[Pack], candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    rules = {rule.name: rule for pack in packs for rule in pack.rules}
    for rule in rules.values():
        yield from rule.check(candidate, subject)
