from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.held_out import Group, choose_held, hold_out, read_tests, show_file
from pytest_compiled_ai.compiler.question import first_prompt, make_prompt, screen_question
from pytest_compiled_ai.gates.base import HeldOut

STUB = '''
    import pytest

    from pytest_compiled_ai import spec

    @spec{options}
    def double(n: int) -> int:
        """Return twice n.

        >>> double(2)
        4
        """
'''
ROWS = "[" + ", ".join(f"({n}, {2 * n})" for n in range(1001, 1013)) + "]"
TEST = """
    @pytest.mark.parametrize(("n", "twice"), {rows})
    def test_{name}(n: int, twice: int) -> None:
        assert double(n) == twice
"""
NONE = Group("doc", (), frozenset())


def spec(*tests, options=""):
    return STUB.format(options=options) + "".join(TEST.format(rows=rows, name=name) for name, rows in tests)


def group(name, count, *, kept=(0,)):
    texts = tuple(f"{name} {number}".encode() for number in range(count))
    return Group(name, texts, frozenset(range(count)) - set(kept))


@pytest.fixture
def held(bench):
    def hold(source, *, more=None, ids=None, **flags):
        made = bench({"specs/number.py": source, **(more or {})})
        subject = made.tested("double")
        found = hold_out(made.project(**flags).config, replace(subject, tests=ids or subject.tests))
        return found.held

    return hold


def test_a_quarter_of_each_test_is_held_out_and_never_its_first_row():
    held = choose_held("s", [group("a", 12), group("b", 5), group("c", 3)], group("doc", 9), 0.25)
    assert {name: len(numbers) for name, numbers in held.items()} == {"a": 3, "b": 1}
    assert not any(0 in numbers for numbers in held.values())


@pytest.mark.parametrize(
    ("tests", "examples", "names"),
    [
        ([], 6, {"doc"}),
        ([], 5, set()),
        ([3, 3], 0, {"0", "1"}),
        ([3], 3, {"0"}),
        ([1, 1], 4, {"doc"}),
        ([1, 1, 1, 1, 1, 1], 0, set()),
        ([5], 0, set()),
    ],
)
def test_something_is_held_out_where_there_is_enough(tests, examples, names):
    groups = [group(str(number), count) for number, count in enumerate(tests)]
    held = choose_held("s", groups, group("doc", examples), 0.25)
    assert len(held) == bool(names)
    assert set(held) <= names
    assert sum(map(len, held.values())) == bool(names)


@given(st.lists(st.integers(1, 30), max_size=4), st.integers(0, 12), st.floats(0.01, 0.5), st.integers(0, 40))
def test_what_other_tests_hold_changes_nothing(counts, examples, share, added):
    groups, doc = [group(str(number), count) for number, count in enumerate(counts)], group("doc", examples)
    held = choose_held("s", groups, doc, share)
    for item in (*groups, doc):
        numbers = held.get(item.name, frozenset())
        assert numbers <= item.free
        assert len(numbers) <= max(1, int(share * len(item.texts)))
    after = choose_held("s", [*groups, group("other", added)], doc, share)
    long = [item.name for item in groups if share * len(item.texts) >= 1 and len(item.texts) > 1]
    if sum(counts) + examples >= 6:
        assert all(after[name] == held[name] for name in long)


def test_the_choice_depends_on_the_spec_and_the_rows_alone():
    one, other = (choose_held(name, [group("a", 40)], NONE, 0.25)["a"] for name in ("s", "t"))
    assert one != other
    texts = group("a", 40).texts
    turned = Group("a", texts[::-1], frozenset(range(40)))
    same = Group("a", texts, frozenset(range(40)))
    assert {39 - n for n in choose_held("s", [turned], NONE, 0.25)["a"]} == choose_held("s", [same], NONE, 0.25)["a"]


def test_a_row_that_stands_there_twice_is_not_held_out():
    twice = Group("a", (b"x",) * 6 + (b"y",), frozenset(range(7)))
    assert choose_held("s", [twice], NONE, 0.5) == {"a": {6}}


def test_rows_are_held_out_by_their_meaning_and_named_when_they_are_collected(held):
    before = held(spec(("rows", ROWS)))
    (test,) = before.rows
    assert (test, len(before.rows[test])) == ("specs/number.py::test_rows", 3)
    assert (before.names, before.examples) == (frozenset(), frozenset())
    spread = ROWS.replace(", (", ",\n        # row\n        (")
    ids = [f"{test}[{n}-{2 * n}]" for n in range(1001, 1013)]
    after = held(spec(("rows", spread)), ids=("specs/number.py::double", *ids))
    assert after.rows == before.rows
    assert after.names == {ids[number] for number in before.rows[test]}


def test_a_row_in_another_test_changes_nothing(held):
    before = held(spec(("rows", ROWS), ("more", "[(1, 2)]")))
    after = held(spec(("more", "[(1, 2), (3, 6)]"), ("rows", ROWS)))
    assert after.rows == before.rows != {}


@pytest.mark.parametrize("rows", ["ROWS", f"[*{ROWS}]", ROWS.replace("(1002, 2004)", "(1_002, (2004)), (1003, 2005)")])
def test_rows_that_pytest_did_not_collect_as_they_stand_are_shown(held, rows):
    ids = tuple(f"specs/number.py::test_rows[{n}-{2 * n}]" for n in range(1001, 1013))
    assert held(spec(("rows", rows)), ids=ids) == HeldOut()


def test_rows_that_cannot_be_cut_are_shown(held):
    assert held(spec(("rows", ROWS.replace("(1009, 2018),", "(1009, 2018)  # ]\n        ,")))) == HeldOut()


def test_nothing_is_held_out_where_the_project_wants_it_so(held):
    assert held(spec(("rows", ROWS)), held_out=0) == HeldOut()
    assert len(held(spec(("rows", ROWS)), held_out=0.5).rows["specs/number.py::test_rows"]) == 6


def test_rows_of_a_test_that_runs_under_another_name_too_are_shown(held):
    method = TEST.replace("\n    ", "\n        ").replace("(n: int", "(self, n: int").format(rows=ROWS, name="rows")
    one = STUB.format(options="") + f"\n    class TestOne:{method}"
    assert held(one).rows.keys() == {"specs/number.py::TestOne::test_rows"}
    assert held(f"{one}\n    class TestTwo(TestOne):\n        pass\n") == HeldOut()
    assert len(held(f"{one}\n    class TestTwo:{method}").rows) == 2


def test_rows_of_other_files_are_held_out_too(held, bench):
    source = spec(options='(tests=["tests/test_more.py"])')
    more = "import pytest\nfrom specs.number import double\n" + TEST.replace("\n    ", "\n").format(
        rows=ROWS, name="it"
    )
    found = held(source, more={"tests/test_more.py": more})
    assert found.rows.keys() == {"tests/test_more.py::test_it"}


DOCUMENTED = STUB.format(options="").replace("        4\n", "        4\n" + "".join(
    f"        >>> double({n})\n        {2 * n}\n" for n in range(1001, 1009)
))  # fmt: skip


def test_examples_are_held_out_where_no_test_has_rows(held):
    found = held(DOCUMENTED)
    assert (len(found.examples), found.rows) == (2, {})
    assert found.names == {f"specs/number.py::double >>> double({1000 + number})" for number in found.examples}
    assert held(DOCUMENTED, ids=("specs/number.py::test_x",)) == HeldOut()


def test_examples_that_cannot_be_left_out_are_shown(held):
    head, _, tail = DOCUMENTED.partition('"""')
    literal = repr(tail.replace('"""', "").rstrip() + "\n")
    assert held(f"{head}{literal}\n") == HeldOut()


@pytest.mark.parametrize("source", [spec(("rows", ROWS)), DOCUMENTED])
def test_the_prompt_is_the_same_before_the_tests_are_collected_and_shows_no_held_out_text(bench, source):
    made = bench({"specs/number.py": source})
    project = made.project()
    first = first_prompt(project, *project.find("double"))
    ids = [f"specs/number.py::test_rows[{n}-{2 * n}]" for n in range(1001, 1013)] if "def test_rows" in source else []
    frozen = hold_out(project.config, replace(made.tested("double"), tests=("specs/number.py::double", *ids)))
    assert make_prompt(project.config, frozen) == first
    held = frozen.held.rows.get("specs/number.py::test_rows") or {number - 1 for number in frozen.held.examples}
    shown = {number for number in range(12 if ids else 8) if str(1001 + number) in first[1].content}
    assert shown == set(range(12 if ids else 8)) - set(held)
    assert not any(str(2 * (1001 + number)) in first[1].content for number in held)
    # Whoever looks for secrets looks at all of it.
    assert screen_question(project.config, frozen, "a script") == ()


def test_files_without_a_held_out_row_are_shown_as_they_are(bench):
    made = bench({"specs/number.py": spec()})
    (file,) = read_tests(made.project().config, made.tested("double"))
    assert show_file(file, made.tested("double")) is file
