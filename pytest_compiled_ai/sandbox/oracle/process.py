"""The oracle's process, as its parent holds it: jailed, with a pipe for orders beside the one for records."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from pytest_compiled_ai.sandbox.jail.job import Confinement, Job, Outcome
from pytest_compiled_ai.sandbox.jail.process import end, read_confinement, spawn
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.jail.streams import Output, Records
from pytest_compiled_ai.sandbox.jail.watch import Watch, has_ended
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.oracle.commands import ABANDON, RUN
from pytest_compiled_ai.sandbox.suite.run import hidden_paths, make_job

_PLUGIN: Final = "pytest_compiled_ai.sandbox.oracle.child"
_ORDER: Final = "order.json"
_GRACE: Final = 5.0
"""Seconds beyond a run's own limit, which the oracle itself keeps, after which it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an oracle tests, and where its workers come from.

    `module` is the artifact's import name and `spec` the spec file's path; that and the test `paths` are relative to
    the project's root. `skeleton` is the artifact's text, of which all but the bodies is used. `workers` are the
    descriptors of the sockets of one zygote or of two, whose workers are asked the same.
    """

    shadow: Shadow
    module: str
    spec: str
    skeleton: str
    paths: tuple[str, ...]
    workers: tuple[int, ...]
    extra_args: tuple[str, ...] = ()


class OracleProcess:
    """One start of the oracle. `refusal` is how that ended where the tests could not be collected, else None.

    Raises:
        SandboxError: it could not be jailed.
    """

    def __init__(self, setting: Setting, limits: Limits) -> None:
        self._limits = limits
        self._lock, self._is_closed = threading.Lock(), False
        self._scratch = Scratch()
        receiver, sender = os.pipe()
        commands, self._orders = os.pipe()
        self._receiver = receiver
        self._process: subprocess.Popen[bytes] | None = None
        self.confinement: Confinement | None = None
        try:
            self._process = spawn(_job(setting, limits, self._scratch, commands), sender)
            self.refusal = self._start()
        except BaseException:
            self.close()
            raise
        finally:
            os.close(sender)
            os.close(commands)

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be given orders."""
        return self._process is not None and not has_ended(self._process)

    def run(self, order: Mapping[str, object]) -> Outcome:
        """Give one order and wait until it is carried out; what did not come back alive is not alive any more."""
        # By a file, however long it is: a pipe that nobody reads would hold us up for ever.
        (self._scratch.given / _ORDER).write_text(json.dumps(order), encoding="utf-8")
        with suppress(BrokenPipeError):
            os.write(self._orders, RUN)
        outcome = self._hear("done", replace(self._limits, wall=self._limits.wall + _GRACE))
        if outcome.ending == "timeout":
            return replace(outcome, reason=f"ran longer than {self._limits.wall:g} s")
        return outcome

    def abandon(self) -> None:
        """Have the order that is being carried out, if there is one, ended as soon as may be; from any thread."""
        with self._lock, suppress(BrokenPipeError):
            if not self._is_closed:
                os.write(self._orders, ABANDON)

    def stop(self) -> None:
        """Kill it with all its forks, and leave what it was read by to `close`."""
        if self._process is not None and not has_ended(self._process):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it with all its forks, and leave nothing behind."""
        if self._process is not None:
            end(self._process)
        with self._lock:
            # Its number may be another file's from now on.
            self._is_closed = True
            os.close(self._orders)
        os.close(self._receiver)
        self._scratch.__exit__(None, None, None)

    def _start(self) -> Outcome | None:
        # Its own preparations after the collection are no run of tests, and no candidate answers for their time.
        outcome = self._hear("ready", replace(self._limits, wall=self._limits.startup))
        self.confinement = outcome.confinement
        return None if self.is_alive else outcome

    def _hear(self, event: str, limits: Limits) -> Outcome:
        """Wait for a record; whoever does not send it is ended."""
        process, started = self._process, time.monotonic()
        assert process is not None
        assert process.stdout is not None
        output = Output(process.stdout.fileno(), limits.output)
        records = Records(self._receiver, limits.records)
        ending, reason = _Wait(process, (output, records), records, event).until_end(limits, self._scratch)
        last = next((record for record in records.all if record["event"] == event), None)
        if last is None or ending != "exited":
            end(process)
        code = process.returncode if process.returncode is not None else int(str((last or {}).get("returncode", 0)))
        return Outcome(
            ending="timeout" if last and last.get("timed_out") else ending,
            returncode=code,
            reason=reason,
            records=tuple(records.all),
            output=output.text,
            seconds=time.monotonic() - started,
            confinement=self.confinement or read_confinement(records, output),
        )


class _Wait(Watch):
    """A watch over a child that lives on: it is over when a certain record has come."""

    def __init__(
        self, process: subprocess.Popen[bytes], streams: tuple[Output, Records], records: Records, event: str
    ) -> None:
        super().__init__(process, streams, records)
        self._event = event

    def is_done(self) -> bool:
        """Tell whether the record has come, or never will."""
        return any(record["event"] == self._event for record in self._records.all) or super().is_done()


def _job(setting: Setting, limits: Limits, scratch: Scratch, commands: int) -> Job:
    shadow = setting.shadow
    orders = {
        "select": None,
        "cover": None,
        "hidden": hidden_paths(shadow, scratch),
        "module": setting.module,
        "spec": str(shadow.root / setting.spec),
        "skeleton": setting.skeleton,
        "commands": commands,
        "workers": setting.workers,
        "order": str(scratch.given / _ORDER),
        "tmp": str(scratch.tmp / "run"),
    }
    job = make_job(shadow, scratch, _PLUGIN, (*setting.extra_args, *setting.paths), orders, limits)
    return replace(job, inherited=(commands, *setting.workers), forks=True)
