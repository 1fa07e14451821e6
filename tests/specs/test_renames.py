from __future__ import annotations

import ast
import textwrap

import pytest

from pytest_compiled_ai.specs.canonical import canonical
from pytest_compiled_ai.specs.renames import renamable_locals


def locals_of(code: str, *taken: str) -> set[str]:
    node = ast.parse(textwrap.dedent(code)).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return set(renamable_locals(node, frozenset(taken)))


@pytest.mark.parametrize(
    "code",
    [
        "x = 1",
        "for x in a: pass",
        "with a as x: pass",
        "(x := 1)",
        "[x for x in a]",
        "try: pass\n    except E as x: pass",
        "match a:\n        case [1, *x]: pass",
        "match a:\n        case {**x}: pass",
        "match a:\n        case A() as x: pass",
        "del x",
        "x: int = 1",
        "x += 1",
    ],
)
def test_targets_are_numbered(code: str) -> None:
    assert locals_of(f"def f(a):\n    {code}") == {"x"}


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    x = 1",
        "def f():\n    x = 1\n    g = lambda x: x",
        "def f():\n    global x\n    x = 1",
        "def f():\n    x = 1\n    def x(): pass",
        "def f():\n    x = 1\n    class x: pass",
        "def f():\n    class A:\n        x = 1",
        "def f():\n    import x.y\n    x = 1",
        "def f():\n    import a as x\n    x = 1",
        "def f(a=x):\n    x = 1",
        "def f() -> x:\n    x = 1",
        "@x\ndef f():\n    x = 1",
        "def x():\n    x = 1",
    ],
)
def test_names_that_others_can_see_are_kept(code: str) -> None:
    assert "x" not in locals_of(code)


def test_builtins_private_and_module_names_are_kept() -> None:
    assert locals_of("def f():\n    len = __x = y = z = 1", "y") == {"z"}


@pytest.mark.parametrize("reader", ["locals", "vars", "dir", "eval", "exec"])
def test_nothing_is_numbered_where_names_are_read_at_run_time(reader: str) -> None:
    assert locals_of(f"def f():\n    x = 1\n    return {reader}()") == set()


def test_nothing_is_numbered_after_a_star_import() -> None:
    assert locals_of("def f():\n    x = 1", "*") == set()


def test_locals_are_numbered_by_outermost_function() -> None:
    one = ast.parse(
        "def f():\n    a = 1\n    def g():\n        b = a\n        return b\n    return g\ndef h():\n    c = 1"
    )
    other = ast.parse(
        "def f():\n    x = 1\n    def g():\n        y = x\n        return y\n    return g\ndef h():\n    x = 1"
    )
    assert canonical(one) == canonical(other)
    assert b"$1" in canonical(one)


def test_swapped_locals_differ() -> None:
    one, other = (ast.parse(f"def f():\n    a = 1\n    b = 2\n    return {name}") for name in "ab")
    assert canonical(one) != canonical(other)


def test_type_parameters_are_kept() -> None:
    class TypeVar(ast.AST):
        _fields = ("name", "bound")

    class Generic(ast.FunctionDef):
        _fields = (*ast.FunctionDef._fields, "type_params")

    outer, inner = TypeVar(), TypeVar()
    outer.name, inner.name = "T", "U"
    node = ast.parse("def f():\n    T = U = x = 1\n    def g(): pass").body[0]
    assert isinstance(node, ast.FunctionDef)
    node.type_params = [outer]  # type: ignore[attr-defined]
    node.body[1] = Generic(**vars(node.body[1]), type_params=[inner])
    assert renamable_locals(node, frozenset()) == {"x"}
