"""A batch in a process of its own is killed at any moment, again and again, and started anew until it is at its end."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COUNT = 150
PROGRAM = """
import os, signal, sys
from pytest_compiled_ai.templates.scaffolds import batch

syncs, sync, moment = [], os.fsync, sys.argv[2:]

def die(where, count):
    if moment == [where, str(count)]:
        os.kill(os.getpid(), signal.SIGKILL)

def sync_or_die(file):
    syncs.append(file)
    die("before", len(syncs))
    sync(file)
    die("after", len(syncs))

os.fsync = sync_or_die
def answer(number):
    die("answer", number)
    if number % 7 == 3:
        raise ValueError(number)
    return {"square": number * number, "text": "x" * (number % 5000)}

batch.hole = answer
print("begun", flush=True)
print(batch.hole_batch(iter(range(COUNT)), sys.argv[1]))
"""


def start(file: Path, *moment: str) -> subprocess.Popen[str]:
    program = PROGRAM.replace("COUNT", str(COUNT))
    return subprocess.Popen([sys.executable, "-c", program, str(file), *moment], stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what a run that nobody kills writes."""
    file = tmp_path_factory.mktemp("whole") / "answers"
    with start(file) as process:
        assert process.wait(120) == 0
    return file.read_bytes()


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_batch_loses_and_repeats_nothing(tmp_path, whole, seed):
    chance, file, kills = random.Random(seed), tmp_path / "answers", 0
    steps = sorted(chance.sample(range(1, COUNT - 20), 4))
    while True:
        with start(file) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            if kills < len(steps):
                wait_for(file, whole, steps[kills], process)
                process.send_signal(signal.SIGKILL)
                process.wait(60)
                kills += 1
            else:
                assert process.wait(120) == 0
                break
        assert whole.startswith(file.read_bytes())
    assert file.read_bytes() == whole
    assert [json.loads(line)["position"] for line in whole.splitlines()] == list(range(COUNT))


@pytest.mark.parametrize("where", ["answer", "before", "after"])
@pytest.mark.parametrize("count", [2, 57])
def test_it_may_die_beside_each_line(tmp_path, whole, where, count):
    file = tmp_path / "answers"
    with start(file, where, str(count)) as process:
        assert process.wait(120) == -signal.SIGKILL
    done = file.read_bytes()
    assert whole.startswith(done)
    assert done.count(b"\n") in {count - 1, count}
    with start(file) as process:
        assert process.wait(120) == 0
    assert file.read_bytes() == whole


def wait_for(file: Path, whole: bytes, step: int, process: subprocess.Popen[str]) -> None:
    """Wait until a batch has written so many lines; it goes on meanwhile, and is somewhere behind them then."""
    size = sum(map(len, whole.splitlines(keepends=True)[:step]))
    while process.poll() is None and (not file.exists() or file.stat().st_size < size):
        time.sleep(0.0005)
