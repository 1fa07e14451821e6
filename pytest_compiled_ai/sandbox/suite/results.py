"""The records of one jailed run of tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pytest_compiled_ai.sandbox.jail.tier import Tier

Status = Literal["finished", "timeout", "killed", "crashed", "overflow", "collection"]
TestOutcome = Literal["passed", "xpassed", "xfailed", "skipped", "failed", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """How one test ended; `kind` is the name of the exception's class and `detail` what a model should read.

    `transcript` holds its calls and their answers as hashes, in the sealed tier; see `sandbox/worker/transcript.py`.
    """

    __test__: ClassVar[bool] = False

    id: str
    outcome: TestOutcome
    phase: str
    detail: str
    kind: str
    transcript: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCoverage:
    """What a run executed of one file: line numbers, and branches as (from line, to line), to < 0 for an exit."""

    executed: tuple[int, ...]
    missing: tuple[int, ...]
    missing_branches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """One run of the selected tests.

    `reason` is one line for people: why the run did not finish, or a limit that its tests met. `running` is the test
    that was on when it ended early. Only with the status `finished` has every collected test a result, unless the
    run was told to stop after a failure. In the jailed tier the results are the word of a process that the candidate
    was in. In the sealed one `calls` counts the calls from passing tests that reached each stub, and `needs_jail` says
    which argument could not be sent to a worker.
    """

    __test__: ClassVar[bool] = False

    status: Status
    reason: str
    collected: tuple[str, ...]
    results: tuple[TestResult, ...]
    running: str | None
    seconds: float
    output: str
    coverage: FileCoverage | None
    tier: Tier
    calls: Mapping[str, int] = field(default_factory=dict)
    needs_jail: str = ""
