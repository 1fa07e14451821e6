"""Which specs can be compiled side by side, with the same result as one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.model import SpecFile, Stub, TestRef

Tests = Callable[[SpecFile, Stub], Iterable[TestRef]]


def find_earlier(order: Iterable[tuple[SpecFile, Stub]], tests: Tests) -> Mapping[str, frozenset[str]]:
    """Return for each spec, by its id, those before it that must be done first.

    They are those of its own file, whose artifact it shares; those that it uses; and those that one of its tests
    reaches as well: such a test gates the later one, when the earlier has its body.

    Args:
        order: the specs in the order in which they would be compiled one by one.
        tests: returns the tests that gate a spec; what cannot be read waits for nothing, and is told later.
    """
    before: dict[str, frozenset[str]] = {}
    done: dict[str, str] = {}
    for file, stub in order:
        near = {*stub.options.uses, *_reached(file, stub, tests)}
        before[stub.id] = frozenset(id_ for id_, path in done.items() if id_ in near or path == file.relative)
        done[stub.id] = file.relative
    return before


def _reached(file: SpecFile, stub: Stub, tests: Tests) -> frozenset[str]:
    try:
        return frozenset().union(*(ref.reaches for ref in tests(file, stub)))
    except SpecError:
        return frozenset()
