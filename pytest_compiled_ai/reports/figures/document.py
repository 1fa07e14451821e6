"""The evaluation as JSON, for programs: docs/evaluation.md says what each field means."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pytest_compiled_ai.evaluation.framework.amortization import break_even, saved_times, total_tokens
from pytest_compiled_ai.evaluation.framework.model import HORIZONS, Evaluation, SpecFigures

VERSION = 1
"""Raised where a field goes or changes its meaning; new fields may come at any time."""


def render_document(evaluation: Evaluation) -> str:
    """Return all figures."""
    document = {
        "version": VERSION,
        "project": evaluation.project,
        "how": evaluation.how,
        "generation": _generation(evaluation),
        "run_time": _run_time(evaluation),
        "break_even": evaluation.break_even,
        "horizons": [_horizon(evaluation, calls) for calls in HORIZONS],
        "first_pass": _first_pass(evaluation),
        "specs": [_spec(evaluation, spec) for spec in evaluation.specs],
        "security": [{**asdict(rate), "share": rate.share} for rate in evaluation.rates],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _generation(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "prompt_tokens": evaluation.prompt_tokens,
        "completion_tokens": evaluation.completion_tokens,
        "tokens": evaluation.generation,
        "unrecorded_specs": evaluation.unrecorded,
        "cost": evaluation.generation_cost,
    }


def _run_time(evaluation: Evaluation) -> dict[str, Any] | None:
    found = evaluation.run_time
    if found is None:
        return None
    return {
        "tokens": found.tokens,
        "prompt_tokens": found.prompt_tokens,
        "completion_tokens": found.completion_tokens,
        "measured_calls": len(found.spent) if found.is_measured else 0,
        "crossing": evaluation.curve.crossing if evaluation.curve else None,
        "cost": evaluation.run_time_cost,
    }


def _horizon(evaluation: Evaluation, calls: int) -> dict[str, Any]:
    tokens = evaluation.run_time.tokens if evaluation.run_time else None
    return {
        "calls": calls,
        "tokens": total_tokens(evaluation.generation, 0, calls),
        "run_time_tokens": None if tokens is None else total_tokens(0, tokens, calls),
        "times": None if tokens is None else saved_times(evaluation.generation, tokens, calls),
        "cost_per_transaction": evaluation.cost_at(calls),
    }


def _first_pass(evaluation: Evaluation) -> dict[str, Any]:
    found = evaluation.first_pass
    stages = {stage: {"passed": passed, "reached": reached} for stage, (passed, reached) in found.stages.items()}
    # Keys of an object are texts in JSON.
    regenerations = {str(times): bodies for times, bodies in found.regenerations.items()}
    return {
        "bodies": found.bodies,
        "first": found.first,
        "rate": found.rate,
        "stages": stages,
        "regenerations": regenerations,
    }


def _spec(evaluation: Evaluation, spec: SpecFigures) -> dict[str, Any]:
    even = None
    if evaluation.run_time and spec.tokens is not None:
        even = break_even(spec.tokens, evaluation.run_time.tokens)
    return {**asdict(spec), "tokens": spec.tokens, "break_even": even}
