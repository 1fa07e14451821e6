"""The judge's work: labels and answers as values of the project's types, in a process that no body enters."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.golden.grading import Asked, Mark, Sample, grade
from pytest_compiled_ai.golden.metrics import Metric, apply, find_metric
from pytest_compiled_ai.golden.rows import Row
from pytest_compiled_ai.golden.samples import make_samples
from pytest_compiled_ai.sandbox.codec.collection import collect_classes
from pytest_compiled_ai.sandbox.worker.channel import CallLimits
from pytest_compiled_ai.sandbox.worker.client import connect

_CALL: Final = 2.0
"""Seconds of one answer."""


def judge(orders: Mapping[str, Any]) -> Iterator[Sequence[Mark]]:
    """Yield the marks of each part of the examples; without a program, only see to it that they can be given.

    Args:
        orders: `module` and `skeleton` are the artifact's name, and its text with a body that raises; `function` is the
            name of what is asked, and `steps` tells that it gives an iterator. `parts` are rows, `metric` is how they
            are scored, and `seconds` bounds each part. `program` is the artifact's text with the body, or None, and
            `workers` the descriptor of the zygote, which is taken over.

    Raises:
        SpecError: a row does not fit the annotations, or the metric does not work.
        SandboxError: the zygote is gone.
    """
    module, metric = _make_module(orders["module"], orders["skeleton"]), find_metric(orders["metric"])
    function = getattr(module, orders["function"])
    parts = [make_samples([Row(*row) for row in rows], function) for rows in orders["parts"]]
    if orders["program"] is None:
        _try_metric(orders["metric"], metric, [sample for part in parts for sample in part])
        return
    asked = Asked(name=orders["function"], steps=orders["steps"], metric=metric)
    limits = CallLimits(call=_CALL, total=orders["seconds"])
    with connect(orders["workers"], collect_classes(module.__dict__), limits) as client:
        for samples in parts:
            # Workers of its own for each part: what a body keeps of one must not come out in another.
            yield grade(client, orders["program"], asked, samples, orders["seconds"])


def _try_metric(name: str, metric: Metric, samples: Sequence[Sample]) -> None:
    if any(apply(metric, sample.expected, sample.expected) < 1 for sample in samples):
        raise SpecError(f"the metric {name!r} gives an answer that is the label itself less than 1.")


def _make_module(name: str, skeleton: str) -> types.ModuleType:
    module = types.ModuleType(name)
    sys.modules[name] = module
    try:
        exec(compile(skeleton, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 (the spec's own)
    except Exception as error:
        raise SpecError(f"the imports of {name} cannot be executed: {type(error).__name__}: {error}") from None
    return module
