from __future__ import annotations

from dataclasses import replace

import pytest
from compiler_scripts import ARTIFACT, FIRST, GOOD, PAIR, RECORD, SECOND, SPEC, WRONG

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.config import Budget
from pytest_compiled_ai.errors import ConfigError, ProviderError
from pytest_compiled_ai.providers.recorded import RecordedProvider
from pytest_compiled_ai.specs.order import fits
from pytest_compiled_ai.testing import ScriptedProvider, fenced, make_reply


def test_a_right_body_is_written_at_the_first_try(bench):
    made, provider = bench({"specs/number.py": SPEC}), ScriptedProvider(GOOD)
    result = made.compile(provider)["double"]
    assert (result.before, result.outcome, result.attempts, result.message) == ("missing", "compiled", 1, "")
    assert (result.prompt_tokens, result.completion_tokens) == (10, len(GOOD.split()))
    assert result.tier.startswith("sealed: ")
    assert made.read(ARTIFACT).endswith('    4\n    """\n    return 2 * n\n')
    assert set(made.tree()) == {"src/generated/__init__.py", ARTIFACT, RECORD}
    record = read_records(made.root / RECORD)["double"]
    assert [gate["gate"] for gate in record["gates"]] == [
        "suppressions", "characters", "policy", "imports", "secrets", "bandit",
        "elision", "size", "hard-coding", "mypy", "tests", "determinism", "confirm",
    ]  # fmt: skip
    assert record["tests"] == ["specs/number.py::double", "specs/number.py::test_zero"]
    assert (record["provider"], record["attempt"], record["coverage"]) == ("scripted", 1, "1/1 lines")
    assert provider.is_closed
    assert [request.first for request in provider.requests] == [True]
    assert made.watcher.named("run_started") == [("a script", "scripted", 1, 0, 8.0)]
    assert not (made.root / "specs" / "__pycache__").exists()

    asked = len(provider.requests)
    assert made.compile(provider)["double"].outcome == "fresh"
    assert len(provider.requests) == asked
    assert made.watcher.named("run_started") == []


@pytest.mark.usefixtures("near")
def test_a_second_compile_from_nothing_gives_the_same_bytes(bench):
    made = bench({"specs/number.py": PAIR})
    made.compile(ScriptedProvider(FIRST, SECOND))
    before = made.tree()
    for name in before:
        (made.root / name).unlink()
    assert made.tree() == {}
    made.compile(ScriptedProvider(FIRST, SECOND))
    assert made.tree() == before


@pytest.mark.usefixtures("near")
def test_a_run_behind_a_failed_one_replays_it_for_nothing_and_goes_on(bench, tmp_path):
    made = bench({"specs/number.py": SPEC})
    first = made.compile(RecordedProvider(ScriptedProvider(WRONG), tmp_path / "replies"), attempts=2)["double"]
    assert (first.outcome, first.attempts, first.replayed) == ("failed", 2, 0)
    model = ScriptedProvider(WRONG, GOOD)
    second = made.compile(RecordedProvider(model, tmp_path / "replies"), attempts=2)["double"]
    assert (second.outcome, second.attempts, second.replayed, len(model.requests)) == ("compiled", 4, 2, 2)
    assert second.prompt_tokens == 20
    record = read_records(made.root / RECORD)["double"]
    assert (record["attempt"], record["prompt_tokens"]) == (4, 40)


@pytest.mark.usefixtures("near")
def test_a_provider_is_asked_where_those_before_it_found_nothing(bench):
    made, small, big = bench({"specs/number.py": PAIR}), ScriptedProvider(FIRST, WRONG), ScriptedProvider(SECOND)
    big.name = big.model = big.where = "big"
    compiler = Compiler(made.project(attempts=2), lambda: (small, big), made.watcher)
    first, second = compiler.compile().results
    assert [(result.outcome, result.attempts) for result in (first, second)] == [("compiled", 1), ("compiled", 3)]
    assert (len(small.requests), len(big.requests)) == (3, 1)
    assert big.requests[0].first
    assert made.watcher.named("run_started")[0][:2] == ("a script, then big", "scripted, then big")
    records = read_records(made.root / RECORD)
    assert [records[name]["provider"] for name in ("first", "second")] == ["scripted", "big"]
    assert (records["second"]["attempt"], records["second"]["prompt_tokens"]) == (3, 30)
    assert small.is_closed
    assert big.is_closed


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("budget", "asked", "said"),
    [
        (Budget(tokens=15), 1, "of 15 tokens); run again to go on, or raise tokens in"),
        (Budget(cost=0.25), 1, "0.3000 of 0.25); run again"),
        (Budget(seconds=1e-9), 0, "s); run again to go on, or raise seconds in"),
    ],
)
def test_no_question_is_asked_beyond_the_budget(bench, budget, asked, said):
    made = bench({"specs/number.py": PAIR})
    reply = replace(make_reply(WRONG), cost=0.3)
    model = ScriptedProvider(reply)
    results = made.compile(model, budget=budget, price=(1.0, 1.0))
    assert [result.outcome for result in results.values()] == ["failed", "failed"]
    assert all("this run's budget is spent (" in result.message for result in results.values())
    assert said in results["second"].message
    assert len(model.requests) == asked
    assert results["first"].cost == pytest.approx(0.3 * asked)


@pytest.mark.usefixtures("near")
def test_what_is_replayed_is_on_no_account(bench, tmp_path):
    made = bench({"specs/number.py": SPEC})
    made.compile(RecordedProvider(ScriptedProvider(WRONG), tmp_path / "replies"), attempts=3)
    model = ScriptedProvider(GOOD)
    result = made.compile(RecordedProvider(model, tmp_path / "replies"), attempts=3, budget=Budget(tokens=15))["double"]
    assert (result.outcome, result.attempts) == ("compiled", 4)


@pytest.mark.usefixtures("near")
def test_a_strategy_may_give_up(bench):
    made = bench({"specs/number.py": SPEC})
    compiler = Compiler(made.project(), lambda: (ScriptedProvider(WRONG),), made.watcher, lambda *_: None)
    (result,) = compiler.compile().results
    assert (result.outcome, result.attempts) == ("failed", 0)


@pytest.mark.usefixtures("near")
def test_one_spec_fails_and_the_other_is_written_and_stays_as_it_is(bench):
    made = bench({"specs/number.py": PAIR})
    results = made.compile(ScriptedProvider(fenced("def first(n):\n    return None"), SECOND), attempts=1)
    assert (results["first"].outcome, results["second"].outcome) == ("failed", "compiled")
    alone = made.read(ARTIFACT)
    assert "def first" not in alone
    assert "import Decimal" not in alone

    results = made.compile(ScriptedProvider(FIRST))
    assert (results["first"].outcome, results["second"].outcome) == ("compiled", "fresh")
    section = alone[alone.index("# spec") :]
    assert made.read(ARTIFACT).endswith("\n\n" + section)
    assert set(read_records(made.root / RECORD)) == {"first", "second"}


def test_a_used_spec_comes_first_and_is_imported_by_the_body(bench):
    files = {
        "specs/area.py": '''
            from pytest_compiled_ai import spec
            from specs.side import side

            @spec(uses=[side])
            def area(n: int) -> int:
                """Return the square of the side.

                >>> area(3)
                36
                """
        ''',
        "specs/side.py": '''
            from pytest_compiled_ai import spec

            @spec
            def side(n: int) -> int:
                """Return twice n.

                >>> side(3)
                6
                """
        ''',
    }
    made = bench(files)
    provider = ScriptedProvider(
        fenced("def side(n: int) -> int:\n    return 2 * n"),
        fenced("from generated.side import side\n\ndef area(n: int) -> int:\n    return side(n) ** 2"),
    )
    results = made.compile(provider)
    assert list(results) == ["side", "area"]
    assert {result.message for result in results.values()} == {""}
    assert {result.outcome for result in results.values()} == {"compiled"}
    assert "from generated.side import side" in made.read("src/generated/area.py")
    assert "exists already" in provider.requests[1].messages[1].content


@pytest.mark.usefixtures("near")
def test_an_edit_by_hand_is_kept_and_a_conflict_fails_unless_forced(bench):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    made.edit(ARTIFACT, "return 2 * n", "return n + n")
    provider = ScriptedProvider(GOOD)
    edited = made.compile(provider)["double"]
    assert (edited.before, edited.outcome) == ("edited", "kept")
    assert "--compile-ai-force" in edited.message

    made.edit("specs/number.py", "Return twice n.", "Return two times n.")
    conflict = made.compile(provider)["double"]
    assert (conflict.before, conflict.outcome) == ("conflict", "failed")
    assert "return n + n" in made.read(ARTIFACT)
    assert provider.requests == []

    forced = made.compile(provider, force=True)["double"]
    assert (forced.before, forced.outcome, len(provider.requests)) == ("conflict", "compiled", 1)
    assert "return 2 * n" in made.read(ARTIFACT)


@pytest.mark.usefixtures("near")
def test_an_interruption_keeps_what_is_done_and_goes_on(bench):
    third = SPEC.replace("double", "third")
    made = bench({"specs/number.py": PAIR, "specs/other.py": third})
    provider = ScriptedProvider(FIRST, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        made.compile(provider)
    assert "def first" in made.read(ARTIFACT)
    assert "def second" not in made.read(ARTIFACT)
    ((report,),) = made.watcher.named("run_ended")
    outcomes = [(result.id.partition("::")[2], result.outcome) for result in report.results]
    assert outcomes == [("first", "compiled"), ("second", "interrupted"), ("third", "interrupted")]
    assert report.failed
    assert provider.is_closed


@pytest.mark.usefixtures("near")
def test_a_provider_that_never_answered_ends_the_run(bench):
    made, provider = bench({"specs/number.py": PAIR}), ScriptedProvider(ProviderError("no server."))
    with pytest.raises(ProviderError, match="no server"):
        made.compile(provider)
    ((report,),) = made.watcher.named("run_ended")
    assert [(result.outcome, result.message) for result in report.results] == [("failed", ""), ("failed", "")]
    assert len(provider.requests) == 1
    assert provider.is_closed


@pytest.mark.usefixtures("near")
def test_behind_three_specs_that_nobody_answers_none_is_begun(bench):
    names = ["double", *(f"double{n}" for n in range(1, 6))]
    made = bench({f"specs/{name}.py": SPEC.replace("double", name) for name in names})
    provider = ScriptedProvider(GOOD, ProviderError("the line is dead."))
    results = made.compile(provider)
    assert [(name, results[name].outcome) for name in results] == list(
        zip(names, ["compiled", "failed", "failed", "failed", "interrupted", "interrupted"], strict=True)
    )
    assert len(provider.requests) == 4
    assert results["double3"].message == "the line is dead."
    assert results["double4"].message == "not begun: no model answers any more; run again to go on."
    assert made.watcher.named("spec_started")[-1][0] == "specs/double3.py::double3"


def test_a_faulty_spec_is_refused_before_any_question(bench):
    head = "from pytest_compiled_ai import spec\n\n@spec\ndef double(n: int) -> int:\n    "
    files = {
        "specs/untested.py": head + '"""Return twice n."""\n',
        "specs/broken.py": "import no_such_module_here\n" + head + '"""Twice n.\n\n    >>> double(1)\n    2\n    """\n',
        "specs/aside.py": head + '"""Twice n."""\n\ndef test_other() -> None:\n    assert 1 + 1 == 2\n',
        "specs/untyped.py": head.replace("n: int", "n: int = 'x'") + '"""Twice.\n\n    >>> double(1)\n    2\n    """\n',
        "specs/early.py": head + '"""Twice n."""\n\ndef test_name() -> None:\n    assert double(nn) == 2\n',
    }
    made, provider = bench(files), ScriptedProvider(GOOD)
    report = made.report(provider)
    assert provider.requests == []
    assert report.failed
    said = {result.id: result.message for result in report.results}
    assert "has no tests" in said["specs/untested.py::double"]
    assert "no_such_module_here" in said["specs/broken.py::double"]
    assert "no test calls double" in said["specs/aside.py::double"]
    assert "type-check" in said["specs/untyped.py::double"]
    assert "before it calls double: NameError" in said["specs/early.py::double"]
    assert made.tree() == {}


@pytest.mark.usefixtures("near")
@pytest.mark.filterwarnings("error")
def test_the_project_s_warning_filters_do_not_judge_a_reply(bench):
    made = bench({"specs/number.py": SPEC})
    body = fenced('def double(n: int) -> int:\n    return 2 * n + 0 * len("\\d")')
    result = made.compile(ScriptedProvider(body))["double"]
    assert result.outcome == "compiled"
    assert made.compile(ScriptedProvider(body))["double"].outcome == "fresh"


@pytest.mark.usefixtures("near")
def test_only_chooses_by_id_name_or_file(bench):
    made = bench({"specs/number.py": PAIR})
    assert list(made.compile(ScriptedProvider(SECOND), only="sec*")) == ["second"]
    assert "def first" not in made.read(ARTIFACT)
    assert fits("specs/a.py::f", "specs/a.py")
    assert fits("specs/a.py::f", "specs/a.py::f")
    assert not fits("specs/a.py::f", "g")


def test_an_unreadable_spec_file_is_a_problem_and_an_unusable_signature_a_failure(bench):
    unusable = "from pytest_compiled_ai import spec\n\nclass Own: ...\n\n@spec\ndef f(x: Own) -> int:\n    ...\n"
    made = bench({"specs/bad.py": "import pytest_compiled_ai\ndef (:\n", "specs/own.py": unusable})
    report = made.report(ScriptedProvider(GOOD))
    assert len(report.problems) == 1
    assert "specs/bad.py:2" in report.problems[0]
    assert "move it to a project module" in report.results[0].message


def test_an_unwritable_generated_folder_stops_before_any_question(bench):
    made, provider = bench({"specs/number.py": SPEC, "src": "a file\n"}), ScriptedProvider(GOOD)
    with pytest.raises(ConfigError, match="no artifact could be kept"):
        made.compile(provider)
    assert provider.requests == []


def test_whoever_held_the_lock_may_have_compiled_it_meanwhile(bench, monkeypatch):
    made = bench({"specs/number.py": SPEC})
    compiler = Compiler(made.project(), lambda: pytest.fail("no work, no provider"), made.watcher)
    todo = iter([["work"], []])
    monkeypatch.setattr(compiler, "_todo", lambda *_: next(todo))
    assert compiler.compile().results == ()


def test_a_spec_whose_project_files_cannot_be_read_fails_alone(bench, monkeypatch):
    made = bench({"specs/number.py": SPEC})
    project = made.project()

    def standing(*_):
        raise ConfigError("specs/number.py:1: unreadable.")

    monkeypatch.setattr(project, "standing", standing)
    report = Compiler(project, lambda: pytest.fail("no work, no provider"), made.watcher).compile()
    assert [result.message for result in report.results] == ["specs/number.py:1: unreadable."]


def without_a_model(made) -> Compiler:
    def provide():
        raise ProviderError("no model to ask.")

    return Compiler(made.project(timeout=240), provide, made.watcher)


@pytest.mark.usefixtures("near")
def test_a_body_that_still_passes_is_restamped_where_no_model_is(bench):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    made.edit("specs/number.py", "assert double(0) == 0", "assert double(5) == 10")
    (result,) = without_a_model(made).compile().results
    assert (result.before, result.outcome) == ("stale", "restamped")
    assert made.watcher.named("run_started")[-1][:2] == ("nobody", "no model is there")


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("name", ["stale", "missing"])
def test_what_needs_a_model_says_why_there_is_none_and_the_body_stays(bench, name):
    made = bench({"specs/number.py": SPEC})
    if name == "stale":
        made.compile(ScriptedProvider(GOOD))
        made.edit("specs/number.py", "assert double(0) == 0", "assert double(5) == 11")
    before = made.tree()
    with pytest.raises(ProviderError, match="no model to ask"):
        without_a_model(made).compile()
    assert made.tree() == before


ROUND_TRIP = '''
    from pytest_compiled_ai import spec

    @spec
    def write(n: int) -> str:
        """Write a number.

        >>> write(3)
        '3'
        """

    @spec
    def read(text: str) -> int:
        """Read a number.

        >>> read("3")
        3
        """

    def test_what_is_written_can_be_read() -> None:
        assert read(write(-7)) == -7
'''
WRITE, WRITE_DIGITS = (
    fenced(f"def write(n: int) -> str:\n    return {value}\n")
    for value in ("str(n)", "''.join(c for c in str(n) if c.isdigit())")
)
READ, READ_DIGITS = (
    fenced(f"def read(text: str) -> int:\n    return int({value})\n") for value in ("text", "text.lstrip('-')")
)


@pytest.mark.parametrize("names", [("write", "read"), ("read", "write")])
def test_a_test_of_two_specs_waits_for_the_other_one_and_holds_for_it(bench, names):
    made = bench({"specs/numbers.py": ROUND_TRIP})
    replies = {"write": (WRITE_DIGITS, WRITE), "read": (READ_DIGITS, READ)}
    first, second = names
    # Nothing tells yet that the first body is right, or is not.
    assert made.compile(ScriptedProvider(replies[first][1]), only=first)[first].outcome == "compiled"
    done = made.compile(ScriptedProvider(*replies[second]), only=second)[second]
    assert (done.outcome, done.attempts) == ("compiled", 2)


def test_a_spec_that_is_used_and_was_not_chosen_has_to_have_a_body(bench):
    made = bench({"specs/numbers.py": ROUND_TRIP.replace("@spec\n    def read", "@spec(uses=[write])\n    def read")})
    result = made.compile(ScriptedProvider(READ), only="read")["read"]
    assert (result.outcome, result.attempts) == ("failed", 0)
    assert result.message == "it uses specs/numbers.py::write, which has no body yet; compile that first."
