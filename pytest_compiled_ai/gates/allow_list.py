"""Nothing but what computes: the syntax tree held to the policy."""

from __future__ import annotations

from dataclasses import replace

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.policies.policy import Policy
from pytest_compiled_ai.policies.rules import Finding, find_faults
from pytest_compiled_ai.policies.scene import read_scene

_TOLD = 3


class AllowList:
    """Refuses names, modules, attributes and constructs that the policy does not allow."""

    name = "policy"
    stage = Stage.SECURITY

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Judge every node of the body; the model is told of the first few breaches, a sentence each."""
        told: dict[str, Finding] = {}
        try:
            scene = read_scene(candidate, subject, self._policy)
        except SyntaxError as error:
            # A reply was compiled before; what was edited by hand may parse, and be no program all the same.
            return failing(self, f"the body is not valid Python: {error.msg}.")
        for finding in find_faults(scene):
            told.setdefault(finding.what, finding)
            if len(told) == _TOLD:
                break
        if not told:
            return passing(self)
        first = next(iter(told.values()))
        feedback = "\n".join(f"{finding.what}: {finding.instead}." for finding in told.values())
        evidence = {"rule": first.rule, "line": str(first.line)}
        return replace(failing(self, f"{first.what}: {first.instead}.", feedback), evidence=evidence)
