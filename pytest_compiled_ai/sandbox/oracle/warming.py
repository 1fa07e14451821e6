"""What is slow the first time is done before the first fork, so that no candidate's run pays for it."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Iterable
from contextlib import suppress

import pytest


def warm_up(items: Iterable[pytest.Item]) -> None:
    """Read the tests' sources, which a failure shows, and let hypothesis build its tables if the project uses it."""
    # Of a code object this looks at the file of every module, and remembers them all.
    inspect.getmodule(warm_up.__code__)
    for path in {item.path for item in items}:
        linecache.getlines(str(path))
    if "hypothesis" in sys.modules:
        _warm_up_hypothesis()


def _warm_up_hypothesis() -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    @given(st.tuples(st.integers(), st.text(), st.lists(st.floats()), st.decimals(), st.dates(), st.booleans()))
    def pass_always(value: object) -> None: ...

    @given(st.integers())
    def fail(value: int) -> None:
        if value > 1:
            raise ValueError

    pass_always()
    with suppress(ValueError):
        fail()
