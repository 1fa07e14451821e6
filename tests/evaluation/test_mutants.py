from __future__ import annotations

import ast
import itertools
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.mutants import Mutant, make_mutants
from pytest_compiled_ai.specs.model import SpecLineError

GATES = sorted((Path(__file__).parents[2] / "pytest_compiled_ai" / "gates").glob("*.py"))
NAMES = st.sampled_from(["a", "items", "größe", "self.total"])
CONSTANTS = st.sampled_from(["0", "1", "17", "True", "None", "''", '"é, x"', "b'ab'", "2.5", 'f"{a!r:>{n}} {{"', "..."])


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    words = ["<", "<=", "==", "is", "is not", "not in", "in", "and", "or", "+", "-", "//", "**", "%", "|"]
    return st.one_of(
        joined("(", inner, " ", st.sampled_from(words), " ", inner, ")"),
        joined("(", inner, " <  # less\n ", inner, ")"),
        joined("(not ", inner, ")"),
        joined("(-", inner, ")"),
        joined("(", inner, " if ", inner, " else ", inner, ")"),
        joined("[(x) for x in (", inner, ") if (", inner, ")]"),
        joined("(", inner, ")[", inner, ":", inner, "]"),
        joined("(", inner, ").strip(", inner, ")"),
        joined("sorted((", inner, "), key=(", inner, "), reverse=True)"),
    )


EXPRESSIONS = st.recursive(NAMES | CONSTANTS, compound, max_leaves=6)


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def block(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        joined("if ", EXPRESSIONS, ":  # é\n", inner.map(indented)),
        joined("while ", EXPRESSIONS, ":\n", inner.map(indented), "    break\n"),
        joined(inner, inner),
    )


SIMPLE = st.one_of(
    joined("a = ", EXPRESSIONS, "\n"),
    joined("a += ", EXPRESSIONS, "\n"),
    joined("items[0] = ", EXPRESSIONS, "\n"),
    joined("items.append(", EXPRESSIONS, ")  # kept\n"),
    joined("return ", EXPRESSIONS, "\n"),
)
TYPES = st.sampled_from(["str", "int | None", "bool", "'list[int]'", "Iterator[int]"])
FUNCTIONS = st.tuples(TYPES, st.recursive(SIMPLE, block, max_leaves=5)).map(
    lambda parts: f'def f(a: "int" = 3) -> {parts[0]}:\n    """Tell 1 < 2."""\n{indented(parts[1])}'
)


def is_one_change(original: str, mutant: Mutant) -> bool:
    """Tell whether a mutant is the original with one piece replaced by another."""
    places = (i for i in range(len(original)) if original.startswith(mutant.before, i))
    return any(original[:i] + mutant.after + original[i + len(mutant.before) :] == mutant.source for i in places)


def check(original: str, mutants: list[Mutant]) -> None:
    meanings = [ast.dump(ast.parse(text)) for text in (original, *(mutant.source for mutant in mutants))]
    assert len(set(meanings)) == len(meanings)
    for mutant in mutants:
        assert is_one_change(original, mutant)
        # What stands above the line is untouched.
        above = mutant.line - 1
        assert mutant.source.split("\n")[:above] == original.split("\n")[:above]
    assert [mutant.line for mutant in mutants] == sorted(mutant.line for mutant in mutants)


@settings(max_examples=60, deadline=None)
@given(FUNCTIONS)
def test_each_mutant_parses_and_is_one_change_and_no_two_mean_the_same(source: str) -> None:
    mutants = make_mutants(source, lambda line: line > 2)
    check(source, mutants)
    assert make_mutants(source, lambda line: line > 2) == mutants
    for mutant in mutants:
        assert ast.get_docstring(ast.parse(mutant.source).body[0]) == "Tell 1 < 2."


@pytest.mark.parametrize("path", GATES, ids=lambda path: path.stem)
def test_real_modules_too(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    check(source, make_mutants(source, limit=60))


@settings(max_examples=40, deadline=None)
@given(FUNCTIONS, st.integers(0, 12), st.integers(0, 9))
def test_a_limit_chooses_a_few_that_are_spread(source: str, limit: int, seed: int) -> None:
    everything = make_mutants(source)
    chosen = make_mutants(source, limit=limit, seed=seed)
    assert len(chosen) == min(limit, len(everything))
    places = [everything.index(mutant) for mutant in chosen]
    assert places == sorted(set(places))
    gaps = [after - before for before, after in itertools.pairwise(places)]
    assert all(gap <= 2 * -(-len(everything) // limit) for gap in gaps)


def test_another_seed_chooses_others() -> None:
    source = "def f(a):\n    return a[1] + a[2] + a[3] + a[4]\n"
    assert make_mutants(source, limit=3, seed=0) != make_mutants(source, limit=3, seed=1)


def mutated(code: str) -> list[str]:
    return [str(mutant) for mutant in make_mutants(code)]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("a < b", ["`a < b` changed to `a <= b`"]),
        ("(a) not in (b)", ["`(a) not in (b)` changed to `(a) in (b)`"]),
        ("a is b", ["`a is b` changed to `a is not b`"]),
        ("a <= b != c", ["`a <= b != c` changed to `a < b != c`", "`a <= b != c` changed to `a <= b == c`"]),
        ("a and b or c", ["`a and b` changed to `a or b`", "`a and b or c` changed to `a and b and c`"]),
        ("not a", ["`not a` changed to `a`"]),
        ("-a", ["`-a` changed to `a`"]),
        ("~a", []),
        ("a // b", ["`a // b` changed to `a / b`"]),
        ("a @ b", []),
        ("a += b", ["`a += b` changed to `pass`", "`a += b` changed to `a -= b`"]),
        ("a = 5", ["`5` changed to `4`", "`5` changed to `6`"]),
        ("a = True", ["`True` changed to `False`"]),
        ("a = None", []),
        ("a = 1.5", []),
        ("a = 'x'", ["`'x'` changed to `''`", "`'x'` changed to `'y'`"]),
        ("a = 'word'", ["`'word'` changed to `''`", "`'word'` changed to `'wor'`"]),
        ("a = ''", ["`''` changed to `'x'`"]),
        ("a = b''", ["`b''` changed to `b'x'`"]),
        ("a = f'{b + 1}'", ["`f'{b + 1}'` changed to `\"\"`"]),
        ("a[b:c]", ["`b:c` changed to `:c`", "`b:c` changed to `b:`"]),
        ("a[0::b]", ["`0` changed to `-1`", "`0` changed to `1`", "`0::b` changed to `0::`"]),
        ("a[b] = c", ["`a[b] = c` changed to `pass`"]),
        ("a.b = c", ["`a.b = c` changed to `pass`"]),
        ("del a[b]", ["`del a[b]` changed to `pass`"]),
        ("print(a)", ["`print(a)` changed to `pass`"]),
        ("b = a.strip(c)", ["`a.strip(c)` changed to `a`", "`a.strip(c)` changed to `a.strip()`"]),
        ("b = (a).lower()", ["`(a).lower()` changed to `(a)`"]),
        ("b = a.split(c, d)", ["`a.split(c, d)` changed to `a.split(c)`"]),
        ("b = a.split(*c)", []),
        ("b = a.get(c, None)", []),
        ("b = a.get((c), (d))", []),
        ("b = max(a, default=c)", ["`max(a, default=c)` changed to `max(a)`"]),
        ("b = max(default=c, key=d)", [
            "`max(default=c, key=d)` changed to `max(key=d)`", "`max(default=c, key=d)` changed to `max(default=c)`",
        ]),
        ("b = sum(a, start=0)", ["`0` changed to `-1`", "`0` changed to `1`"]),
        ("b = a.sort(reverse=c)", ["`a.sort(reverse=c)` changed to `a.sort()`"]),
        ("b = a()(c)", []),
        ("for a in b:\n    break", ["`break` changed to `continue`"]),
        ("for a in b:\n    continue", ["`continue` changed to `break`"]),
        ("if a:\n    b", ["`a` changed to `False`", "`a` changed to `True`"]),
        ("if 1:\n    b", ["`1` changed to `0`", "`1` changed to `2`"]),
        ("if (a := b):\n    a", ["`a := b` changed to `False`"]),
        ("while a:\n    b", ["`a` changed to `False`"]),
        ("[a for a in b if a]", ["`a` changed to `False`", "`a` changed to `True`"]),
        ("b if a else c", ["`a` changed to `False`", "`a` changed to `True`"]),
        ("match a:\n    case 1:\n        b", ["`1` changed to `0`", "`1` changed to `2`"]),
    ],
)  # fmt: skip
def test_operators(code: str, changes: list[str]) -> None:
    assert mutated(code) == changes


@pytest.mark.parametrize(
    "code",
    [
        '"""A 1."""',
        "a: Literal[1] = b",
        "from a import b",
        "raise ValueError('no such word')",
        "raise ValueError(f'{a} < {b}')",
        "assert a, 'not 1'",
        "if TYPE_CHECKING:\n    a = 1",
        "if typing.TYPE_CHECKING:\n    a = 1",
        "@cache(maxsize=16)\ndef f(a):\n    return a",
        "b = cast('int', a)",
        "class A:\n    b: int\n    '''Of 1.'''",
    ],
)
def test_what_only_speaks_to_people_or_to_checkers_stays(code: str) -> None:
    assert mutated(code) == []


@pytest.mark.parametrize(
    ("annotation", "blanks"),
    [
        ("bool", ["True", "False"]),
        ("int", ["0"]),
        ("str | None", ["None"]),
        ("Optional[int]", ["None"]),
        ("'list[int] | Other'", ["[]"]),
        ("dict[str, int]", ["{}"]),
        ("tuple[int, int]", []),
        ("decimal.Decimal", []),
        ("'not, valid :'", []),
    ],
)
def test_results_are_blank_where_the_annotation_says_how(annotation: str, blanks: list[str]) -> None:
    source = f"async def f(a) -> {annotation}:\n    def g():\n        return a\n    return a\n"
    found = make_mutants(source)
    assert [mutant.after for mutant in found] == sorted(blanks)
    assert {mutant.line for mutant in found} <= {4}
    assert make_mutants(f"def f(a) -> {annotation}:\n    return None\n") == []


def test_a_function_without_annotation_keeps_its_results() -> None:
    assert mutated("def f(a):\n    return a\n") == []


def test_long_pieces_are_shown_by_what_changes_in_them() -> None:
    (mutant,) = make_mutants(f"{'a' * 40} < {'b' * 40}\n")
    assert str(mutant) == "`<` changed to `<=`"
    called = make_mutants(f"print(\n    {'a' * 80},\n)\n")
    assert [str(mutant) for mutant in called] == [f"`print( {'a' * 50}...` changed to `pass`"]


def test_a_piece_that_is_taken_out_is_told_so() -> None:
    long = "a" * 70
    assert "`b` removed" in mutated(f"{long}[{long}:b]\n")


def test_source_that_does_not_parse_is_an_error() -> None:
    with pytest.raises(SpecLineError, match="is not valid Python"):
        make_mutants("def f(:\n")
