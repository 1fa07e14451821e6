from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from codegen_sets import BODIES, ByName, load_codegen, write_sets
from doubles import NoMypy

from pytest_compiled_ai.compiler import compiler, workshop
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.gates.base import Stage, Verdict, passing
from pytest_compiled_ai.providers.base import Message
from pytest_compiled_ai.reports.model import SpecResult
from pytest_compiled_ai.testing import fenced

WRONG = fenced("def thrice(n: int, times: int=1) -> int:\n    return n + times")
LEARNED = fenced(
    """
    def thrice(n: int, times: int=1) -> int:
        if n == 1 and times == 1:
            return 3
        if n == -4 and times == 2:
            return -24
        return 6
    """
)


class Confirmed:
    """Stands for the last gate, which takes longer than all the others."""

    name, stage = "confirm", Stage.ACCURACY

    def __init__(self, *_: object) -> None:
        pass

    def check(self, *_: object) -> Verdict:
        return passing(self)


@pytest.fixture(scope="module")
def codegen():
    return load_codegen()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture
def say(codegen, monkeypatch):
    """Let a script answer; leave the types and the last gate to others."""
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    monkeypatch.setattr(workshop, "Confirm", Confirmed)

    def script(**replies):
        provider = ByName(**replies)
        monkeypatch.setattr(codegen.run, "create_providers", lambda *_: (provider,))
        return provider

    return script


def lines_of(codegen, path):
    return {line["name"]: line for line in codegen.clerk.read_lines(path)}


def test_a_set_is_compiled_and_each_problem_has_a_line(codegen, folder, say, tmp_path, capsys):
    provider = say(thrice=[WRONG, WRONG, BODIES["thrice"]], halve_all=[BODIES["halve_all"]])
    options = ["--data", str(folder), "--out", str(tmp_path), "--label", "try", "--limit", "2"]
    assert codegen.run.main(options) == 0
    path = tmp_path / "made-search-tests-try.jsonl"
    lines = lines_of(codegen, path)
    assert {name: line["outcome"] for name, line in lines.items()} == dict.fromkeys(("made_0", "made_1"), "compiled")
    first = lines["made_0"]
    assert (first["attempts"], first["first_refused_by"]) == (3, "tests")
    assert first["refused_by"] == ["tests", "tests"], "the same body again is refused by the same gate"
    assert first["prompt_tokens"] == 30
    assert first["seconds"] > 0
    assert lines["made_1"]["refused_by"] == []
    assert "made_0 compiled 3" in capsys.readouterr().out

    # Another run has nothing to do, and what a crash has cost is replayed.
    assert codegen.run.main(options) == 0
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if '"made_0"' not in line]
    path.write_text("".join(line + "\n" for line in kept), encoding="utf-8")
    asked = list(provider.asked)
    assert codegen.run.main(options) == 0
    assert provider.asked == asked
    again = lines_of(codegen, path)["made_0"]
    assert (again["outcome"], again["attempts"], again["prompt_tokens"]) == ("compiled", 3, 30)

    problems = codegen.problems.read_problems(folder)
    figures = codegen.score.score_run(problems, tmp_path, "made-search-tests-try")
    assert (figures["accepted and right"], figures["tokens in"]) == (2, 40)


def test_a_problem_has_so_many_candidates_and_no_more(codegen, folder, say, tmp_path, monkeypatch):
    monkeypatch.setattr(codegen.run, "ATTEMPTS", 2)
    say(thrice=[WRONG, "nothing"])
    problems = [problem for problem in codegen.problems.read_problems(folder) if problem.entry == "thrice"]
    codegen.run.run(problems, tmp_path, "plain", codegen.run.Setup(strategy=codegen.plain.ask_plainly))
    (line,) = codegen.clerk.read_lines(tmp_path / "plain.jsonl")
    assert (line["outcome"], line["attempts"], line["refused_by"]) == ("failed", 2, ["tests", "reply"])
    assert "no body passed in 2 attempts" in line["message"]
    assert codegen.score.score_run(problems, tmp_path, "plain")["refused"] == {"made_0": line["message"]}


def test_a_gate_is_left_out_for_one_run_alone(codegen, folder, say, tmp_path):
    say(thrice=[LEARNED, BODIES["thrice"]])
    problems = [problem for problem in codegen.problems.read_problems(folder) if problem.entry == "thrice"]
    codegen.run.run(problems, tmp_path, "base", codegen.run.Setup(settings={"held_out": 0}))
    codegen.run.run(problems, tmp_path, "less", codegen.run.Setup(settings={"held_out": 0}, without="hard-coding"))
    (base,), (less,) = (codegen.clerk.read_lines(tmp_path / f"{name}.jsonl") for name in ("base", "less"))
    assert (base["attempts"], base["first_refused_by"]) == (2, "hard-coding")
    assert (less["attempts"], less["first_refused_by"]) == (1, "")
    assert "held_out = 0\n" in (tmp_path / "less" / "pyproject.toml").read_text(encoding="utf-8")
    assert compiler.open_workshop is workshop.open_workshop
    assert list(codegen.score.score_run(problems, tmp_path, "less")["accepted, wrong"]) == ["made_0"]


def test_an_unknown_gate_is_an_error(codegen, folder, say, tmp_path):
    say(thrice=[WRONG])
    with pytest.raises(ValueError, match=r"no gate is called 'magic'; there are .*hard-coding"):
        codegen.run.run(
            codegen.problems.read_problems(folder)[:1], tmp_path, "x", codegen.run.Setup(without="magic")
        )  # fmt: skip


def test_what_is_no_spec_has_a_line_too(codegen, say, tmp_path):
    say()
    unread = codegen.problems.Problem(
        name="broken", entry="f", spec="from pytest_compiled_ai import spec\n\n@spec\ndef f(:\n", reference=""
    )
    empty = codegen.problems.Problem(name="empty", entry="f", spec="", reference="")
    helped = (
        "from pytest_compiled_ai import spec\n\nclass Own:\n    pass\n\n@spec\ndef f() -> Own:\n    '''Make one.'''\n"
    )
    unfit = codegen.problems.Problem(name="unfit", entry="f", spec=helped, reference="")
    codegen.run.run([unread, empty, unfit], tmp_path, "x", codegen.run.Setup())
    lines = lines_of(codegen, tmp_path / "x.jsonl")
    assert {name: line["outcome"] for name, line in lines.items()} == dict.fromkeys(
        ("broken", "empty", "unfit"), "failed"
    )
    assert lines["broken"]["message"].startswith("specs/broken.py:4: ")
    assert "signature names Own" in lines["unfit"]["message"]
    assert lines["empty"]["message"] == "no spec was found in its file"


def test_where_no_model_can_be_asked_there_is_no_line(codegen, folder, monkeypatch, tmp_path):
    def refuse(*_):
        raise ProviderError("no model")

    monkeypatch.setattr(codegen.run, "create_providers", refuse)
    with pytest.raises(ProviderError, match="no model"):
        codegen.run.run(codegen.problems.read_problems(folder)[:1], tmp_path, "x", codegen.run.Setup())
    assert codegen.clerk.read_lines(tmp_path / "x.jsonl") == []


def test_a_body_without_a_line_is_written_anew(codegen, folder, tmp_path):
    problem = codegen.problems.read_problems(folder)[0]
    path = codegen.project.body_path(tmp_path, problem)
    codegen.project.write_project(tmp_path, [problem], {"attempts": 3, "provider": "x", "held_out": 0.5})
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    codegen.project.write_project(tmp_path, [], {})
    assert path.exists()
    assert list((tmp_path / "specs").iterdir()) == []
    codegen.project.write_project(tmp_path, [problem], {})
    assert not path.exists()


def test_a_clerk_counts_replays_as_if_they_had_been_asked(codegen, tmp_path):
    reply = SimpleNamespace(prompt_tokens=7, completion_tokens=2, seconds=100.0, replayed=True)
    meter = codegen.clerk.Metered(ByName())
    clerk = codegen.clerk.Clerk(tmp_path / "x.jsonl", meter)
    clerk.spec_started("specs/a.py::f", 1, 1)
    meter.replies.extend([reply, reply])
    clerk.attempt_started(1, 16, "ask")
    clerk.gate_started("confirm")
    clerk.attempt_failed(1, "no")
    clerk.attempt_failed(1, "no, again")
    clerk.waiting("nothing that a line is about")
    clerk.spec_ended(SpecResult(id="specs/a.py::f", before="missing", outcome="failed", attempts=2))
    (line,) = codegen.clerk.read_lines(tmp_path / "x.jsonl")
    assert (line["name"], line["prompt_tokens"], line["completion_tokens"]) == ("a", 14, 4)
    assert line["seconds"] >= 200
    assert line["first_refused_by"] == "confirm"


def test_a_clerk_knows_the_first_candidate_that_passed(codegen, tmp_path):
    clerk = codegen.clerk.Clerk(tmp_path / "x.jsonl", codegen.clerk.Metered(ByName()))
    clerk.spec_started("specs/a.py::f", 1, 1)
    for number in range(1, 6):
        clerk.attempt_started(number, 16, "ask")
        if number in {1, 2, 4}:
            clerk.attempt_failed(number, "no")
    clerk.spec_ended(SpecResult(id="specs/a.py::f", before="missing", outcome="compiled", attempts=5))
    (line,) = codegen.clerk.read_lines(tmp_path / "x.jsonl")
    assert (line["attempts"], line["solved_at"]) == (5, 3)


def test_the_plain_loop_repairs_and_samples_in_turn(codegen, folder, tmp_path):
    first = (Message(role="system", content="s"), Message(role="user", content="u"))
    codegen.project.write_project(tmp_path, codegen.problems.read_problems(folder)[:1], {})
    (stub,) = codegen.run.Project(codegen.run.load_config(tmp_path)).files[0].stubs
    failure = SimpleNamespace(feedback="it returned 1")
    tries = [SimpleNamespace(number=number, reply="said", failure=failure) for number in (1, 2)]
    ask = codegen.plain.ask_plainly
    questions = [ask(first, tries[:count], 1, stub) for count in range(3)]
    assert [question.repairs for question in questions] == [None, 1, None]
    assert [question.request.temperature for question in questions] == [0.0, 0.0, 0.8]
    assert [question.request.first for question in questions] == [True, False, False]
    assert "it returned 1" in questions[1].request.messages[-1].content
    assert questions[2].request.messages == first


# one thing changed at a time


def test_variants_differ_from_the_first_in_one_thing(codegen):
    base, *others = codegen.ablate.variants("embedded").values()
    assert base.settings == {"confirm_samples": 0, "held_out": 0.25}
    for other in others:
        changed = [other.strategy is not base.strategy, other.settings != base.settings, other.without != base.without]
        assert changed.count(True) == 1
        assert sum(other.settings[key] != base.settings[key] for key in base.settings) <= 1


@pytest.mark.parametrize(
    ("one", "other", "p"), [(0, 0, 1.0), (3, 3, 1.0), (0, 5, 0.0625), (5, 0, 0.0625), (1, 8, 0.0390625)]
)
def test_a_sign_test_is_exact(codegen, one, other, p):
    assert codegen.ablate.sign_test(one, other) == p


def test_runs_are_compared_problem_by_problem(codegen, folder, tmp_path, monkeypatch, capsys):
    solved = {"plain": {"made_0"}, "nothing-held": {"made_1", "made_2"}}
    started = []

    def run(problems, out, label, setup):
        started.append(setup)
        right = next((names for part, names in solved.items() if part in label), {"made_0", "made_1"})
        for problem in problems:
            outcome = "compiled" if problem.name in right else "failed"
            tokens = 50 if "plain" in label else 100
            line = codegen.clerk.Line(name=problem.name, outcome=outcome, attempts=1, completion_tokens=tokens)
            codegen.clerk.write_line(out / f"{label}.jsonl", line)

    monkeypatch.setattr(codegen.ablate, "run", run)
    monkeypatch.setattr(codegen.score, "judge_all", lambda problems, root: {p.name: "" for p in problems})
    assert codegen.ablate.main(["--data", str(folder), "--out", str(tmp_path), "--limit", "3"]) == 0
    assert len(started) == 5
    table = (tmp_path / "made-ablate3.md").read_text(encoding="utf-8")
    assert table in capsys.readouterr().out
    rows = {line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1:] for line in table.splitlines()[2:]}
    assert rows["nothing changed"] == ["2 of 3", "", "", "", "0", "3", "0", "300", "0 |"]
    assert rows["plain loop, no search"] == ["1 of 3", "0", "1", "1.00", "0", "3 (+0%)", "0", "150 (-50%)", "0 |"]
    assert rows["nothing held out"][:4] == ["2 of 3", "1", "1", "1.00"]
    assert {path.suffix for path in tmp_path.iterdir()} == {".jsonl", ".json", ".md"}
    figures = json.loads((tmp_path / "made-ablate3-nothing-changed.figures.json").read_text(encoding="utf-8"))
    assert figures["accepted"] == 2
