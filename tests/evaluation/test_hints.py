"""What may be given to a function, as its annotations say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from random import Random
from uuid import UUID

import pytest
from evaluation_stubs import parse

from pytest_compiled_ai.evaluation.draws import draw_inputs
from pytest_compiled_ai.evaluation.hints import find_fixed, make_arguments


def drawn(text, count=60):
    strategy = make_arguments(*parse(text))
    assert strategy is not None
    return list(draw_inputs(strategy, Random(0), count))


def values_of(annotation, imports=""):
    return [each.arguments[0] for each in drawn(f"{imports}\ndef f(x: {annotation}): ...")]


@pytest.mark.parametrize(
    ("annotation", "imports", "type_"),
    [
        ("int", "", int),
        ("'int'", "", int),
        ("str", "", str),
        ("bool", "", bool),
        ("bytes", "", bytes),
        ("float", "", float),
        ("Decimal", "from decimal import Decimal", Decimal),
        ("D", "from decimal import Decimal as D", Decimal),
        ("dt.date", "import datetime as dt", date),
        ("datetime.datetime", "import datetime", datetime),
        ("time", "from datetime import time", time),
        ("timedelta", "from datetime import timedelta", timedelta),
        ("Fraction", "from fractions import Fraction", Fraction),
        ("UUID", "from uuid import UUID", UUID),
        ("Path", "from pathlib import Path", Path),
        ("PurePath", "from pathlib import PurePath", PurePosixPath),
        ("list[int]", "", list),
        ("typing.List[int]", "import typing", list),
        ("Sequence[str]", "from collections.abc import Sequence", list),
        ("abc.Iterable[str]", "from collections import abc", list),
        ("Mapping[str, list[int]]", "from collections.abc import Mapping", dict),
        ("set[int]", "", set),
        ("frozenset[str]", "", frozenset),
        ("tuple[int, ...]", "", tuple),
        ("Annotated[int, 'up']", "from typing import Annotated", int),
    ],
)
def test_annotations_say_what_may_be_given(annotation, imports, type_):
    found = values_of(annotation, imports)
    assert len({repr(each) for each in found}) > 1
    assert {isinstance(each, type_) for each in found} == {True}


def test_annotations_of_several_types_and_of_listed_values():
    assert {type(each) for each in values_of("int | None")} == {int, type(None)}
    assert {type(each) for each in values_of("Optional[str]", "from typing import Optional")} == {str, type(None)}
    union = values_of("Union[int, str, list[bool]]", "from typing import Union")
    assert {type(each) for each in union} == {int, str, list}
    assert set(values_of("Literal['a', 2]", "from typing import Literal")) == {"a", 2}
    pairs = values_of("tuple[int, str]")
    assert all((type(one), type(two)) == (int, str) for one, two in pairs)


@pytest.mark.parametrize(
    "annotation",
    ["Any", "list", "list[Any]", "Money", "dict[str, Money]", "int | Money", "app.Money", "Literal[Money]", "T[int]",
     "'('", "print", "tuple[Money, ...]", "list[int][int]", "1"],
)  # fmt: skip
def test_annotations_that_are_not_understood(annotation):
    imports = "from typing import Any, Literal\nimport app\nfrom app import Money\n"
    assert make_arguments(*parse(f"{imports}def f(x: {annotation}): ...")) is None
    assert make_arguments(*parse(f"{imports}def f(*, x: {annotation}): ...")) is None


def test_defaults_are_left_and_given():
    lengths = {len(each.arguments) for each in drawn("def f(a: int, /, b: str = 'x', c: int = 1): ...")}
    assert lengths == {1, 2, 3}
    assert {len(each.arguments) for each in drawn("def f(a: int, b=None, c: int = 1): ...")} == {1}
    named = {tuple(dict(each.keywords)) for each in drawn("def f(*, a: int, b: int = 1, c=2): ...")}
    assert named == {("a",), ("a", "b")}


def test_variable_arguments_follow_when_all_others_are_given():
    found = drawn("def f(a: int, b: str = '', *more: bool): ...")
    assert {len(each.arguments) for each in found} == {1, 2, 3, 4, 5}
    assert all(type(value) is bool for each in found for value in each.arguments[2:])
    assert {len(each.arguments) for each in drawn("def f(a: int, *more): ...")} == {1}


def test_places_of_listed_values_are_fixed():
    stub = "from typing import Literal\ndef f(a: int, b: Literal[1] | None, c, *, d: list[Literal[2]], e: str): ..."
    assert find_fixed(*parse(stub)) == {1, "d"}
