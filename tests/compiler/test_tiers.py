"""The choice of a spec's tier, and that nothing weaker than what was asked for is ever taken."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
from compiler_scripts import SPEC

from pytest_compiled_ai.compiler import tiers
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.compiler.tiers import OTHER_SEED, TieredRunner, find_obstacle
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import TestRun

SEALED = Tier(confinement=Confinement(landlock=7, seccomp=True), verified=True, sealed=True)
OPEN = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=False, sealed=True, problem="no filter")
JAILED = Tier(confinement=Confinement(landlock=7, seccomp=True), verified=True)
LAMBDA = "double(<function>): an argument cannot be sent to a sealed worker"


def ended(tier, needs_jail=""):
    return TestRun(
        status="finished", reason="", collected=(), results=(), running=None, seconds=0.0, output="", coverage=None,
        tier=tier, needs_jail=needs_jail,
    )  # fmt: skip


# Nothing is closed that still runs.
ENDS = [("stop",), ("close",)]


class Outsides:
    """Stands for the class `Outside`, and remembers what was started, run and ended."""

    def __init__(self):
        self.log, self.needs_jail = [], ""
        self.is_on, self.is_over = threading.Event(), threading.Event()

    def __call__(self, config, shadow, subject, skeleton, *, seeds):
        assert seeds == (0, OTHER_SEED)

        def run(program, subject, *, stop_after):
            self.log.append(("run", stop_after))
            if program == "endless":
                self.is_on.set()
                assert self.is_over.wait(60)
            return ended(SEALED, self.needs_jail)

        acts = {name: partial(self.log.append, (name,)) for name in ("stop", "close", "abandon")}
        return SimpleNamespace(run=run, **acts)

    @property
    def ends(self):
        return [entry for entry in self.log if entry[0] != "run"]


class Jail:
    def __init__(self):
        self.log = []

    def run(self, module, subject, *, stop_after=0, cover=False):
        self.log.append((stop_after, cover))
        return ended(JAILED)


@pytest.fixture
def outsides(monkeypatch):
    outsides = Outsides()
    monkeypatch.setattr(tiers, "Outside", outsides)
    monkeypatch.setattr(tiers, "detect_sealed_tier", lambda: SEALED)
    return outsides


@pytest.fixture
def begun(bench, outsides):
    """Begin a spec with a certain header, and return the runner, the jail and the first run."""

    def begin(spec=SPEC, **flags):
        made = bench({"specs/number.py": spec})
        raising, subject = made.candidate("double", "    raise BaseException")
        jail = Jail()
        runner = TieredRunner(made.project(**flags).config, None, jail)
        run = runner.begin(subject, raising)
        return SimpleNamespace(runner=runner, jail=jail, first=run, subject=subject)

    return begin


def test_a_function_over_data_is_sealed_in_workers_of_two_seeds(begun, outsides):
    spec = begun()
    assert (spec.first.tier, spec.runner.is_sealed, spec.jail.log) == (SEALED, True, [])
    spec.runner.run("text", spec.subject, stop_after=3)
    assert outsides.log == [("run", 0), ("run", 3)]
    # A result that is there is not asked for again.
    spec.runner.run("text", spec.subject)
    assert len(outsides.log) == 2


def test_a_run_is_begun_before_anybody_asks_for_it_and_is_the_one_that_is_asked_for(begun, outsides):
    spec = begun()
    spec.runner.run("before", spec.subject)
    outsides.log.clear()
    spec.runner.start("text", spec.subject, stop_after=3)
    spec.runner.start("text", spec.subject, stop_after=3)
    spec.runner.run("text", spec.subject, stop_after=3)
    assert outsides.log == [("run", 3)]


def test_what_is_abandoned_is_ended_and_its_result_is_nobody_s(begun, outsides):
    spec = begun()
    spec.runner.run("before", spec.subject)
    outsides.log.clear()
    spec.runner.start("endless", spec.subject, stop_after=1)
    assert outsides.is_on.wait(60)
    spec.runner.abandon()
    assert outsides.log == [("run", 1), ("abandon",)]
    outsides.is_over.set()
    spec.runner.run("endless", spec.subject, stop_after=1)
    assert outsides.log[2:] == [("run", 1)]
    outsides.log.clear()
    # What has ended already is only forgotten.
    spec.runner.abandon()
    assert outsides.log == []


def test_a_jailed_run_is_never_begun_early(begun, outsides):
    spec = begun(SPEC.replace("@spec", '@spec(isolation="jailed")'))
    spec.jail.log.clear()
    spec.runner.start("text", spec.subject)
    spec.runner.abandon()
    assert (spec.jail.log, outsides.log) == ([], [])


def test_coverage_is_measured_in_the_jail(begun, outsides):
    spec = begun()
    assert spec.runner.run("text", spec.subject, cover=True).tier is JAILED
    assert spec.jail.log == [(0, True)]
    assert outsides.log == [("run", 0)]


def test_what_was_started_is_ended_once_and_before_the_next_spec(begun, outsides):
    spec = begun()
    spec.runner.end()
    spec.runner.end()
    assert outsides.ends == ENDS
    assert not spec.runner.is_sealed
    raising = SimpleNamespace(module="text")
    spec.runner.begin(spec.subject, raising)
    outsides.log.clear()
    spec.runner.begin(spec.subject, raising)
    assert outsides.ends == outsides.log[:2] == ENDS


def with_signature(signature, imports=""):
    return SPEC.replace("import spec\n", f"import spec\n    {imports}\n").replace("double(n: int) -> int", signature)


OBSTACLES = [
    (SPEC.replace("@spec", '@spec(isolation="jailed")'), "it asks for the jailed tier"),
    (
        SPEC.replace("import spec\n", "import spec\n    from functools import cache\n").replace(
            "@spec", "@spec\n    @cache"
        ),
        "a decorator stands between the tests and the body",
    ),
    (
        with_signature("double(n: int) -> Callable[[int], int]", "from collections.abc import Callable"),
        "has Callable,",
    ),
    (with_signature("double(n: 'typing.TextIO') -> int", "import typing"), "has TextIO, which is no data"),
    (with_signature("double(*n: IO[str]) -> int", "from typing import IO"), "its signature has IO, which"),
]


@pytest.mark.parametrize(("spec", "reason"), OBSTACLES)
def test_what_cannot_be_sealed_by_the_look_of_it_is_jailed_unless_a_seal_is_asked_for(begun, outsides, spec, reason):
    found = begun(spec)
    assert (found.first.tier, found.runner.is_sealed, found.jail.log, outsides.log) == (JAILED, False, [(0, False)], [])
    assert reason in find_obstacle(found.subject)
    assert found.runner.run("text", found.subject, stop_after=2).tier is JAILED
    with pytest.raises(
        SpecError, match=r"^specs/number.py::double cannot be sealed: .*would run it jailed\.$"
    ) as caught:
        begun(spec, isolation="sealed")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "signature",
    ["double(n: int) -> int", "double(n, /, *m: str, **k: 'list[int]') -> None", "double(n: Literal['IO']) -> int"],
)
def test_data_is_no_obstacle(begun, signature):
    assert find_obstacle(begun(with_signature(signature, "from typing import Literal")).subject) == ""


def test_a_class_is_jailed(bench, outsides):
    stub = '    from pytest_compiled_ai import spec\n\n    @spec\n    class Box:\n        """A box."""\n\n        def get(self) -> int: ...\n'
    assert find_obstacle(bench({"specs/box.py": stub}).subject("Box")) == "a class runs beside its tests"


def test_a_machine_without_a_seal_jails(begun, monkeypatch, outsides):
    monkeypatch.setattr(tiers, "detect_sealed_tier", lambda: OPEN)
    assert begun().first.tier is JAILED
    assert outsides.log == []


@pytest.mark.parametrize(
    ("spec", "flags"), [(SPEC, {"isolation": "sealed"}), (SPEC.replace("@spec", '@spec(isolation="sealed")'), {})]
)
def test_a_seal_that_is_asked_for_and_not_there_stops_the_spec(begun, monkeypatch, outsides, spec, flags):
    monkeypatch.setattr(tiers, "detect_sealed_tier", lambda: OPEN)
    said = (
        r"^specs/number.py::double cannot be sealed: this machine has no sealed tier \(no filter\); "
        r'isolation = "auto" would run it jailed\.$'
    )
    with pytest.raises(SpecError, match=said):
        begun(spec, **flags)
    assert outsides.log == []


@pytest.mark.parametrize("spec", [SPEC, SPEC.replace("@spec", '@spec(isolation="sealed")')])
def test_an_argument_that_is_no_data_jails_unless_a_seal_is_asked_for(begun, outsides, spec):
    outsides.needs_jail = LAMBDA
    if spec is SPEC:
        found = begun(spec)
        assert (found.first.tier, found.runner.is_sealed) == (JAILED, False)
        assert outsides.ends == ENDS
    else:
        with pytest.raises(
            SpecError, match=r"double cannot be sealed: double\(<function>\): an argument cannot be sent"
        ):
            begun(spec)


def test_an_argument_that_is_seen_too_late_never_weakens_the_tier(begun, outsides):
    found = begun()
    outsides.needs_jail = LAMBDA
    with pytest.raises(
        SpecError, match=r'an argument cannot be sent .*; say @spec\(isolation="jailed"\) to run the tests beside'
    ):
        found.runner.run("text", found.subject)
    assert found.jail.log == []


PASSING = '''
    from pytest_compiled_ai import spec

    @spec
    def total(items: list[object]) -> int:
        """Count the items."""

    def test_it() -> None:
        assert total([%s]) == 1
'''


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(("given", "kind"), [("lambda: 1", "function"), ("open(__file__)", "TextIOWrapper")])
def test_tests_that_hand_over_live_objects_are_seen_at_the_baseline(bench, given, kind):
    made = bench({"specs/number.py": PASSING % given})
    raising, subject = made.candidate("total", '    raise BaseException("no body")')
    with Shadow(made.root) as shadow:
        runner = TieredRunner(made.project().config, shadow, JailedRunner(shadow, 60))
        run = runner.begin(subject, raising)
        assert (run.tier.sealed, runner.is_sealed) == (False, False)
        assert [result.outcome for result in run.results] == ["failed"]
        asking = replace(subject, stub=subject.stub._replace(options=subject.stub.options._replace(isolation="sealed")))
        with pytest.raises(SpecError, match=f"total cannot be sealed: .*{kind}") as caught:
            runner.begin(asking, raising)
        assert "\n" not in str(caught.value)
        runner.end()
