from __future__ import annotations

import inspect

import pytest

from pytest_compiled_ai import ask
from pytest_compiled_ai.errors import NotCompiledError


def test_a_question_keeps_its_face_and_is_no_function_for_tests():
    @ask(fallback=0, timeout=1)
    def count(text: str) -> int:
        """Count."""
        raise AssertionError

    assert (count.__name__, count.__doc__, str(inspect.signature(count))) == (
        "count",
        "Count.",
        "(text: 'str') -> 'int'",
    )
    with pytest.raises(NotCompiledError, match="count is a question; the bodies of specs with a runtime_model ask it"):
        count("x")
