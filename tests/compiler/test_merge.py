"""A new body in the words of the old one: what comes of it means what the new one means."""

from __future__ import annotations

import ast
import copy
import random
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pytest_compiled_ai.specs
from pytest_compiled_ai.compiler.body import Refusal, slice_body
from pytest_compiled_ai.compiler.merge import merge_body
from pytest_compiled_ai.specs.canonical import canonical_exact
from pytest_compiled_ai.specs.renames import name_field, renamable_locals

HERE = Path(pytest_compiled_ai.specs.__file__).parent
STUB = ast.parse("def f(n: int, s: str = 'a\\nb') -> int: ...").body[0]


def bodies(path):
    """Yield each function of a file with its body, cut as an artifact's is."""
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            start = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            code = "\n".join(text.split("\n")[start - 1 : node.end_lineno])
            function = ast.parse(code).body[0]
            try:
                yield function, slice_body(code, function)
            except Refusal:
                continue


SAMPLES = [found for path in sorted(HERE.glob("*.py")) for found in bodies(path)]
samples = st.sampled_from(SAMPLES)


def merge(old, new, stub=STUB, taken=frozenset()):
    """Merge two texts that are not indented."""
    given = (textwrap.indent(textwrap.dedent(text).strip("\n"), "    ") for text in (old, new))
    return textwrap.dedent(merge_body(*given, stub, taken))


def parsed(function, body):
    shell = copy.copy(function)
    shell.body, shell.decorator_list = [ast.Pass()], []
    return ast.parse(ast.unparse(shell).rpartition("\n")[0] + "\n" + body).body[0]


def meaning(function, body):
    tree = parsed(function, body)
    return canonical_exact(tree, renamable_locals(tree, frozenset()))


def spelled(function, body, names=None, edit=None):
    """Return a body in other words: no comments, another layout, and other names for locals."""
    tree = copy.deepcopy(parsed(function, body))
    for node in ast.walk(tree) if names else ():
        field = "id" if isinstance(node, ast.Name) else name_field(node)
        if field and (new := names.get(getattr(node, field) or "")):
            setattr(node, field, new)
    if edit:
        edit(tree)
    return "\n".join("    " + line for line in _unindented(tree))


def _unindented(tree):
    module = ast.Module(body=tree.body, type_ignores=[])
    return ast.unparse(module).split("\n")


def lists_in(tree):
    """Return the blocks of a function."""
    return [block for node in ast.walk(tree) for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(node, name, None), list) and block]  # fmt: skip


def changed(seed, other):
    """Return an edit that deletes, doubles and exchanges a few statements."""

    def edit(tree):
        chance = random.Random(seed)
        for _ in range(chance.randint(1, 4)):
            block = chance.choice(lists_in(tree))
            at = chance.randrange(len(block))
            statement = copy.deepcopy(chance.choice(chance.choice(lists_in(other))))
            kind = chance.choice(["delete", "double", "insert", "replace", "swap"])
            if kind == "delete" and len(block) > 1:
                del block[at]
            elif kind == "double":
                block.insert(at, copy.deepcopy(block[at]))
            elif kind == "swap":
                block.reverse()
            else:
                block[at : at + (kind == "replace")] = [statement]

    return edit


def is_valid(function, body):
    try:
        compile(ast.Module(body=[parsed(function, body)], type_ignores=[]), "body", "exec")
    except SyntaxError:
        return False
    return True


@given(samples)
@settings(max_examples=60, deadline=None)
def test_an_equal_body_gives_the_old_text_whatever_it_is_called_and_laid_out(sample):
    function, body = sample
    assert merge_body(body, body, function) == body
    assert merge_body(body, spelled(function, body), function) == body


@given(samples)
@settings(max_examples=60, deadline=None)
def test_with_its_old_names_a_body_is_the_old_one_again(sample):
    function, body = sample
    tree = parsed(function, body)
    names = {name: f"new_{name}" for name in renamable_locals(tree, frozenset())}
    merged = merge_body(body, spelled(function, body, names), function)
    assert meaning(function, merged) == meaning(function, body)
    # Below Python 3.12 the fields of an f-string within a field are not told apart.
    if not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree)):
        assert merged == body


@given(samples, samples, st.integers(0, 10**6), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_merge_means_what_the_new_body_means(sample, other, seed, is_renamed):
    function, body = sample
    names = {name: f"{name}_x" for name in renamable_locals(parsed(function, body), frozenset())} if is_renamed else {}
    new = spelled(function, body, names, changed(seed, parsed(*other)))
    if is_valid(function, new):
        assert meaning(function, merge_body(body, new, function)) == meaning(function, new)


OLD = """
    # Nothing costs nothing.
    if n == 0:
        return 0

    total = 0  # in cents
    for item in range( n ):
        # odd ones only
        if item % 2:
            total += item   # so far
        else:
            # even
            total -= 1
    return total  # done
"""


def test_one_changed_line_deep_inside_is_all_that_changes():
    new = """
        if n == 0:
            return 0
        result = 0
        for i in range(n):
            if i % 2:
                result += i
            else:
                result -= 2
        return result
    """
    assert merge(OLD, new) == textwrap.dedent(OLD).strip("\n").replace("total -= 1", "total -= 2")


def test_new_lines_come_in_and_old_ones_go():
    new = """
        total = 0
        # negative
        if n < 0:
            raise ValueError(n)
        for item in range(n):
            if item % 2:
                total += item
            elif item == 4:
                total = 1
                break
        return total
    """
    old = textwrap.dedent(OLD).strip("\n")
    wanted = old.replace("# Nothing costs nothing.\nif n == 0:\n    return 0\n\n", "\n").replace(
        "    else:\n        # even\n        total -= 1\n", "    elif item == 4:\n        total = 1\n        break\n"
    )
    wanted = wanted.replace("# in cents\n", "# in cents\n# negative\nif n < 0:\n    raise ValueError(n)\n")
    assert merge(OLD, new).strip("\n") == wanted.strip("\n")


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        # A header changes, its block does not, and what stands above it is kept.
        ("# many\nif n > 3:\n    s = ''  # none", "if n > 4:\n    s = ''", "# many\nif n > 4:\n    s = ''  # none"),
        ("# few\nx = n + 1\nreturn x", "# more\nx = n + 2\nreturn x", "# more\nx = n + 2\nreturn x"),
        ("# few\nx = n + 1\nreturn x", "x = n + 2\nreturn x", "# few\nx = n + 2\nreturn x"),
        # What has another header and another block is another statement.
        ("# few\nif n:\n    return 1", "if s:\n    return 2", "if s:\n    return 2"),
        ("# call\nprint(n)\nreturn 1", "print(s)\nreturn 1", "print(s)\nreturn 1"),
        ("try:\n  return n  # a\nexcept OSError as e:\n  raise\nfinally:\n  # b\n  n = 2",
         "try:\n    return n\nexcept (OSError, KeyError):\n    raise\nfinally:\n    n = 2\n    n = 3",
         "try:\n  return n  # a\nexcept (OSError, KeyError):\n  raise\nfinally:\n  # b\n  n = 2\n  n = 3"),
        ("match n:\n    # one\n    case 1:\n        return 1\n    # more\n    case _:\n        return 2",
         "match n:\n    case 1:\n        return 1\n    case 2:\n        return 3\n    case _:\n        return 2",
         "match n:\n    # one\n    case 1:\n        return 1\n    case 2:\n        return 3\n    # more\n"
         "    case _:\n        return 2"),
        ("for x in s:\n    pass  # a\nelse:\n    # b\n    return 1", "for x in s:\n    pass\nelse:\n    return 2",
         "for x in s:\n    pass  # a\nelse:\n    # b\n    return 2"),
        ("@cache  # a\ndef g(x):\n    # b\n    return x\nreturn g(n)", "@cache\ndef g(x):\n    y = x\n    return x\nreturn g(n)",
         "@cache  # a\ndef g(x):\n    y = x\n    # b\n    return x\nreturn g(n)"),
        ("with s as x:\n    a = 1  # a\n    return x", "with s as x:\n    a = 1\n    return 2",
         "with s as x:\n    a = 1  # a\n    return 2"),
        # Several on one line are one.
        ("a = 1; b = 2  # both\nreturn a", "a = 1\nb = 2\nreturn a", "a = 1\nb = 2\nreturn a"),
        ("if n: return 1  # one\nreturn 2", "if n:\n    return 1\nreturn 3", "if n: return 1  # one\nreturn 3"),
        ("if n:\n    return 1\nelse: return 2\n# a", "if n:\n    return 1\nelse:\n    return 3",
         "if n:\n    return 1\nelse:\n    return 3"),
        # The lines of a string stay where they are.
        ("if n:\n  # a\n  x = 1\n  return x",
         "if n:\n        x = 1\n        s = '''a\n        b'''\n        return s",
         "if n:\n  # a\n  x = 1\n  s = '''a\n        b'''\n  return s"),
        ("if n:\n    x = (1,\n 2)\n    return 1", "if n:\n  x = (1,\n 3)\n  return 1",
         "if n:\n    x = (1,\n 3)\n    return 1"),
    ],
)  # fmt: skip
def test_what_is_kept_and_what_is_new(old, new, wanted):
    assert merge(old, new) == wanted


def test_a_merge_that_cannot_be_read_is_not_taken(monkeypatch):
    monkeypatch.setattr("pytest_compiled_ai.compiler.merge._merge", lambda *_: "    return (")
    assert merge("return 1  # a", "return 1") == "return 1"
    monkeypatch.setattr("pytest_compiled_ai.compiler.merge._merge", lambda *_: "    return 2")
    assert merge("return 1  # a", "return 1") == "return 1"


def test_what_is_nested_too_deeply_is_taken_as_it_comes():
    deep = "return " + "+".join("n" for _ in range(3000))
    assert merge("return 1", deep) == deep


def test_a_parameter_s_default_may_have_line_ends():
    assert merge("x = n  # a\nreturn x", "x = n\nreturn x + 1") == "x = n  # a\nreturn x + 1"
