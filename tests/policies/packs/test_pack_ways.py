"""What is said about ways, against what happens on them: programs are made up, and run with every answer to come."""

from __future__ import annotations

import ast
from contextlib import suppress
from textwrap import indent

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.policies.packs.ways import Ways

QUIET = ["x = ask()", "y = ask() and audit('b')", "fail()", "audit('a')", "audit('a')"]
ENDS = ["return 1", "raise KeyError", "audit('a')\nreturn 1", "audit('a')\nraise KeyError", "audit('a')\nreturn 2"]
SIMPLE = st.sampled_from([*QUIET, *ENDS])


def nested(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = blocks.map(lambda text: indent(text, "    "))
    return st.one_of(
        st.tuples(inner, inner).map(lambda b: f"if ask():\n{b[0]}\nelse:\n{b[1]}"),
        inner.map(lambda b: f"if ask():\n{b}"),
        st.tuples(inner, inner).map(lambda b: f"for i in range(ask() + ask()):\n{b[0]}\nelse:\n{b[1]}"),
        inner.map(lambda b: f"while ask():\n{b}\n    if ask(): break"),
        st.tuples(inner, inner).map(lambda b: f"try:\n{b[0]}\nexcept KeyError:\n{b[1]}"),
        st.tuples(inner, inner).map(lambda b: f"try:\n{b[0]}\nfinally:\n{b[1]}"),
        st.tuples(inner, inner).map(
            lambda b: f"match ask():\n    case True:\n{indent(b[0], '    ')}\n    case _:\n{indent(b[1], '    ')}"
        ),
        st.lists(blocks, min_size=1, max_size=3).map("\n".join),
    )


PROGRAMS = st.recursive(SIMPLE, nested, max_leaves=8)


class Other(Exception):
    pass


def run(program: str, answers: list[bool]) -> bool:
    """Return whether a record was left; what others raise is no decision of the function's."""
    said: list[str] = []
    left = iter(answers)

    def fail() -> None:
        if next(left, False):
            raise Other

    space = {"audit": said.append, "ask": lambda: next(left, False), "fail": fail}
    exec(compile(f"def f():\n{indent(program, '    ')}\n", "program", "exec"), space)
    with suppress(KeyError):
        try:
            space["f"]()
        except Other:
            return True
    return bool(said)


def is_record(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "audit"


def unpassed(program: str) -> list[ast.stmt]:
    return [*Ways(is_record).unpassed(ast.parse(f"def f():\n{indent(program, '    ')}\n").body[0].body)]


ANSWERS = st.lists(st.booleans(), max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(PROGRAMS, ANSWERS)
def test_what_ends_without_a_record_is_found(program, answers):
    recorded = run(program, answers)
    assert recorded or unpassed(program)
    event(f"recorded {recorded}, found {bool(unpassed(program))}")


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(PROGRAMS)
def test_with_a_record_at_the_beginning_all_passes(program):
    assert unpassed(f"audit('a')\n{program}") == []
