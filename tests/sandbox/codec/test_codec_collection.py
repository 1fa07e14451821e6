from __future__ import annotations

import decimal
import gc
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from types import ModuleType
from typing import Annotated, Any, Literal, NewType, NoReturn, TypeVar

import codec_samples
import hypothesis.strategies
import pytest
from codec_samples import (
    Access,
    Cart,
    Circle,
    Colour,
    Level,
    Money,
    Point,
    Row,
    Shape,
    ShopError,
    StockError,
    Version,
    price_of,
)

import pytest_compiled_ai
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.collection import collect_classes


def reached(*things: object) -> set[type]:
    return set(collect_classes(things).by_name.values())


def test_a_class_brings_the_types_of_its_fields() -> None:
    assert reached(Cart) == {Cart, Money, Point, Level}


def test_a_function_brings_the_types_of_its_signature() -> None:
    assert reached(price_of) == {Cart, Money, Point, Level, Version}


def test_a_class_brings_the_classes_that_derive_from_it() -> None:
    gc.collect()
    # Other tests may derive from it too.
    assert {each for each in reached(ShopError) if each.__module__ == "codec_samples"} == {ShopError, StockError}
    assert reached(Shape) == {Shape, Circle}


def test_the_first_draft_of_a_class_with_slots_is_left_out() -> None:
    draft = type("Circle", (Shape,), {"__module__": "codec_samples", "__slots__": ()})
    assert draft in type.__subclasses__(Shape)
    assert reached(Shape) == {Shape, Circle}


@pytest.mark.parametrize(
    ("thing", "classes"),
    [
        (list[Money], {Money}),
        (Money | None, {Money}),
        (Mapping[Point, list[tuple[Version, ...]]], {Point, Version}),
        (Annotated[Money, "text"], {Money}),
        (Callable[[Point], Version], {Point, Version}),
        (NewType("Price", Money), {Money}),
        (TypeVar("M", bound=Money), {Money}),
        (Literal[Colour.RED], {Colour}),
        (type[Access], {Access}),
        (Row, {Level}),
        (HTTPStatus, {HTTPStatus}),
        (5, set()),
        (print, set()),
        (Enum, set()),
        (Exception, set()),
        (decimal.Decimal, set()),
        (hypothesis.strategies.SearchStrategy, set()),
        (pytest_compiled_ai.spec, set()),
    ],
)
def test_annotations_are_looked_through(thing: object, classes: set[type]) -> None:
    assert reached(thing) == classes


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a `type` statement")
def test_a_type_alias_is_looked_through() -> None:
    space: dict[str, Any] = {"Money": Money}
    exec("type Alias = list[Money]", space)
    assert reached(space["Alias"]) == {Money}


def test_a_namespace_is_looked_through_by_its_values() -> None:
    assert set(collect_classes({"m": Money, "_": None}).by_name) == {"codec_samples.Money"}


def test_a_module_brings_what_it_defines() -> None:
    assert {Money, Colour, ShopError, Cart} <= reached(codec_samples)


@pytest.mark.parametrize("module", [decimal, hypothesis.strategies, pytest, pytest_compiled_ai])
def test_the_library_and_the_runners_bring_nothing(module: ModuleType) -> None:
    assert reached(module) == set()


def test_a_package_brings_its_modules() -> None:
    package, inner, other = ModuleType("shop"), ModuleType("shop.models"), ModuleType("shopping")
    item = Enum("Item", ["A"], module="shop.models")
    inner.Item = item  # type: ignore[attr-defined]
    other.Money = Money  # type: ignore[attr-defined]
    package.models, package.other = inner, other  # type: ignore[attr-defined]
    assert reached(package) == {item}


def test_annotations_that_cannot_be_read_are_left_out() -> None:
    class Lazy:
        pass

    Lazy.__annotations__ = {"a": "1 +", "b": "Missing", "c": "Money", "d": 3, "e": "Money.missing"}
    Lazy.__module__ = "codec_samples"
    assert reached(Lazy) == {Money}


def test_annotations_that_are_computed_late_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> NoReturn:
        raise NameError("later")

    monkeypatch.setattr(inspect, "get_annotations", fail)
    assert reached(Cart) == {Cart}


def test_two_classes_of_one_name_are_told() -> None:
    @dataclass
    class Money:
        pass

    first = Money

    @dataclass
    class Money:  # type: ignore[no-redef]
        pass

    things: Iterable[object] = [first, Money]
    with pytest.raises(CodecError, match="two different classes"):
        collect_classes(things)
