"""Ways to read one value out of a text with the helpers, and what they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pytest_compiled_ai.templates.modules.dates import date_texts_in, dates_in
from pytest_compiled_ai.templates.modules.enums import closest_option, options_in
from pytest_compiled_ai.templates.modules.money import currencies_in
from pytest_compiled_ai.templates.modules.numbers import (
    matrices_in,
    number_after,
    number_before,
    number_lists_in,
    numbers_in,
)
from pytest_compiled_ai.templates.modules.quantities import quantities_in, quantity_in
from pytest_compiled_ai.templates.modules.spans import (
    items_in,
    literals_in,
    names_in,
    places_in,
    quoted_in,
    text_after,
    text_between,
)

MISSING: Final = object()
"""What a key has that is not in the result."""

Rows = Sequence[tuple[str, Any]]
"""Texts, each with the value that is to be read out of it, or MISSING."""

_HELPERS: Final[Mapping[str, Callable[..., Any]]] = {
    helper.__name__: helper
    for helper in (
        closest_option, currencies_in, date_texts_in, dates_in, items_in, literals_in, matrices_in, names_in,
        number_after, number_before, number_lists_in, numbers_in, options_in, places_in, quantities_in, quantity_in,
        quoted_in, text_after, text_between,
    )
}  # fmt: skip
_GENERAL: Final = frozenset({
    "currencies_in", "date_texts_in", "dates_in", "literals_in", "matrices_in", "names_in", "number_lists_in",
    "numbers_in", "places_in", "quoted_in",
})  # fmt: skip
_CASTS: Final[Mapping[str, Callable[[Any], Any]]] = {"int": int, "float": float}
_EMPTY: Final = {"int": "None", "float": "None", "str": "''", "list": "[]", "dict": "{}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A call of a helper on the text, and what is taken of its result.

    `words` are the call's further arguments; `inside` cuts the text first. `place` is an index into what it finds, None
    for the whole, and `part` one into that. `kind` is the type that is read, `items` that of a list's items. `percent`
    divides by 100; `form` is what `strftime` makes of a date. Of literals, those of its kind count.
    """

    helper: str
    kind: str
    words: tuple[Any, ...] = ()
    place: int | None = None
    part: int | None = None
    items: str = ""
    percent: bool = False
    form: str = ""
    inside: Way | None = None

    @property
    def breadth(self) -> int:
        """How many wordings it reads: 0 with words on both sides, 1 with those on one, 2 by what a value looks like."""
        if self.helper in _GENERAL and self.inside is None:
            return 2
        return int("text_between" not in {self.helper, self.inside and self.inside.helper})

    def is_alike(self, other: Way) -> bool:
        """Whether what both find is converted in the same way."""
        return (self.items, self.percent, self.form) == (other.items, other.percent, other.form)

    @property
    def is_number(self) -> bool:
        """Whether it reads a number, of which 0 is one."""
        return self.kind in {"int", "float"}

    def find(self, text: str) -> Any:
        """Return what it finds in a text, before it is converted; None, "" or [] where there is nothing."""
        found = _HELPERS[self.helper](self.inside.find(text) if self.inside else text, *self.words)
        if self.helper == "literals_in":
            found = [each for each in found if type(each).__name__ == self.kind]
        if self.place is not None:
            found = found[self.place] if -len(found) <= self.place < len(found) else None
        return found[self.part] if self.part is not None and found else found

    def convert(self, found: Any) -> Any:
        """Return the value that is in what was found."""
        if self.form:
            return found.strftime(self.form)
        if self.items in _CASTS:
            cast = _CASTS[self.items]
            return [[cast(each) for each in row] if isinstance(row, list) else cast(row) for row in found]
        return _CASTS[self.kind](found / 100 if self.percent else found) if self.is_number else found

    def write(self, text: str) -> str:
        """Return the expression for what it finds, on a parameter of this name."""
        given = self.inside.write(text) if self.inside else text
        call = f"{self.helper}({', '.join([given, *map(repr, self.words)])})"
        if self.helper == "literals_in":
            call = f"[each for each in {call} if isinstance(each, {self.kind})]"
        if self.place is None:
            return call
        cut = {0: "", -1: "[-1:]"}.get(self.place, f"[{self.place}:]")
        empty = "None" if self.form else _EMPTY[self.kind] if self.part is None else repr(("", ""))
        first = f"next(iter({call}{cut}), {empty})"
        return first if self.part is None else f"{first}[{self.part}]"

    def write_value(self, name: str) -> str:
        """Return the expression for the value, out of a variable that holds what was found."""
        if self.form:
            return f"{name}.strftime({self.form!r})"
        if self.helper == "matrices_in":
            return f"[[{self.items}(each) for each in row] for row in {name}]"
        if self.items in _CASTS:
            return f"[{self.items}(each) for each in {name}]"
        if self.is_number:
            return f"{self.kind}({name} / 100)" if self.percent else f"{self.kind}({name})"
        return name


def read(ways: Sequence[Way], text: str) -> Any:
    """Return what the first of some ways that finds something reads in a text, or MISSING."""
    for way in ways:
        try:
            found = way.find(text)
            if found is not None and found not in ("", [], {}):
                return way.convert(found)
        except (ValueError, TypeError, OverflowError):
            continue
    return MISSING


def count_read(ways: Sequence[Way], rows: Rows) -> int:
    """Return how many rows' values some ways read, each where those before it find nothing."""
    return sum(_is_same(read(ways, text), value) for text, value in rows)


def _is_same(found: Any, value: Any) -> bool:
    return found is value or (found == value and isinstance(found, bool) is isinstance(value, bool))
