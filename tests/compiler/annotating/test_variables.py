from __future__ import annotations

import pytest

from pytest_compiled_ai.compiler.annotating.sight import Sight
from pytest_compiled_ai.compiler.annotating.source import Source
from pytest_compiled_ai.compiler.annotating.types import Type
from pytest_compiled_ai.compiler.annotating.variables import find_stand_in, find_variables
from pytest_compiled_ai.gates.types import TypeFault

_INT = Type("int")
TEXT = """def f(n):
    a = []
    b, c = set(), n
    d = e = {}
    (g, h) = n
    def inner():
        nonlocal a
        a = []
    if n: i, j = [], []
    return 1
class K:
    a = []
"""


def _found(name, line):
    source = Source(TEXT)
    fault = TypeFault(line=line, text=f'Need type annotation for "{name}"', code="var-annotated")
    return source, list(find_variables(source, [fault]))


@pytest.mark.parametrize(("name", "line", "value"), [("a", 2, "[]"), ("b", 3, "set()"), ("e", 4, "{}")])
def test_a_variable_is_found_by_its_fault(name, line, value):
    source, found = _found(name, line)
    assert [(each.name, source.segment(each.value)) for each in found] == [(name, value)]


@pytest.mark.parametrize(("name", "line"), [("a", 8), ("a", 12), ("c", 3), ("g", 5), ("z", 2), ("a", 10), ("n", 1)])
def test_what_cannot_be_annotated_is_none(name, line):
    assert _found(name, line)[1] == []


def test_other_faults_are_about_no_variable():
    assert list(find_variables(Source(TEXT), [TypeFault(line=2, text="Missing return statement", code="return")])) == []


def test_a_declaration_needs_a_line_of_its_own():
    text = TEXT.replace("return 1", "i.append(1)")
    source = Source(text)
    fault = TypeFault(line=9, text='Need type annotation for "i"', code="var-annotated")
    (variable,) = find_variables(source, [fault])
    see = Sight(source, lambda name: None)
    assert list(variable.annotate(source, see)) == []
    see.learn(dict.fromkeys(range(30), _INT))
    assert list(variable.annotate(source, see)) == []


def test_a_name_of_another_scope_has_no_stand_in():
    source, variables = _found("a", 2)
    names = [node for node in source.nodes if getattr(node, "id", "") in {"a", "n"}]
    assert {find_stand_in(source, variables, name) for name in names} == {"[]", None}
