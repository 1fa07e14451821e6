from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import HarnessError, SpecError
from pytest_compiled_ai.validation.far import FarBench
from pytest_compiled_ai.validation.order import Refusal, perform
from pytest_compiled_ai.validation.sites import Site


class Answering(Executor):
    """Answers orders by their act, from a script; an exception is the future's."""

    def __init__(self, **script):
        self.script, self.orders = script, []

    def submit(self, fn, /, *args, **kwargs):
        assert fn is perform
        (order,) = args
        self.orders.append(order)
        said = self.script.get(order.act, order.act)
        future = Future()
        if isinstance(said, Exception):
            future.set_exception(said)
        else:
            future.set_result(said)
        return future


class Sites:
    def __init__(self, *executors):
        config = Config(root=Path("/there"))
        self.sites = [Site(executor=executor, bench=n, config=config) for n, executor in enumerate(executors)]
        self.lost = []

    def at(self, lane):
        return self.sites[lane]

    def replace(self, lost):
        self.lost.append(lost.bench)
        return self.sites[lost.bench + 1]


def bench_at(*executors, approved=None):
    sites = Sites(*executors)
    written = {} if approved is None else approved
    return SimpleNamespace(bench=FarBench(sites, 0, "specs/a.py::f", lambda: written), sites=sites)


def test_each_act_is_an_order_with_its_arguments():
    here = Answering(answer=("a",), confirm=("v",))
    bench, started = bench_at(here).bench, []
    assert bench.begin("subject", "raising") == "begin"
    assert bench.errors_of("text", "subject") == "errors_of"
    assert bench.try_out("candidate", "subject", started.append) == "try_out"
    assert bench.ask_last("candidate", "subject", started.append) == ("v",)
    assert bench.answer("text", ["input"]) == ("a",)
    bench.restore(Path("/here"), "file")
    assert [(order.act, order.given) for order in here.orders] == [
        ("begin", ("subject", "raising")),
        ("errors_of", ("text", "subject")),
        ("try_out", ("candidate", "subject")),
        ("confirm", ("candidate", "subject")),
        ("answer", ("text", ["input"])),
        ("restore", ("file",)),
    ]
    assert {(order.spec, order.bench, order.config.root) for order in here.orders} == {
        ("specs/a.py::f", 0, Path("/there"))
    }
    assert started == ["gates", "confirm"]


def test_what_was_approved_is_told_once():
    here, approved = Answering(), {"src/generated/a.py": "one"}
    bench = bench_at(here, approved=approved).bench
    bench.begin("subject", "raising")
    bench.errors_of("text", "subject")
    approved["src/generated/b.py"] = "two"
    bench.errors_of("text", "subject")
    assert [dict(order.files) for order in here.orders] == [
        {"src/generated/a.py": "one"},
        {},
        {"src/generated/b.py": "two"},
    ]


def test_an_error_for_a_person_is_raised_here():
    bench = bench_at(Answering(begin=Refusal(kind="SpecError", text="no tests"))).bench
    with pytest.raises(SpecError, match="no tests"):
        bench.begin("subject", "raising")


@pytest.mark.parametrize("kind", ["Unheard", "annotations", "tell_machine_errors"])
def test_one_of_a_class_that_nobody_knows_is_the_machinery_s(kind):
    with pytest.raises(HarnessError, match="text"):
        raise Refusal(kind=kind, text="text").error()


def test_what_a_site_leaves_begins_anew_at_another():
    first, second = Answering(try_out=BrokenExecutor("gone")), Answering()
    made = bench_at(first, second)
    made.bench.begin("subject", "raising")
    assert made.bench.try_out("candidate", "subject", lambda name: None) == "try_out"
    assert made.sites.lost == [0]
    assert [order.act for order in second.orders] == ["begin", "try_out"]
    assert second.orders[0].given == ("subject", "raising")


def test_the_first_order_of_all_is_given_again_elsewhere():
    made = bench_at(Answering(begin=BrokenExecutor("gone")), Answering())
    assert made.bench.begin("subject", "raising") == "begin"
    assert [order.act for order in made.sites.sites[1].executor.orders] == ["begin"]


def test_what_breaks_every_site_is_no_candidate_s_fault():
    broken = [Answering(try_out=BrokenExecutor("it ended"), begin=BrokenExecutor("it ended")) for _ in range(4)]
    broken[0] = Answering(try_out=BrokenExecutor("it ended"))
    made = bench_at(*broken)
    made.bench.begin("subject", "raising")
    with pytest.raises(HarnessError, match="it ended, and so did others"):
        made.bench.try_out("candidate", "subject", lambda name: None)
    assert made.sites.lost == [0, 1]
