from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.cli import main, parse
from pytest_compiled_ai.commands.base import FAILED, OK
from pytest_compiled_ai.evaluation.strength import LIMIT

ARTIFACT = Path("src/generated/numbers.py")
STUB = "specs/numbers.py::double"


def measure(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    status = main(["strength", *flags])
    return status, capsys.readouterr().out


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_mutants_that_no_test_notices_are_told_and_nothing_is_written(project, capsys):
    # 2 + 2 is 2 * 2: the only example cannot tell them apart.
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in Path("src").rglob("*") if path.is_file()}
    status, said = measure(capsys)
    assert status == OK
    line = next(n for n, text in enumerate(ARTIFACT.read_text("utf-8").splitlines(), 1) if "return n * 2" in text)
    assert f"{STUB}: strength 3 of 4 mutants killed (75%)\n" in said
    assert f"  src/generated/numbers.py line {line}: `n * 2` changed to `n + 2` and no test fails\n" in said
    assert "specs/numbers.py::negate: not measured: it has no body; run `pytest --compile-ai`" in said
    assert [row.split() for row in said.splitlines()[-3:]] == [
        ["spec", "mutants", "killed", "rate"], [STUB, "4", "3", "75%"], ["specs/numbers.py::negate", "-", "-", "-"]
    ]  # fmt: skip
    assert {path: hashlib.sha256(path.read_bytes()).digest() for path in before} == before


@pytest.mark.parametrize(("percent", "status"), [("75", OK), ("76", FAILED)])
def test_a_share_can_be_required(project, capsys, percent, status):
    found, said = measure(capsys, "--only", "double", "--require", percent)
    assert found == status
    assert (f"compiled-ai: 1 of 1 do not reach 76%, the first is {STUB}" in said) == (status == FAILED)


@pytest.mark.usefixtures("project")
def test_a_body_that_is_not_there_reaches_no_share(capsys):
    status, said = measure(capsys, "--only", "negate", "--require", "0")
    assert status == FAILED
    assert "compiled-ai: 1 of 1 do not reach 0%" in said
    assert "mutants" not in said


@pytest.mark.usefixtures("project")
def test_a_limit_holds(capsys):
    assert "double: strength 1 of 1 mutants killed" in measure(capsys, "--only", "double", "--limit", "1")[1]


def test_what_a_static_gate_refuses_is_not_run(project, capsys):
    edit(ARTIFACT, "return n * 2", "return eval('n * 2')")
    status, said = measure(capsys, "--only", "double", "--require", "0")
    assert status == FAILED
    assert "double: not measured: its body is refused: policy: `eval`" in said


def test_a_wrong_body_says_nothing_about_its_tests(project, capsys):
    edit(ARTIFACT, "return n * 2", "return n * 3")
    assert "double: not measured: " in measure(capsys, "--only", "double")[1]


def test_a_header_that_is_not_the_spec_s_is_told(project, capsys):
    edit(ARTIFACT, "def double(n: int)", "def double(n: int = 0)")
    said = measure(capsys, "--only", "double")[1]
    assert "not measured: its signature, decorators or docstring are not the spec's any more; run" in said


def test_a_spec_file_that_cannot_be_read_is_told(project, capsys):
    (project / "specs" / "broken.py").write_text("import pytest_compiled_ai\ndef f(:\n", encoding="utf-8")
    status, said = measure(capsys, "--only", "nothing", "--require", "1")
    assert status == FAILED
    assert "specs/broken.py: not measured: specs/broken.py:2: is not valid Python" in said


def test_a_spec_whose_tests_cannot_be_read_is_told_and_does_not_stop_the_rest(project, capsys):
    (project / "tests").mkdir(exist_ok=True)
    (project / "tests" / "more.py").write_text("def f(:\n", encoding="utf-8")
    edit(project / "specs" / "numbers.py", "@spec\ndef negate", '@spec(tests=["tests/more.py"])\ndef negate')
    said = measure(capsys, "--limit", "1")[1]
    assert "specs/numbers.py::double: strength 1 of 1" in said
    assert "specs/numbers.py::negate: not measured: " in said
    assert "tests/more.py:1: is not valid Python" in said


def test_it_waits_for_a_compile_of_the_same_project(project, capsys):
    released = threading.Event()

    def hold():
        with hold_lock(project, lambda: None):
            held.set()
            released.wait(60)

    held, thread = threading.Event(), threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    threading.Timer(1, released.set).start()
    status, said = measure(capsys, "--only", "nothing")
    thread.join()
    assert (status, said) == (OK, "compiled-ai: waiting: a compile is running\n")


@pytest.mark.parametrize("flags", [("--limit", "0"), ("--limit", "x"), ("--require", "101"), ("--require", "-1")])
def test_numbers_out_of_range_are_argparse_own_errors(capsys, flags):
    with pytest.raises(SystemExit) as ended:
        main(["strength", *flags])
    assert ended.value.code == 2
    assert f"argument {flags[0]}: " in capsys.readouterr().err


def test_the_default_limit_is_the_one_of_the_measure():
    assert parse(["strength"])[1].limit == LIMIT
