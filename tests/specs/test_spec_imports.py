from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.specs.imports import absolute_module, bindings_of, is_type_checking, plain_imports


def labels(code: str) -> list[str]:
    return [binding.label for node in plain_imports(ast.parse(code)) for binding in bindings_of(node)]


def test_labels_do_not_depend_on_the_statement() -> None:
    assert labels("import a.b, c as d") == ["a=a.b:", "d=c:"]
    assert labels("from a import b, c as d\nfrom . import e\nfrom ..f import *") == [
        "b=a:b", "d=a:c", "e=.:e", "*=..f:*",
    ]  # fmt: skip


def test_plain_imports_include_those_for_type_checkers() -> None:
    code = "if TYPE_CHECKING:\n    import a\nif typing.TYPE_CHECKING:\n    import b\nif x:\n    import c\nimport d\n"
    assert labels(code) == ["a=a:", "b=b:", "d=d:"]


@pytest.mark.parametrize(
    "code",
    [
        "x = 1",
        "if x:\n    import a",
        "if TYPE_CHECKING:\n    import a\nelse:\n    import b",
        "if TYPE_CHECKING:\n    a = 1",
    ],
)
def test_other_blocks_are_not_for_type_checkers(code: str) -> None:
    assert not is_type_checking(ast.parse(code).body[0])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from x.y import z", "x.y"),
        ("from . import z", "a.b"),
        ("from .x import z", "a.b.x"),
        ("from ..x import z", "a.x"),
        ("from .... import z", None),
    ],
)
def test_relative_modules_are_made_absolute(code: str, expected: str | None) -> None:
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.ImportFrom)
    assert absolute_module(bindings_of(node)[0], "a.b.c") == expected
