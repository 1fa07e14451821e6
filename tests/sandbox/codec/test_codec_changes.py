from __future__ import annotations

import copy
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from codec_samples import CLASSES, Box, Circle, Colour, Money, Point, Version, look, values
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.changes import Watch, apply_change
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.values import decode, encode

REGISTRY = Classes.of(CLASSES)


def call(act: Callable[..., object], *args: Any) -> bytes | None:
    """Run a body on copies, as a worker does, and do to the originals what it did."""
    copies = decode(encode(args, REGISTRY), REGISTRY)
    watch = Watch(copies, REGISTRY)
    act(*copies)
    data = watch.encode_changes()
    if data is not None:
        apply_change(args, data, REGISTRY)
    assert look(args) == look(copies)
    return data


@pytest.mark.parametrize(
    ("value", "act"),
    [
        ([3, 1, 2], lambda v: v.sort()),
        ([1], lambda v: v.clear()),
        ([1], lambda v: v.__setitem__(0, 1.0)),
        ([1], lambda v: v.__setitem__(0, True)),
        ({"b": 1, "a": 2}, lambda v: v.update(a=3, c=4)),
        ({"b": 1, "a": 2}, lambda v: v.update(b=v.pop("b"))),
        ({1, 2}, lambda v: v.discard(1)),
        (bytearray(b"ab"), lambda v: v.extend(b"c")),
        (deque([1, 2], 2), lambda v: v.append(3)),
        (Counter("ab"), lambda v: v.update("a")),
        (OrderedDict(a=1, b=2), lambda v: v.move_to_end("a")),
        (defaultdict(list), lambda v: v["x"].append(1)),
        (Money(Decimal(1)), lambda v: setattr(v, "amount", Decimal(2))),
        (Money(Decimal(1)), lambda v: v.notes.append("x")),
        (Money(Decimal(1)), lambda v: setattr(v, "origin", "till")),
        (Circle("c", 1.0), lambda v: setattr(v, "radius", 2.0)),
        (Version(1), lambda v: object.__setattr__(v, "major", 2)),
        ([[1], [2]], lambda v: v[1].append(3)),
        (({"a": [1]},), lambda v: v[0]["a"].append(2)),
        (Point([1], 2), lambda v: v.x.append(2)),
        ([Box({"k": {1}})], lambda v: v[0].content["k"].add(2)),
        ([1], lambda v: v.append({"new": [v[0]]})),
    ],
)
def test_a_change_is_made_in_place(value: Any, act: Callable[[Any], object]) -> None:
    before = copy.deepcopy(value)
    assert call(act, value) is not None
    assert look(value) != look(before) or vars(value) != vars(before)


@pytest.mark.parametrize(
    ("value", "act"),
    [
        ([3, 1], sorted),
        ([1], lambda v: (v.append(2), v.pop())),
        ({1, 2}, lambda v: v.add(1)),
        ((1, "a", Colour.RED), len),
        (5, lambda v: v + 1),
        (Money(Decimal(1)), lambda v: v.doubled),
    ],
)
def test_no_change_is_no_message(value: Any, act: Callable[[Any], object]) -> None:
    assert call(act, value) is None


def test_an_attribute_that_is_gone() -> None:
    money = Money(Decimal(1))
    call(lambda v: delattr(v, "currency"), money)
    assert vars(money).keys() == {"amount", "notes"}


def test_each_object_stays_itself_wherever_it_goes() -> None:
    first, second, third = {"n": 3}, {"n": 1}, {"n": 2}
    rows = [first, second, third]

    def act(rows: list[dict[str, object]]) -> None:
        rows.sort(key=lambda row: str(row["n"]))
        rows[0]["seen"] = True
        rows.pop()["gone"] = True

    call(act, rows)
    assert rows[0] is second
    assert rows[1] is third
    assert (first, second, third) == ({"n": 3, "gone": True}, {"n": 1, "seen": True}, {"n": 2})


def test_an_object_may_move_to_another_argument() -> None:
    item: list[int] = []
    source, target = [item], {}
    call(lambda a, b: (b.update(x=a.pop()), b["x"].append(1)), source, target)
    assert (source, target) == ([], {"x": [1]})
    assert target["x"] is item


def test_the_same_object_twice_keeps_the_one_change() -> None:
    shared = [1]
    args = (shared, shared)
    copies = decode(encode(args))
    watch = Watch(copies)
    copies[0].append(2)
    apply_change(args, watch.encode_changes() or b"")
    assert shared == [1, 2]


def test_an_object_that_was_replaced_by_an_equal_one_is_a_change() -> None:
    inner: list[int] = []
    outer = [inner]
    call(lambda v: v.__setitem__(0, []), outer)
    assert outer == [[]]
    assert outer[0] is not inner


@given(values, st.data())
@settings(max_examples=40, deadline=None)
def test_any_list_of_values_can_be_changed(value: object, data: st.DataObject) -> None:
    rows = [value, [value], {"k": value}]
    call(lambda v: (v[1].append(v.pop(0)), v[1].clear(), v.append(3)), rows)
    assert len(rows) == 3


def test_what_cannot_be_carried_is_an_error_after_the_call() -> None:
    rows: list[object] = []
    watch = Watch(rows)
    rows.append(print)
    with pytest.raises(CodecError, match=r"at `\[0\]` has the type `builtin_function_or_method`"):
        watch.encode_changes()
    rows[:] = ["x" * 100]
    with pytest.raises(CodecError, match="50 may be sent"):
        watch.encode_changes(limit=50)


def test_a_value_that_comes_to_contain_itself_is_refused() -> None:
    rows: list[object] = [[]]
    copies = decode(encode(rows))
    watch = Watch(copies)
    copies[0].append(copies)
    data = watch.encode_changes()
    assert data is not None
    with pytest.raises(CodecError, match="contains itself"):
        apply_change(rows, data)
    with pytest.raises(CodecError, match="contains itself"):
        Watch(copies)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"5", b"null", b"[5]", b'[[0,["l"]]', b'[[0]]', b'[[9,["l"]]]', b'[[-1,["l"]]]', b'[["0",["l"]]]', b'[[0,5]]',
        b'[[0,["t"]]]', b'[[0,["d"]]]', b'[[0,["l",["@",9]]]]', b'[[0,["l",["@","0"]]]]', b'[[0,["l",["@"]]]]', b'[[0,["z"]]]',
        b'[[1,["record","codec_samples.Money","total",1]]]', b'[[0,["@",1]]]', b'[[3,["l"]]]',
    ],
)  # fmt: skip
def test_a_message_of_other_things_is_refused_and_changes_nothing(data: bytes) -> None:
    rows = [Money(Decimal(1))]
    with pytest.raises(CodecError):
        apply_change(rows, data, REGISTRY)
    assert rows == [Money(Decimal(1))]


def test_an_object_that_cannot_be_changed_now_is_an_error() -> None:
    data = bytearray(b"abc")
    with memoryview(data), pytest.raises(CodecError, match=r"`bytearray` cannot be changed: BufferError"):
        apply_change([data], b'[[1,["bytearray",""]]]')


def test_the_size_of_a_change_is_bounded() -> None:
    with pytest.raises(CodecError, match="10 may be sent"):
        apply_change([1], b'[[0,["l",1,2,3]]]', limit=10)
