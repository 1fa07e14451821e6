"""Whole runs of a project's tests from outside: the candidate is in a sealed worker, the tests are in the oracle."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.jail.tier import detect_tier
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.oracle import oracle as module
from pytest_compiled_ai.sandbox.oracle import process as oracle_process
from pytest_compiled_ai.sandbox.oracle.oracle import Oracle
from pytest_compiled_ai.sandbox.oracle.process import Setting
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.suite.run import run_tests
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

PROJECT = """
[tool.compiled-ai]
[tool.pytest.ini_options]
filterwarnings = ["error"]
asyncio_default_fixture_loop_scope = "function"
"""

APP = """
from dataclasses import dataclass

@dataclass
class Point:
    x: int
    y: int

class Odd(Exception):
    pass
"""

SPEC = '''
import asyncio
import inspect
import os
import signal
import time
import typing
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given, strategies as st

from app import Odd, Point
from pytest_compiled_ai import spec

@spec
def double(number: int, *, times: int = 2) -> int:
    """Double it.

    >>> double(2)
    4
    """

@spec
async def later(number: int) -> int:
    """Double it in time."""

@spec
def count(stop: int) -> Iterator[int]:
    """Count."""

@spec
async def tick(stop: int) -> AsyncIterator[int]:
    """Count in time."""

@spec
def move(points: list[Point]) -> Point:
    """Move all, return the last."""

@spec
def absent() -> int:
    """Have no body."""

@given(st.integers())
def test_property(number):
    assert double(number) == 2 * number

@pytest.mark.parametrize("number", [1, 2, 3])
def test_table(number):
    assert double(number) == 2 * number

def test_faces():
    assert str(inspect.signature(double)) == "(number: int, *, times: int = 2) -> int"
    assert typing.get_type_hints(move) == {"points": list[Point], "return": Point}
    assert inspect.iscoroutinefunction(later) and inspect.isasyncgenfunction(tick)
    assert not inspect.iscoroutinefunction(double) and inspect.isfunction(double)
    assert (double.__name__, double.__doc__[:9], double.__module__) == ("double", "Double it", "generated.money")

def test_keyword():
    assert double(3, times=3) == 9
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'number'"):
        double()

def test_async():
    async def main():
        return await asyncio.gather(later(1), later(2))
    assert asyncio.run(main()) == [2, 4]

@pytest.mark.asyncio
async def test_marked():
    assert await later(1) == 2

@pytest.fixture(scope="session")
def base():
    return double(1)

def test_fixture(base):
    assert double(base) == 4

def test_impatient():
    async def main():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(later(-1), 0.05)
        return await later(2)
    assert asyncio.run(main()) == 4

def test_generator():
    numbers = count(10)
    assert next(numbers) == 0
    assert list(numbers) == list(range(1, 10))
    next(count(2))

def test_async_generator():
    async def main():
        return [number async for number in tick(3)]
    assert asyncio.run(main()) == [0, 1, 2]

def test_in_place():
    points = [Point(1, 1)]
    first = points[0]
    assert move(points) == Point(2, 1)
    assert first == Point(2, 1)

def test_own_exception():
    with pytest.raises(Odd, match="^3$"):
        double(3, times=0)

def test_first_state():
    assert [double(1, times=-1), double(1, times=-1)] == [1, 2]

def test_second_state():
    assert [double(1, times=-1), double(1, times=-1)] == [1, 2]

def test_swallows():
    try:
        double(1)
    except BaseException:
        pass

def test_argument():
    double(lambda: 1)

def test_absent():
    absent()

def test_environment(tmp_path):
    assert double(1) == 2
    # The plugin itself says there where recorded replies are; nothing else of the name came along.
    own = {name for name in os.environ if name.startswith(("PLANTED", "COMPILED_AI"))}
    assert own == {"COMPILED_AI_RECORDED"}
    assert list(tmp_path.parents[2].iterdir()) == [tmp_path.parents[1]]

def test_forks():
    pid = os.fork()
    if not pid:
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3

def test_leaves():
    os._exit(0)

def test_exits():
    pytest.exit("enough")

def test_kills_its_parent():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)

def test_stops_its_parent():
    os.kill(os.getppid(), signal.SIGSTOP)

def test_floods(capfd):
    with capfd.disabled():
        print("x" * (2 << 20))

def test_sleeps():
    time.sleep(60)
'''

ARTIFACT = '''
import asyncio
from collections.abc import AsyncIterator, Iterator
from app import Odd, Point

calls = []

def double(number: int, *, times: int = 2) -> int:
    """Double it."""
    if times == 0:
        raise Odd(number)
    if times == -1:
        calls.append(number)
        return len(calls)
    return number * times

async def later(number: int) -> int:
    await asyncio.sleep(60 if number < 0 else 0)
    return 2 * number

def count(stop: int) -> Iterator[int]:
    yield from range(stop)

async def tick(stop: int) -> AsyncIterator[int]:
    for number in range(stop):
        await asyncio.sleep(0)
        yield number

def move(points: list[Point]) -> Point:
    for point in points:
        point.x += 1
    return points[-1]
'''
GOOD = "    return number * times\n"
HEADER = ARTIFACT.partition("calls")[0]


def artifact(body: str) -> str:
    return ARTIFACT.replace(GOOD, textwrap.indent(textwrap.dedent(body), "    ") + "\n")


@dataclass(frozen=True)
class Bench:
    shadow: Shadow
    zygote: Zygote
    setting: Setting

    @contextmanager
    def oracle(self, **limits: float) -> Iterator[Oracle]:
        with Oracle(self.setting, tier=detect_tier(), limits=Limits(**{"wall": 60.0, **limits})) as oracle:
            yield oracle


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Iterator[Bench]:
    root = tmp_path_factory.mktemp("oracle").resolve() / "project"
    (root / "specs").mkdir(parents=True)
    for name, text in {"pyproject.toml": PROJECT, "app.py": APP, "specs/money.py": SPEC}.items():
        (root / name).write_text(text)
    path = [str(root), *sys.path]
    with (
        Shadow(root) as shadow,
        Zygote(module="generated.money", filename="money.py", header=HEADER, path=path) as zygote,
    ):
        setting = Setting(
            shadow=shadow,
            module="generated.money",
            spec="specs/money.py",
            skeleton=artifact("raise BaseException"),
            paths=("specs/money.py",),
            workers=(zygote.fileno(),),
            extra_args=("--no-compile-ai",),
        )
        yield Bench(shadow, zygote, setting)


@pytest.fixture(scope="module")
def oracle(bench) -> Iterator[Oracle]:
    with bench.oracle() as oracle:
        yield oracle


def ids(*names: str) -> list[str]:
    return [f"specs/money.py::{name}" for name in names]


def outcomes(run: TestRun) -> dict[str, tuple[str, str]]:
    assert run.status == "finished", (run.reason, run.output)
    return {result.id.partition("::")[2]: (result.outcome, result.kind) for result in run.results}


PASSING = [
    "double",
    "table",
    "property",
    "faces",
    "keyword",
    "async",
    "marked",
    "fixture",
    "impatient",
    "generator",
    "async_generator",
    "in_place",
    "own_exception",
    "first_state",
    "second_state",
    "environment",
    "forks",
]


def test_a_right_candidate_passes_everything(oracle) -> None:
    select = ids("double", *(f"test_{name}" for name in PASSING[1:]))
    run = oracle.run(ARTIFACT, select=select)
    assert set(outcomes(run).values()) == {("passed", "")}, run.results
    assert run.collected == tuple(result.id for result in run.results)
    # The property is last, what is listed behind it in the file comes before it.
    assert [each.partition("::")[2] for each in run.collected][-1] == "test_property"
    assert {each.partition("[")[0] for each in run.collected} == set(select)
    assert {name: run.calls[name] for name in ("count", "tick", "move")} == {"count": 2, "tick": 1, "move": 1}
    # One more, if the call that is not waited for came to its body in time.
    assert run.calls["later"] in {4, 5}
    assert run.calls["double"] > 100
    assert run.needs_jail == ""


def test_a_wrong_candidate_reads_as_in_the_jail(bench, oracle) -> None:
    wrong = artifact("return 0 if number > 100 or number == 2 else number * times")
    select = ids("double", "test_table", "test_property")
    outside = oracle.run(wrong, select=select)
    bench.shadow.put("src/generated/money.py", wrong)
    inside = run_tests(bench.shadow, paths=["specs/money.py"], select=select, extra_args=["--no-compile-ai"])
    heard = {result.id: replace(result, transcript="") for result in outside.results}
    assert heard == {result.id: result for result in inside.results}
    assert {"double", "test_table[2]", "test_property"} == {
        name for name, (outcome, _) in outcomes(outside).items() if outcome == "failed"
    }
    assert outside.calls == {"double": 2}


def test_a_run_stops_where_it_is_told_to(oracle) -> None:
    run = oracle.run(artifact("return 0"), select=ids("test_table", "test_property"), stop_after=2)
    assert (run.status, len(run.collected), len(run.results)) == ("finished", 4, 2)


CHEATS = {
    "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)": "Hostile",
    "import os; os._exit(0)": "BodyDied",
    "import ctypes; ctypes.string_at(0)": "BodyDied",
    "return type('Equal', (int,), {'__eq__': lambda *_: True, '__hash__': None})()": "ResultRefused",
    "return lambda: 1": "ResultRefused",
    "raise SystemExit(0)": "SystemExit",
    "raise type('Skipped', (BaseException,), {})()": "Skipped",
    "raise BaseException('no body yet')": "BaseException",
    "import sys; return sys._getframe(1).f_locals['number'] * 2": "KeyError",
}


@pytest.mark.parametrize("body", CHEATS)
def test_a_cheat_fails(oracle, body) -> None:
    run = oracle.run(artifact(body), select=ids("test_table", "test_swallows"))
    found = outcomes(run)
    assert {outcome for outcome, _ in (found[f"test_table[{number}]"] for number in (1, 2, 3))} == {"failed"}
    assert {found[f"test_table[{number}]"][1] for number in (1, 2, 3)} == {CHEATS[body]}
    if CHEATS[body] in {"Hostile", "BodyDied", "ResultRefused"}:
        assert found["test_swallows"] == ("failed", CHEATS[body])
        (swallowed,) = (result for result in run.results if result.id.endswith("swallows"))
        assert swallowed.detail.startswith(f"{CHEATS[body]}: double(1): the ")
    assert not any("pytest_compiled_ai" in result.detail for result in run.results)


def test_a_program_that_cannot_be_loaded(oracle) -> None:
    for program in (ARTIFACT + "\nraise ValueError('early')", "def double(:"):
        (result,) = oracle.run(program, select=ids("test_keyword")).results
        assert result.kind == "BodyDied"
        assert "could not be loaded" in result.detail


def test_an_argument_that_is_no_data_needs_the_jail(oracle) -> None:
    run = oracle.run(ARTIFACT, select=ids("test_argument"))
    assert outcomes(run) == {"test_argument": ("failed", "NeedsJail")}
    assert "function" in run.needs_jail
    assert run.calls == {}


def test_a_stub_without_a_body(oracle) -> None:
    (result,) = oracle.run(ARTIFACT, select=ids("test_absent")).results
    assert (result.outcome, result.detail) == (
        "failed",
        "compiled-ai: absent is not compiled; run `pytest --compile-ai`.",
    )


def test_no_test_is_selected(oracle) -> None:
    run = oracle.run(ARTIFACT, select=ids("test_none"))
    assert (run.status, run.reason) == ("collection", "none of the selected tests was found")


def test_the_project_is_as_it_was(bench, oracle) -> None:
    oracle.run(ARTIFACT, select=ids("test_table"))
    assert sorted(path.name for path in bench.shadow.project.rglob("*")) == [
        "app.py",
        "money.py",
        "pyproject.toml",
        "specs",
    ]


@pytest.mark.parametrize("name", ["test_leaves", "test_exits", "test_kills_its_parent"])
def test_what_breaks_the_oracle_is_no_fault_of_a_candidate(oracle, name) -> None:
    with pytest.raises(SandboxError, match="no candidate is to blame"):
        oracle.run(ARTIFACT, select=ids(name))
    assert outcomes(oracle.run(ARTIFACT, select=ids("test_keyword"))) == {"test_keyword": ("passed", "")}


def test_a_run_that_is_abandoned_ends_at_once_and_the_next_one_is_as_any(bench) -> None:
    with bench.oracle() as oracle, ThreadPoolExecutor(1) as pool:
        oracle.abandon()
        assert set(outcomes(oracle.run(ARTIFACT, select=ids("double"))).values()) == {("passed", "")}
        pid = oracle._process._process.pid
        # One that has ended has nothing to abandon.
        oracle.abandon()
        assert set(outcomes(oracle.run(ARTIFACT, select=ids("double"))).values()) == {("passed", "")}
        endless = pool.submit(oracle.run, artifact("while True: ..."), select=ids("double"))
        while not endless.done():
            oracle.abandon()
            wait([endless], timeout=0.1)
        assert isinstance(endless.exception(), SandboxError)
        assert set(outcomes(oracle.run(ARTIFACT, select=ids("double"))).values()) == {("passed", "")}
        assert oracle._process._process.pid == pid
        process = oracle._process
    # Its descriptor may be another file's by now.
    process.abandon()
    oracle.abandon()


def test_an_oracle_that_died_is_started_anew(bench) -> None:
    with bench.oracle() as oracle:
        assert oracle.run(ARTIFACT, select=ids("test_keyword")).status == "finished"
        process = oracle._process
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
        assert oracle.run(ARTIFACT, select=ids("test_keyword")).status == "finished"
        assert not process._scratch.root.exists()
        left = oracle._process
    assert not left._scratch.root.exists()
    assert left._process.returncode is not None
    oracle.close()


def test_a_run_that_takes_too_long(bench, monkeypatch) -> None:
    monkeypatch.setattr(oracle_process, "_GRACE", 0.5)
    with bench.oracle(wall=4.0) as oracle:
        run = oracle.run(ARTIFACT, select=ids("test_sleeps"))
        assert (run.status, run.reason) == ("timeout", "ran longer than 4 s in specs/money.py::test_sleeps")
        assert oracle._process.is_alive
        run = oracle.run(artifact("while True: pass"), select=ids("test_keyword"))
        assert run.status == "timeout" or outcomes(run) == {"test_keyword": ("failed", "BodyDied")}
        run = oracle.run(ARTIFACT, select=ids("test_stops_its_parent"))
        assert (run.status, run.reason) == ("timeout", "ran longer than 4 s")
        assert not oracle._process.is_alive
        run = oracle.run(ARTIFACT, select=ids("test_floods"))
        assert (run.status, run.reason.partition(" in ")[0]) == ("overflow", "wrote more than 1 MiB of output")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import absent", "tests/test_x.py: ModuleNotFoundError: No module named 'absent'"),
        ("from generated.money import double; X = double(1)", "tests/test_x.py: "),
    ],
)
def test_what_cannot_be_collected(bench, text, reason) -> None:
    bench.shadow.put("tests/test_x.py", text)
    with Oracle(replace(bench.setting, paths=("tests/test_x.py",)), tier=detect_tier()) as oracle:
        run = oracle.run(ARTIFACT)
        assert run.status == "collection"
        assert run.reason.startswith(reason)
        assert oracle.run(ARTIFACT) == run
    bench.shadow.remove("tests/test_x.py")


def test_a_zygote_that_is_gone(bench) -> None:
    zygote = Zygote(module="generated.money", filename="money.py", header="", path=sys.path)
    setting = replace(bench.setting, workers=(zygote.fileno(),))
    with Oracle(setting, tier=detect_tier()) as oracle:
        os.killpg(zygote._process.pid, signal.SIGKILL)
        with pytest.raises(SandboxError, match="zygote"):
            oracle.run(ARTIFACT, select=ids("test_keyword"))
    zygote.close()


def test_an_oracle_that_is_jailed_less_than_the_self_test_is_refused(bench, monkeypatch) -> None:
    tier = detect_tier()
    other = Confinement(landlock=tier.confinement.landlock + 1, seccomp=True)
    monkeypatch.setattr(module, "detect_tier", lambda: replace(tier, confinement=other, verified=True))
    with bench.oracle() as oracle, pytest.raises(SandboxError, match="jailed less than"):
        oracle.run(ARTIFACT)


def test_an_oracle_that_cannot_start_leaves_nothing(bench, tmp_path) -> None:
    setting = replace(
        bench.setting, shadow=type("Gone", (), {"root": tmp_path / "gone", "project": tmp_path, "linked": ()})
    )
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Oracle(setting, tier=detect_tier()) as oracle, pytest.raises(SandboxError, match="before its jail was closed"):
        oracle.run(ARTIFACT)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_oracle_that_cannot_be_spawned_leaves_nothing(bench, monkeypatch) -> None:
    def refuse(*_) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(oracle_process, "spawn", refuse)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with bench.oracle() as oracle, pytest.raises(OSError, match="no more processes"):
        oracle.run(ARTIFACT)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
