"""Gates asked in their order, up to the first that says no; the slow ones work while the quick ones are heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pytest_compiled_ai.gates.base import Candidate, Gate, Stage, Subject, Verdict
from pytest_compiled_ai.gates.early import Early


def ask_gates(
    gates: Sequence[Gate], candidate: Candidate, subject: Subject, started: Callable[[str], None]
) -> tuple[Verdict, ...]:
    """Return the verdicts of gates, up to the first that says no.

    `started` is told the name of each gate that is asked. What passes the stage of security is given to every early
    gate at once; a refusal by a gate in front of it stands all the same.
    """
    verdicts: list[Verdict] = []
    early = [gate for gate in gates if isinstance(gate, Early)]
    begun = False
    try:
        for gate in gates:
            started(gate.name)
            at = time.monotonic()
            if not begun and gate.stage > Stage.SECURITY:
                begun = True
                _begin(early, candidate, subject)
            verdicts.append(replace(gate.check(candidate, subject), seconds=time.monotonic() - at))
            if not verdicts[-1].passed:
                break
    finally:
        if begun and not _all_passed(verdicts, gates):
            _abandon(early)
    return tuple(verdicts)


def _begin(gates: Iterable[Early], candidate: Candidate, subject: Subject) -> None:
    for gate in gates:
        gate.begin(candidate, subject)


def _abandon(gates: Iterable[Early]) -> None:
    for gate in gates:
        gate.abandon()


def _all_passed(verdicts: Sequence[Verdict], gates: Sequence[Gate]) -> bool:
    return len(verdicts) == len(gates) and all(verdict.passed for verdict in verdicts)
