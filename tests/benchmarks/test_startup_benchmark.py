from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

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
    assert min(measured.with_ms, measured.without_ms) > 0
    assert measured.difference_ms == pytest.approx(measured.with_ms - measured.without_ms)


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

    def time_run(folder: Path, extra: tuple[str, ...] = ()) -> float:
        runs.append(extra == startup.WITHOUT)
        return 100.0 if extra else 112.0

    monkeypatch.setattr(startup, "time_run", time_run)
    assert startup.time_pair(tmp_path, swap=False) == startup.time_pair(tmp_path, swap=True) == (112.0, 100.0)
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
    figures = {"pairs": 3, "with_ms": 300.0, "without_ms": 290.0, "difference_ms": difference, "imported": imported}
    monkeypatch.setattr(startup, "measure", lambda _folder, pairs: startup.Startup(**figures | {"pairs": pairs}))
    assert startup.main(["--pairs", "3", "--json", str(tmp_path / "out.json")]) == code
    assert json.loads((tmp_path / "out.json").read_text()) == figures | {"imported": list(imported)}
    shown = capsys.readouterr().out
    assert f"{difference:.1f} ms" in shown
    assert ("openai, rich" if imported else "none of") in shown


def test_no_pairs_is_refused(startup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        startup.main(["--pairs", "0"])
    assert "--pairs must be at least 1" in capsys.readouterr().err
