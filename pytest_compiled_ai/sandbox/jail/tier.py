"""How well a jailed run is sealed on this machine, found out by trying to break out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.folder import Folder
from pytest_compiled_ai.sandbox.jail.grants import machine_grants
from pytest_compiled_ai.sandbox.jail.job import Confinement, Job, Outcome
from pytest_compiled_ai.sandbox.jail.process import PACKAGE, run
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.kernel.limits import Limits

_NOTHING = Confinement(landlock=0, seccomp=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """The mechanisms in force; `verified` if both are there and the self-test got nowhere, `problem` says why not.

    `sealed` is for a worker's: its filter alone holds it, and the other mechanisms are a second wall where they are.
    """

    confinement: Confinement
    verified: bool
    problem: str = ""
    sealed: bool = False
    namespaces: bool = False

    def __str__(self) -> str:
        if self.sealed and self.verified:
            landlock = f"landlock v{self.confinement.landlock} + " if self.confinement.landlock else ""
            return f"sealed: {'namespaces + ' if self.namespaces else ''}{landlock}seccomp"
        if self.sealed:
            return "not sealed: unverified"
        landlock = f"landlock v{self.confinement.landlock} + " if self.confinement.landlock else ""
        seccomp = "seccomp + " if self.confinement.seccomp else ""
        only = "" if landlock or seccomp else " only"
        return f"jailed: {landlock}{seccomp}limits{only}{'' if self.verified else ', unverified'}"


@cache
def detect_tier() -> Tier:
    """Return the tier of this machine: one short child is jailed and tries what it must not be able to do."""
    with Folder("private") as folder:
        private = folder.path
        (private / "secret").write_text("secret", encoding="utf-8")
        try:
            outcome = _probe(private)
        except SandboxError as error:
            return Tier(confinement=_NOTHING, verified=False, problem=str(error))
        return _judged(outcome, was_written=(private / "planted").exists())


def _probe(private: Path) -> Outcome:
    with Scratch() as scratch:
        return run(
            Job(
                module="pytest_compiled_ai.sandbox.jail.probe",
                argv=(str(private),),
                folder=scratch.tmp,
                scratch=scratch,
                path=(str(PACKAGE.parent), *_standard_library()),
                grants=machine_grants(private),
                limits=Limits(startup=20.0),
            )
        )


def _judged(outcome: Outcome, *, was_written: bool) -> Tier:
    match outcome.records:
        case [{"event": "probed", "breaches": list(found)}]:
            breaches = [str(name) for name in found] or (["wrote a private file"] if was_written else [])
            problem = f"a jailed process {', '.join(breaches)}" if breaches else ""
        case _:
            problem = f"the self-test did not end well ({outcome.reason or outcome.returncode})"
    complete = bool(outcome.confinement.landlock) and outcome.confinement.seccomp
    return Tier(confinement=outcome.confinement, verified=complete and not problem, problem=problem)


def _standard_library() -> tuple[str, ...]:
    import sysconfig

    paths = sysconfig.get_paths()
    return (paths["stdlib"], paths["platstdlib"], str(Path(paths["stdlib"]) / "lib-dynload"))
