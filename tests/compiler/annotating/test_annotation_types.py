from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.annotating.types import ANY, NONE, Type, join, names_in, read_type, spell

INT, STR, FLOAT = Type("int"), Type("str"), Type("float")


def _grow(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.one_of(
        st.builds(lambda arg: Type("list", (arg,)), inner),
        st.builds(lambda key, arg: Type("dict", (key, arg)), inner, inner),
        st.builds(lambda args: Type("tuple", tuple(args)), st.lists(inner, max_size=3)),
        st.builds(lambda arg: Type("tuple", (arg, Type("..."))), inner),
    )


TYPES = st.recursive(st.sampled_from([INT, STR, FLOAT, NONE, Type("Decimal")]), _grow, max_leaves=5)


@given(TYPES)
def test_a_type_reads_as_it_is_spelled(type_):
    assert read_type(spell(type_).replace("Decimal", "decimal.Decimal")) == type_


@given(TYPES, TYPES)
def test_joined_types_cover_both(one, other):
    both = join((one, other))
    assert join((one, one)) == one
    assume(both.is_told)
    assert join((both, one)) == both == join((both, other))


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Literal[1]?", "int"),
        ("Literal['a']?", "str"),
        ("tuple[Literal[True]?, builtins.list[builtins.int]]", "tuple[bool, list[int]]"),
        ("builtins.int | None", "int | None"),
        ("Union[builtins.int, None]", "int | None"),
        ("tuple[()]", "tuple[()]"),
        ("tuple[builtins.int, ...]", "tuple[int, ...]"),
        ("collections.Counter[str]", "Counter[str]"),
        ("typing.Iterator[int]", "Iterator[int]"),
        ("def (x: int, y: dict[str, int] =) -> str", "Callable[[int, dict[str, int]], str]"),
        ("def () -> None", "Callable[[], None]"),
        ("app.types.Money", "Money"),
    ],
)
def test_what_mypy_reveals_is_read(text, spelled):
    assert spell(read_type(text, frozenset({"app.types.Money"}))) == spelled


@pytest.mark.parametrize(
    "text",
    ["Any", "Never", "_typeshed.Thing", "Overload(def (x: int) -> int)", "app.other.Money", "def (*xs: int) -> int", "1",
     "typing.NoSuchThing", "list[Any]", "int | Any"],
)  # fmt: skip
def test_what_no_body_can_name_is_not_told(text):
    assert not read_type(text, frozenset({"app.types.Money"})).is_told


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["int", "Any"], "int"),
        (["bool", "int"], "int"),
        (["int", "float"], "float"),
        (["float", "int"], "float"),
        (["None", "int"], "int | None"),
        (["int | None", "str"], "int | str | None"),
        (["list[Any]", "list[int]"], "list[int]"),
        (["list[int]", "set[int]"], "list[int] | set[int]"),
        (["tuple[int, int]", "tuple[int, str]"], "tuple[int, int | str]"),
        (["tuple[int]", "tuple[int, float]"], "tuple[float, ...]"),
        (["tuple[int, ...]", "tuple[str]"], "tuple[int | str, ...]"),
        (["def (x: int) -> int", "def (x: str) -> int"], "Callable[[int], int] | Callable[[str], int]"),
        (["dict[str, Any]", "dict[str, int]"], "dict[str, int]"),
        (["typing.Generator[int, None, None]", "typing.Generator[int]"],
         "Generator[int, None, None] | Generator[int]"),
    ],
)  # fmt: skip
def test_types_are_joined(texts, joined):
    assert spell(join(map(read_type, texts))) == joined


def test_too_many_are_none():
    assert join(map(read_type, ["int", "str", "bytes", "list[int]"])) == ANY


def test_something_unknown_that_may_be_none_waits():
    waiting = join((NONE, ANY))
    assert not waiting.is_told
    assert join((waiting, INT)) == Type("|", (INT, NONE))


def test_names_are_those_of_an_import():
    assert list(names_in(read_type("dict[str, int] | tuple[int, ...]"))) == ["dict", "str", "int", "tuple", "int"]
