"""The judge with the types of a project, in this process and in its own, asking real sealed workers."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.golden import judging
from pytest_compiled_ai.golden.judge import judge
from pytest_compiled_ai.golden.judging import Exam, examine
from pytest_compiled_ai.golden.rows import Row
from pytest_compiled_ai.sandbox.jail.job import Confinement, Outcome
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.sandbox.worker.zygote import Zygote
from pytest_compiled_ai.testing import write_project

APP = """
    import os
    from dataclasses import dataclass
    from decimal import Decimal

    @dataclass(frozen=True)
    class Money:
        amount: Decimal
        currency: str = "EUR"

    def overlap(answer, expected):
        return 1.0 if answer == expected else 0.25

    def strict(answer, expected):
        return 0.5

    def peek(answer, expected):
        found = [name for _, _, names in os.walk(".") for name in names if name.endswith(".jsonl")]
        assert found == [], found
        return float(answer == expected)
"""
IMPORTS = "from __future__ import annotations\nfrom decimal import Decimal\nfrom money_app_of_golden import Money\n"
HEAD = "\n\ndef price(amount: Money, times: int) -> Money:\n"
SKELETON = IMPORTS + HEAD + "    raise BaseException\n"
RIGHT = IMPORTS + HEAD + "    return Money(amount.amount * times, amount.currency)\n"
NEAR = IMPORTS + HEAD + "    return Money(amount.amount * times)\n"


def row(line, amount, times, expected, currency="EUR"):
    given = {"amount": amount, "currency": currency}
    return Row("data/a.jsonl", line, (given, times), {}, {"amount": expected, "currency": currency}, str(line))


PARTS = ((row(1, "1.50", 2, "3"), row(2, 2, 2, 4, "USD")), (row(3, 1, 3, 3),))


class Court:
    """A project's shadow and a zygote with its imports."""

    def __init__(self, root, stack):
        self.root = write_project(root, {"money_app_of_golden.py": APP, "data/a.jsonl": "secret"})
        self.shadow = stack.enter_context(Shadow(self.root, without=["data/a.jsonl"]))
        self.zygote = stack.enter_context(
            Zygote(
                module="generated.it", filename="src/generated/it.py", header=IMPORTS.split("\n", 1)[1],
                path=(str(self.shadow.root), *sys.path),
            )
        )  # fmt: skip

    def exam(self, **given):
        exam = {"module": "generated.it", "skeleton": SKELETON, "function": "price", "steps": False, "metric": "exact", "parts": PARTS}  # fmt: skip
        return Exam(**{**exam, **given})

    def examine(self, program, **given):
        return examine(self.shadow, self.exam(**given), program, self.zygote.fileno())


@pytest.fixture(scope="module")
def court(tmp_path_factory):
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        made = Court(tmp_path_factory.mktemp("court") / "example", stack)
        patch.syspath_prepend(made.root)
        yield made


def test_a_body_is_asked_with_the_project_s_types_and_scored_by_its_metric(court):
    visible, held = court.examine(NEAR, metric="money_app_of_golden:overlap")
    assert [mark.score for mark in (*visible, *held)] == [1.0, 0.25, 1.0]
    assert visible[1].call == "price(Money(amount=Decimal('2'), currency='USD'), 2)"
    assert visible[1].answer == "gave Money(amount=Decimal('4'), currency='EUR')"
    assert visible[1].expected == "Money(amount=Decimal('4'), currency='USD')"


def test_the_files_of_the_labels_are_not_where_a_body_or_a_metric_runs(court):
    assert [[mark.score for mark in part] for part in court.examine(RIGHT, metric="money_app_of_golden:peek")] == [
        [1.0, 1.0],
        [1.0],
    ]


def test_nothing_of_one_part_comes_out_in_the_other(court):
    body = IMPORTS + HEAD + "    price.seen = getattr(price, 'seen', 0) + 1\n    return Money(Decimal(price.seen))\n"
    visible, held = court.examine(body)
    assert [mark.answer for mark in (*visible, *held)] == [
        "gave Money(amount=Decimal('1'), currency='EUR')",
        "gave Money(amount=Decimal('2'), currency='EUR')",
        "gave Money(amount=Decimal('1'), currency='EUR')",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"metric": "money_app_of_golden:strict"}, "gives an answer that is the label itself less than 1."),
        ({"metric": "none"}, "there is no metric 'none'"),
        ({"parts": (PARTS[0], (row(9, "SECRET", 1, 1),))}, r"^data/a.jsonl:9: amount.amount is no decimal number\.$"),
        ({"skeleton": "import no_such_module_here"}, "the imports of generated.it cannot be executed: ModuleNotFound"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_the_spec_s_fault(court, given, said):
    with pytest.raises(SpecError, match=said):
        court.examine(None, **given)


def test_what_can_be_judged_has_no_marks_without_a_body(court):
    assert court.examine(None) == ()


def test_a_zygote_that_is_gone_is_no_body_s_fault(court):
    with Zygote(module="generated.it", filename="it.py", header="", path=sys.path) as zygote:
        zygote._process.kill()
        zygote._process.wait()
        with pytest.raises(SandboxError, match="no candidate is to blame"):
            examine(court.shadow, court.exam(), RIGHT, zygote.fileno())


def orders(court, program, **given):
    exam = court.exam(**given)
    named = {name: getattr(exam, name) for name in ("module", "skeleton", "function", "steps", "metric", "parts")}
    return {**named, "program": program, "workers": os.dup(court.zygote.fileno()), "seconds": 60.0}


@pytest.fixture
def _own_modules(monkeypatch):
    for name in ("generated.it", "money_app_of_golden"):
        monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("_own_modules")
def test_the_same_here_as_in_a_process_of_its_own(court):
    found = tuple(tuple(part) for part in judge(orders(court, NEAR)))
    assert [[mark.score for mark in part] for part in found] == [[1.0, 0.0], [1.0]]
    assert tuple(judge(orders(court, None))) == ()
    with pytest.raises(SpecError, match="less than 1"):
        tuple(judge(orders(court, None, metric="money_app_of_golden:strict")))
    with pytest.raises(SpecError, match="cannot be executed"):
        tuple(judge(orders(court, None, skeleton="1 / 0")))


def ended(output="", reason="", records=()):
    confinement = Confinement(landlock=0, seccomp=False)
    return Outcome(ending="exited", returncode=1, reason=reason, records=records, output=output, seconds=0.0, confinement=confinement)  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (ended("Traceback\nKeyError: 'SECRET'\n"), r"the judge of the labelled examples broke: KeyError\."),
        (ended(), "broke: it ended with 1"), (ended(reason="ran longer than 9 s"), "ran longer than 9 s"),
        (ended(records=({"event": "part", "marks": []},)), "broke"),
    ],
)  # fmt: skip
def test_a_judge_that_breaks_is_no_verdict(court, monkeypatch, outcome, said):
    monkeypatch.setattr(judging, "run", lambda job: outcome)
    with pytest.raises(SandboxError, match=said) as caught:
        court.examine(RIGHT)
    assert "SECRET" not in str(caught.value)


def test_large_files_of_labels_are_not_granted_either(tmp_path):
    root = write_project(
        tmp_path / "example", {"data/a.jsonl": "x" * (1 << 21), "data/b.bin": "y" * (1 << 21), "c.txt": ""}
    )
    (root / "link.jsonl").symlink_to(Path("data") / "a.jsonl")
    with Shadow(root, without=["data/a.jsonl"]) as shadow:
        assert [path.name for path in shadow.linked] == ["b.bin"]
        assert sorted(path.name for path in shadow.root.rglob("*") if not path.is_dir()) == [
            "b.bin",
            "c.txt",
            "pyproject.toml",
        ]
    with Shadow(root) as shadow:
        assert (shadow.root / "link.jsonl").is_symlink()
