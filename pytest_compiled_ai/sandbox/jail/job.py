"""One module to run in the jail, and how its run ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.jail.streams import Record
from pytest_compiled_ai.sandbox.jail.watch import Ending
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.kernel.rights import Grants


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One module to run as `__main__`, and all that it may see.

    `path` is the child's whole `sys.path`; `moved` maps real folders to the copies that stand for them; `env` is added
    to the few variables that every child gets. Nothing else of the parent's environment is passed on, and no descriptor
    but those `inherited`. A child that `forks` may have children of its own, in its group; no other may.
    """

    module: str
    argv: tuple[str, ...] = ()
    folder: Path
    scratch: Scratch
    path: tuple[str, ...]
    grants: Grants
    moved: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    inherited: tuple[int, ...] = ()
    forks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """The mechanisms that a child closed around itself: Landlock's interface version, 0 for none, and seccomp."""

    landlock: int
    seccomp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a jailed run ended.

    `returncode` is negative for a signal; `reason` says which limit was passed, and is empty where none was; `output`
    is the end of what was printed. The records are the child's own word, but for `confinement`, which it gave before it
    ran anything.
    """

    ending: Ending
    returncode: int
    reason: str
    records: tuple[Record, ...]
    output: str
    seconds: float
    confinement: Confinement
