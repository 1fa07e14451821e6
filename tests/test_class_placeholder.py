from __future__ import annotations

import sys
import types

import pytest

from pytest_compiled_ai.class_placeholder import make_class_placeholder
from pytest_compiled_ai.errors import NotCompiledError
from pytest_compiled_ai.placeholder import read_class_nodes


def fail(message):
    raise NotCompiledError(message)


class Compiled:
    LIMIT = 3

    def __init__(self, size: int) -> None:
        self.size = size

    @classmethod
    def empty(cls):
        return cls(0)


class Derived(Compiled):
    pass


@pytest.fixture
def standing():
    found = []
    placeholder = make_class_placeholder(
        "Stack",
        "generated.m",
        "Say.",
        lambda: found[0] if found else None,
        lambda: found[0] if found else fail("Stack is not compiled; run it."),
        fail,
    )
    return placeholder, found


def test_it_looks_like_the_class(standing):
    placeholder, _ = standing
    assert isinstance(placeholder, type)
    assert (placeholder.__name__, placeholder.__qualname__) == ("Stack", "Stack")
    assert (placeholder.__module__, placeholder.__doc__) == ("generated.m", "Say.")


def test_a_missing_class_can_be_named_and_derived_from_but_not_used(standing):
    placeholder, _ = standing

    def f(one: placeholder, many: list[placeholder], maybe: placeholder | None, of: placeholder[int]) -> None: ...

    class Mine(placeholder):
        own = 1

    assert isinstance(placeholder[int], types.GenericAlias)
    assert not isinstance(1, placeholder)
    assert not issubclass(int, placeholder)
    assert issubclass(Mine, placeholder)
    assert issubclass(placeholder, placeholder)
    assert not isinstance(1, Mine)
    assert Mine.own == 1
    assert not hasattr(placeholder, "__wrapped__")
    assert getattr(placeholder, "pytestmark", None) is None
    for use in (lambda: placeholder(1), lambda: Mine(), lambda: placeholder.empty(), lambda: placeholder[int](1)):
        with pytest.raises(NotCompiledError, match=r"Stack is not compiled; run it\."):
            use()


def test_it_stands_for_the_class_once_that_is_there(standing):
    placeholder, found = standing

    class Mine(placeholder):
        own = 1

    found.append(Compiled)
    made = placeholder(4)
    assert type(made) is Compiled
    assert (made.size, placeholder.LIMIT, placeholder.empty().size) == (4, 3, 0)
    assert isinstance(made, placeholder)
    assert isinstance(Derived(1), placeholder)
    assert not isinstance(1, placeholder)
    assert issubclass(Derived, placeholder)
    assert not issubclass(int, placeholder)
    assert not isinstance(made, Mine)
    with pytest.raises(
        NotCompiledError, match="Mine was derived from Stack before that was compiled; run pytest again"
    ):
        Mine()


def test_only_classes_below_spec_are_stubs(tmp_path):
    path = tmp_path / "s.py"
    text = (
        "from pytest_compiled_ai import spec as wanted\nfrom other import thing\nimport nothing_such\n"
        "@spec\nclass A: ...\n@wanted(tests=[])\nclass B: ...\n@p.spec()\nclass C: ...\n"
        "@dataclass\nclass D: ...\nclass E: ...\n@thing\nclass F: ...\n@spec\ndef g(): ...\n@x[0]\nclass H: ...\n"
    )
    path.write_text(text)
    assert set(read_class_nodes(path)) == {"A", "B", "C"}
    assert "nothing_such" not in sys.modules
