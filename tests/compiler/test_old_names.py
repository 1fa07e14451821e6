from __future__ import annotations

import ast
import textwrap

import pytest

from pytest_compiled_ai.compiler.old_names import find_old_names, rename


def found(old, new, taken=frozenset(), header="def f(n, s):"):
    texts = [f"{header}\n{textwrap.indent(text, '    ')}" for text in (old, new)]
    trees = [ast.parse(text).body[0] for text in texts]
    return find_old_names(texts[0], trees[0], texts[1], trees[1], taken)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("x = n\nreturn x", "y = n\nreturn y", {"y": "x"}),
        ("x = n\nreturn x + 1", "y = n\nreturn y + 2", {"y": "x"}),
        ("for x in n:\n    print(x)", "for y in n:\n    print(y)\n    s = y", {"y": "x"}),
        ("try:\n    f()\nexcept A as x:\n    raise x", "try:\n    f()\nexcept A as y:\n    raise y", {"y": "x"}),
        ("match n:\n    case [x, *z]:\n        return x", "match n:\n    case [y, *w]:\n        return y",
         {"y": "x", "w": "z"}),
        ("x = [a for a in n]\nreturn x", "y = [b for b in n]\nreturn y", {"y": "x", "b": "a"}),
        # A clause that was not there before has nothing to say.
        ("x = n\nif x:\n    return x", "y = n\nif y:\n    return y\nelse:\n    return s", {"y": "x"}),
        # Not all of its places speak for it, and not most of them.
        ("x = n\nreturn x", "y = n\ns.append(y)\ns.add(y)\nreturn [y]", {}),
        # Two for one, and one for two.
        ("x = n\nx = s\nreturn 1", "y = n\nz = s\nreturn 1", {}),
        ("x = n\nz = s\nreturn f(x, z)", "y = n\ny = s\nreturn f(y, y)", {}),
        # The old name is there already: as a global, as a parameter of a lambda, as another local.
        ("x = n\nreturn x", "y = n\nreturn y or x", {}),
        ("x = n\nreturn x", "y = n\nreturn y, lambda x: x", {}),
        ("x = n\nz = s\nreturn x", "z = n\nx = s\nreturn z", {}),
        # What is asked for by its name has none but its own.
        ("x = n\nreturn locals()", "y = n\nreturn locals()", {}),
        ("global x\nx = n", "global y\ny = n", {}),
        ("def x():\n    pass\nreturn x", "def y():\n    pass\nreturn y", {}),
        # Nothing is new, nothing is gone.
        ("x = n\nreturn x", "x = n\nreturn x", {}),
        ("return n", "x = n\nreturn x", {}),
        # Another statement altogether.
        ("x = n\nif s:\n    return x", "y = s\nif n:\n    return 3", {}),
    ],
)  # fmt: skip
def test_a_local_gets_its_old_name_back_where_that_is_sound(old, new, names):
    assert found(old, new) == names


def test_a_name_that_the_module_binds_is_left_alone():
    assert found("x = n\nreturn x", "y = n\nreturn y", frozenset({"x"})) == {}
    assert found("x = n\nreturn x", "y = n\nreturn y", frozenset({"y"})) == {}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("y = 1\nreturn y.y", "x = 1\nreturn x.y"),
        ("return f(y, y=y)", "return f(x, y=x)"),
        ("f(a)[y] = y  # y", "f(a)[x] = x  # y"),
        ("return 'y {y}'", "return 'y {y}'"),
        ("return f'y {y} {a.y} {y!r:>3}'", "return f'y {x} {a.y} {x!r:>3}'"),
        ("return rF'y {y}'", "return rF'y {x}'"),
        ("(y := 3)\nreturn [y for y in [y]]", "(x := 3)\nreturn [x for x in [x]]"),
    ],
)
def test_places_of_a_name(code, wanted):
    assert rename(code.replace("return ", "a = "), {"y": "x"}) == wanted.replace("return ", "a = ")
