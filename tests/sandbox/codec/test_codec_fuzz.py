"""Bytes of a worker that lies: whatever they are, they are a value or a `CodecError`."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from codec_samples import CLASSES, Colour, Money, Point, Version, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.changes import Watch, apply_change
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.errors import decode_error, encode_error
from pytest_compiled_ai.sandbox.codec.kinds import CONTAINERS
from pytest_compiled_ai.sandbox.codec.scalars import SCALARS
from pytest_compiled_ai.sandbox.codec.times import TIMES
from pytest_compiled_ai.sandbox.codec.values import decode, encode

REGISTRY = Classes.of(CLASSES)
tags = st.sampled_from(
    [*(kind.tag for kind in (*CONTAINERS, *SCALARS, *TIMES)), "enum", "flag", "named", "record", "model", "@"]
)
names = st.sampled_from([*REGISTRY.by_name, "builtins.int", "os.system"])
leaves = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=5) | tags | names
fields = st.sampled_from(["amount", "notes", "__class__", "__dict__", "total", "doubled", "RED", "x", "major", "args"])
messages = st.recursive(
    leaves | fields,
    lambda inner: (
        st.lists(inner, max_size=4).flatmap(lambda rest: tags.map(lambda tag: [tag, *rest]))
        | st.builds(lambda tag, name, rest: [tag, name, *rest], tags, names, st.lists(inner, max_size=4))
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
        | st.lists(inner, max_size=4)
    ),
    max_leaves=15,
)
quickly = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_all(data: bytes) -> None:
    readers: list[Callable[[], Any]] = [
        lambda: encode(decode(data, REGISTRY), REGISTRY),
        lambda: decode_error(data, REGISTRY),
        lambda: apply_change([[1], {"a": Money(Decimal(1))}], data, REGISTRY),
    ]
    for read in readers:
        try:
            read()
        except CodecError as error:
            assert len(str(error)) < 400  # noqa: PT017 - it may or may not be raised


@given(messages)
@quickly
def test_random_messages(message: object) -> None:
    read_all(json.dumps(message).encode())


@given(st.lists(st.tuples(st.integers(-1, 6), messages).map(list), max_size=3))
@quickly
def test_random_changes(message: object) -> None:
    read_all(json.dumps(message).encode())


@given(messages, messages, messages)
@quickly
def test_random_errors(args: object, attributes: object, cause: object) -> None:
    for change in ({"args": args}, {"attributes": attributes}, {"cause": cause}, {"name": args}, {"notes": attributes}):
        record = decode(encode_error(ValueError("x")))
        pairs = [part for key in record for part in (key, change.get(key, json.loads(encode(record[key]))))]
        read_all(json.dumps(["d", *pairs]).encode())


@given(values, st.data())
@quickly
def test_valid_messages_that_were_cut_and_changed(value: object, data: st.DataObject) -> None:
    message = bytearray(encode([value, Point(1), Version(2), Colour.RED], REGISTRY))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(message) - 1))
        message[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b"[", b"]", b'"', b",", b"0", b"-", b"1e9", b"null", b"[]", b'"l"', b"\xff", b"\\"])
        )
        message += b" "
    read_all(bytes(message))


@given(st.integers(0, 60), st.integers(0, 255))
@quickly
def test_changes_that_were_damaged(place: int, byte: int) -> None:
    rows = [[1], {"a": Money(Decimal(1))}]
    watch = Watch(rows, REGISTRY)
    rows[0].append({"new": [2.5]})
    rows[1]["a"].notes = ["x"]
    message = bytearray(watch.encode_changes() or b"")
    message[place % len(message)] = byte
    read_all(bytes(message))


@pytest.mark.parametrize(
    "data",
    [
        b'["l",' * 90 + b'["i","' + b"f" * 1_000_000 + b'"]' + b"]" * 90,
        b'["ratio",' + b'["i","' + b"f" * 8000 + b'"],["i","' + b"e" * 8000 + b'"]]',
        b'["decimal","1e' + b"9" * 18 + b'"]',
        b'["decimal","' + b"9" * 1_000_000 + b'"]',
        b'["set",' + b",".join(b'["decimal","1e%d99999999"]' % number for number in range(2000)) + b"]",
        b'["deque",4611686018427387904,1]',
        b'["range",0,["i","' + b"f" * 100_000 + b'"],1]',
        b'["flag","codec_samples.Bits",["i","' + b"f" * 1_000_000 + b'"]]',
        b'["delta",["i","' + b"f" * 100_000 + b'"],0,0]',
        b'["l"' + b',["l"]' * 20_000 + b"]",
    ],
)
def test_messages_that_would_cost_much(data: bytes) -> None:
    read_all(data)
