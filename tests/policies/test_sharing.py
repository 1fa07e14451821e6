from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.policies.sharing import find_shared, is_mutable_text, root_of


@pytest.mark.parametrize(
    ("text", "mutable"),
    [
        ("x = []", True),
        ("x = {'a': 1}", True),
        ("x = set()", True),
        ("x = ('a', [])", True),
        ("x: int = 3", False),
        ("x = frozenset('a')", False),
    ],
)
def test_containers_that_can_be_changed_are_known(text, mutable):
    assert is_mutable_text(text) == mutable


@pytest.mark.parametrize(
    ("text", "root"), [("a.b[0].c", "a"), ("a[1:]", None), ("a().b", None), ("*a", "a"), ("3", None)]
)
def test_a_chain_begins_with_a_name(text, root):
    node = ast.parse(f"[{text}]", mode="eval").body.elts[0]
    assert root_of(node) == root


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("b = a", "ab"),
        ("b = c = a.x", "abc"),
        ("b = a\nc = b", "abc"),
        ("c = b\nb = a", "abc"),
        ("b: int = a", "ab"),
        ("b: int", "a"),
        ("(b := a)", "ab"),
        ("b = (c := a)", "abc"),
        ("b = a if c else d", "ab"),
        ("b = d or a", "ab"),
        ("b, c = d, a", "abc"),
        ("for b in a: c", "ab"),
        ("x = [b for b in a]", "ab"),
        ("b = a.copy()", "a"),
        ("b = list(a)", "a"),
    ],
)
def test_other_names_of_the_same_object_are_found(text, found):
    assert find_shared(ast.walk(ast.parse(text)), "a") == set(found)
