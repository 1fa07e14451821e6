"""Several specs at a real endpoint on loopback that fails: what is compiled in the end is what a good day gives."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from benchmarks.remote import endpoint as loopback
from benchmarks.remote.weather import FAULTS, Fate, Weather
from pytest_compiled_ai.config import ProviderSettings
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers import pacing
from pytest_compiled_ai.providers.openai_compatible import create_openai
from pytest_compiled_ai.reports.model import RunReport
from pytest_compiled_ai.testing import fenced, write_project

SECONDS = 120
LANES = 4
ONE = """
    from pytest_compiled_ai import spec

    @spec
    def f{n}(n: int) -> int:
        \"\"\"Return n and {n}.\"\"\"

    def test_f{n}() -> None:
        assert f{n}(1) == 1 + {n}
"""


class Plan(Weather):
    """Fates in the order in which requests come, then answers."""

    def __init__(self, *fates: Fate) -> None:
        super().__init__(retry_after=0.05)
        left = iter(fates)
        object.__setattr__(self, "fate_of", lambda *_: next(left, "answer"))

    __slots__ = ("fate_of",)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_FIRST", 0.01)
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.05)


def files(number: int) -> dict[str, str]:
    return {f"specs/m{n:02}.py": ONE.format(n=n) for n in range(number)}


def name_in(question: str) -> str:
    return str(re.findall(r"def (f\d+)\(", question)[-1])


def answer(question: str) -> str:
    name = name_in(question)
    return fenced(f"def {name}(n: int) -> int:\n    return n + {name[1:]}")


def compile_at(made: Any, url: str, *, patience: float | None = None) -> RunReport:
    settings = ProviderSettings(base_url=url, model="m", concurrency=LANES)
    provider = create_openai("openai", settings, {})
    if patience is not None:
        provider._patience = patience
    report: RunReport = made.report(provider)
    return report


def outcomes(report: RunReport) -> list[str]:
    return [result.outcome for result in report.results]


@contextmanager
def served(weather: Weather, say: Callable[[str], str] = answer) -> Iterator[loopback.Endpoint]:
    with loopback.serve(say, weather) as endpoint:
        yield endpoint


def tree_of(number: int) -> Mapping[str, str]:
    return {f"m{n:02}": f"return n + {n}" for n in range(number)}


def bodies(made: Any) -> dict[str, str]:
    found = sorted((made.root / "src/generated").glob("m*.py"))
    return {path.stem: path.read_text(encoding="utf-8").strip().rpartition("\n")[2].strip() for path in found}


@pytest.mark.usefixtures("side_by_side")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_now_and_then_costs_no_spec(bench: Any, fault: Fate) -> None:
    made = bench(files(8))
    with served(Weather(share=0.3, faults=(fault,), slow=0.1, retry_after=0.05, seed=3)) as endpoint:
        report = compile_at(made, endpoint.url)
    assert endpoint.fates[fault] >= 2
    assert endpoint.most <= LANES
    assert outcomes(report) == ["compiled"] * 8
    faulty = made.tree("src")
    for path in made.root.joinpath("src").rglob("*.*"):
        path.unlink()
    with served(Weather()) as endpoint:
        compile_at(made, endpoint.url)
    assert {name: text for name, text in made.tree("src").items() if name.endswith(".py")} == {
        name: text for name, text in faulty.items() if name.endswith(".py")
    }


@pytest.mark.usefixtures("side_by_side")
@pytest.mark.parametrize("fault", ["429", "503"])
def test_a_storm_from_the_first_question_on_is_waited_out(bench: Any, fault: Fate) -> None:
    made = bench(files(5))
    # More of them than the retries of all lanes together.
    with served(Plan(*[fault] * 30)) as endpoint:
        report = compile_at(made, endpoint.url)
    assert (endpoint.fates[fault], outcomes(report)) == (30, ["compiled"] * 5)


@pytest.mark.usefixtures("side_by_side")
def test_an_endpoint_that_has_answered_is_waited_for_when_it_fails(bench: Any) -> None:
    made = bench(files(6))
    with served(Plan("answer", *["500"] * 40)) as endpoint:
        report = compile_at(made, endpoint.url)
    assert (endpoint.fates["500"], outcomes(report)) == (40, ["compiled"] * 6)


@pytest.mark.usefixtures("side_by_side")
def test_one_that_has_never_answered_is_not(bench: Any) -> None:
    made = bench(files(3))
    with served(Weather(share=1, faults=("500",))) as endpoint, pytest.raises(ProviderError, match="fails with 500"):
        compile_at(made, endpoint.url)
    assert endpoint.fates["500"] <= LANES * 5


@pytest.mark.usefixtures("side_by_side")
def test_a_storm_without_end_ends_the_run_and_the_next_one_goes_on(bench: Any) -> None:
    made = bench(files(12))
    with served(Plan("answer", "answer", *["429"] * 500)) as endpoint:
        report = compile_at(made, endpoint.url, patience=0.0)
    told = Counter(outcomes(report))
    assert told["compiled"] == 2
    assert told["failed"] + told["interrupted"] == 10
    assert told["interrupted"] >= 12 - 2 - 2 * LANES
    assert all(result.message for result in report.results if result.outcome != "compiled")
    go_on(made, done=2, number=12)


@pytest.mark.usefixtures("side_by_side")
def test_a_provider_that_dies_half_way_loses_nothing(bench: Any) -> None:
    made, dead = bench(files(12)), threading.Event()
    numbers = count(1)

    def say(question: str) -> str:
        if next(numbers) > 5 or dead.is_set():
            dead.set()
            raise ConnectionResetError
        return answer(question)

    with served(Weather(), say) as endpoint:
        report = compile_at(made, endpoint.url)
    told = Counter(outcomes(report))
    assert set(told) <= {"compiled", "failed", "interrupted"}
    assert told["compiled"] == 5
    assert len(bodies(made)) == 5
    go_on(made, done=5, number=12)


def go_on(made: Any, *, done: int, number: int) -> None:
    """Compile with an endpoint that is well again: only what is left is asked for."""
    with served(Weather()) as endpoint:
        again = Counter(outcomes(compile_at(made, endpoint.url)))
    assert again == {"fresh": done, "compiled": number - done}
    assert endpoint.fates["answer"] == number - done
    assert bodies(made) == tree_of(number)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_keeps_what_was_approved(tmp_path: Path) -> None:
    release = threading.Event()
    numbers = count(1)

    def say(question: str) -> str:
        if next(numbers) > 3:
            release.wait(SECONDS)
        return answer(question)

    with served(Weather(), say) as endpoint:
        root = write_project(tmp_path / "example", files(10), url=endpoint.url)
        process = start(root, tmp_path / "replies")
        wait_for(lambda: len(list((root / "src/generated").glob("m*.py"))) == 3, process)
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=SECONDS)[0]
        release.set()
        assert process.returncode == 2, output
        kept = {path.name: path.read_bytes() for path in (root / "src/generated").glob("m*.py")}
        assert len(kept) == 3
        again = start(root, tmp_path / "replies")
        output = again.communicate(timeout=SECONDS)[0]
        assert again.returncode == 0, output
        asked = {f"m{int(name_in(question)[1:]):02}.py": times for question, times in endpoint.asked.items()}
    found = {path.name: path.read_bytes() for path in (root / "src/generated").glob("m*.py")}
    assert len(found) == len(asked) == 10
    assert found.items() >= kept.items()
    # What was kept is not asked for again.
    assert {asked[name] for name in kept} == {1}


def start(root: Path, replies: Path) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("near_compile.py")
    path = os.pathsep.join(map(str, [script.parent, script.parent.parent, *sys.path]))
    environ = {**os.environ, "COMPILED_AI_REPLIES": str(replies), "PYTHONPATH": path}
    return subprocess.Popen(
        [sys.executable, str(script)],
        cwd=root,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def wait_for(is_true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_true():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.02)
