"""The seam between the loop and the checks: what a gate sees, and what it says."""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from pytest_compiled_ai.artifacts.module import Definition, Import
from pytest_compiled_ai.gates.spans import body_lines
from pytest_compiled_ai.specs.model import SpecFile, Stub

if TYPE_CHECKING:
    from pytest_compiled_ai.templates.modules.catalogue import Helper


class Stage(IntEnum):
    """The order in which gates are asked; a candidate that fails one is not shown to the next."""

    OUTPUT = 0
    SECURITY = 1
    SYNTAX = 2
    EXECUTION = 3
    ACCURACY = 4


@functools.lru_cache(maxsize=16)
def _read(function: str) -> Definition:
    node = ast.parse(function).body[0]
    assert isinstance(node, Definition)
    return node


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One body that a model wrote, spliced into its stub.

    `function` is the whole function, or the whole class, as it would stand in the artifact; `header_lines` of it come
    from the spec, and so does all of a class but the bodies of its `methods`, named by their labels. `module` is the
    whole artifact with this candidate in it, and `first_line` the function's line there (from 1). `imports` are the
    bindings that the reply brought along at module level.
    """

    function: str
    header_lines: int
    body: str
    imports: tuple[Import, ...]
    module: str
    first_line: int
    methods: frozenset[str] = frozenset()

    @property
    def node(self) -> Definition:
        """Return its syntax tree, the same one to every gate: they read it, and never change it."""
        return _read(self.function)

    def owns(self, line: int) -> bool:
        """Tell whether the model wrote a line of `function`, counted from 1."""
        if self.methods:
            return line in body_lines(self.function, self.methods)
        return self.header_lines < line <= self.function.count("\n") + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate found. `message` is one line for people; `feedback` is what the model is told, bounded.

    `score` orders failures of one gate: the share of its checks that passed. `faults` are single things that were
    wrong, a line each. `evidence` goes into the report.
    """

    gate: str
    stage: Stage
    passed: bool
    message: str = ""
    feedback: str = ""
    faults: tuple[str, ...] = ()
    score: float = 0.0
    seconds: float = 0.0
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What of a spec's tests no model is told, before a body passes: neither in a prompt nor in feedback.

    `rows` maps a parametrized test, by its id without parameters, to the numbers of its rows; `examples` are numbers of
    the docstring's examples, both from 0. `names` are the same for people and for verdicts: the rows' node ids, and
    examples as `name_example` writes them.
    """

    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    examples: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The spec that a candidate is for: its file, its stub, and the names that its body may use.

    `target` is the artifact's path relative to the project's root, with forward slashes. `tests` are the node ids that
    must pass, frozen before the first prompt; `skips` those that declare themselves skipped; `test_paths` the files
    that hold them, relative to the root. `used` are the other stubs that the body may call. What is `held` has to pass
    as the other tests do, and is told to no model. Those of the `constants` that its template offers are `helpers`.
    """

    file: SpecFile
    stub: Stub
    target: str
    imports: tuple[Import, ...]
    constants: Mapping[str, str]
    used: tuple[Stub, ...] = ()
    test_paths: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    held: HeldOut = field(default_factory=HeldOut)
    helpers: tuple[Helper, ...] = ()


class Gate(Protocol):
    """One check of a candidate. A gate that cannot do its work raises HarnessError; it never passes by default."""

    name: str
    stage: Stage

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Judge one candidate."""
        ...


def name_example(test: str, line: str) -> str:
    """Return what a docstring's example is called: the test that runs it, and its first line as it is written."""
    return f"{test} {' '.join(line.split())}"


def passing(gate: Gate, **evidence: str) -> Verdict:
    """Return a gate's yes."""
    return Verdict(gate=gate.name, stage=gate.stage, passed=True, score=1.0, evidence=evidence)


def failing(gate: Gate, message: str, feedback: str = "", score: float = 0.0, faults: tuple[str, ...] = ()) -> Verdict:
    """Return a gate's no; the message stands for `feedback` that is not given, and its lines for `faults`."""
    return Verdict(
        gate=gate.name,
        stage=gate.stage,
        passed=False,
        message=message,
        feedback=feedback or message,
        faults=faults or tuple(line for line in (feedback or message).splitlines() if line.strip()),
        score=score,
    )
