from __future__ import annotations

import abc
import dataclasses
import datetime as dt
import enum
import json
import unittest

import _pytest.outcomes
import hypothesis.errors
import pytest
from codec_samples import CLASSES, Circle, Colour, Money, ShopError, Version

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes, is_carriable, is_error


def test_a_registry_finds_by_name() -> None:
    registry = Classes.of(CLASSES)
    assert registry.names[Money] == "codec_samples.Money"
    assert registry.by_name["codec_samples.Colour"] is Colour
    assert registry.find_kind("codec_samples.Money", "record") is registry.kinds[Money]
    assert registry.find_kind("codec_samples.Money", "enum") is None
    assert registry.find_kind("codec_samples.ShopError", "record") is None
    assert registry.find_kind("codec_samples.Nothing", "record") is None
    assert registry.find_error("codec_samples.ShopError") is ShopError
    assert registry.find_error("codec_samples.Money") is None
    assert NO_CLASSES.find_error("codec_samples.ShopError") is None


def test_a_registry_cannot_be_changed() -> None:
    registry = Classes.of([Money])
    with pytest.raises(TypeError):
        registry.by_name["x"] = Version  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        registry.by_name = {}  # type: ignore[misc]


def test_one_class_twice_is_one_and_two_of_one_name_are_refused() -> None:
    assert len(Classes.of([Money, Money]).by_name) == 1
    other = dataclasses.make_dataclass("Money", ["amount"])
    other.__module__ = Money.__module__
    with pytest.raises(CodecError, match=r"two different classes with the name `codec_samples\.Money`"):
        Classes.of([Money, other])


class Plain:
    pass


@dataclasses.dataclass
class Dated(dt.date):
    note: str = ""


class Pair(tuple[int, int]):
    __slots__ = ()


@pytest.mark.parametrize("cls", [Plain, Dated, Pair, int, list, dict, type, abc.ABC, json.JSONDecoder, SystemExit])
def test_a_class_that_is_no_data_is_refused(cls: type) -> None:
    assert not is_carriable(cls)
    with pytest.raises(CodecError, match="no enum, named tuple, dataclass, model or exception"):
        Classes.of([cls])


class Skipping(unittest.SkipTest):
    pass


class Both(ShopError, hypothesis.errors.HypothesisException):
    pass


@pytest.mark.parametrize(
    "cls",
    [
        SystemExit, KeyboardInterrupt, GeneratorExit, BaseException, BaseExceptionGroup, ExceptionGroup, Skipping, Both,
        unittest.SkipTest, pytest.skip.Exception, pytest.fail.Exception, pytest.exit.Exception, pytest.xfail.Exception,
        hypothesis.errors.UnsatisfiedAssumption, hypothesis.errors.StopTest, _pytest.outcomes.OutcomeException,
    ],
)  # fmt: skip
def test_what_steers_a_runner_is_no_error_for_a_test(cls: type) -> None:
    assert not is_error(cls)


@pytest.mark.parametrize("cls", [ValueError, ShopError, json.JSONDecodeError, AssertionError, StopIteration])
def test_an_error_for_a_test(cls: type) -> None:
    assert is_error(cls)


def test_the_library_s_enums_and_a_derived_dataclass_are_data() -> None:
    assert is_carriable(enum.EnumCheck)
    assert is_carriable(Circle)
