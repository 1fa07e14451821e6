from __future__ import annotations

from dataclasses import replace

import pytest
from compiler_scripts import ARTIFACT, RECORD, SPEC

from pytest_compiled_ai.artifacts.provenance import read_records, render_records
from pytest_compiled_ai.compiler.approval import describe_verdicts, keep_body, make_record, renew_record
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.compiler.search import next_question
from pytest_compiled_ai.gates.base import Stage, Verdict
from pytest_compiled_ai.providers.base import Message
from pytest_compiled_ai.testing import ScriptedProvider

FIRST = (Message(role="user", content="write it"),)
SEALED = "sealed: namespaces + landlock v7 + seccomp"


def verdict(gate, **evidence):
    return Verdict(gate=gate, stage=Stage.ACCURACY, passed=True, score=1.0, evidence=evidence)


VERDICTS = (verdict("tests"), verdict("confirm", coverage="1/1 lines"))


class Case:
    """One approved body of a spec, and what is asked of the module."""

    def __init__(self, made):
        self.project = made.project()
        self.file, self.stub = self.project.find("double")
        self.digest = self.project.standing(self.file, self.stub).digest
        self.subject = made.tested("double")
        self.body = Body(text="    return 2 * n", imports=())
        self.module = assemble(self.project.blank(self.file), self.subject, self.body, self.digest.value)

    def attempts(self, count=1):
        found = []
        for number in range(1, count + 1):
            question = next_question(FIRST, found, 1, self.stub)
            found.append(
                Attempt(
                    number=number, request=question.request, reply="r", verdicts=VERDICTS, prompt_tokens=10,
                    candidate=cut_candidate(self.module, self.subject, self.body), completion_tokens=number, seconds=0.0,
                )
            )  # fmt: skip
        return found

    def record(self, attempts, tier=SEALED):
        provider = ScriptedProvider("")
        return make_record(
            self.module, self.subject, self.digest, attempts, provider, chosen=attempts[-1], allowed=8, tier=tier
        )

    def keep(self, record):
        keep_body(self.project.config, self.file, self.stub, self.module, record)


@pytest.fixture
def made(bench):
    return bench({"specs/number.py": SPEC})


@pytest.fixture
def case(made):
    return Case(made)


def test_a_record_says_who_wrote_the_body_and_what_it_passed(case):
    record = case.record(case.attempts(3))
    assert (record.provider, record.model, record.attempt, record.attempts) == ("scripted", "scripted", 3, 8)
    assert (record.prompt_tokens, record.completion_tokens) == (30, 6)
    assert [gate["gate"] for gate in record.gates] == ["tests", "confirm"]
    assert record.coverage == "1/1 lines"
    assert record.tests == ("specs/number.py::double", "specs/number.py::test_zero")
    assert (record.digest, record.inputs) == (case.digest.value, case.digest.parts)
    assert record.body_hash == case.module.section("double").body_hash != ""


@pytest.mark.parametrize(
    ("tier", "word"),
    [
        (SEALED, "sealed"),
        ("sealed: seccomp", "sealed"),
        ("not sealed: unverified", "unverified"),
        ("jailed: landlock v7 + seccomp + limits", "jailed"),
        ("jailed: limits only, unverified", "unverified"),
    ],
)
def test_what_a_machine_s_kernel_adds_is_not_in_the_record(case, tier, word):
    assert case.record(case.attempts(), tier).tier == word


def test_the_prompt_s_hash_is_of_all_that_was_said(case):
    (attempt,) = case.attempts()
    changed = [
        {"messages": (Message(role="user", content="write that"),)}, {"messages": (Message(role="s", content="x"),)},
        {"prefill": "def"}, {"note": "# mind"}, {"opening": "    # "}, {"hint": "Go on."},
    ]  # fmt: skip
    hashes = {case.record([attempt]).prompt}
    for change in changed:
        hashes.add(case.record([replace(attempt, request=replace(attempt.request, **change))]).prompt)
    assert len(hashes) == len(changed) + 1
    assert case.record(case.attempts()).prompt in hashes
    again = replace(attempt, request=replace(attempt.request, seed=99))
    assert case.record([again]).prompt == case.record([attempt]).prompt


def test_a_body_is_kept_with_its_package_and_its_record(made, case):
    case.keep(case.record(case.attempts()))
    assert set(made.tree()) == {"src/generated/__init__.py", ARTIFACT, RECORD}
    assert made.read(ARTIFACT).endswith("    return 2 * n\n")
    made.write("src/generated/__init__.py", "kept = 1\n")
    case.keep(case.record(case.attempts(2)))
    assert made.read("src/generated/__init__.py") == "kept = 1\n"
    assert read_records(made.root / RECORD)["double"]["attempt"] == 2


def test_the_records_of_other_stubs_stay_and_those_of_stubs_that_are_gone_go(bench):
    made = bench({"specs/number.py": SPEC + '\n    @spec\n    def other(n: int) -> int:\n        """Other."""\n'})
    case = Case(made)
    case.keep(case.record(case.attempts()))
    record = read_records(made.root / RECORD)["double"]
    other = {**record, "attempt": 5}
    made.write(RECORD, render_records({"double": record, "other": other, "gone": record}))
    case.keep(case.record(case.attempts(2)))
    kept = read_records(made.root / RECORD)
    assert (set(kept), kept["other"], kept["double"]["attempt"]) == ({"double", "other"}, other, 2)


def test_a_restamped_body_keeps_who_wrote_it(made, case):
    case.keep(case.record(case.attempts(2)))
    before = read_records(made.root / RECORD)["double"]
    newer = case.digest._replace(value="v1:newer", parts={"stub": "x"})
    module = assemble(case.module, case.subject, case.body, newer.value)
    verdicts = (verdict("tests"), verdict("confirm", coverage="2/2 lines"))
    renewed = renew_record(module, case.subject, newer, verdicts, tier="jailed: limits only, unverified")
    assert {key for key in before if renewed[key] != before[key]} == {"digest", "inputs", "gates", "tier", "coverage"}
    assert (renewed["digest"], renewed["inputs"], renewed["tier"]) == ("v1:newer", {"stub": "x"}, "unverified")
    case.keep(renewed)
    assert read_records(made.root / RECORD)["double"]["coverage"] == "2/2 lines"


def test_a_restamped_body_without_a_record_gets_one_that_names_no_writer(case):
    renewed = renew_record(case.module, case.subject, case.digest, VERDICTS, tier=SEALED)
    assert "provider" not in renewed
    assert [gate["gate"] for gate in renewed["gates"]] == ["tests", "confirm"]


def test_no_confirmation_no_coverage(case):
    attempt = replace(case.attempts()[0], verdicts=(verdict("tests"),))
    assert case.record([attempt]).coverage == ""


def test_a_verdict_is_recorded_with_its_evidence_and_without_what_is_this_machine_s():
    evidence = {"tests": "3", "tier": "sealed: landlock v7", "unreached": ""}
    verdict = Verdict(gate="tests", stage=Stage.EXECUTION, passed=True, seconds=1.5, evidence=evidence)
    assert describe_verdicts([verdict]) == ({"gate": "tests", "tests": "3"},)
