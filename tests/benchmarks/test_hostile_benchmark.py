from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.gates.base import HeldOut, Stage, Verdict
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

ROOT = Path(__file__).parents[2]
JAIL = Tier(confinement=Confinement(landlock=7, seccomp=True), verified=True)
PROBLEM = {
    "task_id": "Mine/0",
    "prompt": 'import math\n\ndef half(n: int) -> int:\n    return n // 2\n\ndef f(n: int) -> int:\n    """Add one."""\n',
    "canonical_solution": "    return n + 1\n",
    "entry_point": "f",
    "test": "def check(candidate):\n    assert candidate(half(4)) == math.floor(3.5)\n",
}


@pytest.fixture(scope="module")
def load():
    """Import a program of the benchmark by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield lambda name: importlib.import_module(f"benchmarks.security.{name}")


@pytest.fixture
def sealed():
    if not detect_sealed_tier().verified:
        pytest.skip("this machine has no sealed tier")


def ending(hostile, **given):
    values = {"effects": (), "is_forged": False, "is_broken": False, "said": "said", "seconds": 0.1}
    return hostile.Ending(**{**values, **given})


def row(hostile, refused="", **endings):
    body = hostile.Hostile(name="name", kind="kind", seen="there", body="pass")
    return hostile.Row(hostile=body, endings=endings, refused=refused)


def test_one_escape_or_forgery_is_a_failure(load):
    hostile = load("hostile")
    clean = ending(hostile)
    escaped = ending(hostile, effects=("changed a file",))
    forged = ending(hostile, is_forged=True)
    broken = ending(hostile, is_broken=True)
    assert hostile.is_met([row(hostile, sealed=clean, jailed=clean)])
    assert hostile.is_met([row(hostile, sealed=clean)])
    assert hostile.is_met([row(hostile, refused="policy", sealed=clean, jailed=forged)])
    for bad in (escaped, forged, broken):
        assert not hostile.is_met([row(hostile, refused="policy", sealed=bad, jailed=clean)])
    assert not hostile.is_met([row(hostile, sealed=clean, jailed=forged)])
    assert not hostile.is_met([row(hostile, refused="policy", sealed=clean, jailed=escaped)])
    rows = [row(hostile, refused="policy", sealed=escaped, jailed=forged), row(hostile, sealed=clean, jailed=broken)]
    text = hostile.render(rows)
    assert "sealed         escapes 1, forged 0, broke the run 0" in text
    assert "jailed         escapes 0, forged 1, broke the run 1" in text
    assert "static gates   refuse 1: policy 1" in text
    assert "changed a file" in hostile.render_row(rows[0])


class Onlooker:
    """Stands for a scene that sees what it is told to see."""

    def __init__(self, effects=()):
        self.effects, self.asked = effects, []

    def begin(self, *watched):
        pass

    def find_effects(self, said, seconds):
        self.asked.append(said)
        return iter(self.effects)


@pytest.fixture
def arena(tmp_path):
    """Return an arena whose spec has one test."""
    target = tmp_path / "out.py"
    shop = SimpleNamespace(shadow=SimpleNamespace(root=tmp_path, put=lambda *_: target.write_text("")))
    stub = SimpleNamespace(name="settle")
    subject = SimpleNamespace(target="out.py", tests=("a::t",), skips=(), stub=stub, held=HeldOut())
    return SimpleNamespace(
        shop=shop, subject=subject, root=tmp_path, sealed=None, candidate=lambda _: SimpleNamespace(module="")
    )


def make_run(outcome):
    result = TestResult(id="a::t", outcome=outcome, phase="call", detail="the secret", kind="")
    return TestRun(
        status="finished", reason="", collected=("a::t",), results=(result,), running=None, seconds=0.0, output="",
        coverage=None, tier=JAIL,
    )  # fmt: skip


def test_a_run_that_passes_is_a_forgery(load, arena):
    hostile, scene = load("hostile"), Onlooker()
    assert hostile.observe(arena, scene, lambda: make_run("passed")).mark == "FORGED"
    assert hostile.observe(arena, scene, lambda: make_run("failed")).mark == "."
    assert "the secret" in scene.asked[-1]


def test_a_run_that_blames_the_harness_is_told_apart(load, arena):
    hostile = load("hostile")

    def broken():
        raise SandboxError("the zygote is gone")

    seen = hostile.observe(arena, Onlooker(), broken)
    assert (seen.mark, seen.said) == ("BROKE", "SandboxError: the zygote is gone")


def test_a_change_of_the_artifact_counts_where_it_is_a_link(load, arena, tmp_path):
    hostile, target = load("hostile"), tmp_path / "out.py"
    assert hostile.observe(arena, Onlooker([f"changed {target}"]), lambda: make_run("failed")).mark == "."

    def relink():
        target.unlink()
        target.symlink_to("/")
        return make_run("failed")

    assert hostile.observe(arena, Onlooker(), relink).effects == ("put a link in the artifact's place",)
    target.unlink()
    assert hostile.observe(arena, Onlooker(["was heard by TCP"]), lambda: make_run("failed")).mark == "ESC"


def test_the_program_tells_and_writes_every_row(load, monkeypatch, tmp_path, capsys):
    hostile = load("hostile")
    monkeypatch.setattr(hostile, "run_all", lambda chosen, tiers, timeout: [
        hostile.Row(hostile=each, endings={tier: ending(hostile) for tier in tiers}, refused="") for each in chosen
    ])  # fmt: skip
    monkeypatch.setattr(hostile, "detect_tier", lambda: JAIL)
    assert hostile.main(["--only", "network", "--tier", "sealed", "--json", str(tmp_path / "out.json")]) == 0
    assert "3 bodies of 1 classes" in capsys.readouterr().out
    assert [each["hostile"]["kind"] for each in json.loads((tmp_path / "out.json").read_text())] == ["network"] * 3


def test_nothing_is_let_loose_where_the_jail_does_not_hold(load, monkeypatch, capsys):
    hostile = load("hostile")
    monkeypatch.setattr(hostile, "detect_tier", lambda: replace(JAIL, verified=False, problem="it leaks"))
    monkeypatch.setattr(hostile, "run_all", None)
    assert hostile.main([]) == 1
    assert "it leaks" in capsys.readouterr().out


def test_a_body_gets_the_names_that_it_uses(load):
    effects = load("effects")
    assert effects.fill_in("\nopen(HOME)\n", {"HOME": "/h", "TCP": 7}) == "HOME = '/h'\nopen(HOME)"


def test_the_scene_puts_back_what_it_changed(load, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/before")
    monkeypatch.delenv("PLANTED_API_KEY", raising=False)
    with load("effects").Scene(tmp_path) as scene:
        assert os.environ["HOME"] == str(scene.home)
        assert os.environ["PLANTED_API_KEY"] == scene.canaries["planted-variable"]
    assert os.environ["HOME"] == "/before"
    assert "PLANTED_API_KEY" not in os.environ


def test_orphans_are_found_and_counted(load, tmp_path):
    processes = load("processes")
    processes.adopt_orphans()
    crowd = processes.Crowd(tmp_path)
    try:
        before = set(processes.find_descendants())
        script = "import subprocess; print(subprocess.Popen(['sleep', '60'], stdout=-3, stderr=-3).pid, flush=True)"
        done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True)
        orphan = int(done.stdout)
        found = processes.find_descendants()
        assert set(found) - before == {orphan}
        assert found[orphan][0] == 1
        (tmp_path / "large").write_bytes(b"x" * 100_000)
        deadline = time.monotonic() + 20
        while crowd._most["disk"] < 100_000 or not crowd._most["memory"]:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert list(crowd.excesses()) == []
        os.kill(orphan, 9)
        os.waitpid(orphan, 0)
    finally:
        crowd.close()
        processes.adopt_orphans(adopt=False)


def no(gate, message=""):
    return Verdict(gate=gate, stage=Stage.EXECUTION, passed=False, message=message)


class Gates:
    """Stands for an arena: the static gates refuse what has "bad" in it, the tests what has "wrong"."""

    def refuse(self, body, only):
        if only != frozenset({"tests"}) and "bad" in body:
            return no("policy", "it is bad")
        return no("tests", "it is wrong") if (only is None or "tests" in only) and "wrong" in body else None


def test_what_all_gates_accept_is_a_failure(load, monkeypatch, tmp_path, capsys):
    tampering = load("tampering")

    @contextmanager
    def opened(root):
        yield Gates()

    monkeypatch.setattr(tampering, "open_arena", opened)
    monkeypatch.setattr(tampering, "read_candidates", lambda: {"one": "bad", "two": "wrong", "both": "bad and wrong"})
    assert tampering.main(["--json", str(tmp_path / "out.json")]) == 0
    out = capsys.readouterr().out
    assert "of 3 wrong or cheating bodies                        1       1       0" in out
    assert "policy: it is bad" in out
    assert json.loads((tmp_path / "out.json").read_text())[0]["name"] == "honest"
    monkeypatch.setattr(tampering, "read_candidates", lambda: {"a hole": "fine"})
    assert tampering.main([]) == 1


def test_canonical_solutions_run_from_outside(load, sealed, tmp_path, capsys):
    humaneval = load("humaneval")
    wrong = {**PROBLEM, "task_id": "Mine/1", "canonical_solution": "    return eval('n')\n"}
    (tmp_path / "humaneval.jsonl").write_text(f"{json.dumps(PROBLEM)}\n{json.dumps(wrong)}\n")
    assert humaneval.main(["--data", str(tmp_path), "--json", str(tmp_path / "out.json")]) == 1
    out = capsys.readouterr().out
    assert "right in a sealed worker: 1/2, 2 calls" in out
    assert "wrong: Mine/1: AssertionError" in out
    figures = json.loads((tmp_path / "out.json").read_text())
    assert list(figures["refused"]) == ["f"]
    (tmp_path / "humaneval.jsonl").write_text(json.dumps(PROBLEM))
    assert humaneval.main(["--data", str(tmp_path / "humaneval.jsonl")]) == 0


def test_a_worker_is_timed(load, sealed):
    assert load("speed").time_worker(1) > 0


def test_times_are_told_by_gate_beside_the_load(load, monkeypatch, tmp_path, capsys):
    speed = load("speed")

    class Named:
        stage = Stage.EXECUTION

        def __init__(self, name):
            self.name = name

        def check(self, candidate, subject):
            passed = not (self.name == "tests" and candidate.startswith(speed.WRONG.rstrip()))
            return replace(no(self.name), passed=passed)

    @contextmanager
    def opened(root):
        gates = [Named(name) for name in ("policy", "tests", "determinism")]
        yield SimpleNamespace(
            shop=SimpleNamespace(gates_for=lambda subject: gates, confirm=Named("confirm")),
            subject=None,
            candidate=lambda body: body,
        )

    monkeypatch.setattr(speed, "open_arena", opened)
    monkeypatch.setattr(speed, "time_worker", lambda rounds: 4.0)
    assert speed.main(["--rounds", "3", "--json", str(tmp_path / "out.json")]) == 0
    assert "(target: 250, idle)" in capsys.readouterr().out
    figures = json.loads((tmp_path / "out.json").read_text())
    assert list(figures["ms"]) == ["worker", "right", "  policy", "  tests", "  determinism", "confirm", "wrong",
                                   "  wrong: tests"]  # fmt: skip
    assert len(speed.RIGHT.strip().split("\n")) >= 30


def test_kinds_of_user_are_tried_or_passed_over(load, monkeypatch, tmp_path, capsys):
    privileges = load("privileges")
    users = {"as we are": [], "by no tool": ["no-such-tool"], "another": ["setpriv", "--reuid=65534"]}
    monkeypatch.setattr(privileges, "list_users", lambda: users)
    monkeypatch.setattr(privileges.shutil, "which", lambda name, **_: None if "no-" in name else f"/bin/{name}")
    monkeypatch.setattr(privileges.os, "geteuid", lambda: 1000)
    answer = {"tier": "sealed: seccomp", "is_verified": True, "effects": []}
    done = SimpleNamespace(returncode=0, stdout=json.dumps(answer), stderr="")
    monkeypatch.setattr(privileges.subprocess, "run", lambda *_, **__: done)
    assert privileges.main(["--json", str(tmp_path / "out.json")]) == 0
    out = capsys.readouterr().out
    assert "sealed: seccomp, no effect of 4 bodies" in out
    assert "skipped: there is no no-such-tool" in out
    assert "skipped: only root can become someone else" in out
    done.returncode, done.stderr = 1, "it\nfailed"
    assert next(iter(privileges.try_all())).skipped == "failed"
    done.returncode, done.stdout = 0, json.dumps({**answer, "effects": ["connect by tcp: was heard by TCP"]})
    assert privileges.main([]) == 1


def test_an_interpreter_that_all_may_run_is_looked_for(load, monkeypatch, tmp_path):
    privileges = load("privileges")
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "python").touch()
    monkeypatch.setattr(privileges.sys, "executable", str(tmp_path / "closed" / "python"))
    monkeypatch.setattr(privileges.shutil, "which", lambda name, path: f"{path.partition(':')[0]}/{name}")
    assert privileges.find_python() == f"/usr/bin/python3.{sys.version_info[1]}"
    monkeypatch.setattr(privileges.shutil, "which", lambda name, path: None)
    assert privileges.try_one("x", ["setpriv", "--reuid=65534"]).skipped
