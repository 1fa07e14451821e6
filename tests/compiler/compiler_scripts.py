"""Specs, and what a model says of them."""

from __future__ import annotations

from pytest_compiled_ai.testing import fenced

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        >>> double(2)
        4
        """

    def test_zero() -> None:
        assert double(0) == 0
'''
PAIR = '''
    from decimal import Decimal

    from pytest_compiled_ai import spec

    @spec
    def first(n: int) -> Decimal:
        """Return n as a decimal.

        >>> first(2)
        Decimal('2')
        """

    @spec
    def second(n: int) -> int:
        """Return n squared.

        >>> second(3)
        9
        """
'''
LAX = {"imports": ["os", "pathlib", "pytest", "socket", "time"]}
"""A policy that leaves it to the jail."""
GOOD = fenced("def double(n: int) -> int:\n    return 2 * n")
WRONG = fenced("def double(n: int) -> int:\n    return n + 1")
FIRST = fenced("def first(n: int) -> Decimal:\n    # exact\n    return Decimal(n)")
SECOND = fenced("def second(n: int) -> int:\n    return n**2")
ARTIFACT, RECORD = "src/generated/number.py", "src/generated/number.provenance.json"
