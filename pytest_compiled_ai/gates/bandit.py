"""Nothing that bandit knows, run in this process: it reads syntax trees, and runs nothing."""

from __future__ import annotations

import io
import logging
import warnings
from typing import Any

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.policies.policy import SEVERITIES, Policy

_NAME = "candidate.py"
_SKIPPED = frozenset({"B101"})
"""`assert` is a matter of taste in a function body, not of safety."""


class Bandit:
    """Refuses what bandit reports, from the policy's severity up, with its own suppression comments ignored."""

    name = "bandit"
    stage = Stage.SECURITY

    def __init__(self, policy: Policy) -> None:
        self._least = SEVERITIES.index(policy.bandit)

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run bandit's own tests over the candidate; what they find in the spec's lines is not its."""
        logging.getLogger("bandit").setLevel(logging.ERROR)
        with warnings.catch_warnings():
            # Its own imports warn, which a project may have made an error.
            warnings.simplefilter("ignore")
            manager = run_bandit(candidate.module)
        if manager.skipped:
            return failing(self, f"bandit could not read the candidate: {manager.skipped[0][1]}.")
        for issue in manager.get_issue_list():
            severity = issue.severity.lower()
            is_grave = severity not in SEVERITIES or SEVERITIES.index(severity) >= self._least
            is_asked = issue.test_id == "B324" and _asks_for(issue.text, subject)
            if is_grave and not is_asked and issue.test_id not in _SKIPPED and _concerns(issue.lineno, candidate):
                return failing(self, f"bandit {issue.test_id} ({severity}): {issue.text}")
        return passing(self)


def run_bandit(module: str) -> Any:
    """Return bandit's manager after it has read a module."""
    from bandit.core.config import BanditConfig
    from bandit.core.manager import BanditManager

    manager = BanditManager(BanditConfig(), "file", ignore_nosec=True, quiet=True)
    manager._parse_file(_NAME, io.BytesIO(module.encode()), [_NAME])
    return manager


def _asks_for(complaint: str, subject: Subject) -> bool:
    """Tell whether the spec names the weak hash that is complained of: an MD5 that is asked for is no flaw."""
    asked = f"{subject.stub.name} {subject.stub.docstring}".upper().replace("-", "")
    return any(name in complaint and name in asked for name in ("MD4", "MD5", "SHA1"))


def _concerns(line: int, candidate: Candidate) -> bool:
    if candidate.owns(line - candidate.first_line + 1):
        return True
    return candidate.module.splitlines()[line - 1] in {item.line for item in candidate.imports}
