from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(ROOT)
    from benchmarks.security import mutation
    from benchmarks.security.mirrors import FURTHER, PACKAGE, Mirrors
    from benchmarks.security.mutated_tree import MutatedTree, is_contained
    from benchmarks.security.mutation import Bench, FileResult, Record

FILES = {
    f"{PACKAGE}/__init__.py": "",
    # pytest loads it by its entry point.
    f"{PACKAGE}/plugin.py": "",
    f"{PACKAGE}/gates/__init__.py": "",
    f"{PACKAGE}/gates/size.py": "LIMIT, MORE = 3, {7}\n\n\ndef fits(n):\n    return n < LIMIT or n in MORE\n",
    f"{PACKAGE}/gates/spans.py": "def span(n):\n    return n + 1\n",
    f"{PACKAGE}/gates/user.py": f"from {PACKAGE}.gates.spans import span\n",
    "tests/gates/test_size.py": f"""import pytest
from {PACKAGE}.gates.size import fits

def test_it():
    assert fits(2)

def test_more():
    if not fits(7):
        pytest.skip("it cannot be shown here")
""",
    "tests/gates/test_other.py": f"import {PACKAGE}.gates.user\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_module_has_the_tests_of_its_name_or_those_that_come_to_it(root: Path) -> None:
    mirrors = Mirrors(root)
    folder = root / PACKAGE / "gates"
    assert mirrors.find(folder / "size.py") == ["tests/gates/test_size.py"]
    assert mirrors.find(folder / "user.py") == ["tests/gates/test_other.py"]
    assert mirrors.find(folder / "spans.py") == ["tests/gates/test_other.py"]
    (root / "tests" / "gates" / "test_other.py").unlink()
    assert Mirrors(root).find(folder / "spans.py") == []


def test_the_table_names_modules_and_tests_that_are_there() -> None:
    for module, tests in FURTHER.items():
        assert (ROOT / PACKAGE / f"{module}.py").is_file(), module
        assert all(list((ROOT / "tests").rglob(f"{test}.py")) for test in tests), module


def test_modules_are_found_and_only_their_functions_changed(root: Path) -> None:
    found = mutation.find_modules(root, [Path(PACKAGE), Path(PACKAGE, "gates/size.py")])
    assert [path.stem for path in found] == ["size", "spans", "user", "plugin", "size"]
    mutants = mutation.mutants_of(found[0].read_text(encoding="utf-8"), None)
    assert {mutant.line for mutant in mutants} == {5}
    assert all(mutant.source.startswith("LIMIT, MORE = 3, {7}\n") for mutant in mutants)


@pytest.mark.skipif(not is_contained(), reason="no PID namespace")
def test_a_run_tells_survivors_and_is_taken_up_again(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = MutatedTree(root, tmp_path_factory.mktemp("copy") / "0")
    path = tree.root / PACKAGE / "gates" / "size.py"
    done: dict[str, Record] = {}
    bench = Bench([tree], done, None)
    result = bench.measure(path, None)
    assert [(record.change, record.outcome) for record in result.records] == [
        ("`n < LIMIT` changed to `n <= LIMIT`", "survived"),
        ("`n < LIMIT or n in MORE` changed to `n < LIMIT and n in MORE`", "killed"),
        ("`n in MORE` changed to `n not in MORE`", "killed"),
    ]
    assert path.read_text(encoding="utf-8") == FILES[f"{PACKAGE}/gates/size.py"]
    # Nothing is left to run: without its tests it is told the same.
    (tree.root / "tests" / "gates" / "test_size.py").unlink()
    assert bench.measure(path, None) == result
    assert mutation.render_file(result).splitlines() == [
        f"{PACKAGE}/gates/size.py: 2 of 3 mutants killed (66%)",
        f"  {PACKAGE}/gates/size.py:5: `n < LIMIT` changed to `n <= LIMIT`",
    ]
    bench.close()


@pytest.mark.skipif(not is_contained(), reason="no PID namespace")
@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("def test_it():\n    assert False\n", "its tests fail as it is (killed): 1 failed"),
        ("def test_it():\n    pass\n", "its tests do not reach it"),
    ],
)
def test_what_cannot_be_measured_is_told(
    root: Path, tmp_path_factory: pytest.TempPathFactory, test: str, problem: str
) -> None:
    (root / "tests" / "gates" / "test_size.py").write_text(test, encoding="utf-8")
    bench = Bench([MutatedTree(root, tmp_path_factory.mktemp("copy") / "0")], {}, None)
    result = bench.measure(bench.root / PACKAGE / "gates" / "size.py", 1)
    assert result.problem.startswith(problem)
    assert mutation.render([result]) == "all: 0 of 0 mutants killed, 0 of them by the clock; 1 modules not measured"
    bench.close()


def test_what_was_written_is_read_but_for_a_line_that_was_cut(tmp_path: Path) -> None:
    record = Record(key="k", module="m", line=1, operator="o", change="c", outcome="timeout", seconds=1.0)
    line = json.dumps(asdict(record))
    (tmp_path / "out").write_text(f"{line}\n{line[:20]}", encoding="utf-8")
    assert mutation.read_records(tmp_path / "out") == [record]
    assert mutation.read_records(tmp_path / "none") == []
    assert mutation.render([FileResult(module="m", records=(record,))]) == (
        "all: 1 of 1 mutants killed (100%), 1 of them by the clock; 0 modules not measured"
    )


def test_nothing_is_run_where_nothing_can_be_held(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(mutation, "is_contained", lambda: False)
    assert mutation.main([]) == 1
    assert capsys.readouterr().out.startswith("nothing is run: ")
