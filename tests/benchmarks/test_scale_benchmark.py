from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path

import pytest
from doubles import NearRunner, NoMypy

from benchmarks.scale import __main__ as scale
from benchmarks.scale import compiling, plain, project, results, timing
from benchmarks.scale.checking import measure_check
from benchmarks.scale.project import Shape, write_compiled, write_specs, write_twin
from benchmarks.scale.specs import make_example
from benchmarks.startup import Cost
from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config

SHAPE = Shape(8, 3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("scale")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "TieredRunner", NearRunner)
        patch.setattr(workshop, "MypyProcess", NoMypy)
        write_compiled(root / "project", SHAPE)
    write_twin(root / "twin", SHAPE)
    return root


def make_row(**changed: object) -> timing.Row:
    values: dict[str, object] = {
        "what": "plain pytest, a later run", "against": "by hand", "specs": 1000, "per_file": 10, "pairs": 3,
        "measured": Cost(wall_ms=2000.0, cpu_ms=1500.0), "yardstick": Cost(wall_ms=1000.0, cpu_ms=1200.0),
        "wall_ratio": 2.0, "cpu_ratio": 1.25,
    }  # fmt: skip
    return timing.Row(**{**values, **changed})


def test_no_two_specs_are_alike_and_each_answer_passes_its_tests() -> None:
    examples = [make_example(number) for number in range(9)]
    assert len({example.name for example in examples}) == len({example.docstring for example in examples}) == 9
    for example in examples:
        names: dict[str, object] = {}
        exec(example.function + example.tests, names)
        tests = [value for name, value in names.items() if name.startswith("test_")]
        assert len(tests) == 3
        for test in tests:
            test()


def test_specs_are_shared_out_to_files() -> None:
    assert [len(examples) for examples in Shape(8, 3).files.values()] == [3, 3, 2]
    assert list(Shape(1).files) == ["part_0000"]


def test_every_spec_of_the_project_is_fresh_and_has_its_own_record(made: Path) -> None:
    found = Project(load_config(made / "project"))
    standings = [found.standing(file, stub) for file in found.files for stub in file.stubs]
    assert [standing.state for standing in standings] == ["fresh"] * SHAPE.specs
    assert len({standing.digest.value for standing in standings}) == SHAPE.specs
    for file in found.files:
        records = read_records(file.target.with_suffix(".provenance.json"))
        assert {name: record["model"] for name, record in records.items()} == {s.name: "scripted" for s in file.stubs}


def test_the_check_succeeds_and_project_and_twin_have_the_same_tests(made: Path) -> None:
    (row,) = measure_check(made / "project", SHAPE, 1)
    assert (row.what, row.specs, row.per_file, row.pairs) == ("compiled-ai check", 8, 3, 1)
    assert min(row.measured.wall_ms, row.yardstick.cpu_ms) > 0
    behind, later, first = plain.measure_plain(made / "project", made / "twin", SHAPE, 1)
    assert min(behind.cpu_ratio, later.cpu_ratio) > 0
    assert list((made / "checked").iterdir())
    assert first.what == "plain pytest, the first run"
    names = [{path.name for path in (made / folder).glob("part_*.py")} for folder in ("project/specs", "twin/checks")]
    assert names[0] == names[1]


def test_a_spec_that_does_not_compile_stops_the_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "TieredRunner", NearRunner)
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    write_specs(tmp_path, SHAPE)
    wrong = Shape(8, 3)
    monkeypatch.setattr(project, "make_example", lambda number: make_example(number)._replace(body="    return None"))
    with pytest.raises(SystemExit, match="did not compile"):
        project.compile_first(tmp_path, wrong)


def test_pairs_take_turns(tmp_path: Path) -> None:
    said: list[str] = []

    def cost(name: str, wall: float) -> Cost:
        said.append(name)
        return Cost(wall_ms=wall, cpu_ms=wall / 2)

    runs = (lambda: cost("measured", 30.0), lambda: cost("yardstick", 20.0))
    row = timing.compare("a", "b", runs, specs=1, per_file=1, pairs=3)
    assert said == ["measured", "yardstick", "yardstick", "measured", "measured", "yardstick"]
    assert (row.wall_ratio, row.cpu_ratio, row.measured.wall_ms) == (1.5, 1.5, 30.0)


def test_a_run_must_succeed_and_knows_nothing_of_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--version")
    monkeypatch.setenv("KEPT", "yes")
    script = "import os; raise SystemExit('PYTEST_ADDOPTS' in os.environ or os.environ['KEPT'] + os.environ['MORE'])"
    with pytest.raises(SystemExit, match=r"ended with 1:\nyesplus"):
        timing.run([sys.executable, "-c", script], tmp_path, {"MORE": "plus"})


def test_a_first_run_finds_no_bytecode(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made / "twin/src/__pycache__"
    cache.mkdir(exist_ok=True)
    seen = []
    monkeypatch.setattr(plain, "run", lambda command, folder, _: seen.append((command, cache.exists(), folder)))
    plain._run_first(made / "twin", "-x")
    assert seen == [([*timing.PYTEST, "-x"], False, made / "twin")]


def test_a_stale_spec_is_another_one_each_time(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = set()

    def look(command: object, folder: Path) -> Cost:
        found = Project(load_config(folder))
        stale = [s for file in found.files for stub in file.stubs if (s := found.standing(file, stub)).state != "fresh"]
        assert [(standing.state, standing.spec) for standing in stale] == [("stale", "specs/part_0000.py::scale_00000")]
        digests.add(stale[0].digest.value)
        return Cost(wall_ms=1.0, cpu_ms=1.0)

    monkeypatch.setattr(compiling, "run", look)
    path = made / "project/specs/part_0000.py"
    text, numbers = path.read_text(), count()
    try:
        for _ in range(2):
            compiling._run_stale(made / "project", numbers)
    finally:
        path.write_text(text)
    assert len(digests) == 2


def test_a_compile_of_all_begins_with_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(compiling, "run", lambda command, folder, variables: seen.append((folder, variables)))
    (tmp_path / "missing/src/generated").mkdir(parents=True)
    compiling._run_missing(tmp_path / "missing", SHAPE)
    assert seen == [(tmp_path / "missing", {"OPENAI_API_KEY": "none", **compiling.NO_REPLIES})]
    found = Project(load_config(tmp_path / "missing"))
    assert not found.config.generated_root.exists()
    assert found.config.base_url is not None
    assert sum(len(file.stubs) for file in found.files) == SHAPE.specs


def test_what_runs_bodies_has_four_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cost = Cost(wall_ms=2.0, cpu_ms=1.0)
    for name in ("run", "_run_stale", "_run_missing"):
        monkeypatch.setattr(compiling, name, lambda *_: cost)
    rows = list(compiling.measure_compiling(tmp_path, SHAPE, 3))
    assert [(row.against, row.pairs) for row in rows] == [
        ("plain pytest", 3), ("all fresh", 3), ("plain pytest", 1), ("compiled-ai verify", 1)
    ]  # fmt: skip


def test_rows_are_kept_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert results.read_rows(path) == []
    big, small = make_row(), make_row(specs=10)
    results.add_row(path, make_row(wall_ratio=9.0))
    results.add_row(path, big)
    results.add_row(path, small)
    assert results.read_rows(path) == [big, small]
    assert results.render_table([big, small]).splitlines()[2:] == [
        "| plain pytest, a later run | 10 | 10 | 2.00 | 1.50 | 150.00 | by hand | 2.00 | 1.25 |",
        "| plain pytest, a later run | 1,000 | 10 | 2.00 | 1.50 | 1.50 | by hand | 2.00 | 1.25 |",
    ]


def test_what_was_measured_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, int]] = []
    names = {"plain": ("plain pytest, a later run", "plain pytest, the first run"), "check": ("compiled-ai check",),
             "compile": ("verify", "fresh", "stale", "missing")}  # fmt: skip

    def rows(step: str, folder: Path, shape: Shape, pairs: int) -> list[timing.Row]:
        asked.append((step, shape.specs))
        return [make_row(what=what, specs=shape.specs, per_file=shape.per_file, pairs=pairs) for what in names[step]]

    monkeypatch.setattr(scale, "_rows", rows)
    monkeypatch.setattr(scale, "_make_projects", lambda out, shape: out)
    arguments = ["--specs", "2", "400", "--out", str(tmp_path)]
    assert scale.main(arguments) == 0
    assert asked == [("plain", 2), ("check", 2), ("compile", 2), ("plain", 400), ("check", 400)]
    assert scale.main(arguments) == 0
    assert len(asked) == 5
    assert (tmp_path / "results.md").read_text() in capsys.readouterr().out
    assert len(json.loads((tmp_path / "results.json").read_text())) == 10


def test_each_step_measures_its_own_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("plain", "check", "compiling"):
        monkeypatch.setattr(scale, f"measure_{name}", lambda *given, name=name: (name, *given))
    here, twin = tmp_path / "project", tmp_path / "twin"
    assert scale._rows("plain", tmp_path, SHAPE, 2) == ("plain", here, twin, SHAPE, 2)
    assert scale._rows("check", tmp_path, SHAPE, 2) == ("check", here, SHAPE, 2)
    assert scale._rows("compile", tmp_path, SHAPE, 2) == ("compiling", here, SHAPE, 2)


def test_projects_are_made_once_and_are_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "TieredRunner", NearRunner)
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    folder = scale._make_projects(tmp_path, Shape(4, 4))
    assert (folder.name, (folder / "twin/checks/part_0000.py").is_file()) == ("4-by-4", True)
    (folder / "project/specs/part_0000.py").unlink()
    assert scale._make_projects(tmp_path, Shape(4, 4)) == folder
    assert not (folder / "project/specs/part_0000.py").exists()


def test_numbers_must_be_positive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        scale.main(["--pairs", "0", "--out", str(tmp_path)])
    assert "at least 1" in capsys.readouterr().err
