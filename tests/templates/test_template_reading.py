"""Annotations as shapes: read from source, through imports, aliases and base classes."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.templates.shapes import (
    Either,
    Field,
    Listed,
    Many,
    Members,
    Nothing,
    Pairs,
    Record,
    Row,
    Scalar,
    Unknown,
    walk_shape,
    without_none,
)

STR, INT = Scalar(name="str"), Scalar(name="int")
HEAD = """
import app.types
import datetime as dt
import decimal
from collections.abc import Sequence
from typing import Annotated, Any, Dict, Final, List, Literal, Optional, Union
from app.types import Call, Item, Kind, Point, Receipt, Tone
from pytest_compiled_ai import spec

Own = Literal["a", "b"]
Pair: type = tuple[int, str]
"""


@pytest.fixture
def shape_of(form_of):
    def read(annotation, *args, **more):
        text = f'{HEAD}\n@spec\ndef f(x: {annotation}) -> int:\n    """Return.\n\n    >>> f(1)\n    1\n    """\n'
        return form_of(text, *args, **more).first

    return read


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        ("str", STR),
        ("'str'", STR),
        ("None", Nothing()),
        ("decimal.Decimal", Scalar(name="decimal.Decimal")),
        ("dt.date", Scalar(name="datetime.date")),
        ("int | None", Either(parts=(INT, Nothing()))),
        ("Optional[int]", Either(parts=(INT, Nothing()))),
        ("Union[int, str | None]", Either(parts=(INT, STR, Nothing()))),
        ("list", Many(kind="list", items=Unknown())),
        ("List[int]", Many(kind="list", items=INT)),
        ("Sequence[int]", Many(kind="list", items=INT)),
        ("set[str]", Many(kind="set", items=STR)),
        ("tuple[int, ...]", Many(kind="tuple", items=INT)),
        ("tuple[int, str]", Row(items=(INT, STR))),
        ("Pair", Row(items=(INT, STR))),
        ("dict", Pairs(keys=Unknown(), values=Unknown())),
        ("Dict[str, Any]", Pairs(keys=STR, values=Unknown(name="typing.Any"))),
        ("Annotated[int, 'x']", INT),
        ("Literal['a', 1]", Listed(values=("a", 1))),
        ("Own", Listed(values=("a", "b"))),
        ("Tone", Listed(values=("good", "bad"))),
        ("app.types.Odd", Unknown(name="Odd")),
        ("Final[int]", INT),
        ("type[int]", Unknown(name="type")),
        ("decimal.Nowhere", Unknown(name="decimal.Nowhere")),
        ("3 + 4", Unknown()),
    ],
)
def test_annotations_are_read(shape_of, annotation, shape):
    assert shape_of(annotation) == shape


def test_an_enum_is_its_members(shape_of):
    kind = shape_of("Kind")
    members = (("INVOICE", "'invoice'"), ("RECEIPT", "'receipt'"), ("OTHER", "'other'"))
    assert kind == Members(name="Kind", module="app.types", members=members)
    assert shape_of("app.types.Kind") == kind


def test_records_are_their_fields(shape_of):
    item = shape_of("Item")
    assert (item.kind, item.name, item.module, item.checks) == ("record", "Item", "app.types", False)
    assert [(f.name, f.text, f.default) for f in item.fields] == [
        ("name", "str", ""),
        ("tags", "list[str]", "field(default_factory=list)"),
        ("kind", "Kind", "Kind.OTHER"),
    ]
    assert shape_of("Point").kind == "named"
    call = shape_of("Call")
    assert (call.kind, [(f.name, f.shape, f.required) for f in call.fields]) == (
        "typed",
        [("city", STR, True), ("days", INT, False)],
    )


def test_what_a_class_inherits_counts_and_a_check_of_its_own_is_noted(shape_of):
    types = """
        import enum
        from dataclasses import dataclass
        from typing import ClassVar, Required, TypedDict
        from pydantic import BaseModel

        class Base(enum.IntEnum):
            _ignore_ = []
            ONE = 1
        class Kind(enum.Flag):
            A, B = 1, 2
            C = 4
        class Plain: x: int
        @dataclass
        class Point:
            x: int
            limit: ClassVar[int] = 3
        @dataclass
        class Item(Point):
            x: str
            y: int = 0
            up: "Item | None" = None
            def __post_init__(self) -> None: ...
        class Receipt(BaseModel):
            total: int
        class Call(TypedDict, total=False):
            city: Required[str]
            days: int
        Tone = int
    """
    item = shape_of("Item", types)
    assert [(f.name, f.shape) for f in item.fields] == [
        ("x", STR),
        ("y", INT),
        ("up", Either(parts=(Unknown(name="Item"), Nothing()))),
    ]
    assert (item.checks, [f.name for f in shape_of("Point", types).fields]) == (True, ["x"])
    assert shape_of("app.types.Base", types).members == (("ONE", "1"),)
    assert shape_of("Kind", types).members == (("C", "4"),)
    assert shape_of("Receipt", types).kind == "model"
    assert shape_of("app.types.Plain", types) == Unknown(name="Plain")
    assert [f.required for f in shape_of("Call", types).fields] == [True, False]
    assert shape_of("Tone", types) == INT


def test_the_module_of_a_class_is_the_one_that_defines_it(shape_of):
    inner = {
        "src/app/deep/__init__.py": "from app.deep.kinds import Kind\n",
        "src/app/deep/kinds.py": "import enum\n\nclass Kind(enum.Enum):\n    A = 1\n",
    }
    types = "from app.deep import Kind\nItem = Point = Receipt = Call = Tone = int\n"
    assert shape_of("Kind", types, **inner).module == "app.deep.kinds"
    package = {"src/app/deep/__init__.py": "import enum\n\nclass Kind(enum.Enum):\n    A = 1\n"}
    assert shape_of("Kind", types, **package).module == "app.deep"


def test_bases_of_exceptions_are_found_in_the_project_alone(form_of):
    types = form_of(f'{HEAD}\n@spec\ndef f(x: int) -> int:\n    """Return.\n\n    >>> f(1)\n    1\n    """\n').types
    assert types.bases("app.types.WorseText") == ("BadText",)
    assert types.bases("app.types.BadText") == ("ValueError",)
    for name in ("app.types.Nothing", "app.types.Tone", "json.JSONDecodeError", "ValueError"):
        assert types.bases(name) == ()


def test_parameters_say_which_of_them_every_call_gives(form_of):
    form = form_of(
        f'{HEAD}\n@spec\ndef f(a: int, /, b: str, c: int = 1, *, d: int, e: int = 2) -> Receipt:\n    """Return.\n\n    >>> f(1)\n    1\n    """\n'
    )
    assert [(p.name, p.required, p.named) for p in form.parameters] == [
        ("a", True, False), ("b", True, False), ("c", False, False), ("d", True, True), ("e", False, True),
    ]  # fmt: skip
    assert [p.name for p in form.required] == ["a", "b", "d"]
    assert (form.first, form.result.name) == (INT, "Receipt")


def test_shapes_are_walked_to_their_ends():
    record = Record(
        name="R", module="m", kind="record", fields=(Field(name="a", shape=Many(kind="list", items=INT), text=""),)
    )
    shape = Either(parts=(record, Row(items=(STR,)), Nothing()))
    assert [type(part).__name__ for part in walk_shape(shape)] == [
        "Either", "Record", "Many", "Scalar", "Row", "Scalar", "Nothing",
    ]  # fmt: skip
    assert without_none(shape) == Either(parts=(record, Row(items=(STR,))))
    assert (without_none(Either(parts=(INT, Nothing()))), without_none(STR)) == (INT, STR)
