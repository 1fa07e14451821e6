from __future__ import annotations

import collections
import contextlib
import datetime as dt
import inspect
import io
import json
import struct
import sys
from decimal import Decimal, localcontext
from fractions import Fraction
from types import SimpleNamespace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from codec_samples import CLASSES, Box, Circle, Colour, Money, Point, Sneaky, Version, look, values
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.codec.bounds import (
    MAX_BITS,
    MAX_COLLISIONS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_RATIO_BITS,
    CodecError,
)
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.values import decode, encode

REGISTRY = Classes.of((*CLASSES, Sneaky))


def tagged(*parts: object) -> bytes:
    return json.dumps(parts).encode()


@given(values)
@settings(max_examples=150, deadline=None)
def test_every_value_arrives_as_it_was(value: object) -> None:
    data = encode(value, REGISTRY)
    arrived = decode(data, REGISTRY)
    assert look(arrived) == look(value)
    assert encode(arrived, REGISTRY) == data


@pytest.mark.parametrize(
    "value",
    [
        -0.0, 5e-324, 1e308, 10**18, -(10**18), 2**4096, "\ud800\udc00", "\U00010000", "a\x00b", Decimal("-0E+5"),
        Decimal("sNaN123"), Decimal("-NaN"), Decimal("-Infinity"), Decimal("1e999999999"), Decimal("1e-999999"),
        dt.datetime.max, dt.datetime.min, dt.timedelta.min, dt.timedelta.max, dt.time(1, fold=1), dt.UTC,
        range(5, 1, -2), slice(None, None, -1), {(): {}}, [[]], {1: 1, 1.5: 2, "1": 3, None: 4}, b"", bytearray(b"\x00"),
    ],
)  # fmt: skip
def test_the_edges_of_the_kinds(value: object) -> None:
    arrived = decode(encode(value))
    assert look(arrived) == look(value)
    assert type(arrived) is type(value)


def test_a_nan_keeps_its_bits() -> None:
    odd = struct.unpack(">d", bytes.fromhex("fff8000000000abc"))[0]
    assert struct.pack(">d", decode(encode([odd]))[0]).hex() == "fff8000000000abc"
    assert encode(odd) != encode(float("nan"))


def test_equal_sets_give_equal_bytes_and_dicts_keep_their_order() -> None:
    numbers = [8, 16, 24, 1, "b", "a", (2, 3)]
    assert encode(set(numbers)) == encode({(2, 3), "a", "b", 1, 24, 16, 8})
    assert encode({1: 1, 2: 2}) != encode({2: 2, 1: 1})
    assert list(decode(encode({3: 1, 1: 1, 2: 1}))) == [3, 1, 2]


def test_equal_values_of_different_types_give_different_bytes() -> None:
    assert len({encode(each) for each in (1, 1.0, True, Decimal(1), Fraction(1), 1 + 0j, "1", b"1")}) == 8


def test_integers_need_no_decimal_digits() -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        assert decode(encode(7**2000)) == 7**2000
    finally:
        sys.set_int_max_str_digits(before)


def test_the_context_of_decimals_has_no_say() -> None:
    value = Decimal("1.23456789E+30")
    data = encode(value)
    with localcontext() as context:
        context.prec, context.capitals = 2, 0
        context.clear_traps()
        assert encode(value) == data
        assert decode(data) == value
        with pytest.raises(CodecError):
            decode(tagged("decimal", "twelve"))


class Always(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, {"k": Always(3)}], "the value at `[1]['k']` has the type `test_codec_values.Always`"),
        (object(), "the value has the type `object`"),
        ([(Money(Decimal(1), notes=[io.StringIO()]),)], "the value at `[0][0].notes[0]` has the type `_io.StringIO`"),
        (Point(1, print), "the value at `.y` has the type `builtin_function_or_method`"),
        ({frozenset({b"", int}): 1}, "has the type `type`"),
        (collections.defaultdict(lambda: 0), "is a defaultdict of <function"),
        (SimpleNamespace(a=1), "has the type `types.SimpleNamespace`"),
        ((x for x in ()), "has the type `generator`"),
        (type("str", (str,), {})(), "has the type"),
        ([2**MAX_BITS], "is a number of"),
        (Fraction(1, 2**MAX_RATIO_BITS), "is a number of"),
        (Decimal("1" * (MAX_DIGITS + 1)), "is a decimal of more than"),
        (ValueError("x"), "has the type `ValueError`"),
    ],
)
def test_what_is_no_data_is_refused_with_its_place(value: object, message: str) -> None:
    with pytest.raises(CodecError) as caught:
        encode(value, REGISTRY)
    assert message in str(caught.value)


def test_a_class_that_is_not_registered_is_refused_at_both_ends() -> None:
    with pytest.raises(CodecError, match=r"`codec_samples\.Point`"):
        encode(Point(1))
    with pytest.raises(CodecError, match="unknown type"):
        decode(encode(Point(1), REGISTRY))


def test_what_contains_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append({"again": (loop,)})
    with pytest.raises(CodecError, match=r"the value at `\.\.\..* contains itself"):
        encode(loop)


@pytest.mark.parametrize("extra", [0, 1])
def test_the_depth_is_bounded_in_both_directions(extra: int) -> None:
    value: list[object] = []
    for _ in range(MAX_DEPTH - 1 + extra):
        value = [value]
    depth = MAX_DEPTH + extra
    data = b'["l",' * (depth - 1) + b'["l"]' + b"]" * (depth - 1)
    if not extra:
        assert encode(value) == data
        assert decode(data) == value
        return
    with pytest.raises(CodecError, match="nested"):
        encode(value)
    with pytest.raises(CodecError, match="nested"):
        decode(b"[" * 1_000_000)


@pytest.mark.parametrize("way", ["encode", "decode"])
def test_the_stack_may_be_short(way: str) -> None:
    value: list[object] = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    data = encode(value)

    def descend(frames: int) -> object:
        if frames:
            return descend(frames - 1)
        return encode(value) if way == "encode" else decode(data)

    used = len(inspect.stack(0))
    with pytest.raises(CodecError):
        descend(sys.getrecursionlimit() - used - 70)


def test_the_size_is_bounded_in_both_directions() -> None:
    assert len(encode("x" * 98, limit=100)) == 100
    for value in ("x" * 99, ["ü" * 60], list(range(60))):
        with pytest.raises(CodecError, match="may be sent"):
            encode(value, limit=100)
    with pytest.raises(CodecError, match="takes 101 bytes, and 100 may be sent"):
        decode(b" " * 101, limit=100)


def test_shared_objects_do_not_grow_without_end() -> None:
    tree: list[object] = ["leaf"]
    for _ in range(60):
        tree = [tree, tree]
    with pytest.raises(CodecError, match="larger than what may be sent"):
        encode(tree, limit=10_000)


def test_a_shared_object_arrives_as_two_equal_ones() -> None:
    shared = [1]
    first, second = decode(encode([shared, shared]))
    assert first == second == shared
    assert first is not second


def test_no_code_of_a_class_is_run() -> None:
    sneaky = object.__new__(Sneaky)
    sneaky.value = 3
    assert decode(encode(sneaky, REGISTRY), REGISTRY).value == 3
    odd = Money(Decimal(1))
    odd.currency = ""
    assert decode(encode(odd, REGISTRY), REGISTRY) == odd


def test_instances_keep_what_lies_on_them_and_forget_what_is_computed() -> None:
    money = Money(Decimal(2))
    money.origin = "till"  # type: ignore[attr-defined]
    assert money.doubled == 4
    arrived = decode(encode(money, REGISTRY), REGISTRY)
    assert vars(arrived) == {"amount": Decimal(2), "currency": "EUR", "notes": [], "origin": "till"}
    del money.amount
    assert "amount" not in vars(decode(encode(money, REGISTRY), REGISTRY))
    assert vars(decode(encode(Box[int](3), REGISTRY), REGISTRY)) == {"content": 3}
    bare = object.__new__(Version)
    with pytest.raises(AttributeError):
        _ = decode(encode(bare, REGISTRY), REGISTRY).major


def test_an_attribute_must_not_hide_a_method() -> None:
    money = Money(Decimal(2))
    money.__dict__["total"] = 5
    with pytest.raises(CodecError, match="attribute `total` that hides"):
        encode(money, REGISTRY)
    for name in ("total", "doubled", "__class__", "a b", 5, None):
        with pytest.raises(CodecError, match="no such field"):
            decode(tagged("record", "codec_samples.Money", name, 5), REGISTRY)


class Coordinates(NamedTuple("Pair", [("x", int), ("y", int)])):
    pass


def test_a_named_tuple_with_more_than_its_fields_is_refused() -> None:
    place = Coordinates(1, 2)
    registry = Classes.of([Coordinates])
    assert look(decode(encode(place, registry), registry)) == look(place)
    place.lie = True
    with pytest.raises(CodecError, match="attributes beside its fields"):
        encode(place, registry)


def test_an_enum_s_member_must_be_one_of_its_own() -> None:
    assert decode(encode(Colour.SCARLET, REGISTRY), REGISTRY) is Colour.RED
    forged = object.__new__(Colour)
    forged._name_ = "RED"
    with pytest.raises(CodecError, match="none of its members"):
        encode(forged, REGISTRY)


def test_a_value_that_cannot_be_read_is_refused() -> None:
    forged = object.__new__(Colour)
    with pytest.raises(CodecError, match=r"of the type `codec_samples\.Colour` cannot be read: AttributeError"):
        encode(forged, REGISTRY)


def test_a_slot_that_a_class_shares_with_its_base() -> None:
    circle = Circle("round", 1.5)
    assert look(decode(encode(circle, REGISTRY), REGISTRY)) == look(circle)


@pytest.mark.parametrize(
    "parts",
    [
        (), ("nonsense",), (1,), (None, 2), (["l"],), ("record", "codec_samples.Gone"), ("record", 1), ("@", 0), ("@",),
        ("enum", "codec_samples.Money", "RED"), ("enum", "codec_samples.Colour", "GREEN"),
        ("record", "codec_samples.ShopError", "args", 1), ("record", "codec_samples.Money", "amount"),
        ("enum", "codec_samples.Colour", ["l"]), ("enum", "codec_samples.Colour", "RED", "BLUE"),
        ("flag", "codec_samples.Bits", ["i", "f" * 40]), ("flag", "codec_samples.Access", 64),
        ("named", "codec_samples.Point", 1), ("named", "codec_samples.Point", 1, 2, 3),
        ("d", 1), ("d", 1, 2, 1, 3), ("d", ["l"], 1), ("set", 1, True), ("set", ["l"]), ("frozenset", 1, 1.0),
        ("defaultdict",), ("defaultdict", None, "eval"), ("defaultdict", None, ["l"]), ("deque",), ("deque", -1, 2),
        ("deque", "x"), ("i", "zz"), ("i", 5), ("i", "f" * (MAX_BITS // 4 + 9)), ("f", "00"), ("f", "zz"), ("s", "?"),
        ("s", "/w=="), ("b", "a"), ("b", "ü"), ("bytearray", 3), ("decimal", "1.2.3"), ("decimal", "1e99999999999999999999"),
        ("decimal", "1" * (MAX_DIGITS + 1)), ("ratio", 1, 0), ("ratio", 1), ("ratio", ["i", "f" * 20_000], 1),
        ("complex", 1, 2), ("uuid", "12"), ("zone", "../etc/passwd"), ("zone", "Nowhere/Land"), ("zone", "America"),
        ("pureposix", 1), ("path", ["l"]), ("date", 2024, 2, 30), ("date", True, 1, 1), ("date", 1.0, 1, 1),
        ("time", 25, 0, 0, 0, 0, None), ("time", 1, 0, 0, 0, 2, None), ("time", 1, 0, 0, 0, 0, "UTC"),
        ("datetime", 2024, 2, 1), ("delta", 10**12, 0, 0), ("timezone", ["delta", 2, 0, 0], None), ("timezone", 0, None),
        ("range", 1, 2, 0), ("range", 1), ("slice", 1, 2, "x"),
    ],
)  # fmt: skip
def test_a_message_that_fits_no_value_is_refused(parts: tuple[object, ...]) -> None:
    with pytest.raises(CodecError):
        decode(tagged(*parts), REGISTRY)


def test_keys_that_were_made_to_collide_are_refused() -> None:
    modulus = sys.hash_info.modulus
    keys = [format(number * modulus, "x") for number in range(1, MAX_COLLISIONS + 2)]
    assert len(decode(tagged("set", *[["i", key] for key in keys[:-1]]))) == MAX_COLLISIONS
    for parts in (("set", *[["i", key] for key in keys]), ("d", *[part for key in keys for part in (["i", key], 0)])):
        with pytest.raises(CodecError, match="keys of one hash"):
            decode(tagged(*parts))


def test_a_zone_without_a_name_is_refused() -> None:
    zone = ZoneInfo("UTC")
    assert decode(encode(zone)) is zone
    # One transition-less zone, as a file of version 1 says it.
    header = struct.pack(">4s1s15x6l", b"TZif", b"\x00", 0, 0, 0, 0, 1, 4)
    nameless = ZoneInfo.from_file(io.BytesIO(header + struct.pack(">lbb4s", 0, 0, 0, b"UTC\x00")))
    assert nameless.utcoffset(None) == zone.utcoffset(None)
    with pytest.raises(CodecError, match="time zone without a name"):
        encode([nameless])


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_an_error(data: bytes) -> None:
    with contextlib.suppress(CodecError):
        decode(data, REGISTRY)
