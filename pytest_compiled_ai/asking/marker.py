"""`@ask`: the question that a body may put to a model while it runs. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, cast

from pytest_compiled_ai.errors import NotCompiledError

F = TypeVar("F", bound=Callable[..., Any])


def ask(
    *,
    fallback: object,  # noqa: ARG001 - it is read from the source, and stands in the artifact
    timeout: float = 10.0,  # noqa: ARG001
) -> Callable[[F], F]:
    """Mark a function as the question that the bodies of this file's specs may put to a model while they run.

    Its docstring is the question, its arguments are what is asked about, and its return annotation is what an answer
    has to be. Only specs with a `runtime_model` may use it, each once in a call.

    Args:
        fallback: the answer where there is no model, or none of its answers fits.
        timeout: seconds that an answer may take.
    """
    return _refuse


def _refuse(question: F) -> F:
    @functools.wraps(question)
    def refuse(*_: object, **__: object) -> NoReturn:
        raise NotCompiledError(
            f"compiled-ai: {question.__name__} is a question; the bodies of specs with a runtime_model ask it."
        )

    return cast("F", refuse)
