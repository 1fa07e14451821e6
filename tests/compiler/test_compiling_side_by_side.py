"""Several specs under way at a time: the same results as one after the other, whatever happens meanwhile."""

import re
import threading

import pytest

from pytest_compiled_ai.compiler import compiler as compiling
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.testing import fenced, make_reply

SECONDS = 60
ONE = """
    from pytest_compiled_ai import spec

    @spec{options}
    def {name}(n: int) -> int:
        \"\"\"Return n and {by}.\"\"\"

    def test_{name}() -> None:
        assert {name}(1) == 1 + {by}
"""


def files(count, **options):
    return {f"specs/m{n}.py": ONE.format(name=f"f{n}", by=n, options=options.get(f"f{n}", "")) for n in range(count)}


class Knowing:
    """Answers by the name of the function, from as many threads as ask; `wrong` ones get a wrong body."""

    name = model = "knowing"
    where = "a script"

    def __init__(self, concurrency=3, wrong=(), on_ask=lambda name: None):
        self.concurrency, self.wrong, self.on_ask = concurrency, wrong, on_ask
        self.asked, self.threads, self.closed = [], set(), threading.Event()

    def complete(self, request, on_token=None):
        name = re.findall(r"def (f\d+)\(", request.messages[1].content)[-1]
        self.asked.append(name)
        self.threads.add(threading.get_ident())
        self.on_ask(name)
        by = 0 if name in self.wrong else name[1:]
        return make_reply(fenced(f"def {name}(n: int) -> int:\n    return n + {by}"))

    def close(self):
        self.closed.set()


def outcomes(report):
    return {result.id.partition("::")[2]: result.outcome for result in report.results}


@pytest.mark.usefixtures("side_by_side")
def test_several_are_under_way_and_the_result_is_that_of_one_after_the_other(bench):
    made = bench(files(6))
    together = threading.Barrier(3)
    provider = Knowing(wrong={"f4"}, on_ask=lambda name: together.wait(SECONDS) if name < "f3" else None)
    report = made.report(provider, attempts=2)
    assert len(provider.threads) == 3
    assert list(outcomes(report).items()) == [(f"f{n}", "failed" if n == 4 else "compiled") for n in range(6)]
    beside = made.tree("src")
    for path in made.root.joinpath("src").rglob("*.*"):
        path.unlink()
    assert outcomes(made.report(Knowing(concurrency=1, wrong={"f4"}), attempts=2)) == outcomes(report)
    assert made.tree("src") == beside


@pytest.mark.usefixtures("side_by_side")
def test_what_uses_a_spec_waits_for_it_and_sees_its_body(bench):
    made = bench(files(3, f0='(uses=["m1.f1"])'))
    provider = Knowing()
    assert set(outcomes(made.report(provider)).values()) == {"compiled"}
    assert provider.asked.index("f1") < provider.asked.index("f0")


@pytest.mark.usefixtures("side_by_side")
def test_what_uses_a_spec_that_failed_says_so(bench):
    made = bench(files(3, f2='(uses=["m1.f1"])'))
    report = made.report(Knowing(wrong={"f1"}), attempts=1)
    assert outcomes(report) == {"f0": "compiled", "f1": "failed", "f2": "failed"}
    assert "f2 uses" in report.results[2].message or "which has no body yet" in report.results[2].message


@pytest.mark.usefixtures("side_by_side")
def test_a_provider_that_dies_ends_the_run_and_the_next_one_goes_on(bench):
    made, answered = bench(files(12)), []

    def die(name):
        if len(answered) >= 2:
            raise ProviderError("gone")
        answered.append(name)

    report = made.report(Knowing(concurrency=2, on_ask=die))
    counted = list(outcomes(report).values())
    assert counted.count("compiled") == 2
    assert counted.count("failed") in {3, 4}
    assert counted.count("interrupted") == 12 - 2 - counted.count("failed")
    assert report.failed
    assert all("run again" in result.message for result in report.results if result.outcome == "interrupted")
    again = Knowing(concurrency=2)
    assert set(outcomes(made.report(again)).values()) == {"fresh", "compiled"}
    assert set(again.asked) == set(outcomes(report)) - set(answered)


@pytest.mark.usefixtures("side_by_side")
def test_a_provider_that_never_answers_ends_the_run_at_once(bench):
    made = bench(files(6))

    def refuse(name):
        raise ProviderError("no such key")

    with pytest.raises(ProviderError, match="no such key"):
        made.report(Knowing(on_ask=refuse))
    (report,) = made.watcher.named("run_ended")[-1]
    assert {result.outcome for result in report.results} == {"failed"}


@pytest.mark.usefixtures("side_by_side")
def test_ctrl_c_keeps_what_was_approved_and_says_what_is_left(bench):
    made = bench(files(4))
    provider = Knowing(concurrency=2)

    def stop(name):
        if name == "f3":
            raise KeyboardInterrupt
        if name == "f2":
            # It is under way when the run ends, and answers behind it.
            provider.closed.wait(SECONDS)

    provider.on_ask = stop
    with pytest.raises(KeyboardInterrupt):
        made.report(provider)
    (report,) = made.watcher.named("run_ended")[-1]
    assert outcomes(report) == {"f0": "compiled", "f1": "compiled", "f2": "interrupted", "f3": "interrupted"}
    assert not (made.root / "src/generated/m2.py").exists()
    assert set(outcomes(made.report(Knowing())).values()) == {"fresh", "compiled"}


@pytest.mark.usefixtures("sealed")
def test_real_processes_judge_as_this_one_does(bench):
    made = bench(files(3))
    report = made.report(Knowing(wrong={"f2"}), attempts=1)
    assert outcomes(report) == {"f0": "compiled", "f1": "compiled", "f2": "failed"}
    assert {result.tier.partition(":")[0] for result in report.results[:2]} == {"sealed"}
    beside = made.tree("src")
    for path in made.root.joinpath("src").rglob("*.*"):
        path.unlink()
    made.report(Knowing(concurrency=1, wrong={"f2"}), attempts=1)
    assert made.tree("src") == beside


def test_a_plain_provider_is_asked_in_one_lane(bench, near, monkeypatch):
    made = bench(files(2))
    monkeypatch.setattr(compiling, "open_sites", None)
    provider = Knowing()
    del provider.concurrency
    report = Compiler(Project(load_config(made.root)), lambda: (provider,), made.watcher).compile()
    assert set(outcomes(report).values()) == {"compiled"}
    assert provider.threads == {threading.get_ident()}
