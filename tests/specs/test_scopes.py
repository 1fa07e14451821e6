from __future__ import annotations

import ast
import textwrap

import pytest

from pytest_compiled_ai.specs.scopes import bound_names, uses_of


def chains(code: str) -> set[str]:
    return set(uses_of(*ast.parse(textwrap.dedent(code)).body).chains)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = a", {"a"}),
        ("a.b.c(d[e].f)", {"a.b.c", "d", "e"}),
        ("a.b = 1", {"a.b"}),
        ("def f(x, *y, z=d, **k) -> r:\n    return x + y + z + k + g", {"d", "r", "g"}),
        ("@deco\nasync def f(x: t): pass", {"deco", "t"}),
        ("def f():\n    y = 1\n    def g():\n        return y + z\n    return g", {"z"}),
        ("def f():\n    global y\n    y = 1", {"y"}),
        ("def f():\n    y = 1\n    def g():\n        global y\n        return y", {"y"}),
        ("def f():\n    y = 1\n    def g():\n        nonlocal y\n        y = 2", set()),
        ("lambda x, y=d: x + y + z", {"d", "z"}),
        ("[x + z for x in xs if x]", {"xs", "z"}),
        ("{k: v for k, v in a for w in b(k)}", {"a", "b"}),
        ("def f():\n    [y := x for x in a]\n    return y", {"a"}),
        ("class A(B, metaclass=M):\n    x = y\n    z = x\n    def f(self):\n        return x", {"B", "M", "y", "x"}),
        ("def f():\n    try: pass\n    except E as e: return e", {"E"}),
        ("def f(a):\n    match a:\n        case P(k=[*r], m={'x': 1, **s}) as t: return r, s, t", {"P"}),
        ("def f():\n    import a.b as c\n    return c.d", {"c.d"}),
        ("x: 'Quoted' = 1", set()),
    ],
)
def test_free_names(code: str, expected: set[str]) -> None:
    assert chains(code) == expected


def test_imports_inside_code_are_told() -> None:
    found = uses_of(*ast.parse("def f():\n    from a import b as c\n    import d.e\n    return c.x").body)
    assert sorted(binding.label for binding in found.bindings) == ["c=a:b", "d=d.e:"]
    assert found.names == {"c"}


def test_bound_names() -> None:
    code = (
        "import a.b\nfrom c import d as e\nx, (y, *z) = 1\ndef f(p): q = 1\nclass C: r = 1\nfor i in j: k = 1\n(w := 1)"
    )
    assert bound_names(*ast.parse(code).body) == {"a", "e", "x", "y", "z", "f", "C", "i", "k", "w"}


def test_type_parameters_and_aliases_of_newer_pythons() -> None:
    class TypeVar(ast.AST):
        _fields = ("name", "bound")

    class TypeAlias(ast.stmt):
        _fields = ("name", "type_params", "value")

    parameter = TypeVar()
    parameter.name, parameter.bound = "T", ast.Name("B", ast.Load())
    function, class_ = ast.parse("def f(x: T = d) -> T: return T\nclass C(G[T]): pass").body
    for node in (function, class_):
        node.type_params = [parameter]  # type: ignore[attr-defined]
    alias = TypeAlias()
    alias.name, alias.type_params, alias.value = (
        ast.Name("A", ast.Store()),
        [parameter],
        ast.parse("list[T, X]").body[0].value,
    )  # type: ignore[attr-defined]
    assert uses_of(function, class_, alias).chains == {"B", "d", "G", "list", "X"}
    assert bound_names(alias) == {"A"}


def test_calls_are_found_wherever_they_stand() -> None:
    code = "@a(1)\ndef f(x=b(2)) -> c(3):\n    return [d(4) for y in e(5)] + (lambda z=g(6): h(7))()\n"
    calls = uses_of(*ast.parse(code).body).calls
    assert sorted(call.args[0].value for call in calls if call.args) == [1, 2, 3, 4, 5, 6, 7]
    assert len(calls) == 8
