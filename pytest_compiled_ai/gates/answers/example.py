"""One row of a spec's tests: the call that it makes, and what it expects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from pytest_compiled_ai.gates.answers.values import Opaque


class Unread(Enum):
    """Stands for an argument that is no literal."""

    UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One call that a test makes, and what it expects.

    `kind` is how: that the result `equals` it, that something made of the result does (`about`), or that it `raises`
    the exception of that name. An argument that is no literal is `Unread.UNREAD`.
    """

    function: str
    arguments: tuple[object, ...]
    keywords: tuple[tuple[str, object], ...] = ()
    expected: object
    kind: Literal["equals", "about", "raises"] = "equals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Opaque):
    """A call under test; not `is_whole` where only a part of its result, or something made of it, is looked at."""

    function: str
    arguments: tuple[object, ...]
    keywords: tuple[tuple[str, object], ...]
    is_whole: bool = True

    def expects(self, value: object) -> Example:
        """Return the example that it equals a value."""
        return self._example(value, "equals" if self.is_whole else "about")

    def raises(self, name: str) -> Example:
        """Return the example that it raises an exception."""
        return self._example(name, "raises")

    def part(self) -> Call:
        """Return the call as one of which only a part is looked at."""
        return replace(self, is_whole=False)

    def _example(self, expected: object, kind: Literal["equals", "about", "raises"]) -> Example:
        return Example(
            function=self.function, arguments=self.arguments, keywords=self.keywords, expected=expected, kind=kind
        )
