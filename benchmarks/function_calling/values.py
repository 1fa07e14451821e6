"""Values of an answer that may stand in a request: where they stand there, and what may stand in their place.

The kinds of replacement, `tests` and `scoring`, have nothing in common but options that a schema lists:

| a value is | in the specs' tests | in the scoring |
|---|---|---|
| a number | as many digits, one decimal or none, the same sign | other digits, more decimals, the other sign |
| a year | 1950 to 2029 | 1700 to 1899, or 2100 to 2190 |
| a number word | two to nine, or two digits | twelve to ninety, or three digits |
| a date | in 2021 to 2029, from the 13th on | in 2031 to 2049, up to the 12th |
| a flag that a word of a pair says, as `ascending` | either word | the other word |
| an option of the schema | another option | another option |
| a code with digits, or in capitals | other letters and digits in the same places | one more of them |
| a text with numbers | other numbers in it | other numbers in it, of more or fewer digits |
| a formula | a short one | a longer one |
| a name or a word | one or two words of one list | three or four words of another |

Decimals come where the schema takes them, the other sign where the call has a negative number.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from benchmarks.function_calling.lists import Kind

Key = tuple[str, Any]


class Spot(NamedTuple):
    """Where a value stands in a text, how another is written there, and the form that it has."""

    start: int
    end: int
    write: Callable[[Any], str]
    form: Any


class Draw(NamedTuple):
    """What a replacement is drawn with.

    `number` tells the how-manyth call it is for, `attempt` how often a draw was no good; `is_signed` that the call has
    a negative number.
    """

    kind: Kind
    number: int
    attempt: int
    chance: random.Random
    is_signed: bool


class Value(Protocol):
    """A value that can be found in a text and replaced; equal keys are replaced alike."""

    @property
    def key(self) -> Key:
        """Tell equal values."""
        ...

    def find(self, text: str) -> Iterator[Spot]:
        """Yield where it stands."""
        ...

    def draw(self, form: Any, how: Draw) -> Any:
        """Return what is to stand in its place."""
        ...

    def place(self, drawn: Any) -> list[Any]:
        """Return what the answer accepts in its place, the plainest first."""
        ...
