"""Labelled examples as values of the types that a function's annotations name."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.golden.building import build
from pytest_compiled_ai.golden.grading import Sample
from pytest_compiled_ai.golden.rows import Row
from pytest_compiled_ai.golden.scalars import UnfitError, within
from pytest_compiled_ai.specs.model import SpecLineError


def make_samples(rows: Iterable[Row], function: Callable[..., Any]) -> tuple[Sample, ...]:
    """Return the samples that rows stand for, for a function whose annotations can be evaluated.

    Raises:
        SpecError: they cannot be, or a value of a row does not fit them.
    """
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise SpecError(f"the annotations of {function.__name__} cannot be evaluated: {said}.") from None
    signature = inspect.signature(function)
    return tuple(_make(row, signature, hints) for row in rows)


def _make(row: Row, signature: inspect.Signature, hints: Mapping[str, Any]) -> Sample:
    try:
        bound = signature.bind(*row.arguments, **row.keywords)
        for name, value in bound.arguments.items():
            hint = hints.get(name, Any)
            bound.arguments[name] = _build_parameter(value, hint, name, signature.parameters[name].kind)
        expected = within("its label", build, row.expected, hints.get("return", Any))
    except UnfitError as error:
        raise SpecLineError(row.path, row.line, f"{error}.") from None
    return Sample(arguments=bound.args, keywords=bound.kwargs, expected=expected)


def _build_parameter(value: Any, hint: Any, name: str, kind: Any) -> Any:
    if kind is inspect.Parameter.VAR_POSITIONAL:
        return tuple(within(f"an item of {name}", build, item, hint) for item in value)
    if kind is inspect.Parameter.VAR_KEYWORD:
        return {key: within(f"an item of {name}", build, item, hint) for key, item in value.items()}
    return within(name, build, value, hint)
