"""One spec from stub to approved body, most of it by real runs; mypy has tests of its own."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from compiler_scripts import ARTIFACT, GOOD, LAX, PAIR, RECORD, SPEC, WRONG

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.compiler import tiers
from pytest_compiled_ai.compiler.confirm import Confirm
from pytest_compiled_ai.compiler.kept import read_failure
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.gates.base import failing
from pytest_compiled_ai.gates.execution import Tests
from pytest_compiled_ai.testing import ScriptedProvider, fenced, make_reply


def reply(*bodies, head="def double(n: int) -> int:"):
    return [fenced(f"{head}\n    " + body.replace("\n", "\n    ")) for body in bodies]


@pytest.mark.usefixtures("untyped")
def test_a_failed_test_is_told_and_the_body_repaired(bench):
    made, provider = bench({"specs/number.py": SPEC}), ScriptedProvider(WRONG, WRONG, WRONG, GOOD)
    result = made.compile(provider)["double"]
    assert (result.outcome, result.attempts) == ("compiled", 4)
    first, noted, fresh, repair = provider.requests
    assert noted.messages == fresh.messages == first.messages
    assert "# - double(2) gave 3, not 4" in noted.note
    assert "# - assert 1 == 0" in noted.note
    assert not fresh.note
    assert repair.messages[: len(first.messages)] == first.messages
    assert repair.messages[-2].content == WRONG
    asked = repair.messages[-1].content
    assert "double fails" in asked
    assert "test_zero fails" in asked
    assert "assert 1 == 0" in asked
    assert [request.first for request in provider.requests] == [True, False, False, False]
    assert made.watcher.refusals == ["2 of 2 tests failed: double: double(2) gave 3"] * 3
    assert [kind for *_, kind in made.watcher.named("attempt_started")] == ["ask", "ask", "ask", "repair"]


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
def test_a_stale_body_that_is_not_confirmed_is_asked_for_anew(bench, monkeypatch):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    made.edit("specs/number.py", "assert double(0) == 0", "assert double(5) == 10")
    monkeypatch.setattr(Confirm, "check", lambda self, *_: failing(self, "not so."))
    result = made.compile(ScriptedProvider(GOOD), attempts=1)["double"]
    assert (result.before, result.outcome, result.attempts) == ("stale", "failed", 1)
    assert made.watcher.refusals == ["not so."]


@pytest.mark.usefixtures("near")
def test_a_provider_that_goes_away_fails_the_spec_and_blames_no_candidate(bench):
    made = bench({"specs/number.py": SPEC})
    result = made.compile(ScriptedProvider(WRONG, ProviderError("the server is gone.")))["double"]
    assert (result.outcome, result.attempts, result.message) == ("failed", 1, "the server is gone.")
    assert made.tree() == {}


@pytest.mark.usefixtures("sealed", "untyped")
def test_hostile_bodies_are_refused_in_words_and_leave_nothing_behind(bench, tmp_path):
    made, outside = bench({"specs/number.py": SPEC}), tmp_path / "outside.txt"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        bodies = [
            f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()\nreturn 2 * n",
            "big = bytearray(10**12)\nreturn len(big)",
            f"from pathlib import Path\nPath('/', *{outside.parts[1:]}).write_text('x')\nreturn 2 * n",
            "import os\nos.kill(os.getpid(), 9)\nreturn 2 * n",
            "import os\nos._exit(0)",
            "import pytest\npytest.skip('later')",
            "import pytest\npytest.xfail('later')",
        ]
        provider = ScriptedProvider(*reply(*bodies))
        result = made.compile(provider, attempts=len(bodies), policy=LAX)["double"]
    assert result.outcome == "failed"
    calling, hungry, writing, killing, leaving, *skipping = made.watcher.refusals
    assert "MiB" in hungry or "MemoryError" in hungry
    assert "FileNotFoundError" in writing or "PermissionError" in writing
    assert calling == "the body is hostile: double(2): the body made a forbidden system call (SIGSYS)."
    assert "The code was killed" in provider.requests[1].note
    assert "PermissionError" in killing
    assert "`os._exit` is private" in leaving
    assert all("2 of 2 tests failed: double: double(2) raised ModuleNotFoundError" in said for said in skipping)
    assert not outside.exists()
    assert made.tree() == {}
    assert {path.name for path in made.root.iterdir()} == {"pyproject.toml", "specs", ".compiled-ai"}


JAILED = SPEC.replace("@spec", '@spec(isolation="jailed")')


@pytest.mark.usefixtures("untyped")
def test_in_the_jail_a_skip_or_an_xfail_of_the_body_is_a_failure(bench):
    made = bench({"specs/number.py": JAILED})
    bodies = ["import pytest\npytest.skip('later')", "import pytest\npytest.xfail('later')", "return 2 * n"]
    result = made.compile(ScriptedProvider(*reply(*bodies)), attempts=3, policy=LAX)["double"]
    assert made.watcher.refusals == [
        "2 of 2 tests failed: double: skipped: later",
        "2 of 2 tests failed: double: xfailed: later",
    ]
    assert (result.outcome, result.attempts) == ("compiled", 3)
    assert result.tier.startswith("jailed: ")
    assert read_records(made.root / RECORD)["double"]["tier"] in {"jailed", "unverified"}


@pytest.mark.usefixtures("untyped")
def test_an_endless_body_is_refused_when_its_time_is_over(bench):
    made = bench({"specs/number.py": SPEC})
    endless = fenced("def double(n: int) -> int:\n    import time\n    while True:\n        time.sleep(0.01)")
    result = made.compile(ScriptedProvider(endless), attempts=1, timeout=4, policy=LAX)["double"]
    assert result.outcome == "failed"
    assert "the tests did not end" in result.message
    assert "4 s" in result.message
    assert made.tree() == {}


@pytest.mark.usefixtures("untyped")
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
def test_a_spec_whose_used_spec_has_no_body_waits_for_it(bench):
    made = bench({"specs/number.py": PAIR.replace("@spec\n    def second", "@spec(uses=[first])\n    def second")})
    provider = ScriptedProvider(fenced("def first(n):\n    return None"))
    results = made.compile(provider, attempts=1)
    assert "it uses specs/number.py::first, which has no body yet" in results["second"].message
    assert len(provider.requests) == 1


@pytest.mark.usefixtures("near")
def test_the_same_code_in_other_words_is_not_judged_again(bench):
    made = bench({"specs/number.py": SPEC})
    again = fenced("def double(n: int) -> int:\n    return  n+1  # anew")
    assert made.compile(ScriptedProvider(WRONG, again), attempts=2)["double"].attempts == 2
    assert len(set(made.watcher.refusals)) == 1
    # Once for the baseline, once for the candidate.
    assert [name for (name,) in made.watcher.named("gate_started")].count("size") == 1


@pytest.mark.usefixtures("near")
def test_an_artifact_whose_body_was_taken_out_is_asked_for_anew(bench):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    made.edit(ARTIFACT, "    return 2 * n\n", "")
    made.edit("specs/number.py", "Return twice n.", "Return two times n.")
    result = made.compile(ScriptedProvider(GOOD), force=True)["double"]
    assert (result.before, result.outcome) == ("conflict", "compiled")


@pytest.mark.usefixtures("sealed", "untyped")
def test_an_argument_that_only_a_real_body_gets_to_stops_the_spec_with_advice(bench):
    late = (
        SPEC.replace("n: int", "n: object")
        + "\n    def test_late() -> None:\n        double(1)\n        double(iter([1]))\n"
    )
    made = bench({"specs/number.py": late})
    provider = ScriptedProvider(
        *reply("return 2 * n if isinstance(n, int) else 0", head="def double(n: object) -> int:")
    )
    result = made.compile(provider)["double"]
    assert (result.outcome, result.attempts, len(provider.requests)) == ("failed", 0, 1)
    assert "an argument cannot be sent to a sealed worker" in result.message
    assert result.message.endswith('say @spec(isolation="jailed") to run the tests beside the body.')
    assert made.tree() == {}


@pytest.mark.usefixtures("sealed", "untyped")
def test_imports_that_fail_in_a_sealed_process_stop_the_spec_before_any_prompt(bench):
    spec = SPEC.replace("import spec", "import spec\n    from app import Odd").replace("n: int)", "n: int | Odd)")
    made = bench({"specs/number.py": spec, "src/app.py": "raise RuntimeError('no display')\n"})
    provider = ScriptedProvider(GOOD)
    result = made.compile(provider)["double"]
    assert provider.requests == []
    assert result.message.startswith(
        "spec: the imports of generated.number cannot be executed: RuntimeError: no display"
    )
    assert "\n" not in result.message


@pytest.mark.usefixtures("sealed", "untyped")
def test_a_result_that_nothing_carries_is_a_failure_and_no_reason_for_a_weaker_tier(bench):
    made = bench({"specs/number.py": SPEC.replace("-> int", "-> object")})
    provider = ScriptedProvider(*reply("return object()", head="def double(n: int) -> object:"))
    result = made.compile(provider, attempts=1)["double"]
    said = "the result is no data: the value has the type `object`, and only data of known types can be sent"
    assert made.watcher.refusals == [f"2 of 2 tests failed: double: double(2): {said}"]
    assert result.outcome == "failed"
    assert result.tier.startswith("sealed: ")


@pytest.mark.usefixtures("sealed", "untyped")
def test_a_body_that_goes_by_hash_order_is_refused_though_its_tests_pass(bench):
    spec = """
        from pytest_compiled_ai import spec

        @spec
        def once(words: list[str]) -> list[str]:
            \"\"\"Return each word once.\"\"\"

        def test_it() -> None:
            assert sorted(once(["a", "b", "c", "d", "e", "f", "a"])) == ["a", "b", "c", "d", "e", "f"]
    """
    made = bench({"specs/words.py": spec})
    head = "def once(words: list[str]) -> list[str]:"
    provider = ScriptedProvider(*reply("return list(set(words))", "return sorted(set(words))", head=head))
    result = made.compile(provider)["once"]
    assert (result.outcome, result.attempts) == ("compiled", 2)
    assert made.watcher.refusals == ["it answers the same call in different ways, first in test_it."]
    assert "Do not rely on the order of a set" in provider.requests[1].note


BOX = '''
    from pytest_compiled_ai import spec

    @spec
    class Box:
        """A box."""

        def get(self) -> int:
            """Return one."""

    def test_get() -> None:
        assert Box().get() == 1
'''
METHOD = '\n    def more(self) -> int:\n        """Return two."""\n'


@pytest.mark.usefixtures("near")
def test_a_body_that_no_longer_fits_its_stub_is_asked_for_anew(bench):
    made = bench({"specs/box.py": BOX})
    code = "class Box:\n    def get(self) -> int:\n        return 1\n"
    assert made.compile(ScriptedProvider(fenced(code)))["Box"].message == ""
    made.edit("specs/box.py", '        """Return one."""\n', f'        """Return one."""\n{METHOD}')
    result = made.compile(ScriptedProvider(fenced(f"{code}\n    def more(self) -> int:\n        return 2\n")))["Box"]
    assert (result.before, result.outcome, result.attempts) == ("stale", "compiled", 1)


@pytest.mark.usefixtures("near")
def test_code_of_no_spec_in_the_artifact_stops_the_spec_before_it_is_lost(bench):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    made.write(ARTIFACT, made.read(ARTIFACT) + "\nprint('mine')\n")
    provider = ScriptedProvider(GOOD)
    result = made.compile(provider, force=True)["double"]
    assert "is code of no spec" in result.message
    assert "print('mine')" in made.read(ARTIFACT)
    assert provider.requests == []


def living():
    """Return the parent of each process that is not a zombie."""
    parents = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else ["Z"]
            if fields[0] not in "ZX":
                parents[int(entry.name)] = int(fields[1])
    return parents


def descendants():
    parents, found, last = living(), {os.getpid()}, set()
    while found != last:
        last, found = found, found | {pid for pid, parent in parents.items() if parent in found}
    return found - {os.getpid()}


@pytest.fixture
def traces(tmp_path, monkeypatch):
    """Collect what a compile starts while it runs (`look`); afterwards tell what is left of it."""
    scratch, before, seen = tmp_path / "scratch", descendants(), set()
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    def look():
        seen.update(descendants() - before)
        return list(scratch.iterdir())

    def left():
        # What was killed with its parent goes when the kernel gets to it.
        deadline = time.monotonic() + 10
        while (alive := (seen & living().keys()) | (descendants() - before)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return alive, list(scratch.iterdir())

    left.look, left.seen = look, seen
    return left


class Looking(ScriptedProvider):
    """Takes note, at each question, of what is running."""

    def __init__(self, look, *replies):
        super().__init__(*replies)
        self.look, self.found = look, []

    def complete(self, request, on_token=None):
        self.found.append(self.look())
        return super().complete(request, on_token)


@pytest.mark.usefixtures("sealed", "untyped")
def test_a_compile_leaves_no_process_and_no_folder(bench, traces):
    made = bench({"specs/number.py": SPEC})
    provider = Looking(traces.look, WRONG, GOOD)
    assert made.compile(provider)["double"].outcome == "compiled"
    assert all(provider.found)
    assert traces.seen
    assert traces() == (set(), [])


@pytest.fixture
def _interruptible():
    # Whoever starts pytest in the background of a script has it ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("sealed", "untyped", "_interruptible")
@pytest.mark.parametrize("owner", [Tests, tiers.TieredRunner], ids=["body", "baseline"])
def test_nor_does_one_that_is_interrupted_while_its_tests_run(bench, traces, monkeypatch, owner):
    made, main = bench({"specs/number.py": SPEC}), threading.main_thread().ident
    timer = threading.Timer(0.3, lambda: (traces.look(), signal.pthread_kill(main, signal.SIGINT)))
    name = "check" if owner is Tests else "begin"
    act = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *given: (timer.start(), act(*given), time.sleep(30)))
    with pytest.raises(KeyboardInterrupt):
        made.compile(Looking(traces.look, *reply("while True:\n    n += 1")))
    timer.join()
    assert traces.seen
    assert traces() == (set(), [])
    assert made.tree() == {}
