"""The specs of the benchmark: three kinds of small functions, each with three tests, as many as are asked for."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """One spec and its answer; `signature` ends in a colon, the rest is indented as it stands."""

    name: str
    signature: str
    docstring: str
    body: str
    tests: str

    @property
    def stub(self) -> str:
        """The function without its body."""
        return f"{self.signature}\n{self.docstring}\n"

    @property
    def function(self) -> str:
        """The function as a person would write it."""
        return f"{self.signature}\n{self.docstring}\n{self.body}\n"


_SCALE = Example(
    name="scale_{number:05}",
    signature="def scale_{number:05}(value: int, limit: int) -> int:",
    docstring='''    """Multiply a value by {factor}, and keep the product between 0 and the limit.

    A product beyond either end becomes that end.
    """''',
    body="    product = value * {factor}\n    return max(0, min(product, limit))",
    tests="""def test_scale_{number:05}_multiplies() -> None:
    assert scale_{number:05}(2, 1_000_000) == {double}


def test_scale_{number:05}_stops_at_the_limit() -> None:
    assert scale_{number:05}(1_000, 50) == 50


def test_scale_{number:05}_is_never_negative() -> None:
    assert scale_{number:05}(-4, 50) == 0
""",
)
_LABEL = Example(
    name="label_{number:05}",
    signature="def label_{number:05}(parts: list[str], width: int) -> str:",
    docstring='''    """Join the parts by hyphens, in upper case, and cut the label behind `width` characters.

    White space around a part does not count, and a part of white space alone is left out (rule {number}).
    """''',
    body="""    kept = [part.strip().upper() for part in parts if part.strip()]
    return "-".join(kept)[:width]""",
    tests="""def test_label_{number:05}_joins() -> None:
    assert label_{number:05}(["north", " pole"], 40) == "NORTH-POLE"


def test_label_{number:05}_is_cut() -> None:
    assert label_{number:05}(["abcdef"], 3) == "ABC"


def test_label_{number:05}_leaves_out_what_is_empty() -> None:
    assert label_{number:05}(["a", "  ", "b"], 40) == "A-B"
""",
)
_COUNT = Example(
    name="count_{number:05}",
    signature="def count_{number:05}(words: list[str], shortest: int) -> dict[str, int]:",
    docstring='''    """Count the words that have at least the shortest length.

    Upper and lower case are alike (rule {number}).
    """''',
    body="""    counts: dict[str, int] = {{}}
    for word in words:
        if len(word) >= shortest:
            counts[word.lower()] = counts.get(word.lower(), 0) + 1
    return counts""",
    tests="""def test_count_{number:05}_counts() -> None:
    assert count_{number:05}(["ab", "AB", "cd"], 2) == {{"ab": 2, "cd": 1}}


def test_count_{number:05}_leaves_short_words_out() -> None:
    assert count_{number:05}(["a", "abc"], 3) == {{"abc": 1}}


def test_count_{number:05}_of_nothing() -> None:
    assert count_{number:05}([], 1) == {{}}
""",
)
KINDS = (_SCALE, _LABEL, _COUNT)


def make_example(number: int) -> Example:
    """Return the spec of a number, from 0; no two are alike."""
    values = {"number": number, "factor": number + 17, "double": (number + 17) * 2}
    return Example(*(part.format(**values) for part in KINDS[number % len(KINDS)]))
