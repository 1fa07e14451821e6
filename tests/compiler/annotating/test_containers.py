from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.compiler.annotating.containers import gather
from pytest_compiled_ai.compiler.annotating.shapes import shape_of
from pytest_compiled_ai.compiler.annotating.source import Source
from pytest_compiled_ai.compiler.annotating.types import ANY, NONE, read_type, spell

KNOWN = {"n": "int", "t": "str", "ns": "list[int]", "pair": "tuple[int, str]", "counts": "dict[str, int]",
         "many": "tuple[int, ...]"}  # fmt: skip


def see(node):
    if isinstance(node, ast.Constant):
        return NONE if node.value is None else read_type(type(node.value).__name__)
    if isinstance(node, ast.Tuple):
        return read_type(f"tuple[{', '.join(spell(see(each)) for each in node.elts)}]")
    return read_type(KNOWN.get(ast.unparse(node), "Any"))


def told(made, *uses):
    source = Source("\n    ".join(["def f(n, t, ns, pair, counts, many):", f"x = {made}", *uses, "pass"]))
    (function,) = source.tree.body
    return spell(gather(source, function, "x", shape_of(ast.parse(made, mode="eval").body), see))


@pytest.mark.parametrize(
    ("made", "type_"),
    [
        ("[]", "list[Any]"),
        ("{}", "dict[Any, Any]"),
        ("set()", "set[Any]"),
        ("collections.deque()", "deque[Any]"),
        ("defaultdict(int)", "defaultdict[Any, int]"),
        ("defaultdict(list)", "defaultdict[Any, list[Any]]"),
        ("defaultdict(lambda: 0)", "defaultdict[Any, Any]"),
        ("[[] for _ in ns]", "list[list[Any]]"),
        ("{k: set() for k in ns}", "dict[Any, set[Any]]"),
        ("[[]] * n", "list[list[Any]]"),
        ("[1]", "Any"),
        ("{k: 1 for k in ns}", "Any"),
        ("list(ns)", "Any"),
        ("open()", "Any"),
        ("n", "Any"),
    ],
)
def test_what_makes_a_collection_is_known_by_its_form(made, type_):
    assert spell(shape_of(ast.parse(made, mode="eval").body)) == type_


@pytest.mark.parametrize(
    ("made", "uses", "type_"),
    [
        ("[]", ["x.append(n)"], "list[int]"),
        ("[]", ["x.append(n)", "x.append(None)"], "list[int | None]"),
        ("[]", ["x.insert(0, t)"], "list[str]"),
        ("[]", ["x.extend(ns)"], "list[int]"),
        ("[]", ["x.extend(pair)"], "list[int | str]"),
        ("[]", ["x.extend(many)"], "list[int]"),
        ("[]", ["x += ns"], "list[int]"),
        ("[]", ["x = x + ns"], "list[int]"),
        ("[]", ["x[0] = t"], "list[str]"),
        ("[]", ["heapq.heappush(x, (n, t))"], "list[tuple[int, str]]"),
        ("[[] for _ in ns]", ["x[0].append(n)"], "list[list[int]]"),
        ("set()", ["x.add(n)"], "set[int]"),
        ("set()", ["x.update(ns)"], "set[int]"),
        ("set()", ["n in x"], "set[int]"),
        ("deque()", ["x.appendleft(n)"], "deque[int]"),
        ("{}", ["x[t] = n"], "dict[str, int]"),
        ("{}", ["x[t] = n", "x[n] = n"], "dict[str | int, int]"),
        ("{}", ["x.setdefault(t, []).append(n)"], "dict[str, Any]"),
        ("{}", ["x.get(t, 0)"], "dict[str, int]"),
        ("{}", ["x.pop(t, None)", "x[t] = n"], "dict[str, int]"),
        ("{}", ["x.update(counts)"], "dict[str, int]"),
        ("{}", ["x.update(ns)"], "dict[Any, Any]"),
        ("{}", ["x[t][n] = t"], "dict[str, Any]"),
        ("{}", ["x[t] = {}", "x[t][n] = t"], "dict[str, dict[int, str]]"),
        ("{}", ["x[t] = []", "x[t].append(n)"], "dict[str, list[int]]"),
        ("defaultdict(int)", ["x[t] += 1"], "defaultdict[str, int]"),
        ("defaultdict(list)", ["x[n].append(t)"], "defaultdict[int, list[str]]"),
        ("defaultdict(lambda: [])", ["x[n].append(t)"], "defaultdict[int, list[str]]"),
        ("Counter()", ["x[t] += 1"], "Counter[str]"),
        ("[]", ["x.append(*ns)"], "list[Any]"),
        ("[]", ["x.sort()", "x.size = n", "x.append"], "list[Any]"),
        ("[]", ["x[1:] = ns"], "list[list[int]]"),
        ("[]", ["x.get(n)"], "list[Any]"),
        ("[]", ["n < x", "0 < n in x"], "list[int]"),
        ("[]", ["[x for x in ns]", "lambda x: x.append(t)", "x.append(n)"], "list[int]"),
        ("n", ["x[t] = n"], "int"),
    ],
)
def test_items_are_told_by_what_is_put_in(made, uses, type_):
    assert told(made, *uses) == type_


def test_what_is_none_at_first_is_told_by_what_comes_after():
    source = Source("def f(x):\n    if x is None:\n        x = {}\n    x['a'] = 1")
    (function,) = source.tree.body
    start = read_type("Any | None")
    assert spell(gather(source, function, "x", start, see)) == "dict[str, int] | None"


def test_an_unknown_parameter_is_told_by_what_is_added_to_it():
    source = Source("def f(x):\n    x.add(1)")
    (function,) = source.tree.body
    assert spell(gather(source, function, "x", ANY, see)) == "set[int]"
