from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from pytest_compiled_ai.specs.definitions import EFFECTS, Module, named_node, split_module


def split(code: str) -> Module:
    return split_module(Path("/p/a.py"), "a.py", ast.parse(textwrap.dedent(code)))


def owners(code: str) -> dict[str, int]:
    return {name: len(item.nodes) for name, item in split(code).definitions.items()}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = 1\nx += 2", {"x": 2}),
        ("x = y = 1\nz: int = 1", {"x": 1, "y": 1, "z": 1}),
        ("x, (y, *z) = 1", {"x": 1, "y": 1, "z": 1}),
        ("R = {}\nR['a'] = 1\nR.update(b=2)\ndel R['a']", {"R": 4}),
        ("class A: ...\nA.x = 1", {"A": 2}),
        ("R = {}\nfor k in 'ab':\n    R[k] = 1", {"R": 2, "k": 1}),
        ("try:\n    import a\nexcept ImportError:\n    a = None", {"a": 1}),
        ("import a\nif x:\n    import b as a", {"a": 2}),
        ("import a\nimport b", {}),
        ("if TYPE_CHECKING:\n    import a", {}),
        ("def f(): ...\nregister(f)\nregister(other)", {"f": 2, EFFECTS: 1}),
        ("'''Doc.'''\npass\n...", {}),
        ("def f(): ...\nif __name__ == '__main__':\n    f()", {"f": 1}),
        ("def f():\n    R['x'] = 1\nR = {}", {"f": 1, "R": 1}),
    ],
)
def test_statements_belong_to_the_names_that_they_bind_or_change(code: str, expected: dict[str, int]) -> None:
    assert owners(code) == expected


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("@pytest.fixture\ndef x(): ...", "fixture"),
        ("@pytest_asyncio.fixture(scope='module')\nasync def x(): ...", "fixture"),
        ("from pytest import fixture as fix\n@fix\ndef x(): ...", "fixture"),
        ("@other\ndef x(): ...", "helper"),
        ("@registry[0]\ndef x(): ...", "helper"),
        ("class x: ...", "type"),
        ("x = 1", "data"),
        ("if y:\n    def x(): ...\nelse:\n    def x(a): ...", "helper"),
        ("try:\n    import x\nexcept ImportError:\n    x = None", "data"),
    ],
)
def test_kinds(code: str, kind: str) -> None:
    assert split(code).definitions["x"].kind == kind


def test_kinds_by_name() -> None:
    found = split("def test_x(): ...\ndef pytest_configure(): ...").definitions
    assert [item.kind for item in found.values()] == ["test", "hook"]


def test_the_last_definition_of_a_name_is_the_one() -> None:
    body = ast.parse("def x(): ...\nif a:\n    def x(b): ...").body
    node = named_node(body, "x")
    assert isinstance(node, ast.FunctionDef)
    assert [item.arg for item in node.args.args] == ["b"]
    assert named_node(body, "y") is None


def test_keys_and_taken_names() -> None:
    module = split("import a\nfrom b import *\nx = 1")
    assert module.definitions["x"].key == "a.py::x"
    assert module.taken == {"a", "*", "x"}
    assert set(module.bindings) == {"a", "*"}
    assert not module.is_package
