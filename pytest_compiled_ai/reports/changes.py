"""What a reviewer has to know of each spec, as data; every sink of `compiled-ai report` draws from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pytest_compiled_ai import __version__
from pytest_compiled_ai.evaluation.strength import Measured
from pytest_compiled_ai.reports.model import SpecResult
from pytest_compiled_ai.specs.model import State

Kind = Literal["added", "changed", "removed", "unchanged", "listed"]
Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One text before and after, empty where there was or is none."""

    title: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """A gate that said yes, and its evidence."""

    gate: str
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers that bodies give where a spec leaves a call open; `test` would decide for it."""

    answer: str
    bodies: int
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a body came from, as its record says. Tokens are over all attempts; `cost` is None without a price.

    `changes` tells what the body changes for its callers, a line each; `call` is what the spec leaves open.
    """

    provider: str = ""
    model: str = ""
    based_on: str = ""
    attempt: int = 0
    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    prompt: str = ""
    seed: int = 0
    temperature: float = 0.0
    compiler: str = ""
    tier: str = ""
    coverage: str = ""
    gates: tuple[GateLine, ...] = ()
    tests: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    call: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecChange:
    """One spec, between the base and the working tree.

    `kind` is `listed` where there is no base; `state` is None where it is gone or cannot be told. `message` is one line
    that says where it stands and what mends it, empty where it is fresh. `inputs` are those of its digest that changed
    since the base's body was made, `edits` their texts. Without an `origin` no record vouches for the body; it
    `is_unapproved` where a review is required and nobody made one. `line` and `body_line` count from 1. `result` is
    what the reported run did.
    """

    id: str
    kind: Kind
    state: State | None
    path: str
    line: int
    artifact: str
    body_line: int = 1
    inputs: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    body: Edit
    origin: Origin | None = None
    strength: Measured | None = None
    result: SpecResult | None = None
    message: str = ""
    is_unapproved: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a reviewer should look at it: it changed, or the reported run did something about it."""
        ran = self.result is not None and self.result.outcome not in {"fresh", "kept"}
        return self.kind != "unchanged" or ran

    @property
    def has_new_body(self) -> bool:
        """Whether the text of its body is not the base's."""
        return self.body.old != self.body.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at: by which rule, how grave, and where. `subject` names it from report to report."""

    rule: str
    level: Level
    path: str
    line: int
    subject: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """All of it. `base` is what the tree is compared with, empty where it is compared with nothing, as `notice` says.

    `prefix` is the project's folder below the top of its repository, empty or ending with a slash. `states` counts all
    specs, also those that are not in `specs`; `stray` are findings about anything else.
    """

    project: str
    base: str = ""
    notice: str = ""
    prefix: str = ""
    states: Mapping[str, int] = field(default_factory=dict)
    specs: tuple[SpecChange, ...] = ()
    stray: tuple[Finding, ...] = ()
    compiler: str = __version__

    @property
    def tokens(self) -> int:
        """All tokens of the bodies that are new, or of the run that is reported."""
        return sum(count_tokens(spec) for spec in self.specs)

    @property
    def cost(self) -> float | None:
        """What they cost, None where no price is known."""
        costs = [cost for spec in self.specs if (cost := find_cost(spec)) is not None]
        return sum(costs) if costs else None


def count_tokens(spec: SpecChange) -> int:
    """Return the tokens that were spent on a spec: by the reported run, else on a body that is not the base's."""
    if spec.result:
        return spec.result.prompt_tokens + spec.result.completion_tokens
    return spec.origin.tokens if spec.origin and spec.has_new_body else 0


def find_cost(spec: SpecChange) -> float | None:
    """Return what these tokens cost, in the unit of the configured price."""
    if spec.result:
        return spec.result.cost or None
    return spec.origin.cost if spec.origin and spec.has_new_body else None
