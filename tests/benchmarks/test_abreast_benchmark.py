from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.security import abreast


class Judging:
    """Stands for a validating process: it remembers what it has judged."""

    judged: list[str] = []  # noqa: RUF012 (one list for all of them)

    def __init__(self, sites: Any, lane: int, *_: object) -> None:
        self.lane = lane

    def begin(self, *_: object) -> None:
        self.judged.append("begin")

    def try_out(self, candidate: Any, *_: object) -> tuple[Any, ...]:
        self.judged.append(candidate.module.rpartition("# ")[2])
        return (SimpleNamespace(passed=True, message=""),)


@pytest.fixture
def arena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/order.py").write_text("def test_it() -> None: ...\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.compiled-ai]\n[tool.pytest.ini_options]\n", encoding="utf-8")
    made = SimpleNamespace(
        root=tmp_path,
        candidate=lambda text: SimpleNamespace(module=text),
        subject=SimpleNamespace(stub=SimpleNamespace(id="specs/order.py::settle")),
    )

    @contextmanager
    def opened(root: Path) -> Iterator[Any]:
        yield made

    monkeypatch.setattr(abreast, "open_arena", opened)
    monkeypatch.setattr(abreast, "judge", lambda arena, body: {"mypy": 30.0, "tests": 20.0, "confirm": 900.0})
    monkeypatch.setattr(abreast, "FarBench", Judging)
    Judging.judged.clear()
    return made


def test_warm_gates_are_told_beside_new_processes_and_two_beside_one(
    arena: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(abreast, "time_tool", lambda root, name, rounds: 100.0)
    assert abreast.main(["--rounds", "2", "--json", str(tmp_path / "out.json")]) == 0
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["figures"]
    assert (figures["gates"], figures["ratio"]) == (50.0, 6.0)
    assert figures["abreast"] > 0
    assert "6.00 times as fast as new processes" in capsys.readouterr().out
    assert not (tmp_path / "src/generated/order.py").exists()
    # No body is judged twice by one process: what was run already is not run again.
    assert sorted(set(Judging.judged)) == ["-1", "-2", "0", "1", "2", "3", "4", "5", "begin"]


def test_a_tool_is_timed_in_new_processes(arena: Any) -> None:
    assert abreast.time_tool(arena.root, "pytest", 1) > 0


def test_a_tool_that_cannot_judge_ends_the_measurement(arena: Any) -> None:
    (arena.root / "specs/order.py").unlink()
    with pytest.raises(SystemExit, match="pytest failed"):
        abreast.run_tool(arena.root, "pytest")
