"""One spec's oracle and zygote, as the compiler holds them: warm between candidates, and anew when they are lost."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest
from compiler_scripts import SPEC

from pytest_compiled_ai.compiler.outside import Outside
from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.gates.execution import Tests, judge_run
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.oracle import process as oracle_process

pytestmark = pytest.mark.usefixtures("sealed")
RIGHT, WRONG = "    return 2 * n", "    return n"
RAISING = '    raise BaseException("no body")'


class Stand:
    """An `Outside` of one spec, and the ids of what it has started."""

    def __init__(self, made, shadow):
        self.made, self.shadow = made, shadow
        self.skeleton, self.subject = made.candidate("double", RAISING)
        self.outside = Outside(self.config, shadow, self.subject, self.skeleton.module)

    @property
    def config(self):
        return self.made.project(timeout=60).config

    def module(self, body):
        return self.made.candidate("double", body)[0].module

    def run(self, body, **options):
        return self.outside.run(self.module(body), self.subject, **options)

    def judge(self, body):
        return judge_run(Tests(None), self.run(body), self.subject)

    @property
    def processes(self):
        return self.outside._zygotes[0]._process, self.outside._oracle._process._process


def is_gone(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.fixture(scope="module")
def stand(shared_bench, sealed):
    made = shared_bench({"specs/number.py": SPEC})
    with Shadow(made.root) as shadow:
        stand = Stand(made, shadow)
        yield stand
        stand.outside.close()


def test_candidates_are_judged_one_after_the_other_by_the_same_processes(stand):
    assert stand.judge(RIGHT).passed
    first = stand.processes
    verdict = stand.judge(WRONG)
    assert (verdict.passed, verdict.message) == (False, "a test failed: double: double(2) gave 2")
    assert stand.judge(RIGHT).passed
    assert stand.processes == first


def test_a_run_says_how_it_was_sealed_and_who_was_called(stand):
    run = stand.run(RIGHT)
    assert str(run.tier).startswith("sealed: ")
    assert dict(run.calls) == {"double": 2}
    assert all(result.transcript for result in run.results)
    assert (run.coverage, run.needs_jail) == (None, "")


def test_only_the_subject_s_tests_run_and_no_more_than_wanted(stand):
    run = stand.outside.run(stand.module(RIGHT), replace(stand.subject, tests=("specs/number.py::test_zero",)))
    assert run.collected == ("specs/number.py::test_zero",)
    assert len(stand.run(RAISING, stop_after=1).results) == 1


@pytest.mark.parametrize("which", [0, 1], ids=["zygote", "oracle"])
def test_what_was_killed_between_two_candidates_is_started_anew(stand, which):
    assert stand.judge(RIGHT).passed
    before = [process.pid for process in stand.processes]
    os.kill(before[which], signal.SIGKILL)
    stand.processes[which].wait()
    assert stand.judge(RIGHT).passed
    after = [process.pid for process in stand.processes]
    assert after[which] != before[which]
    assert not stand.judge(WRONG).passed
    assert is_gone(before[which])


def test_what_is_killed_in_a_run_blames_no_candidate_and_the_next_run_is_a_new_one(stand, monkeypatch):
    assert stand.judge(RIGHT).passed
    hear = oracle_process.OracleProcess._hear

    def killed(process, event, limits):
        if event == "done":
            os.killpg(process._process.pid, signal.SIGKILL)
        return hear(process, event, limits)

    with monkeypatch.context() as patch:
        patch.setattr(oracle_process.OracleProcess, "_hear", killed)
        with pytest.raises(SandboxError, match="no candidate is to blame"):
            stand.run(RIGHT)
    assert stand.judge(RIGHT).passed


def test_a_run_is_abandoned_from_another_thread_and_both_processes_stay(stand):
    assert stand.judge(RIGHT).passed
    before = stand.processes
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(stand.run, "    while True: n += 1")
        while not endless.done():
            stand.outside.abandon()
            wait([endless], timeout=0.1)
        assert isinstance(endless.exception(), SandboxError)
    assert stand.judge(RIGHT).passed
    assert stand.processes == before
    outside = Outside(stand.config, stand.shadow, stand.subject, stand.skeleton.module)
    outside.abandon()


def test_a_run_is_stopped_from_another_thread(stand, monkeypatch):
    started, begin = threading.Event(), oracle_process.OracleProcess.run
    monkeypatch.setattr(oracle_process.OracleProcess, "run", lambda *given: (started.set(), begin(*given))[1])
    stand.outside.stop()
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(stand.run, "    while True: n += 1")
        assert started.wait(60)
        stand.outside.stop()
        assert isinstance(endless.exception(60), SandboxError)
        stand.outside.stop()
    stand.outside.close()
    stand.outside.stop()
    assert stand.judge(RIGHT).passed


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    return object()", "double: double(2): the result is no data: the value has the type `object`"),
        ("    return lambda: n", "double: double(2): the result is no data: the value has the type `function`"),
        ("    raise SystemExit(0)", "double: double(2) raised SystemExit: 0"),
        ("    import os\n    os._exit(0)", "double: double(2): the body left with exit status 0"),
        ("    import os\n    os.abort()", "double: double(2): the body crashed with SIGABRT"),
        ("    import pytest\n    pytest.skip('later')", "ModuleNotFoundError(\"No module named 'pytest'\")"),
        (
            "    class Skipped(BaseException): ...\n    Skipped.__module__ = '_pytest.outcomes'\n    raise Skipped('later')",
            "2 of 2 tests failed: double: double(2) raised _pytest.outcomes.double.<locals>.Skipped: later",
        ),
        (
            "    class XFailed(Exception): ...\n    raise XFailed('later')",
            "2 of 2 tests failed: double: double(2) raised Exception('later')",
        ),
    ],
)
def test_bodies_that_do_not_answer_are_refused_in_plain_words(stand, body, said):
    verdict = stand.judge(body)
    assert not verdict.passed
    assert said in verdict.message


@pytest.mark.parametrize(
    "body",
    [
        "    import socket\n    socket.socket()",
        "    import os\n    os.execv('/bin/true', ['true'])",
        "    import ctypes\n    ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    ],
)
def test_hostile_bodies_are_called_so(stand, body):
    verdict = stand.judge(f"{body}\n    return 2 * n")
    said = "the body is hostile: double(2): the body made a forbidden system call (SIGSYS)."
    assert (verdict.message, verdict.score) == (said, 0.0)


def test_a_body_that_cannot_be_loaded_is_refused(stand):
    program = stand.module(RIGHT).replace("def double", "raise ValueError('early')\ndef double")
    verdict = judge_run(Tests(None), stand.outside.run(program, stand.subject), stand.subject)
    assert "the body could not be loaded: ValueError: early" in verdict.message


def test_nothing_is_left_behind(bench, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with Shadow((made := bench({"specs/number.py": SPEC})).root) as shadow:
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))
        stand = Stand(made, shadow)
        assert stand.judge(RIGHT).passed
        ids = [process.pid for process in stand.processes]
        assert not any(map(is_gone, ids))
        assert list(scratch.iterdir())
        stand.outside.close()
        stand.outside.close()
        assert all(map(is_gone, ids))
        assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("raise RuntimeError('no display')", "RuntimeError: no display"),
        ("import no_such_module_here", "No module named 'no_such_module_here'"),
    ],
)
def test_imports_that_cannot_be_executed_name_the_module_and_the_cause(bench, code, cause):
    spec = SPEC.replace("import spec", "import spec\n    from app import Odd").replace("n: int)", "n: int | Odd)")
    made = bench({"specs/number.py": spec, "src/app.py": f"{code}\nOdd = int\n"})
    with Shadow(made.root) as shadow:
        stand = Stand(made, shadow)
        with pytest.raises(SpecError, match=r"the imports of generated\.number cannot be executed") as caught:
            stand.run(RIGHT)
        assert cause in str(caught.value)
        assert "\n" not in str(caught.value)
        stand.outside.close()


def test_a_file_that_is_in_no_folder_of_specs_is_refused(stand):
    elsewhere = stand.subject.file._replace(path=stand.made.root / "other.py", relative="other.py")
    subject = replace(stand.subject, file=elsewhere)
    outside = Outside(stand.config, stand.shadow, subject, stand.skeleton.module)
    with pytest.raises(SpecError, match=r"^other.py is in no folder of specs.$"):
        outside.run("", subject)
    outside.close()


KNOWN = """
    class UnknownUnitError(ValueError):
        pass
"""
RAISED = '''
    import pytest
    from units.errors import UnknownUnitError

    from pytest_compiled_ai import spec

    @spec
    def metres(unit: str) -> float:
        """Return the metres of a unit.

        Raises:
            UnknownUnitError: it is none.
        """

    def test_metres() -> None:
        assert metres("km") == 1000.0

    def test_no_unit() -> None:
        with pytest.raises(UnknownUnitError):
            metres("?")
'''


def test_an_error_of_the_project_that_only_the_body_raises_reaches_the_tests(bench):
    made = bench({"specs/a.py": RAISED, "src/units/__init__.py": "", "src/units/errors.py": KNOWN})
    skeleton, subject = made.candidate("metres", RAISING)
    body = '    if unit != "km":\n        raise UnknownUnitError(unit)\n    return 1000.0'
    config = made.project(timeout=60).config
    with Shadow(made.root) as shadow:
        outside = Outside(config, shadow, subject, skeleton.module)
        try:
            run = outside.run(made.candidate("metres", body)[0].module, subject)
        finally:
            outside.close()
    assert {result.id.partition("::")[2]: result.outcome for result in run.results} == {
        "test_metres": "passed",
        "test_no_unit": "passed",
    }
