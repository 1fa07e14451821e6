"""What a scaffold is written around: a function, its types and its declared exceptions, until a spec gives its own."""

from __future__ import annotations

from typing import Any, Final

Item = Any
"""What the function takes."""

Result = Any
"""What it returns."""

DECLARED: Final[tuple[type[Exception], ...]] = (ValueError,)
"""The exceptions that its docstring declares."""


def hole(item: Item) -> Result:
    """Return the answer to one item."""
    raise NotImplementedError(item)
