from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pytest_compiled_ai.specs.walking import children_of, definitions_in, nodes_in

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "pytest_compiled_ai" / "specs").glob("*.py"))
SKIPPED = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NESTED = """
@decorate(lambda: 0)
def one():
    class Two:
        async def three(self): ...
    try:
        def four(): ...
    except ValueError:
        def five(): ...
    else:
        def six(): ...
    finally:
        def seven(): ...
match 1:
    case 1:
        def eight(): ...
if 1:
    pass
else:
    with a:
        def nine(): ...
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_all_nodes_are_met_as_the_standard_library_meets_them(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wanted = {id(node) for node in ast.walk(tree) if not isinstance(node, SKIPPED)}
    found = nodes_in(tree)
    assert {id(node) for node in found} == wanted
    assert len(found) == len(wanted)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_definitions_come_in_the_order_of_a_walk(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert list(definitions_in(tree)) == [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]


def test_definitions_are_found_in_every_block() -> None:
    tree = ast.parse(NESTED)
    found = [node.name for node in definitions_in(tree)]
    assert found == [node.name for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]
    assert set(found) == {"one", "Two", "three", "four", "five", "six", "seven", "eight", "nine"}


def test_several_roots_are_gone_through() -> None:
    tree = ast.parse("a = 1\nb = f(c)\n")
    names = {node.id for node in nodes_in(*tree.body) if isinstance(node, ast.Name)}
    assert names == {"a", "b", "f", "c"}
    assert nodes_in() == []


def test_children_hold_no_plain_values() -> None:
    call = ast.parse("f(*a, k=1)", mode="eval").body
    assert [type(node).__name__ for node in children_of(call)] == ["Name", "Starred", "keyword"]
    defaults = ast.parse("def f(*, a, b=1): global c").body[0]
    assert all(isinstance(node, ast.AST) for node in nodes_in(defaults))
