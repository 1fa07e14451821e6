from __future__ import annotations

import argparse
import asyncio
import binascii
import concurrent.futures
import configparser
import csv
import dataclasses
import decimal
import json
import pathlib
import queue
import re
import statistics
import struct
import tomllib
import unittest
import xml.etree.ElementTree as ET
import zlib
import zoneinfo
from collections.abc import Callable
from typing import Any

import hypothesis.errors
import pytest
from codec_samples import CLASSES, CodedError, Colour, Point, ShopError, StockError
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.error_names import find_error, name_error
from pytest_compiled_ai.sandbox.codec.errors import UnknownError, decode_error, encode_error
from pytest_compiled_ai.sandbox.codec.values import decode, encode

REGISTRY = Classes.of(CLASSES)


def carry(error: BaseException) -> Any:
    return decode_error(encode_error(error, REGISTRY), REGISTRY)


def catch(act: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - of any kind
        act()
    return caught.value


@dataclasses.dataclass(frozen=True)
class Ice:
    water: int


@pytest.mark.parametrize(
    "act",
    [
        lambda: int("x"), lambda: {}["a"], lambda: [].pop(), lambda: 1 / 0, lambda: eval("missing"), lambda: (1).real_part,
        lambda: b"\xff".decode(), lambda: "\udc80".encode(), lambda: next(iter(())), lambda: json.loads("{"),
        lambda: re.compile("("), lambda: struct.pack("b", 300), lambda: binascii.unhexlify("x"), lambda: zlib.decompress(b"x"),
        lambda: statistics.mean([]), lambda: zoneinfo.ZoneInfo("No/Where"), lambda: tomllib.loads("="),
        lambda: list(csv.reader(['"a'], strict=True)), lambda: ET.fromstring("<"), lambda: pathlib.Path("/no/where").read_text(),
        lambda: configparser.ConfigParser().read_string("x"), lambda: queue.Queue().get_nowait(),
        lambda: compile("1 +", "body", "exec"), lambda: __import__("no_such_module_at_all"), lambda: setattr(Ice(1), "water", 2),
    ],
)  # fmt: skip
def test_the_library_s_errors_arrive_as_they_were(act: Callable[[], object]) -> None:
    error = catch(act)
    arrived = carry(error)
    assert type(arrived) is type(error)
    assert (str(arrived), arrived.args) == (str(error), error.args)
    assert vars(arrived) == vars(error)
    for name in ("filename", "errno", "name", "reason", "start", "value", "lineno"):
        if isinstance(error, OSError | ImportError | NameError | UnicodeError | StopIteration | SyntaxError):
            assert getattr(arrived, name, None) == getattr(error, name, None)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (argparse.ArgumentTypeError("x"), argparse.ArgumentTypeError), (decimal.InvalidOperation("x"), decimal.InvalidOperation), (asyncio.QueueEmpty(), asyncio.QueueEmpty),
        (TimeoutError("late"), TimeoutError), (concurrent.futures.TimeoutError(), TimeoutError),
        (RecursionError("deep"), RecursionError), (MemoryError(), MemoryError), (AssertionError("no"), AssertionError),
        (UserWarning("w"), UserWarning), (OSError(2, "no"), FileNotFoundError), (StopAsyncIteration(1), StopAsyncIteration),
        (ImportError("no", name="n", path="p"), ImportError), (OSError("x"), OSError),
    ],
)  # fmt: skip
def test_allow_listed_classes(error: Exception, kind: type) -> None:
    arrived = carry(error)
    assert type(arrived) is kind
    assert (arrived.args, vars(arrived)) == (error.args, vars(error))


def test_the_project_s_errors_are_built_without_their_constructor() -> None:
    arrived = carry(StockError("milk"))
    assert type(arrived) is StockError
    assert (str(arrived), arrived.item, arrived.args) == ("no milk", "milk", ("no milk",))
    coded = carry(CodedError(3, "x"))
    assert (type(coded), coded.code, coded.text, coded) == (CodedError, 3, "x", CodedError(3, "x"))
    assert carry(KeyError(Point(1, 2), Colour.RED)).args == (Point(1, 2), Colour.RED)


class Layered(ValueError, OSError):
    def __init__(self, *args: object) -> None:
        super().__init__(*args)


class Slotted(ValueError):
    __slots__ = ("code",)


def test_an_error_of_two_bases_is_built_by_the_one_that_lays_it_out() -> None:
    registry = Classes.of([Layered])
    arrived = decode_error(encode_error(Layered(2, "no", "file"), registry), registry)
    assert (type(arrived), arrived.args, arrived.filename) == (Layered, (2, "no"), "file")


class Own(ShopError):
    pass


class Alone(Exception):
    pass


class Odd(ValueError):
    __module__ = 5  # type: ignore[assignment]


def test_an_error_of_the_body_s_own_arrives_as_its_nearest_relation() -> None:
    arrived = carry(Own("milk"))
    assert (type(arrived), arrived.item) == (ShopError, "milk")
    assert arrived.__notes__ == ["raised as test_codec_errors.Own"]
    assert type(carry(Alone("x"))) is Exception
    assert type(carry(Slotted("x"))) is ValueError
    assert carry(Odd("x")).__notes__ == ["raised as 5.Odd"]


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda: pytest.skip("no"), "Skipped: no"), (lambda: pytest.xfail("no"), "XFailed: no"),
        (lambda: pytest.fail("no"), "Failed: no"), (lambda: pytest.exit("no"), "Exit: no"),
        (lambda: exit(0), "SystemExit: 0"),
    ],
)  # fmt: skip
def test_what_steers_a_runner_arrives_as_a_failure_that_names_it(act: Callable[[], object], name: str) -> None:
    arrived = carry(catch(act))
    assert type(arrived) is UnknownError
    assert name in str(arrived)
    assert not isinstance(arrived, Exception)


class Skipping(ValueError, unittest.SkipTest):
    pass


@pytest.mark.parametrize(
    "error",
    [
        unittest.SkipTest("no"), KeyboardInterrupt(), GeneratorExit(), asyncio.CancelledError(), hypothesis.errors.StopTest(1),
        hypothesis.errors.UnsatisfiedAssumption(),
        Skipping("no"), BaseException("x"), BaseExceptionGroup("x", [SystemExit()]), ExceptionGroup("x", [unittest.SkipTest()]),
        type("Skipped", (BaseException,), {"__module__": "builtins"})(),
    ],
)  # fmt: skip
def test_no_order_to_a_runner_gets_through(error: BaseException) -> None:
    arrived = carry(error)
    assert type(arrived) is UnknownError
    assert type(error).__name__ in str(arrived)


def test_a_group_brings_its_members() -> None:
    arrived = carry(ExceptionGroup("both", [ValueError("a"), ExceptionGroup("in", [ShopError("b")])]))
    assert type(arrived) is ExceptionGroup
    assert arrived.message == "both"
    assert [type(each) for each in arrived.exceptions] == [ValueError, ExceptionGroup]
    assert arrived.exceptions[1].exceptions[0].item == "b"


def test_groups_end_at_some_depth() -> None:
    error: Exception = ValueError("x")
    for _ in range(8):
        error = ExceptionGroup("g", [error])
    assert type(carry(error)) is UnknownError


def test_notes_and_causes_are_kept() -> None:
    error = ValueError("bad")
    error.add_note("look here")
    error.__notes__.append(5)
    error.__cause__ = KeyError("k")
    error.__cause__.__cause__ = SystemExit(3)
    arrived = carry(error)
    assert arrived.__notes__ == ["look here"]
    assert (type(arrived.__cause__), arrived.__cause__.args) == (KeyError, ("k",))
    assert type(arrived.__cause__.__cause__) is UnknownError


def test_causes_in_a_circle_end() -> None:
    error = ValueError("a")
    error.__cause__ = KeyError("b")
    error.__cause__.__cause__ = error
    assert carry(error).__cause__.__cause__.args == ("a",)


def test_what_is_no_data_becomes_text() -> None:
    error = ValueError("bad", print)
    error.number, error.stream = 3, print
    arrived = carry(error)
    assert arrived.args == (str(error),)
    assert vars(arrived) == {"number": 3}


class Broken(ValueError):
    def __str__(self) -> str:
        raise KeyError("no text")


class Worse(ValueError):
    @property
    def args(self) -> Any:
        raise KeyError("no arguments")


def test_an_error_that_breaks_when_it_is_read() -> None:
    assert carry(Broken(print)).args == ("(KeyError in its __str__)",)
    assert type(carry(Worse("x"))) is ValueError
    assert carry(Worse("x")).args == ()


def test_an_error_that_is_too_large_keeps_its_name() -> None:
    arrived = decode_error(encode_error(ValueError("x" * 2000), limit=1000))
    assert (type(arrived), arrived.args) == (ValueError, ())


def test_attributes_of_every_error_cannot_be_set() -> None:
    record = decode(encode_error(ValueError("x")))
    record["attributes"] = {"with_traceback": 1, "__traceback__": 2, "args": (3,), "add_note": 4, "fine": 5, 6: 7}
    arrived = decode_error(encode(record))
    assert vars(arrived) == {"fine": 5}
    assert arrived.args == ("x",)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("builtins.UnicodeDecodeError", ("x",)), ("builtins.SyntaxError", ("x", (1,))),
        ("builtins.UnicodeEncodeError", (1, 2, 3, 4, 5)), ("builtins.ExceptionGroup", ("x", [1])),
    ],
)  # fmt: skip
def test_arguments_that_fit_no_error_are_refused(name: str, args: tuple[object, ...]) -> None:
    record = decode(encode_error(ValueError("x")))
    try:
        arrived = decode_error(encode({**record, "name": name, "args": args}))
    except CodecError:
        return
    assert type(arrived) is UnknownError


@pytest.mark.parametrize(
    "record",
    [5, {}, {"name": "builtins.ValueError"}, ["name"], None, {"name": 1, "text": "", "args": (), "attributes": {}}],
)
def test_a_record_that_is_none_is_refused(record: object) -> None:
    with pytest.raises(CodecError, match="is no exception"):
        decode_error(encode(record))


@pytest.mark.parametrize(
    "change", [{"cause": 5}, {"members": [5]}, {"notes": [5]}, {"cause": {}}, {"args": [1]}, {"text": None}]
)
def test_a_record_with_a_wrong_part_is_refused(change: dict[str, object]) -> None:
    record = decode(encode_error(ValueError("x")))
    with pytest.raises(CodecError):
        decode_error(encode({**record, **change}))


@given(
    st.sampled_from(
        ["os.system", "builtins.eval", "builtins.SystemExit", "_pytest.outcomes.Skipped", "re.compile", "x"]
    )
    | st.text(max_size=20)
)
def test_no_other_name_is_found(name: str) -> None:
    found = find_error(name, REGISTRY)
    assert found is None or issubclass(found, Exception)
    record = {**decode(encode_error(SystemExit("x"))), "name": name}
    assert type(decode_error(encode(record))) is UnknownError


def test_a_module_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tomllib", None)
    assert find_error("tomllib.TOMLDecodeError", REGISTRY) is None
    assert name_error(ValueError, REGISTRY) == "builtins.ValueError"
