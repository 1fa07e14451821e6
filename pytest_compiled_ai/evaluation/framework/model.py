"""The figures of a project as data; the terminal, Markdown, JSON and the picture draw from them."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_compiled_ai.evaluation.framework.amortization import Curve, break_even, draw_curve
from pytest_compiled_ai.evaluation.framework.cost import Prices, cost_per_transaction, price_tokens
from pytest_compiled_ai.evaluation.framework.determinism import Determinism
from pytest_compiled_ai.evaluation.framework.first_pass import FirstPass
from pytest_compiled_ai.evaluation.framework.latency import Latency
from pytest_compiled_ai.evaluation.framework.quality import Quality
from pytest_compiled_ai.evaluation.framework.run_time import RunTime
from pytest_compiled_ai.evaluation.framework.security import Rate

HORIZONS = (1, 10, 100, 1000, 10000)
"""Numbers of calls that the amortization is told at."""
_LONGEST = 100_000
"""Calls that a curve is drawn for, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFigures:
    """The figures of one spec. Tokens are None without a record; `problem` is why its body was not run."""

    id: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    attempt: int | None = None
    quality: Quality | None = None
    determinism: Determinism | None = None
    latency: Latency | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """The function's or the class's name."""
        return self.id.partition("::")[2]

    @property
    def tokens(self) -> int | None:
        """Tokens of its compile, in and out."""
        if self.prompt_tokens is None or self.completion_tokens is None:
            return None
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures of a project.

    `run_time` is what the same work costs where a model is called for it each time, None where nobody measured it;
    `prices` are those of the model; `how` says in one line how the bodies were run.
    """

    project: str
    specs: tuple[SpecFigures, ...]
    first_pass: FirstPass
    run_time: RunTime | None = None
    prices: Prices | None = None
    rates: tuple[Rate, ...] = ()
    how: str = ""

    @property
    def prompt_tokens(self) -> int:
        """Tokens that all compiles put in."""
        return sum(spec.prompt_tokens or 0 for spec in self.specs)

    @property
    def completion_tokens(self) -> int:
        """Tokens that all compiles got out."""
        return sum(spec.completion_tokens or 0 for spec in self.specs)

    @property
    def generation(self) -> int:
        """Tokens of all compiles, in and out."""
        return self.prompt_tokens + self.completion_tokens

    def label(self, spec: SpecFigures) -> str:
        """Return what tells a spec from the others, as short as may be."""
        return spec.name if sum(other.name == spec.name for other in self.specs) == 1 else spec.id

    @property
    def unrecorded(self) -> int:
        """Specs whose tokens nobody recorded: the generation is too small by theirs."""
        return sum(spec.tokens is None for spec in self.specs)

    @property
    def break_even(self) -> int | None:
        """n* of the whole project, in calls."""
        return break_even(self.generation, self.run_time.tokens) if self.run_time else None

    @property
    def generation_cost(self) -> float | None:
        """What the compiles cost at the prices."""
        return price_tokens(self.prompt_tokens, self.completion_tokens, self.prices) if self.prices else None

    @property
    def run_time_cost(self) -> float | None:
        """What one call of the model at run time costs, None where its tokens are not known apart."""
        if self.prices is None or self.run_time is None or self.run_time.prompt_tokens is None:
            return None
        return price_tokens(self.run_time.prompt_tokens, self.run_time.completion_tokens or 0.0, self.prices)

    def cost_at(self, calls: int) -> float | None:
        """Return what one of n calls of the compiled code costs."""
        cost = self.generation_cost
        return None if cost is None else cost_per_transaction(cost, calls)

    @property
    def curve(self) -> Curve | None:
        """The amortization up to twice the break-even, where a picture can show that."""
        if self.run_time is None or self.break_even is None:
            return None
        return draw_curve(self.generation, self.run_time.spent, min(max(2 * self.break_even, 10), _LONGEST))
