"""Whole runs of small projects' tests, good ones and cheating ones."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits
from pytest_compiled_ai.sandbox.suite import run as module
from pytest_compiled_ai.sandbox.suite.run import run_tests

CONFIG = """
[tool.pytest.ini_options]
pythonpath = ["src"]
addopts = ["-n", "2", "--cov=src", "--cov-fail-under=100", "--strict-config", "--strict-markers", "--ff", "-vv"]
filterwarnings = ["error"]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
"""

APP = '''\
def double(number):
    """Double it.

    >>> double(2)
    4
    >>> double(3)
    7
    """
    if number > 100:
        return 0
    return 2 * number


def unused():
    return 1
'''

TESTS = """
import asyncio
import os
import unittest

import pytest
from hypothesis import given, settings, strategies as st

from app import double

@pytest.fixture
def number(base):
    yield base + 1

def test_fixture(number, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("X", "1")
    print("x")
    assert capsys.readouterr().out == "x\\n"
    assert double(number) == 4

@pytest.mark.parametrize("given, expected", [(1, 2), (2, 5)])
def test_table(given, expected):
    assert double(given) == expected, __file__

@given(st.integers())
def test_property(number):
    assert settings().derandomize and settings().deadline is None and settings().max_examples == 50
    assert double(number) == 2 * number

async def test_async():
    await asyncio.sleep(0)
    assert await asyncio.to_thread(double, 1) == 2

@pytest.mark.skip(reason="not today")
def test_skipped(): ...

@pytest.mark.xfail(reason="known")
def test_xfailed(): assert False

@pytest.mark.xfail
def test_xpassed(): ...

@pytest.mark.xfail(strict=True)
def test_xpassed_strictly(): ...

def test_error(absent): ...

@pytest.fixture
def breaks_afterwards():
    yield
    raise RuntimeError("afterwards")

def test_teardown(breaks_afterwards): ...

class TestCase(unittest.TestCase):
    def test_method(self): self.assertEqual(double(1), 3)

def test_not_selected(): assert False
"""

CONFTEST = """
import pytest
from hypothesis import settings
settings.register_profile("own", max_examples=50, deadline=1)
settings.load_profile("own")

@pytest.fixture
def base(): return 1
"""


def test_a_project_with_everything(suite) -> None:
    files = {"pyproject.toml": CONFIG, "src/app.py": APP, "tests/test_app.py": TESTS, "tests/conftest.py": CONFTEST}
    names = ("fixture", "table", "property", "async", "skipped", "xfailed", "xpassed", "error", "teardown")
    select = [f"tests/test_app.py::test_{name}" for name in (*names, "xpassed_strictly")]
    select = [*select, "tests/test_app.py::TestCase::test_method", "src/app.py::app.double"]
    run = suite(
        files, paths=["src/app.py", "tests"], select=select, cover="src/app.py", extra_args=["--doctest-modules"]
    )
    assert run.status == "finished", (run.reason, run.output)
    results = {result.id.rpartition("::")[2]: result for result in run.results}
    assert [result.id for result in run.results] == list(run.collected)
    assert {name: (result.outcome, result.phase, result.kind) for name, result in results.items()} == {
        "app.double": ("failed", "call", "DocTestFailure"),
        "test_fixture": ("passed", "call", ""),
        "test_table[1-2]": ("passed", "call", ""),
        "test_table[2-5]": ("failed", "call", "AssertionError"),
        "test_property": ("failed", "call", "AssertionError"),
        "test_async": ("passed", "call", ""),
        "test_skipped": ("skipped", "setup", "Skipped"),
        "test_xfailed": ("xfailed", "call", "AssertionError"),
        "test_xpassed": ("xpassed", "call", ""),
        "test_xpassed_strictly": ("failed", "call", ""),
        "test_error": ("error", "setup", "FixtureLookupError"),
        "test_teardown": ("error", "teardown", "RuntimeError"),
        "test_method": ("failed", "call", "AssertionError"),
    }
    details = {name: result.detail for name, result in results.items()}
    assert details["app.double"].startswith(">>> double(3)\nExpected:\n    7\nGot:\n    6\n")
    assert details["test_table[2-5]"].splitlines()[:3] == [
        "AssertionError: tests/test_app.py",
        "assert 4 == 5",
        " +  where 4 = double(2)",
    ]
    assert details["test_table[2-5]"].endswith("with: given = 2, expected = 5")
    assert "test_property(\n    number=101,\n)" in details["test_property"]
    assert details["test_skipped"] == "not today"
    assert details["test_xfailed"] == "known"
    assert details["test_xpassed_strictly"] == "[XPASS(strict)]"
    assert "fixture 'absent' not found" in details["test_error"]
    assert details["test_teardown"] == "RuntimeError: afterwards"
    assert run.coverage is not None
    assert run.coverage.missing == (15,)
    assert {1, 9, 10, 11, 14} <= set(run.coverage.executed)
    assert run.coverage.missing_branches == ()


def test_a_run_stops_where_it_is_told_to(suite) -> None:
    text = "def test_a(): assert False\ndef test_b(): assert False\ndef test_c(): ..."
    run = suite({"test_x.py": text}, stop_after=1)
    assert (run.status, len(run.collected), len(run.results)) == ("finished", 3, 1)


def test_a_project_with_options_for_what_is_turned_off(suite) -> None:
    config = "[pytest]\naddopts = -p no:cacheprovider -p no:xdist --randomly-seed=3 --strict-config\n"
    run = suite({"pytest.ini": config, "test_x.py": "def test_a(): ..."})
    assert (run.status, run.reason, len(run.results)) == ("finished", "", 1)


def test_a_project_on_the_path_of_an_editable_install(suite, project, monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(project / "lib")])
    text = "import own\ndef test_a(): assert own.__file__.endswith('/project/lib/own/__init__.py'), own.__file__"
    run = suite({"lib/own/__init__.py": "", "test_x.py": text})
    assert [result.outcome for result in run.results] == ["passed"], run.results


def test_what_is_put_into_the_shadow_is_what_runs(project) -> None:
    (project / "app.py").write_text("def f(): raise NotImplementedError")
    (project / "test_x.py").write_text("import app\ndef test_a(): assert app.f() == 1")
    with Shadow(project) as shadow:
        outcomes = []
        for body in ("return 2", "return 1"):
            shadow.put("app.py", f"def f(): {body}")
            outcomes += [result.outcome for result in run_tests(shadow, paths=["test_x.py"]).results]
    assert outcomes == ["failed", "passed"]
    assert sorted(path.name for path in project.iterdir()) == ["app.py", "test_x.py"]


def test_large_files_can_be_read(suite, project) -> None:
    (project / "large.txt").write_text("x" * (2 * MIB))
    run = suite({"test_x.py": "def test_a(): assert len(open('large.txt').read()) == 2 << 20"})
    assert [result.outcome for result in run.results] == ["passed"]


@pytest.mark.parametrize(
    ("text", "select", "reason"),
    [
        ("import absent", None, "test_x.py: ModuleNotFoundError: No module named 'absent'"),
        ("def test_a(: ...", None, "test_x.py: SyntaxError: "),
        ("def test_a(): ...", ["test_x.py::test_b"], "none of the selected tests was found"),
    ],
)
def test_what_cannot_be_collected(suite, text, select, reason) -> None:
    run = suite({"test_x.py": text}, select=select)
    assert run.status == "collection"
    assert run.reason.startswith(reason)
    assert run.results == ()


def test_a_wrong_option_is_told(suite) -> None:
    run = suite({"test_x.py": ""}, extra_args=["--no-such-option"])
    assert run.status == "collection"
    assert "--no-such-option" in run.reason


def test_a_run_that_is_sealed_less_than_the_self_test_is_refused(suite, monkeypatch) -> None:
    tier = module.detect_tier()
    other = Confinement(landlock=tier.confinement.landlock + 1, seccomp=True)
    monkeypatch.setattr(module, "detect_tier", lambda: dataclasses.replace(tier, confinement=other, verified=True))
    with pytest.raises(SandboxError, match="sealed less than"):
        suite({"test_x.py": "def test_a(): ..."})


FORBIDDEN = "import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)"
LEAVES = "print('===== 3 passed in 0.01s ====='); import os; os._exit(0)"

CHEATS = {
    "while True: pass": ("timeout", "ran longer than 3 s"),
    "import os; os.kill(os.getpid(), 9)": ("killed", "killed itself with SIGKILL"),
    "import ctypes; ctypes.string_at(0)": ("crashed", "crashed with SIGSEGV"),
    FORBIDDEN: ("killed", "made a forbidden system call (SIGSYS)"),
    LEAVES: ("crashed", "left before its tests were finished (exit status 0)"),
    "import pytest; pytest.exit('done', returncode=0)": ("crashed", "left 2 of 3 tests without a result"),
}


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("act", CHEATS)
def test_a_candidate_that_does_not_let_its_tests_end(suite, act) -> None:
    tests = "import app\ndef test_a(): ...\ndef test_b(): app.act()\ndef test_c(): assert False"
    run = suite({"app.py": f"def act():\n    {act}", "test_x.py": tests}, limits=Limits(wall=3.0))
    status, reason = CHEATS[act]
    assert (run.status, run.reason) == (status, f"{reason} in test_x.py::test_b")
    assert "test_x.py::test_c" not in {result.id for result in run.results}


@pytest.mark.usefixtures("sealed")
def test_a_candidate_that_takes_what_it_may_not_have(suite, project, tmp_path) -> None:
    (tmp_path / "secret").write_text("the secret")
    acts = {
        "bomb": "x = []\n    while True: x.append(bytearray(1 << 24))",
        "read": f"open({str(tmp_path / 'secret')!r})",
        "project": f"open({str(project / 'app.py')!r})",
        "write": "open('app.py', 'w')",
        "plant": "open('conftest.py', 'w')",
        "socket": "import socket; socket.socket()",
        "fork": "import os; os.fork()",
        "program": "import subprocess; subprocess.run(['true'])",
        "flood": "import os\n    while True: os.write(1, bytes(1 << 20))",
    }
    app = "".join(f"def {name}():\n    {act}\n" for name, act in acts.items())
    tests = "import app\n" + "".join(f"def test_{name}(): app.{name}()\n" for name in acts)
    limits = Limits(memory=400 * MIB, file_size=8 * MIB)
    # Shown at the end, the captured flood would race with the bound on output, which has a test of its own.
    run = suite({"app.py": app, "test_x.py": tests}, limits=limits, extra_args=["--show-capture=no"])
    kinds = {result.id.rpartition("_")[2]: result.kind for result in run.results}
    refused = dict.fromkeys(acts, "PermissionError")
    assert (run.status, run.reason) == ("finished", "used more than 400 MiB"), run.output
    assert kinds == {**refused, "bomb": "MemoryError", "flood": "OSError"}
    assert (run.status, run.reason) == ("finished", "used more than 400 MiB")
    assert "the secret" not in run.output


def test_a_flood_past_the_capture_is_cut(suite) -> None:
    text = "import os\ndef test_a():\n    while True: print('x' * 10_000)"
    run = suite({"test_x.py": text}, extra_args=["-s"])
    assert (run.status, run.reason) == ("overflow", "wrote more than 1 MiB of output in test_x.py::test_a")


def test_the_environment_of_the_parent_is_not_passed_on(suite, monkeypatch) -> None:
    monkeypatch.setenv("PLANTED_API_KEY", "the secret")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    text = (
        "import os\ndef test_a():\n    for name in os.environ: assert not name.startswith(('PLANTED', 'COMPILED_AI'))"
    )
    run = suite({"test_x.py": text})
    assert [result.outcome for result in run.results] == ["passed"], run.output


def test_a_shadow_has_no_path_of_its_own_in_what_a_model_reads(suite) -> None:
    text = "import os\ndef test_a(tmp_path): assert os.getcwd() == 1, (tmp_path, os.environ['HOME'])"
    (result,) = suite({"test_x.py": text}).results
    assert "compiled-ai-" not in result.detail
    assert str(Path.home()) not in result.detail
