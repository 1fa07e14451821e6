"""The figures as tables of text, which the terminal and Markdown draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_compiled_ai.evaluation.framework.amortization import break_even, saved_times
from pytest_compiled_ai.evaluation.framework.first_pass import FirstPass
from pytest_compiled_ai.evaluation.framework.model import HORIZONS, Evaluation, SpecFigures

Row = tuple[str, ...]
NOT_MEASURED = "-"
_NO_RUN_TIME = "not measured: give --runtime-tokens"
_LOWEST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A table: the first column is text, the others are figures. `notes` stand below it."""

    title: str
    columns: Row
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def make_tables(evaluation: Evaluation) -> Iterator[FigureTable]:
    """Yield every table of an evaluation: what holds for the whole project first."""
    yield FigureTable(title="The whole project", columns=("metric", "value"), rows=tuple(_summarize(evaluation)))
    if evaluation.run_time is not None or evaluation.prices is not None:
        rows = tuple(_horizon(evaluation, calls) for calls in HORIZONS)
        yield FigureTable(
            title="After n calls", columns=("n", "tokens", "at run time", "times", "cost a call"), rows=rows
        )
    made = tuple(_made(evaluation, spec) for spec in evaluation.specs)
    yield FigureTable(
        title="How each body was made, and what it is",
        columns=("spec", "tokens", "n*", "attempt", "lines", "branches", "typed", "lint"),
        rows=made,
    )
    yield FigureTable(
        title="How each body runs",
        columns=("spec", "inputs", "H bits", "equal", "P50 ms", "P99 ms", "jitter", "process", "cold"),
        rows=tuple(_run(evaluation, spec) for spec in evaluation.specs),
        notes=tuple(_explain(evaluation)),
    )
    if evaluation.rates:
        rates = tuple((rate.name, f"{rate.right} of {rate.of}", _percent(rate.share)) for rate in evaluation.rates)
        yield FigureTable(title="Security", columns=("what", "right", "rate"), rows=rates)


def _summarize(evaluation: Evaluation) -> Iterator[Row]:
    yield "specs", str(len(evaluation.specs))
    yield "tokens of all compiles, in + out", f"{evaluation.prompt_tokens:,} + {evaluation.completion_tokens:,}"
    if evaluation.unrecorded:
        yield "specs without a record of tokens", str(evaluation.unrecorded)
    run_time = evaluation.run_time
    if run_time is None:
        yield "tokens of a call at run time", _NO_RUN_TIME
    else:
        origin = f"the mean of {len(run_time.spent)} calls" if run_time.is_measured else "as given"
        yield "tokens of a call at run time", f"{run_time.tokens:,.1f} ({origin})"
        yield "break-even n*, in calls", _whole(evaluation.break_even)
        if (curve := evaluation.curve) and run_time.is_measured:
            yield "the measured calls cross at call", _whole(curve.crossing)
    if (cost := evaluation.generation_cost) is not None:
        yield "cost of all compiles", f"{cost:.4f}"
    yield from _first_pass(evaluation.first_pass)
    yield from _worst(evaluation)


def _first_pass(found: FirstPass) -> Iterator[Row]:
    if found.rate is None:
        return
    yield "passed at the first attempt", f"{found.first} of {found.bodies} = {_percent(found.rate)}"
    for stage, (passed, reached) in found.stages.items():
        share = f" = {_percent(passed / reached)}" if reached else ""
        yield f"first candidates that passed: {stage}", f"{passed} of {reached}{share}"
    spread = ", ".join(f"{times}: {bodies}" for times, bodies in found.regenerations.items())
    yield "regenerations: bodies", spread


def _worst(evaluation: Evaluation) -> Iterator[Row]:
    run = [spec for spec in evaluation.specs if spec.determinism and spec.latency]
    if not run:
        return
    same = [spec for spec in run if spec.determinism and spec.determinism.entropy == 0]
    yield "bodies whose answers were all the same", f"{len(same)} of {len(run)}"
    yield "bodies that were not run", str(len(evaluation.specs) - len(run))


def _horizon(evaluation: Evaluation, calls: int) -> Row:
    run_time, cost = evaluation.run_time, evaluation.cost_at(calls)
    spent = f"{evaluation.generation:,}"
    if run_time is None:
        return f"{calls:,}", spent, NOT_MEASURED, NOT_MEASURED, _money(cost)
    times = saved_times(evaluation.generation, run_time.tokens, calls)
    ratio = NOT_MEASURED if times is None else f"{times:,.2f}"
    return f"{calls:,}", spent, f"{calls * run_time.tokens:,.0f}", ratio, _money(cost)


def _money(cost: float | None) -> str:
    return NOT_MEASURED if cost is None else "0" if cost < _LOWEST else f"{cost:.3g}"


def _made(evaluation: Evaluation, spec: SpecFigures) -> Row:
    quality, even = spec.quality, None
    if evaluation.run_time and spec.tokens is not None:
        even = break_even(spec.tokens, evaluation.run_time.tokens)
    looks = (NOT_MEASURED,) * 4
    if quality:
        looks = (str(quality.lines), str(quality.complexity), _percent(quality.typed), _whole(quality.findings))
    return evaluation.label(spec), _whole(spec.tokens), _whole(even), _whole(spec.attempt), *looks


def _run(evaluation: Evaluation, spec: SpecFigures) -> Row:
    determinism, latency = spec.determinism, spec.latency
    if determinism is None or latency is None:
        return evaluation.label(spec), *(NOT_MEASURED,) * 8
    # A share that is not all is never shown as all.
    equal = f"{int(10000 * determinism.reproducibility) / 100:g}%"
    times = (latency.p50, latency.p99, latency.jitter)
    whole = f"{latency.process:.1f}", f"{latency.cold_start:.0f}"
    head = evaluation.label(spec), str(determinism.inputs), f"{determinism.entropy:.3f}", equal
    return *head, *(f"{milliseconds:.2f}" for milliseconds in times), *whole


def _explain(evaluation: Evaluation) -> Iterator[str]:
    yield evaluation.how
    for spec in evaluation.specs:
        if spec.problem:
            yield f"{spec.id} was not run: {spec.problem}"
        elif spec.determinism and spec.determinism.unanswered:
            yield f"{spec.id}: {spec.determinism.unanswered} answers were none"


def _whole(number: int | None) -> str:
    return NOT_MEASURED if number is None else f"{number:,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
