"""Which ways may read a key's value: by the words of its schema, and by those around the values of the examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pytest_compiled_ai.templates.ways import MISSING, Rows, Way

_PLACES: Final = (0, 1, 2, 3, -1)
_NO_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """a an and any are as at be by can default e for from g given has i if in is it its like not of on or provided
        should such that the this to type used value which with""",
    )
)
_KINDS: Final = (
    ("date_texts_in", frozenset({"date", "dates"})),
    ("currencies_in", frozenset({"currency"})),
    ("places_in", frozenset({"city", "country", "place", "location", "address", "destination"})),
    ("names_in", frozenset({"name", "person", "artist", "author", "player", "team", "company"})),
)
"""The helper that finds texts of a kind, and the words of a key that ask for it."""
_DATES: Final = ("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y")
_NAMED: Final = {"integer": "int", "number": "float", "string": "str", "array": "list", "object": "dict"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """The words that may stand beside a value: those of its key, and those before and behind it in the examples."""

    words: list[str]
    before: list[str]
    behind: list[str]


def guess_ways(key: str, schema: Mapping[str, Any], rows: Rows) -> Iterator[Way]:
    """Yield the ways that may read a key's value: those that go by words first, then those that go by its looks."""
    values = [value for _, value in rows if value is not MISSING]
    kind = _kind_of(schema, values)
    clues = Clues(words=_words_of(key, schema), before=_around(rows, before=True), behind=_around(rows, before=False))
    if schema.get("enum") and kind == "str":
        # Any other way might read what the schema does not list.
        yield Way(helper="closest_option", kind=kind, words=(list(schema["enum"]),))
        return
    if kind in {"int", "float"}:
        yield from _to_numbers(kind, clues, bool(rows))
    elif kind == "list":
        yield from _to_lists(schema.get("items", {}), values, clues)
    elif kind == "str":
        if options := _options_in(str(schema.get("description", ""))):
            yield Way(helper="closest_option", kind=kind, words=(options,))
        yield from _to_texts(clues, bool(rows))
    elif kind == "dict":
        yield from (Way(helper="literals_in", kind=kind, place=place) for place in _PLACES)


def find_constant(rows: Rows) -> Any:
    """Return the value that a key has in all of several examples, or MISSING."""
    values = [value for _, value in rows]
    return values[0] if len(values) > 1 and all(value == values[0] for value in values) else MISSING


def find_words_of_true(schema: Mapping[str, Any], rows: Rows) -> str:
    """Return a word that stands in each text for which a boolean is true, and in no other; "" where there is none."""
    true, others = (
        [set(_split(text)) for text, value in rows if (value is True) is wanted] for wanted in (True, False)
    )
    if not true or not others:
        return ""
    told = set.intersection(*true).difference(*others)
    described = told.intersection(_split(str(schema.get("description", ""))))
    return max(sorted(described or told), key=len, default="")


def _to_numbers(kind: str, clues: Clues, has_rows: bool) -> Iterator[Way]:
    ways = [] if has_rows else [Way(helper="number_after", kind=kind, words=tuple(clues.words))]
    ways += [Way(helper="number_after", kind=kind, words=(word,)) for word in clues.words]
    ways += [Way(helper="quantity_in", kind=kind, words=(word,)) for word in (*clues.behind, *clues.words)]
    ways += [Way(helper="number_after", kind=kind, words=(word,)) for word in clues.before]
    ways += [Way(helper="number_before", kind=kind, words=(word,)) for word in (*clues.behind, *clues.words)]
    ways += [Way(helper="number_after", kind=kind, words=tuple(clues.before))] if clues.before else []
    ways += [Way(helper="numbers_in", kind=kind, place=place) for place in _PLACES]
    yield from ways
    if kind == "float":
        yield Way(helper="quantity_in", kind=kind, words=("%",), percent=True)
        yield from (Way(helper=w.helper, kind=kind, words=w.words, place=w.place, percent=True) for w in ways)


def _to_texts(clues: Clues, has_rows: bool) -> Iterator[Way]:
    if has_rows:
        yield from (Way(helper="quoted_in", kind="str", place=place) for place in _PLACES)
    fitting = [helper for helper, asked in _KINDS if asked & set(clues.words)]
    if not has_rows:
        yield from (Way(helper=helper, kind="str", place=0) for helper in fitting)
        yield Way(helper="text_after", kind="str", words=tuple(clues.words))
    if {"unit", "units"} & set(clues.words):
        yield from (Way(helper="quantities_in", kind="str", place=place, part=1) for place in _PLACES)
    yield from _cuts(clues)
    if clues.before:
        yield Way(helper="text_after", kind="str", words=tuple(clues.before))
    for form in _DATES if has_rows else ():
        yield from (Way(helper="dates_in", kind="str", place=place, form=form) for place in _PLACES)
    for helper in dict.fromkeys([*fitting, *(helper for helper, _ in _KINDS)]):
        yield from (Way(helper=helper, kind="str", place=place) for place in _PLACES)


def _to_lists(items: Mapping[str, Any], values: Sequence[Any], clues: Clues) -> Iterator[Way]:
    kind = _kind_of(items, [each for value in values for each in value])
    cuts = list(_cuts(clues))
    if kind in {"int", "float"}:
        yield from (Way(helper="numbers_in", kind="list", items=kind, inside=way) for way in cuts)
        yield from (Way(helper="number_lists_in", kind="list", items=kind, place=place) for place in _PLACES)
        yield Way(helper="numbers_in", kind="list", items=kind)
        return
    if kind == "list":
        inner = _kind_of(items.get("items", {}), [each for value in values for row in value for each in row])
        if inner in {"int", "float"}:
            yield from (Way(helper="matrices_in", kind="list", items=inner, place=place) for place in _PLACES)
        return
    if not items:
        yield from (Way(helper="literals_in", kind="list", place=place) for place in _PLACES)
    if items.get("enum"):
        yield Way(helper="options_in", kind="list", words=(list(items["enum"]),))
        return
    yield Way(helper="quoted_in", kind="list")
    yield from (Way(helper="items_in", kind="list", inside=way) for way in cuts)
    yield Way(helper="names_in", kind="list")


def _cuts(clues: Clues) -> Iterator[Way]:
    """Yield the ways to cut a text out of another."""
    for word in (*clues.words, *clues.before):
        yield from (Way(helper="text_between", kind="str", words=(word, behind)) for behind in clues.behind)
    yield from (Way(helper="text_after", kind="str", words=(word,)) for word in (*clues.words, *clues.before))


def _kind_of(schema: Mapping[str, Any], values: Sequence[Any]) -> str:
    """Return the Python type of a key's values: the schema's, or that of all examples."""
    kinds = {type(value).__name__ for value in values}
    return _NAMED.get(str(schema.get("type", "")), "") or (kinds.pop() if len(kinds) == 1 else "")


def _words_of(key: str, schema: Mapping[str, Any]) -> list[str]:
    """Return a key as words: the whole of it, then each word that says something, then those of its description."""
    phrase = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", key).lower()
    words = [*phrase.split(), *_split(str(schema.get("description", "")))]
    return list(dict.fromkeys([phrase, *(word for word in words if word not in _NO_WORDS and len(word) > 1)]))


def _options_in(description: str) -> list[str]:
    """Return the options that a description lists in quotes, or behind "one of"."""
    quoted: list[str] = re.findall(r"(?<!\w)'([\w -]+)'(?!\w)", description)
    if len(quoted) > 1:
        return list(dict.fromkeys(quoted))
    listed = re.search(r"\b(?:one of|options|choices)\b:? ([^.;]+)", description, re.IGNORECASE)
    options = re.split(r",\s*(?:or |and )?| or ", listed[1]) if listed else []
    return [option.strip("\"'` ") for option in options] if len(options) > 1 else []


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _around(rows: Rows, *, before: bool) -> list[str]:
    """Return the words that stand before, or behind, the values of all rows; else those that do in any of them."""
    found = [_beside(text, value, before) for text, value in rows if value is not MISSING]
    if not found:
        return []
    common = [words for words in found[0] if all(words in each for each in found[1:])]
    return common or list(dict.fromkeys(each[-1] for each in found if each))


def _beside(text: str, value: Any, before: bool) -> list[str]:
    """Return the words beside a value within its sentence: one that says something, else two of them and one."""
    shown = value[0 if before else -1] if isinstance(value, list) and value else value
    form = re.escape(f"{shown:g}" if isinstance(shown, float) else str(shown))
    match = re.search(rf"(?<!\w){form}(?!\w)", text, re.IGNORECASE)
    if match is None:
        return []
    around = text[: match.start()] if before else text[match.end() :]
    words = re.findall(r"%|[^\W\d_]+", re.split(r"[.!?;](?:\s|$)", around)[-1 if before else 0])
    near = words[-2:] if before else words[:2]
    if not near:
        return []
    next_one, both = near[-1 if before else 0], " ".join(near)
    return list(dict.fromkeys([both, next_one] if next_one.lower() in _NO_WORDS else [next_one, both]))
