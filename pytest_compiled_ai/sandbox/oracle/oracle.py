"""The oracle: real pytest in a process that no candidate enters, started once for a spec and forked for each run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from types import TracebackType
from typing import Final

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.streams import Record
from pytest_compiled_ai.sandbox.jail.tier import Tier, detect_tier
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.oracle.process import OracleProcess, Setting
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.suite.verdict import read_outcome

_DEFAULTS: Final = Limits()


class Oracle:
    """Runs the tests of one spec file against one artifact after the other.

    It starts with the first run, and anew after a run that it did not survive. One run at a time.

    Args:
        setting: what is tested, and by what.
        limits: of one run; `startup` is for the collection, once.
        tier: how well the workers are sealed.
    """

    def __init__(self, setting: Setting, *, tier: Tier, limits: Limits = _DEFAULTS) -> None:
        self._setting, self._tier, self._limits = setting, tier, limits
        self._process: OracleProcess | None = None

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(
        self,
        program: str,
        *,
        select: Collection[str] | None = None,
        stop_after: int = 0,
    ) -> TestRun:
        """Run the tests against an artifact of the text `program`.

        `select` keeps the tests whose node id, or its part before "[", is in it; `stop_after` ends the run at so many
        failures.

        Raises:
            SandboxError: the oracle, or the zygote, broke; no candidate is to blame.
        """
        process = self._ready()
        outcome = process.refusal or process.run(
            {
                "program": program,
                "select": None if select is None else sorted(select),
                "stop_after": stop_after,
                "wall": self._limits.wall,
            }
        )
        for record in outcome.records:
            if record["event"] == "broken":
                raise SandboxError(str(record.get("reason")))
        # Any failure may end a run that may stop: properties are not begun after one.
        run = read_outcome(outcome, limits=self._limits, stop_after=min(stop_after, 1), tier=self._tier)
        if run.status in {"crashed", "killed"}:
            raise SandboxError(f"oracle: the process of the tests {run.reason}; no candidate is to blame.")
        return replace(run, calls=_count_calls(outcome.records), needs_jail=_find_unsendable(outcome.records))

    def abandon(self) -> None:
        """Make an end of the run that is on, from any thread: it raises `SandboxError`, and the next one is as any."""
        if (process := self._process) is not None:
            process.abandon()

    def stop(self) -> None:
        """Kill the process, from any thread; the run that is on raises `SandboxError`, and `close` has to follow."""
        if (process := self._process) is not None:
            process.stop()

    def close(self) -> None:
        """End the process, if there is one; may be called twice."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _ready(self) -> OracleProcess:
        process = self._process
        if process is not None and (process.refusal is not None or process.is_alive):
            return process
        self.close()
        process = self._process = OracleProcess(self._setting, self._limits)
        tier = detect_tier()
        if tier.verified and process.confinement != tier.confinement:
            self.close()
            raise SandboxError(f"oracle: it was jailed less than the machine allows ({tier}); run it again.")
        return process


def _count_calls(records: Iterable[Record]) -> dict[str, int]:
    calls: Counter[str] = Counter()
    for record in records:
        match record:
            case {"event": "result", "outcome": "passed", "calls": dict(found)}:
                calls.update(found)
    return dict(calls)


def _find_unsendable(records: Iterable[Record]) -> str:
    reasons = (str(record.get("reason")) for record in records if record["event"] == "needs-jail")
    return next(reasons, "")
