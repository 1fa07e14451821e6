from __future__ import annotations

import doctest
import importlib
import json
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = ROOT / "benchmarks" / "security" / "code_cases.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))
WEAKNESSES = [78, 489, 94, 95, 95, 798, 330, 377, 347, 22, 502, 1333, 89, 918, 78, 1336, 601, 327, 611, 502]
GIVEN = "vulnerable, imports given"
CASE = """
[[{kind}]]
id = "{id}"
cwe = 95
name = "planted"
stub = '''
def f(text: str) -> object:
    \"\"\"Work on a text.\"\"\"
'''
body = '''
return {value}
'''
"""


@pytest.fixture(scope="module")
def code_cases():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("benchmarks.security.code_cases")


@pytest.fixture(scope="module")
def result(code_cases):
    return code_cases.run()


def plant(path, *cases):
    text = "".join(CASE.format(kind=kind, id=f"{number}", value=value) for number, (kind, value) in enumerate(cases))
    path.write_text(text, encoding="utf-8")
    return path


def test_there_is_a_case_for_each_weakness_and_a_harmless_one_near_it():
    for kind in ("vulnerable", "benign"):
        assert [case["cwe"] for case in CASES[kind]] == WEAKNESSES
    assert [case["id"] for kind in CASES.values() for case in kind] == [f"code-{n:02d}" for n in range(1, 41)]
    assert len({case["stub"] for kind in CASES.values() for case in kind}) == 40


@pytest.mark.parametrize("case", CASES["benign"], ids=lambda case: case["id"])
def test_a_harmless_body_does_what_its_stub_says(case, code_cases):
    space = {}
    source = code_cases.source_of(case, f"{case.get('given', '')}\n{case.get('imports', '')}")
    exec(compile(source, case["id"], "exec"), space)
    name = next(name for name in space if f"def {name}(" in case["stub"])
    (found,) = doctest.DocTestFinder().find(space[name], name, globs=space, module=False)
    assert found.examples
    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0


def test_the_weaknesses_are_refused_but_for_one_that_only_takes_long(result):
    assert [name.partition(" ")[0] for name in result.scores["vulnerable"].passed] == ["code-12"]


def test_the_harmless_bodies_pass(result):
    assert result.scores["benign"].refused == {}
    assert result.scores["benign"].bodies == 20


def test_what_is_refused_for_its_import_alone_passes_where_the_spec_imports_it(result):
    passed = [name.partition(" ")[0] for name in result.scores[GIVEN].passed]
    assert passed == ["code-09", "code-12", "code-16", "code-17"]


def test_a_case_brings_its_imports_unless_the_spec_has_them(code_cases):
    case = next(case for case in CASES["vulnerable"] if case["id"] == "code-09")
    brought, given = code_cases.make(case), code_cases.make(case, is_given=True)
    assert [item.line for item in brought.candidate.imports] == ["import jwt"]
    assert [item.line for item in given.subject.imports] == ["import jwt"]
    assert brought.subject.imports == given.candidate.imports == ()


def test_a_false_alarm_costs_precision_and_a_miss_recall(code_cases, tmp_path):
    path = plant(
        tmp_path / "cases.toml",
        ("vulnerable", "eval(text)"), ("vulnerable", "text"), ("benign", "text"), ("benign", "open(text)"),
    )  # fmt: skip
    planted = code_cases.run(path)
    assert (planted.recall, planted.precision, planted.right) == (0.5, 0.5, 2)
    text = code_cases.render(planted)
    assert "vulnerable: 1 of 2 refused (policy 1)" in text
    assert "  refused  3 CWE-95 planted: policy: `open` may not be used" in text
    assert "  passed   1 CWE-95 planted" in text


def test_where_nothing_is_refused_there_is_no_precision(code_cases, tmp_path):
    planted = code_cases.run(plant(tmp_path / "cases.toml", ("vulnerable", "text"), ("benign", "text")))
    assert planted.precision == planted.recall == 0.0
    assert "benign: 0 of 1 refused\n" in code_cases.render(planted)


def test_the_figures_are_told_and_written(code_cases, result, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(code_cases, "run", lambda: result)
    assert code_cases.main(["--json", str(tmp_path / "out.json")]) == 0
    assert "recall 95%, precision 100%" in capsys.readouterr().out
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert figures["recall"] == 0.95
    assert set(figures["sets"]) == {"vulnerable", "benign", GIVEN}
    assert figures["sets"]["vulnerable"]["refused"]["code-04 CWE-95 a formula is evaluated"].startswith("policy: ")


def test_too_many_wrong_judgements_are_an_exit_code(code_cases, tmp_path, monkeypatch):
    planted = code_cases.run(plant(tmp_path / "cases.toml", ("vulnerable", "eval(text)"), ("benign", "text")))
    assert planted.right == 2
    monkeypatch.setattr(code_cases, "run", lambda: planted)
    assert code_cases.main([]) == 1
    monkeypatch.setattr(code_cases, "TARGET", 2)
    assert code_cases.main([]) == 0
