from __future__ import annotations

import json
import socket

import pytest

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.compiler.compiler import Compiler, fits
from pytest_compiled_ai.compiler.kept import read_failure
from pytest_compiled_ai.compiler.question import first_prompt
from pytest_compiled_ai.errors import ConfigError, ProviderError
from pytest_compiled_ai.testing import ScriptedProvider, fenced, make_reply

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        >>> double(2)
        4
        """

    def test_zero() -> None:
        assert double(0) == 0
'''
PAIR = '''
    from decimal import Decimal

    from pytest_compiled_ai import spec

    @spec
    def first(n: int) -> Decimal:
        """Return n as a decimal.

        >>> first(2)
        Decimal('2')
        """

    @spec
    def second(n: int) -> int:
        """Return n squared.

        >>> second(3)
        9
        """
'''
LAX = {"imports": ["os", "pathlib", "pytest", "socket", "time"]}
"""A policy that leaves it to the jail."""
GOOD = fenced("def double(n: int) -> int:\n    return 2 * n")
WRONG = fenced("def double(n: int) -> int:\n    return n + 1")
FIRST = fenced("def first(n: int) -> Decimal:\n    # exact\n    return Decimal(n)")
SECOND = fenced("def second(n: int) -> int:\n    return n**2")
ARTIFACT, RECORD = "src/generated/number.py", "src/generated/number.provenance.json"


def test_a_right_body_is_written_at_the_first_try(bench):
    made, provider = bench({"specs/number.py": SPEC}), ScriptedProvider(GOOD)
    result = made.compile(provider)["double"]
    assert (result.before, result.outcome, result.attempts, result.message) == ("missing", "compiled", 1, "")
    assert (result.prompt_tokens, result.completion_tokens) == (10, len(GOOD.split()))
    assert result.tier.startswith("jailed")
    assert made.read(ARTIFACT).endswith('    4\n    """\n    return 2 * n\n')
    assert set(made.tree()) == {"src/generated/__init__.py", ARTIFACT, RECORD}
    record = read_records(made.root / RECORD)["double"]
    assert record["gates"] == [
        "suppressions", "characters", "policy", "imports", "secrets", "bandit",
        "elision", "size", "mypy", "tests", "confirm",
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


def test_a_failed_test_is_told_and_the_body_repaired(bench):
    made, provider = bench({"specs/number.py": SPEC}), ScriptedProvider(WRONG, GOOD)
    result = made.compile(provider)["double"]
    assert (result.outcome, result.attempts) == ("compiled", 2)
    first, second = provider.requests
    assert second.messages[: len(first.messages)] == first.messages
    assert second.messages[-2].content == WRONG
    asked = second.messages[-1].content
    assert "double fails" in asked
    assert "test_zero fails" in asked
    assert "assert 1 == 0" in asked
    assert not second.first
    assert made.watcher.refusals == ["2 of 2 tests failed: double: double(2) gave 3"]
    assert [kind for *_, kind in made.watcher.named("attempt_started")] == ["ask", "repair"]


@pytest.mark.usefixtures("near")
def test_after_the_last_refused_attempt_nothing_is_written_and_the_failure_is_kept(bench):
    made = bench({"specs/number.py": SPEC})
    provider = ScriptedProvider("I cannot do that.", WRONG, make_reply(GOOD, finish="length"), WRONG)
    report = made.report(provider, attempts=4)
    (result,) = report.results
    assert report.failed
    assert (result.outcome, result.attempts) == ("failed", 4)
    assert result.message.startswith("no body passed in 4 attempts: 2 of 2 tests failed")
    assert "compiled-ai explain specs/number.py::double" in result.message
    assert made.tree() == {}
    kept = read_failure(made.root, "specs/number.py::double")
    assert kept is not None
    assert kept["attempt"] == 2
    assert "return n + 1" in kept["candidate"]
    assert "cut off" in kept["attempts"][2]
    # The same code again is not judged again.
    assert sum(name == "tests" for (name,) in made.watcher.named("gate_started")) == 1

    assert made.compile(ScriptedProvider(GOOD))["double"].outcome == "compiled"
    assert read_failure(made.root, "specs/number.py::double") is None


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
    assert {result.outcome for result in results.values()} == {"compiled"}
    assert "from generated.side import side" in made.read("src/generated/area.py")
    assert "exists already" in provider.requests[1].messages[1].content


@pytest.mark.usefixtures("near")
def test_a_stale_body_that_still_passes_is_restamped_without_a_question(bench):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    made.edit("specs/number.py", "assert double(0) == 0", "assert double(5) == 10")
    provider = ScriptedProvider(GOOD)
    result = made.compile(provider)["double"]
    assert (result.before, result.outcome, result.attempts) == ("stale", "restamped", 0)
    assert provider.requests == []
    record = read_records(made.root / RECORD)["double"]
    assert record["digest"] in made.read(ARTIFACT)
    assert record["provider"] == "scripted"

    made.edit("specs/number.py", "assert double(5) == 10", "assert double(-1) == 0")
    provider = ScriptedProvider(fenced("def double(n: int) -> int:\n    return max(0, 2 * n)"))
    result = made.compile(provider)["double"]
    assert (result.before, result.outcome, result.attempts) == ("stale", "compiled", 1)


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
def test_a_provider_that_goes_away_fails_the_spec_and_blames_no_candidate(bench):
    made = bench({"specs/number.py": SPEC})
    result = made.compile(ScriptedProvider(WRONG, ProviderError("the server is gone.")))["double"]
    assert (result.outcome, result.attempts, result.message) == ("failed", 1, "the server is gone.")
    assert made.tree() == {}


def test_hostile_bodies_are_refused_in_words_and_leave_nothing_behind(bench, tmp_path):
    made, outside = bench({"specs/number.py": SPEC}), tmp_path / "outside.txt"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        bodies = [
            "big = bytearray(10**12)\nreturn len(big)",
            f"from pathlib import Path\nPath('/', *{outside.parts[1:]}).write_text('x')\nreturn 2 * n",
            f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()\nreturn 2 * n",
            "import os\nos.kill(os.getpid(), 9)\nreturn 2 * n",
            "import os\nos._exit(0)",
            "import pytest\npytest.skip('later')",
        ]
        replies = ["def double(n: int) -> int:\n    " + body.replace("\n", "\n    ") for body in bodies]
        result = made.compile(ScriptedProvider(*map(fenced, replies)), attempts=len(bodies), policy=LAX)["double"]
    assert result.outcome == "failed"
    hungry, writing, calling, killing, leaving, skipping = made.watcher.refusals
    assert "MiB" in hungry or "MemoryError" in hungry
    assert "raised PermissionError" in writing
    assert "raised PermissionError" in calling or "SIGSYS" in calling
    assert "SIGKILL" in killing or "system call" in killing
    assert "`os._exit` is private" in leaving
    assert "later" in skipping
    assert not outside.exists()
    assert made.tree() == {}
    assert {path.name for path in made.root.iterdir()} == {"pyproject.toml", "specs", ".compiled-ai"}


def test_an_endless_body_is_refused_when_its_time_is_over(bench):
    made = bench({"specs/number.py": SPEC})
    endless = fenced("def double(n: int) -> int:\n    import time\n    while True:\n        time.sleep(0.01)")
    result = made.compile(ScriptedProvider(endless), attempts=1, timeout=4, policy=LAX)["double"]
    assert result.outcome == "failed"
    assert "the tests did not end" in result.message
    assert "4 s" in result.message
    assert made.tree() == {}


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


def test_notes_tell_of_vacuous_and_skipped_tests_and_of_lines_that_no_test_reaches(bench):
    more = SPEC + (
        "\n    def test_nothing() -> None:\n        assert True\n"
        "\n    import pytest\n\n    @pytest.mark.skip\n    def test_later() -> None:\n        assert double(1) == 2\n"
    )
    made = bench({"specs/number.py": more})
    body = "def double(n: int) -> int:\n    if n > 100:\n        return n + n\n    return 2 * n"
    result = made.compile(ScriptedProvider(fenced(body)))["double"]
    assert result.outcome == "compiled"
    notes = "\n".join(result.notes)
    assert "passes without the function, so it proves nothing: specs/number.py::test_nothing" in notes
    assert "is skipped: specs/number.py::test_later" in notes
    assert "no test reaches line 8 of the body (2/3 lines, 1 branches not taken)" in notes


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


def test_the_first_prompt_shows_the_tests_of_all_test_files(bench):
    made = bench(
        {
            "specs/number.py": SPEC.replace("@spec", '@spec(tests=["tests/test_more.py"])'),
            "tests/test_more.py": "from specs.number import double\n\ndef test_more():\n    assert double(7) == 14\n",
        }
    )
    project = made.project()
    text = first_prompt(project, *project.find("double"))[1].content
    assert "def test_zero" in text
    assert "assert double(7) == 14" in text
    assert json.dumps(">>> double(2)")[1:-1] in text


@pytest.mark.usefixtures("near")
def test_a_spec_that_asks_for_a_seal_that_is_not_there_is_refused(bench):
    made, provider = (
        bench({"specs/number.py": SPEC.replace("@spec", '@spec(isolation="sealed")')}),
        ScriptedProvider(GOOD),
    )
    assert "its tests can only run jailed" in made.compile(provider)["double"].message
    assert provider.requests == []


@pytest.mark.usefixtures("near")
def test_a_spec_whose_used_spec_has_no_body_waits_for_it(bench):
    made = bench({"specs/number.py": PAIR.replace("@spec\n    def second", "@spec(uses=[first])\n    def second")})
    provider = ScriptedProvider(fenced("def first(n):\n    return None"))
    results = made.compile(provider, attempts=1)
    assert "it uses specs/number.py::first, which has no body yet" in results["second"].message
    assert len(provider.requests) == 1
