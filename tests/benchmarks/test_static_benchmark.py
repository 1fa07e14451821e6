from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "security" / "static.py"


@pytest.fixture(scope="module")
def static():
    spec = importlib.util.spec_from_file_location("static_benchmark", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_evasions_are_refused_and_the_project_s_own_artifacts_are_not(static):
    gates = static.make_gates()
    evasions = static.judge(list(static.read_evasions(PATH.parent / "evasions.toml")), gates)
    assert evasions.bodies >= 50
    assert evasions.share >= static.RECALL, evasions.passed
    own = [case for path in sorted(static.GENERATED.glob("*.py")) for case in static.read_module(path, path.stem)]
    assert static.judge(own, gates).refused == {}


def test_the_figures_are_told_and_written(static, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(static, "STANDARD", ("colorsys", "no_such_module.at_all"))
    monkeypatch.setattr(static, "INSTALLED", ())
    problem = {
        "prompt": "def f(n):\n    ''' Add one. '''\n",
        "canonical_solution": "    return n + 1\n",
        "entry_point": "f",
    }
    (tmp_path / "humaneval.jsonl").write_text(json.dumps(problem) + "\n")
    code = static.main(["--data", str(tmp_path), "--json", str(tmp_path / "out.json"), "--verbose"])
    assert code == 0
    assert "humaneval          1        0    0.0%" in capsys.readouterr().out
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["sets"]["humaneval"]["bodies"] == 1
    assert set(figures["ms"]) == {"suppressions", "characters", "policy", "imports", "secrets", "bandit", "size"}
