from __future__ import annotations

import ast
import json

import pytest
from codegen_sets import HELPED, ROWS, load_codegen, write_sets

from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

THRICE = """from typing import Any

import pytest

from pytest_compiled_ai import spec


@spec
def thrice(n: int, times: int=1) -> int:
    \"\"\"Return three times n.

    >>> thrice(2, 1)
    6
    \"\"\"


@pytest.mark.parametrize(
    ('given_n', 'given_times', 'expected'),
    [
        (1, 1, 3),
        (-4, 2, -24),
    ],
)
def test_rows(given_n: Any, given_times: Any, expected: Any) -> None:
    assert thrice(given_n, given_times) == expected
"""


@pytest.fixture(scope="module")
def codegen():
    return load_codegen()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def made(codegen, folder):
    return {problem.entry: problem for problem in codegen.problems.read_problems(folder)}


@pytest.fixture(scope="module")
def tasks(codegen, folder):
    return {problem.entry: problem for problem in codegen.problems.read_problems(folder.parent / "tasks")}


@pytest.fixture
def _sealed():
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")


# the typing rule


@pytest.mark.parametrize(
    ("values", "annotation"),
    [
        ([], "Any"),
        ([None], "None"),
        ([1, 2], "int"),
        ([1, 2.5], "float"),
        ([1, None], "int | None"),
        ([1, "a"], "Any"),
        ([1, "a", None], "Any"),
        ([True, 1], "Any"),
        ([[1], [2.5, 3]], "list[float]"),
        ([[]], "list[Any]"),
        ([{1}, {2}], "set[int]"),
        ([frozenset()], "frozenset[Any]"),
        ([[1], {1}], "Any"),
        ([{"a": 1}, {"b": None}], "dict[str, int | None]"),
        ([(1, "a"), (2, "b")], "tuple[int, str]"),
        ([(1, 2), (1,)], "tuple[int, ...]"),
        ([(1, 2, 3, 4)], "tuple[int, ...]"),
        ([()], "tuple[Any, ...]"),
        ([b"", b"x"], "bytes"),
    ],
)
def test_an_annotation_is_what_values_have_in_common(codegen, values, annotation):
    assert codegen.annotations.describe(values) == annotation


@pytest.mark.parametrize(
    ("test", "results"),
    [
        ("f(1) == 2", [2]),
        ("[3] == f(1)", [[3]]),
        ("candidate(1) == 2", [2]),
        ("f(1) is None", [None]),
        ("f(1)", [True]),
        ("not f(1)", [True]),
        ("abs(f(1) - 2) < 1e-6", [0.0]),
        ("math.isclose(f(1), 2)", [0.0]),
        ("f(1) in (1, 2)", []),
        ("f(1) == g(2)", []),
        ("g(1) == 2", []),
        ("len(f(1)) == 2", []),
        ("f(1) == 2 == 2", []),
        ("f(1) and f(2)", []),
    ],
)
def test_a_result_is_what_an_assert_compares_with(codegen, test, results):
    assert codegen.annotations.see_values(ast.parse(f"assert {test}"), "f").results == results


def test_arguments_are_seen_by_position_wherever_a_function_is_called(codegen):
    seen = codegen.annotations.see_values(ast.parse("assert g(f(1, 'a'), f(2)) == 3\nassert f(x, [{[]}]) == 1"), "f")
    assert seen.arguments == [[1, 2], ["a"]]


def test_an_annotation_that_is_there_stays(codegen):
    function = ast.parse("def f(a: str, b, c): pass").body[0]
    seen = codegen.annotations.Seen(arguments=[[1], [2]], results=[None])
    assert ast.unparse(codegen.annotations.annotate(function, seen)).startswith("def f(a: str, b: int, c: Any) -> None")
    assert ast.unparse(codegen.annotations.annotate(function, codegen.annotations.Seen())).startswith(
        "def f(a: str, b: int"
    )


# the specs


def test_asserts_of_one_form_are_rows_of_one_test(made):
    assert made["thrice"].spec == THRICE
    assert made["thrice"].name == "made_0"
    assert made["thrice"].files == {}


def test_other_asserts_are_tests_of_their_own(made):
    tests = made["halve_all"].spec.partition('    """\n\n\n')[2]
    assert tests == (
        "def test_1() -> None:\n    assert halve_all([2.0]) == [1.0]\n\n\n"
        "def test_2() -> None:\n    assert not halve_all([])\n"
    )


def test_helpers_are_a_module_and_its_imports_go_along(made):
    problem = made["halve_all"]
    assert problem.files == {"helpers_made_1.py": problem.prelude + "\n"}
    assert problem.spec.startswith("from typing import List\nfrom helpers_made_1 import half\n")
    names = {}
    exec(problem.prelude, names)
    assert names["half"](3) == 1.5


def test_what_is_no_assert_makes_one_test_of_the_whole(made):
    spec = made["count_a"].spec
    assert "\n\nimport string\n\n" in spec
    assert spec.endswith("    assert count_a('aa') == 2\n")
    assert "def test_all() -> None:\n    for letter in string.ascii_lowercase:\n" in spec


def test_examples_that_the_sets_own_solution_does_not_pass_are_text(made):
    assert "    > halve_all([1.0])\n    [0.25]\n" in made["halve_all"].spec
    assert "    >>> thrice(2, 1)\n" in made["thrice"].spec


def test_a_docstring_that_is_no_doctest_is_text(codegen):
    row = {**ROWS, "prompt": ROWS["prompt"].replace("    >>> thrice(2, 1)\n    6", "    >>> thrice(2, 1)\n  6")}
    assert "    > thrice(2, 1)" in codegen.problems._from_humaneval(row, "", False).spec


def test_examples_alone_decide_where_it_is_asked_for(codegen, folder):
    (problem,) = codegen.problems.read_problems(folder, examples_only=True)
    assert problem.entry == "thrice"
    assert problem.spec.endswith('    """\n')
    assert "def test" not in problem.spec


@pytest.mark.parametrize("entry", ["thrice", "halve_all", "count_a"])
def test_references_pass_the_tests_that_are_written(made, entry, tmp_path, monkeypatch):
    problem = made[entry]
    for name, text in problem.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert run_tests(problem)


@pytest.mark.parametrize("entry", ["join", "about"])
def test_references_of_tasks_pass_the_tests_that_are_written(tasks, entry):
    assert run_tests(tasks[entry])


def run_tests(problem):
    """Run a problem's tests on its reference, and return their names."""
    names = {"__name__": "spec"}
    exec(problem.spec, names)
    exec(problem.reference, names)
    tests = {name: test for name, test in names.items() if name.startswith("test_")}
    for test in tests.values():
        for mark in getattr(test, "pytestmark", []):
            for row in mark.args[1]:
                assert len(row) == len(mark.args[0])
                test(*row)
        if not hasattr(test, "pytestmark"):
            test()
    return list(tests)


def test_a_tasks_text_is_its_docstring(tasks):
    assert "def join(parts: list[str], last: str | None) -> str:" in tasks["join"].spec
    assert "Join with a \\\\ or a ''', and say" in tasks["join"].spec
    stub = ast.parse(tasks["join"].spec).body[-2]
    assert ast.get_docstring(stub) == "Join with a \\ or a ''', and say \"so\""
    assert "def about() -> float:" in tasks["about"].spec
    assert tasks["about"].spec.startswith("import math\n")


def test_a_function_without_parameters_has_rows_of_one(codegen):
    function = ast.parse("def f(): pass").body[0]
    (test,) = codegen.asserts.write_tests(ast.parse("assert f() == 1\nassert f() == 2").body, function)
    assert "    ('expected',),\n    [\n        (1,),\n        (2,),\n    ],\n" in test


def test_a_row_that_is_no_literal_is_a_test_of_its_own(codegen):
    function = ast.parse("def f(x): pass").body[0]
    tests = list(codegen.asserts.write_tests(ast.parse("assert f(1) == 1\nassert f(g()) == 2").body, function))
    assert tests == [
        "def test_1() -> None:\n    assert f(1) == 1",
        "def test_2() -> None:\n    assert f(g()) == 2",
    ]


# the figures


def test_problems_are_picked_all_over_the_set(codegen):
    assert codegen.run.pick("abcdefghij", 0) == list("abcdefghij")
    assert codegen.run.pick("abc", 3) == ["a", "b", "c"]
    assert codegen.run.pick("abcdefghij", 4) == ["a", "c", "f", "h"]


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # The last two are Newcombe's (1998), table I.
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_an_interval_is_wilsons(codegen, right, total, low, high):
    assert codegen.score.wilson(right, total) == pytest.approx((low, high), abs=5e-5)


def line(codegen, name, outcome="compiled", **more):
    values = {"attempts": 1, "prompt_tokens": 100, "completion_tokens": 10, "seconds": 2.0, **more}
    return json.loads(json.dumps(codegen.clerk.asdict(codegen.clerk.Line(name=name, outcome=outcome, **values))))


def test_a_run_is_summarized_by_its_hidden_tests(codegen):
    lines = [
        line(codegen, "a"),
        line(codegen, "b", attempts=3, refused_by=["types", "tests"], first_refused_by="types", notes=["ambiguous: 2"]),
        line(codegen, "c", attempts=3, refused_by=["tests"]),
        line(codegen, "d", "failed", attempts=16, seconds=30.0, refused_by=["tests"] * 16, first_refused_by="tests", message="no"),
    ]  # fmt: skip
    figures = codegen.score.summarize(lines, {"a": "", "b": "AssertionError: ", "c": ""})
    assert (figures["problems"], figures["accepted"], figures["accepted and right"]) == (4, 3, 2)
    assert figures["accepted, wrong"] == {"b": "AssertionError: "}
    assert figures["ambiguous"] == figures["wrong and shown ambiguous"] == ["b"]
    assert figures["refused"] == {"d": "no"}
    assert (figures["tokens in"], figures["tokens out"], figures["candidates"]) == (400, 40, 23)
    assert (figures["seconds"], figures["seconds in all"]) == ((2.0, 30.0), 36.0)
    assert figures["candidates to solve"] == (3, 3)
    assert figures["first candidates passed"] == 2
    assert figures["first candidates refused by"] == {"types": 1, "tests": 1}
    assert figures["candidates refused by"] == {"types": 1, "tests": 18}
    text = codegen.score.render("made", figures)
    assert "| **accepted and right** | **2 = 50.0%** (15.0% to 85.0%) |" in text
    assert "| accepted, wrong | 1: b |" in text
    assert "| first candidates refused by | types 1, tests 1 |" in text


def test_a_run_of_nothing_has_figures(codegen):
    text = codegen.score.render("made", codegen.score.summarize([], {}))
    assert "| accepted (base tests passed) | 0 = 0.0% |" in text
    assert "| refused | 0 |" in text


@pytest.mark.usefixtures("_sealed")
def test_hidden_tests_judge_in_a_sealed_worker(codegen, made, tasks, tmp_path):
    bodies = {
        "thrice": "def thrice(n, times=1):\n    return 3 if n == 1 else -24\n",
        "halve_all": f"from helpers_made_1 import half\n{HELPED['prompt']}{HELPED['canonical_solution']}",
        "count_a": "def count_a(text):\n    open('/etc/hostname')\n",
        "about": "raise SystemExit\n",
    }
    problems = [*made.values(), tasks["about"]]
    for problem in problems:
        path = codegen.project.body_path(tmp_path, problem)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(bodies[problem.entry], encoding="utf-8")
        codegen.project.write_files(tmp_path, problem)
    found = codegen.score.judge_all(problems, tmp_path)
    assert found["made_0"].startswith("AssertionError")
    assert found["made_1"] == ""
    assert "Error" in found["made_2"]
    assert found["mbpp_8"] == "", "it has no hidden tests, and is not run"


def test_where_nothing_is_hidden_nothing_is_started(codegen, tasks, tmp_path, monkeypatch):
    monkeypatch.setattr(codegen.score, "Zygote", None)
    assert codegen.score.judge_all(list(tasks.values()), tmp_path) == {"mbpp_7": "", "mbpp_8": ""}


def test_a_run_is_scored_and_its_figures_lie_beside_it(codegen, folder, tmp_path, capsys):
    codegen.clerk.write_line(tmp_path / "x.jsonl", codegen.clerk.Line(name="mbpp_7", outcome="compiled", attempts=1))
    data = folder.parent / "tasks"
    assert codegen.score.main(["--data", str(data), "--out", str(tmp_path), "--label", "x"]) == 0
    assert "| accepted (base tests passed) | 1 = 100.0% |" in capsys.readouterr().out
    assert json.loads((tmp_path / "x.figures.json").read_text(encoding="utf-8"))["accepted and right"] == 1
