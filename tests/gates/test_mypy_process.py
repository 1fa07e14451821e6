from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates import mypy_process
from pytest_compiled_ai.gates.mypy_process import MypyProcess

RIGHT, WRONG = "def f(n: int) -> int:\n    return n\n", "def f(n: int) -> int:\n    return f\n"
ECHO = """
import json, os, sys
orders = json.loads(sys.stdin.readline())
for line in sys.stdin:
    text = json.loads(line)
    if text == "die":
        sys.exit("ValueError: reading past the buffer end\\n\\n")
    if text == "vanish":
        os._exit(3)
    if text == "hang":
        __import__("time").sleep(300)
    if text == "half":
        os.write(1, b'{"status": 0, "output": "')
        os._exit(0)
    status, errors = (2, "error: INTERNAL ERROR -- x\\nnote: y") if text == "break" else (0, "")
    said = {"pid": os.getpid(), "env": dict(os.environ), "cwd": os.getcwd(), "fds": os.listdir("/proc/self/fd"),
            "group": os.getpgrp(), "orders": orders}
    print(json.dumps({"status": status, "output": json.dumps(said), "errors": errors}), flush=True)
"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    """Put a script in the loop's place that needs no mypy."""
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    monkeypatch.setattr(mypy_process, "_LOOP", script)
    (tmp_path / "cache").mkdir()
    with MypyProcess(tmp_path, "3.11", tmp_path / "cache") as process:
        yield process


def said(process, text=""):
    return json.loads(process.run(text).output)


def test_a_text_is_checked_and_no_cache_remembers_it(tmp_path, mypy_cache):
    with MypyProcess(tmp_path, "3.11", mypy_cache) as process:
        assert (process.run(RIGHT).status, process.run(RIGHT).output) == (0, "")
        wrong = process.run(WRONG)
    assert (wrong.status, wrong.errors) == (1, "")
    assert wrong.output.startswith("<string>:2: error: Incompatible return value type")
    assert not [path for path in mypy_cache.rglob("*") if path.name.startswith(("__main__.", "<string>"))]


def test_it_says_what_mypy_itself_says(tmp_path, mypy_cache):
    command = [sys.executable, "-m", "mypy", *mypy_process._ARGUMENTS, f"--cache-dir={mypy_cache}", "-c", WRONG]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    with MypyProcess(tmp_path, f"{sys.version_info.major}.{sys.version_info.minor}", mypy_cache) as process:
        assert process.run(WRONG).output == done.stdout


def test_the_tree_s_modules_are_found_and_a_change_of_theirs_is_seen_by_the_next_process(tmp_path, mypy_cache):
    (tmp_path / "app").mkdir()
    (tmp_path / "src").mkdir()
    module, other = tmp_path / "app/types.py", tmp_path / "src/other.py"
    text = "from app.types import X\nfrom other import Y\nx: X = 1\ny: Y = 'y'\n"
    module.write_text("X = int\n")
    other.write_text("Y = str\n")
    with MypyProcess(tmp_path, "3.11", mypy_cache) as process:
        assert process.run(text).output == ""
    other.write_text("Y = int\n")
    os.utime(other, (1, 1))
    with MypyProcess(tmp_path, "3.11", mypy_cache) as process:
        assert "<string>:4: error:" in process.run(text).output


def test_a_broken_cache_is_dropped_and_the_question_asked_again(tmp_path):
    cache = tmp_path / "cache"
    with MypyProcess(tmp_path, "3.11", cache) as process:
        process.run(RIGHT)
    for path in cache.rglob("*.ff"):
        known = path.stat()
        path.write_bytes(path.read_bytes()[: known.st_size // 2])
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    with MypyProcess(tmp_path, "3.11", cache) as process:
        assert process.run(WRONG).status == 1
        assert process.run(RIGHT).status == 0


def test_it_is_alone_with_little_of_our_environment_and_no_file_of_ours(echo, tmp_path, monkeypatch):
    monkeypatch.setenv("MYPYPATH", "/nowhere")
    monkeypatch.setenv("A_KEY", "secret")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    echo.close()
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        found = said(echo)
    assert found["cwd"] == str(tmp_path)
    assert set(found["env"]) <= {"PATH", "LANG", "MYPYPATH", "LC_CTYPE"}
    assert found["env"]["MYPYPATH"] == f"{tmp_path / 'src'}:{tmp_path}"
    assert found["group"] == found["pid"] != os.getpgrp()
    # Its three standard ones, and the one that lists them.
    assert len(found["fds"]) == 4
    assert found["orders"]["parent"] == os.getpid()


def test_a_text_that_was_begun_is_asked_once_and_its_answer_is_its_own(tmp_path, mypy_cache):
    with MypyProcess(tmp_path, "3.11", mypy_cache) as process:
        process.begin(WRONG)
        assert (process.run(WRONG).status, process._checks) == (1, 1)
        process.begin(WRONG)
        # Nobody asks for that any more.
        assert (process.run(RIGHT).status, process._checks) == (0, 3)
        process.begin(RIGHT)
        process.begin(WRONG)
        assert (process.run(WRONG).status, process._checks) == (1, 5)


@pytest.mark.parametrize("text", ["die", "vanish", "half", "break", "hang"])
def test_what_an_abandoned_text_broke_is_not_the_next_one_s(echo, tmp_path, monkeypatch, text):
    first = said(echo)["pid"]
    echo.begin(text)
    with monkeypatch.context() as patched:
        patched.setattr(mypy_process, "SECONDS", 0.2)
        echo.begin("other")
    assert said(echo, "other")["pid"] != first
    assert not is_there(first)
    assert (tmp_path / "cache").exists()


def test_a_begun_text_dies_with_its_process(echo):
    echo.begin("x")
    echo.close()
    assert said(echo, "x")["group"] != os.getpgrp()
    assert echo._checks == 1


def test_one_process_answers_many_questions_and_is_replaced_in_time(echo, monkeypatch):
    first = said(echo)["pid"]
    assert said(echo)["pid"] == first
    monkeypatch.setattr(mypy_process, "CHECKS", 2)
    assert said(echo)["pid"] != first
    assert not is_there(first)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("die", "ValueError: reading past the buffer end"),
        ("vanish", "it died silently"),
        ("half", "it died silently"),
        ("break", "error: INTERNAL ERROR -- x"),
    ],
)
def test_a_failure_is_tried_twice_with_an_empty_cache_and_then_said(echo, tmp_path, text, why):
    first = said(echo)["pid"]
    with pytest.raises(HarnessError) as caught:
        echo.run(text)
    assert str(caught.value).startswith(f"mypy could not check the types, and failed ({why}); run again")
    assert not (tmp_path / "cache").exists()
    assert not is_there(first)
    assert said(echo)["pid"] != first


def test_a_process_that_died_between_two_questions_is_replaced(echo):
    first = said(echo)["pid"]
    os.kill(first, signal.SIGKILL)
    assert said(echo, "x" * 1_000_000)["pid"] != first


@pytest.mark.parametrize("number", [0, 1])
def test_one_that_takes_too_long_is_ended_and_nothing_is_passed(echo, monkeypatch, number):
    monkeypatch.setattr(mypy_process, "FIRST_SECONDS", 60.0 if number else 0.2)
    monkeypatch.setattr(mypy_process, "SECONDS", 0.2)
    for _ in range(number):
        said(echo)
    with pytest.raises(
        HarnessError, match=r"^mypy could not check the types: it took longer than 0\.2 s; run again\.$"
    ):
        echo.run("hang")
    monkeypatch.setattr(mypy_process, "FIRST_SECONDS", 60.0)
    assert said(echo)["pid"]


def test_an_interrupted_question_leaves_no_answer_for_the_next(echo, monkeypatch):
    first = said(echo)["pid"]
    send = mypy_process._send

    def interrupted(child, record):
        send(child, record)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mypy_process, "_send", interrupted)
        with pytest.raises(KeyboardInterrupt):
            echo.run("late")
    assert not is_there(first)
    assert said(echo)["pid"] != first


def test_without_mypy_nothing_is_checked(echo, monkeypatch):
    echo.close()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(HarnessError, match=r"mypy is not installed, .*; run `pip install mypy`\."):
        echo.run("x")


def test_it_ends_with_the_block_and_with_its_parent(tmp_path, mypy_cache):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom pytest_compiled_ai.gates.mypy_process import MypyProcess\n"
        "process = MypyProcess(Path(sys.argv[1]), '3.11', Path(sys.argv[2]))\nprocess.__enter__().run('x = 1')\n"
        "print(process._child.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    package = Path(mypy_process.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), str(mypy_cache)],
        capture_output=True,
        text=True,
        cwd=package,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    waited = 0
    while is_there(int(done.stdout)) and waited < 600:
        time.sleep(0.05)
        waited += 1
    assert not is_there(int(done.stdout))


def is_there(pid: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody has asked about yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False
