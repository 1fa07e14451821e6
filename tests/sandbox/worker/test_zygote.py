from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from zygotes import HEADER, eventually, members, program, start

from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.worker import zygote as module
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, WorkerDied
from pytest_compiled_ai.sandbox.worker.client import connect

ONE = program("def one(): return 1")


def ask(zygote, code, *args):
    with zygote.client(NO_CLASSES) as client, client.fork(program(code)) as worker:
        return worker.call("act", args, {})


@pytest.fixture(scope="module")
def shared():
    with start() as zygote:
        yield zygote


def test_it_gives_workers_until_it_is_closed() -> None:
    with start() as zygote:
        group, folder = zygote._process.pid, zygote._folder
        with zygote.client(NO_CLASSES) as client:
            workers = [client.fork(ONE) for _ in range(3)]
            assert [worker.call("one", (), {}) for worker in workers] == [1, 1, 1]
            assert len(members(group)) == 5
        assert zygote.is_alive
        assert folder.is_dir()
    assert eventually(lambda: not members(group))
    assert not folder.exists()
    assert not zygote.is_alive
    with pytest.raises((WorkerDied, SandboxError)):
        workers[0].call("one", (), {})
    for worker in workers:
        worker.close()
    zygote.close()


def test_its_imports_may_be_the_projects_own(tmp_path) -> None:
    (tmp_path / "own_rates.py").write_text("RATE = 7\nimport sys; print('loud'); sys.stdout.flush()")
    with start(HEADER + "import own_rates", path=[str(tmp_path), *sys.path]) as zygote:
        assert ask(zygote, "import own_rates\ndef act(): return own_rates.RATE") == 7


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("from re import nothing", "ImportError: cannot import name 'nothing' from 're'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def", "SyntaxError: "),
    ],
)
def test_imports_that_fail_are_the_specs(header, cause) -> None:
    with pytest.raises(SpecError, match="cannot be executed: ") as caught:
        start(header)
    assert cause in str(caught.value)


def test_imports_that_do_not_end_are_the_specs() -> None:
    with pytest.raises(SpecError, match=r"they take longer than 1.5 s"):
        start("while True: pass", limits=Limits(startup=1.5))


def test_imports_that_end_the_process_are_no_candidates_fault() -> None:
    with pytest.raises(SandboxError, match=r"generated\.sample ended with status 7"):
        start("import os; os._exit(7)")


def test_it_knows_nothing_of_its_parent(shared, monkeypatch) -> None:
    code = "def act(): return sorted(os.environ), sys.flags.hash_randomization, hash('a')"
    variables, _, first = ask(shared, code)
    assert set(variables) <= {"LANG", "LC_CTYPE", "PYTHONHASHSEED", "TZ"}
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with start(hash_seed=5) as other:
        names, _, second = ask(other, code)
        assert "TZ" in names
        assert ask(other, "def act(): return time.tzname[0]") == "JST"
    assert first != second
    assert list(shared._folder.iterdir()) == []


def test_clients_come_one_after_the_other(shared) -> None:
    for _ in range(2):
        client = shared.client(NO_CLASSES)
        with client.fork(ONE) as worker:
            assert worker.call("one", (), {}) == 1
        client.close()


CLIENT = """
import os, sys
from pytest_compiled_ai.sandbox.worker.client import connect
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
worker = connect(int(sys.argv[1]), NO_CLASSES).fork("def one(): return 1")
print(worker.call("one", (), {}), flush=True)
if sys.argv[2] == "die":
    os.kill(os.getpid(), 9)
sys.stdin.read()
"""


def test_another_process_asks_through_the_inherited_descriptor(shared) -> None:
    command = [sys.executable, "-c", CLIENT, str(shared.fileno())]
    for end in ("live", "die"):
        done = subprocess.run(
            [*command, end], pass_fds=(shared.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60
        )
        assert done.stdout == b"1\n"
    assert eventually(lambda: len(members(shared._process.pid)) == 2)
    assert ask(shared, "def act(): return 2") == 2


def test_a_client_that_sends_nonsense_harms_no_other(shared) -> None:
    client = shared.client(NO_CLASSES)
    client._zygote.send(b"xyz")
    with client.fork(ONE) as worker:
        assert worker.call("one", (), {}) == 1
    client.close()


def test_a_worker_that_was_ordered_ahead_is_the_next_one_and_goes_with_the_client(shared) -> None:
    with shared.client(NO_CLASSES) as client:
        client.look_ahead()
        client.look_ahead()
        ordered = client._ahead
        with client.fork(ONE) as worker, client.fork(ONE) as other:
            assert worker._channel is ordered is not other._channel
            assert worker.call("one", (), {}) == other.call("one", (), {}) == 1
        client.look_ahead()
        unused = client._ahead
    assert unused._control.fileno() < 0
    with pytest.raises(WorkerDied, match="was closed"):
        unused.exchange(b"C")


def test_a_worker_that_cannot_be_ordered_ahead_is_missed_when_it_is_needed() -> None:
    with start() as zygote, zygote.client(NO_CLASSES) as client:
        os.killpg(zygote._process.pid, signal.SIGKILL)
        zygote._process.wait()
        client.look_ahead()
        with pytest.raises(SandboxError, match="the zygote is gone"):
            client.fork(ONE)


def test_a_dead_zygote_is_noticed_and_replaced() -> None:
    for _ in range(2):
        with start() as zygote, zygote.client(NO_CLASSES) as client:
            worker = client.fork(ONE)
            os.killpg(zygote._process.pid, signal.SIGKILL)
            with pytest.raises(SandboxError, match="the zygote is gone"):
                worker.call("one", (), {})
            with pytest.raises(SandboxError, match="the zygote is gone"):
                client.fork(ONE)
            worker.close()
            assert eventually(lambda: not zygote.is_alive)


def test_a_zygote_that_does_not_answer_is_noticed(monkeypatch) -> None:
    monkeypatch.setattr("pytest_compiled_ai.sandbox.worker.channel._BURIAL", 0.2)
    with start() as zygote, zygote.client(NO_CLASSES, CallLimits(call=0.2)) as client:
        os.killpg(zygote._process.pid, signal.SIGSTOP)
        with pytest.raises(SandboxError, match="the zygote is gone, or does not answer"):
            client.fork(ONE)


def test_a_zygote_that_cannot_fork_says_so(shared, monkeypatch) -> None:
    client = shared.client(NO_CLASSES)
    monkeypatch.setattr("socket.send_fds", lambda zygote, data, fds: os.write(fds[2], b"error no room\n"))
    with pytest.raises(SandboxError, match="a worker could not be started: no room"):
        client.fork(ONE)
    client.close()


PARENT = """
import sys, time
from pytest_compiled_ai.sandbox.worker.zygote import Zygote
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
import threading
def begin():
    global zygote, worker
    zygote = Zygote(module="m", filename="m.py", header="import time", path=sys.path, modules=())
    worker = zygote.client(NO_CLASSES).fork("import time\\ndef act(): time.sleep(60)")
thread = threading.Thread(target=begin)
thread.start(); thread.join()
print(zygote._process.pid, zygote._folder, flush=True)
worker.call("act", (), {})
"""


def test_nothing_outlives_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        group, folder = parent.stdout.readline().split()
        assert len(members(int(group))) == 3
        parent.kill()
    assert eventually(lambda: not members(int(group)))
    Path(os.fsdecode(folder)).rmdir()


def test_nothing_is_left_where_it_could_not_be_started(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    before = len([*Path("/proc/self/fd").iterdir()])
    with pytest.raises(FileNotFoundError):
        start()
    assert list(tmp_path.iterdir()) == []
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_there_is_none_elsewhere(monkeypatch) -> None:
    monkeypatch.setattr(module.sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="sealed workers need Linux"):
        start()


def test_no_descriptor_is_left_open() -> None:
    def once():
        with start() as zygote, zygote.client(NO_CLASSES) as client:
            with client.fork(ONE) as worker:
                worker.call("one", (), {})
            with pytest.raises(WorkerDied):
                client.fork("x = y")

    once()
    before = len([*Path("/proc/self/fd").iterdir()])
    once()
    assert len([*Path("/proc/self/fd").iterdir()]) == before


WITHOUT_NAMESPACES = """
import sys
from pathlib import Path
from pytest_compiled_ai.sandbox.kernel import libc, namespaces, privileges
from pytest_compiled_ai.sandbox.worker.zygote import Zygote
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
import os
user, group = os.geteuid(), os.getegid()
if not namespaces._unshare("x86_64", namespaces._USERS):
    print("none")
    sys.exit()
namespaces._map_ids(user, group)
Path("/proc/sys/user/max_user_namespaces").write_text("0")
privileges.drop()
libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
with Zygote(module="m", filename="m.py", header="import os", path=sys.path, modules=()) as zygote:
    with zygote.client(NO_CLASSES) as client, client.fork("import os\\ndef act(): return os.getpid()") as worker:
        worker.call("act", (), {})
        print(worker.seal.namespaces, worker.seal.seccomp)
"""


def test_it_works_where_no_namespaces_are_allowed() -> None:
    command = [sys.executable, "-c", textwrap.dedent(WITHOUT_NAMESPACES)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.stdout == "none\n" or "PermissionError" in done.stderr:
        pytest.skip("this machine does not let its namespaces be limited")
    assert done.stdout == "False True\n", done.stderr


def test_a_connection_is_made_from_a_descriptor(shared) -> None:
    with connect(os.dup(shared.fileno()), NO_CLASSES) as client, client.fork(ONE) as worker:
        assert worker.call("one", (), {}) == 1
