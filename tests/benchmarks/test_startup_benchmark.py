from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "startup.py"


@pytest.fixture
def startup(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark's script, as a module."""
    spec = importlib.util.spec_from_file_location("startup_benchmark", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "startup_benchmark", module)
    spec.loader.exec_module(module)
    return module


def test_the_project_passes_with_and_without_the_plugin(startup: ModuleType, tmp_path: Path) -> None:
    startup.write_project(tmp_path)
    measured = startup.measure(tmp_path, 1)
    assert measured.pairs == 1
    assert measured.imported == ()
    for figure in ("wall_ms", "cpu_ms"):
        on, off = getattr(measured.with_plugin, figure), getattr(measured.without, figure)
        assert min(on, off) > 0
        assert getattr(measured.difference, figure) == pytest.approx(on - off)
        assert getattr(measured.fastest, figure) == pytest.approx(on - off)


def test_the_project_is_fresh(startup: ModuleType, tmp_path: Path) -> None:
    startup.write_project(tmp_path)
    project = Project(load_config(tmp_path))
    file, stub = project.find("count_words")
    assert project.standing(file, stub).state == "fresh"


def test_bytecode_is_kept_as_for_an_installed_package(
    startup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    startup.write_project(tmp_path)
    startup.run_pytest(tmp_path)
    assert list(tmp_path.joinpath("src/generated/__pycache__").glob("words.*.pyc"))


def test_figures_of_several_runs(startup: ModuleType) -> None:
    costs = [startup.Cost(wall_ms=wall, cpu_ms=cpu) for wall, cpu in [(9.0, 2.0), (5.0, 8.0), (6.0, 4.0)]]
    assert startup.median(costs) == startup.Cost(wall_ms=6.0, cpu_ms=4.0)
    assert startup.fastest(costs) == startup.Cost(wall_ms=5.0, cpu_ms=2.0)
    assert startup.subtract(costs[0], costs[1]) == startup.Cost(wall_ms=4.0, cpu_ms=-6.0)


def test_heavy_imports_are_found(startup: ModuleType, tmp_path: Path) -> None:
    startup.write_project(tmp_path)
    (tmp_path / "conftest.py").write_text("import rich.console\n")
    assert startup.heavy_imports(tmp_path) == {"rich"}


def test_failing_tests_stop_the_benchmark(startup: ModuleType, tmp_path: Path) -> None:
    startup.write_project(tmp_path)
    (tmp_path / "src" / "generated" / "words.py").write_text("def count_words(text: str) -> int:\n    return 7\n")
    with pytest.raises(SystemExit, match="`pytest` ended with 1"):
        startup.run_pytest(tmp_path)


def test_pairs_take_turns(startup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[bool] = []
    quick, slow = startup.Cost(wall_ms=100.0, cpu_ms=90.0), startup.Cost(wall_ms=112.0, cpu_ms=99.0)

    def time_run(folder: Path, extra: tuple[str, ...] = ()) -> object:
        runs.append(extra == startup.WITHOUT)
        return quick if extra else slow

    monkeypatch.setattr(startup, "time_run", time_run)
    assert startup.time_pair(tmp_path, swap=False) == startup.time_pair(tmp_path, swap=True) == (slow, quick)
    assert runs == [False, True, True, False]


@pytest.mark.parametrize(
    ("difference", "imported", "code"), [(19.9, (), 0), (20.0, (), 1), (1.0, ("openai", "rich"), 1)]
)
def test_targets(
    startup: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    difference: float,
    imported: tuple[str, ...],
    code: int,
) -> None:
    costs = {
        "with_plugin": (300.0, 280.0), "without": (290.0, 270.0), "difference": (difference, 9.0), "fastest": (7.0, 6.0)
    }  # fmt: skip
    made = {name: startup.Cost(wall_ms=wall, cpu_ms=cpu) for name, (wall, cpu) in costs.items()}
    monkeypatch.setattr(
        startup, "measure", lambda _folder, pairs: startup.Startup(pairs=pairs, imported=imported, **made)
    )
    assert startup.main(["--pairs", "3", "--json", str(tmp_path / "out.json")]) == code
    assert json.loads((tmp_path / "out.json").read_text()) == {
        "pairs": 3,
        "imported": list(imported),
        **{name: {"wall_ms": wall, "cpu_ms": cpu} for name, (wall, cpu) in costs.items()},
    }
    shown = capsys.readouterr().out
    assert f"{difference:.1f} ms wall     9.0 ms cpu" in shown
    assert ("openai, rich" if imported else "none of") in shown


def test_no_pairs_is_refused(startup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        startup.main(["--pairs", "0"])
    assert "--pairs must be at least 1" in capsys.readouterr().err
