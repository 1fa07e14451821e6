from __future__ import annotations

import json

import pytest
from doubles import NoMypy
from function_calling_sets import BODIES, load_function_calling, write_calls, write_official

from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.gates.base import Stage, Verdict, passing
from pytest_compiled_ai.testing import ScriptedProvider, make_reply


class Confirmed:
    """Stands for the last gate, which takes longer than all the others."""

    name, stage = "confirm", Stage.ACCURACY

    def __init__(self, *_: object) -> None:
        pass

    def check(self, *_: object) -> Verdict:
        return passing(self)


class ByFunction:
    """Says the body of the function that a prompt names, or of the first ones a constant."""

    name = model = "scripted"
    where = "a script"

    def __init__(self, bodies):
        self.bodies = bodies

    def complete(self, request, on_token=None):
        said = request.messages[1].content
        body = next((body for name, body in self.bodies.items() if f"`{name}`" in said), "\n    return {}\n")
        return make_reply(f"```python\ndef read_arguments(text: str) -> dict[str, Any]:{body}```")

    def close(self):
        pass


@pytest.fixture(scope="module")
def calling():
    return load_function_calling()


@pytest.fixture
def say(calling, monkeypatch):
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    monkeypatch.setattr(workshop, "Confirm", Confirmed)
    monkeypatch.setattr(calling.codegen, "ATTEMPTS", 1)

    def script(bodies):
        monkeypatch.setattr(calling.codegen, "create_providers", lambda *_: (ByFunction(bodies),))

    return script


def figures_of(path):
    return json.loads(path.with_suffix(".figures.json").read_text(encoding="utf-8"))


def test_a_set_is_compiled_and_scored_on_other_calls(calling, say, tmp_path, capsys):
    say(BODIES)
    options = ["--data", str(write_calls(tmp_path / "sets")), "--set", "simple_python", "--out", str(tmp_path)]
    assert calling.run.main([*options, "--limit", "1"]) == 0
    assert calling.run.main(options) == 0
    lines = calling.score.read_lines(tmp_path / "simple_python.jsonl")
    assert {line["name"]: line["outcome"] for line in lines} == {"made_0": "compiled", "made_2": "failed"}
    python = write_official(tmp_path / "official")
    assert calling.score.main([*options, "--python", str(python)]) == 0
    found = figures_of(tmp_path / "simple_python")
    assert (found["specs"], found["accepted"]) == (2, 1)
    assert (found["derivable"]["right"], found["derivable"]["of"]) == (6, 6)
    assert (found["not derivable"]["right"], found["not derivable"]["of"]) == (0, 6)
    assert (found["own calls"]["right"], found["own calls"]["of"]) == (1, 2)
    assert (found["specs with every scored call right"]["share"], found["disagreements"]) == (0.5, [])
    assert list(found["refused"]) == ["made_2"]
    said = capsys.readouterr().out
    assert "| derivable | 6 of 6 = 100.0% (" in said
    assert "| judged by both checkers, disagreements | 7, 0 |" in said
    rows = json.loads((tmp_path / "simple_python.outputs.json").read_text(encoding="utf-8"))
    assert sum(row["own"] for row in rows) == 2
    assert {row["fault"] for row in rows if row["task"] == "made_2"} == {"no body was accepted"}


def test_a_constant_is_not_accepted(calling, say, tmp_path):
    say({"oven.set": '\n    return {"degrees": 180.0, "dish": "lasagne"}\n'})
    options = ["--data", str(write_calls(tmp_path / "sets")), "--set", "simple_python", "--out", str(tmp_path)]
    assert calling.run.main(options) == 0
    assert {line["outcome"] for line in calling.score.read_lines(tmp_path / "simple_python.jsonl")} == {"failed"}


def test_groups_are_scored_on_unseen_calls_and_a_disagreement_is_an_error(calling, say, tmp_path, monkeypatch, capsys):
    say(BODIES)
    options = ["--data", str(write_calls(tmp_path / "sets")), "--set", "exec_simple", "--out", str(tmp_path)]
    assert calling.run.main(options) == 0
    monkeypatch.setattr(calling.official, "find_fault", lambda call, output: "never")
    assert calling.score.main([*options, "--python", str(write_official(tmp_path / "official"))]) == 1
    found = figures_of(tmp_path / "exec_simple")
    assert found["all"]["right"] == found["of accepted specs"]["of"] == 2
    assert "ours says 'never', the official one 'accepted'" in capsys.readouterr().out
    assert calling.score.main(options) == 0
    assert "disagreements" not in figures_of(tmp_path / "exec_simple")


def test_what_a_body_makes_of_a_text(calling, tmp_path):
    call = calling.calls.read_calls(write_calls(tmp_path), "simple_python")[0]
    line = {"name": "made_0", "outcome": "compiled"}
    (tmp_path / "src" / "generated").mkdir(parents=True)
    task = calling.tasks.read_tasks(tmp_path, "simple_python")[0]

    def answers(body):
        (tmp_path / "src" / "generated" / "made_0.py").write_text(
            f"def read_arguments(text):\n    {body}\n", encoding="utf-8"
        )
        return calling.score.answer_all([task], [line], tmp_path)

    raised, listed = answers("raise KeyError(text[:8])"), answers("return [1]")
    assert raised[0].fault == "KeyError: 'Heat the'"
    assert listed[0].fault == "it is no dict: [1]"
    wrong = answers('return {"degrees": 180.0}')[-1]
    assert (wrong.call, wrong.fault, wrong.is_own) == (call, "dish is required", True)
    assert wrong.output == [{"oven.set": {"degrees": 180.0}}]


def test_the_official_checker_and_prompt_are_asked_by_a_process(calling, tmp_path):
    call = calling.calls.read_calls(write_calls(tmp_path / "sets"), "exec_simple")[0]
    python = write_official(tmp_path / "official")
    judged = [(call, [{"ferry.book": {"seats": seats}}]) for seats in (12, 13)] + [(call, [])]
    first, second, third = calling.official.judge_officially(python, judged)
    assert (first, second) == ("", "['seats']")
    assert third.startswith("IndexError: "), "a checker that breaks accepts nothing"
    (prompt,) = calling.official.write_prompts(python, [call])
    assert prompt.startswith("You call functions.\n[")
    assert '"name": "ferry.book"' in prompt
    with pytest.raises(RuntimeError, match=r"bfcl-eval cannot be run by .*ModuleNotFoundError.*pip install --no-deps"):
        calling.official.judge_officially(write_official(tmp_path / "broken", broken=True), judged)


def test_the_model_is_asked_at_run_time_once_for_each_call(calling, tmp_path, monkeypatch, capsys):
    provider = ScriptedProvider("[ferry.book(seats=12)]", "I cannot.", "ferry.book(seats=30)", "never asked")
    monkeypatch.setattr(calling.codegen, "create_providers", lambda *_: (provider,))
    python = write_official(tmp_path / "official")
    options = ["--data", str(write_calls(tmp_path / "sets")), "--set", "exec_simple", "--out", str(tmp_path)]
    options += ["--python", str(python)]
    assert calling.runtime.main([*options, "--limit", "3"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["calls"], found["right"]) == (3, 2)
    assert found["tokens a call"] == {"in": 10.0, "out": pytest.approx(4 / 3)}
    assert "calls to break even" not in found
    assert provider.requests[0].messages[1].content.startswith("It is my first time")
    assert provider.requests[0].messages[0].content.startswith("You call functions.")
    lines = calling.score.read_lines(tmp_path / "exec_simple.runtime.jsonl")
    assert [bool(line["fault"]) for line in lines] == [False, True, False]
    compiled = {"name": "x", "prompt_tokens": 100, "completion_tokens": 70}
    (tmp_path / "exec_simple.jsonl").write_text(json.dumps(compiled) + "\n", encoding="utf-8")
    assert calling.runtime.main([*options, "--limit", "3"]) == 0
    assert len(provider.requests) == 3
    assert json.loads(capsys.readouterr().out)["calls to break even"] == pytest.approx(170 / (10 + 4 / 3))
    assert calling.runtime.main(options) == 0
    assert len(provider.requests) == 4
    assert calling.runtime.summarize([], [])["share"] == 0.0
