"""What a hostile candidate tries, one act a test; the effect is looked for from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits

pytestmark = pytest.mark.usefixtures("sealed")

SHORT = Limits(startup=1.5)

DENIED = """
def attempt(act):
    try:
        act()
    except OSError as error:
        print("refused:", type(error).__name__)
    else:
        print("ESCAPED")
"""


def refused(outcome) -> bool:
    assert outcome.returncode == 0, outcome.output
    return "refused" in outcome.output and "ESCAPED" not in outcome.output


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("while True: pass", id="endless loop"),
        pytest.param(
            "import signal\nfor n in (1, 2, 3, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
            id="loop that ignores signals",
        ),
        pytest.param("import re; re.match(r'(a|aa)+$', 'a' * 80 + 'b')", id="loop in C"),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", id="stops itself"),
        pytest.param("import os; os.closerange(1, 64)\nwhile True: pass", id="hides behind closed pipes"),
        pytest.param("import threading as t, time; t.Thread(target=time.sleep, args=(60,)).start()", id="thread"),
    ],
)  # fmt: skip
def test_a_child_that_does_not_end_is_killed(jailed, code) -> None:
    outcome = jailed(code, SHORT)
    assert (outcome.ending, outcome.returncode) == ("timeout", -signal.SIGKILL)
    assert outcome.reason == "took longer than 1.5 s to collect its tests"
    assert outcome.seconds < 10


def test_the_clock_of_the_run_starts_with_the_collection(jailed) -> None:
    code = """
    import os, time
    os.write(int(os.environ["COMPILED_AI_RECORDS"]), b'{"event": "collected"}\\n')
    time.sleep(60)
    """
    outcome = jailed(code, Limits(startup=30.0, wall=0.5))
    assert (outcome.ending, outcome.reason) == ("timeout", "ran longer than 0.5 s")


def test_a_memory_bomb_meets_its_limit(jailed) -> None:
    outcome = jailed("bomb = []\nwhile True: bomb.append(bytearray(1 << 24))", Limits(startup=20.0, memory=300 * MIB))
    assert outcome.ending == "exited"
    assert "MemoryError" in outcome.output


def test_a_thread_bomb_meets_its_limit(jailed) -> None:
    code = """
    import os, threading, time
    count = 0
    try:
        while True:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            count += 1
    except (RuntimeError, MemoryError):
        print("threads:", count, flush=True)
        os._exit(0)
    """
    outcome = jailed(code, Limits(startup=20.0, memory=512 * MIB))
    assert outcome.returncode == 0, outcome.output
    assert int(outcome.output.split()[-1]) < 100


@pytest.mark.parametrize(
    "code",
    [
        "import os; attempt(os.fork)",
        "import os; attempt(os.forkpty)",
        "import subprocess, sys; attempt(lambda: subprocess.run([sys.executable, '-c', '']))",
        "import os; attempt(lambda: os.posix_spawn('/bin/true', ['true'], {}))",
        "import os; attempt(lambda: os.execv('/bin/sh', ['sh', '-c', 'echo ESCAPED']))",
        "import multiprocessing; attempt(multiprocessing.Process(target=print).start)",
    ],
)
def test_no_process_is_started(jailed, code) -> None:
    assert refused(jailed(DENIED + code))


def test_a_fork_bomb_stays_one_process(jailed) -> None:
    before = len(list(Path("/proc").iterdir()))
    outcome = jailed("import os\nfor _ in range(1000):\n  try: os.fork()\n  except OSError: pass\nprint('alone')")
    assert outcome.output.strip() == "alone"
    assert len(list(Path("/proc").iterdir())) < before + 100


def test_no_daemon_survives(jailed) -> None:
    assert refused(
        jailed(DENIED + "import os\nattempt(os.setsid)\nattempt(os.fork)\nattempt(lambda: os.setpgid(0, 0))")
    )


def test_the_parent_is_not_signalled(jailed) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        code = """
import os, signal
attempt(lambda: os.kill(bystander, signal.SIGKILL))
# Signal 0 asks whether one might: a jail that leaks must not end what else runs here.
attempt(lambda: os.kill(os.getppid(), 0))
attempt(lambda: os.killpg(os.getpgid(os.getppid()), 0))
attempt(lambda: os.kill(-1, 0))
attempt(lambda: os.pidfd_open(bystander))
"""
        assert refused(jailed(DENIED + code, bystander=bystander.pid))
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_the_parent_is_not_signalled_through_a_descriptor(jailed) -> None:
    code = "import fcntl, os, signal; r, w = os.pipe()\n"
    code += "attempt(lambda: fcntl.fcntl(r, 8, os.getppid()))\nattempt(lambda: fcntl.fcntl(r, 10, signal.SIGKILL))"
    assert refused(jailed(DENIED + code))


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("import os; os.kill(os.getpid(), 9)", signal.SIGKILL),
        ("import ctypes; ctypes.string_at(0)", signal.SIGSEGV),
        ("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)", signal.SIGSYS),
        ("import ctypes; ctypes.CDLL(None).unshare(0x10000000)", signal.SIGSYS),
        ("import ctypes; ctypes.CDLL(None).syscall(425, 8, 0)", signal.SIGSYS),
        ("import os; os.abort()", signal.SIGABRT),
    ],
)
def test_a_child_may_end_itself(jailed, code, number) -> None:
    outcome = jailed(code)
    assert (outcome.ending, outcome.returncode) == ("exited", -number)


def test_nothing_outside_is_written(jailed, project, tmp_path) -> None:
    (project / "app.py").write_text("original")
    private = tmp_path / "home"
    private.mkdir()
    code = """
import os, pathlib
attempt(lambda: pathlib.Path(project, "app.py").write_text("changed"))
attempt(lambda: pathlib.Path(project, "new.py").write_text("planted"))
attempt(lambda: pathlib.Path(home, "planted").mkdir())
attempt(lambda: os.open(pathlib.Path(project, "app.py"), os.O_RDONLY | os.O_TRUNC))
attempt(lambda: os.truncate(pathlib.Path(project, "app.py"), 0))
attempt(lambda: os.unlink(pathlib.Path(project, "app.py")))
attempt(lambda: os.rename(pathlib.Path(project, "app.py"), "stolen"))
attempt(lambda: os.link(pathlib.Path(project, "app.py"), "linked"))
attempt(lambda: pathlib.Path("/dev/shm/planted").write_text("x"))
attempt(lambda: pathlib.Path(__file__).write_text("changed"))
os.symlink(os.path.join(project, "app.py"), "link")
attempt(lambda: pathlib.Path("link").write_text("changed"))
os.chmod(os.path.join(project, "app.py"), 0o777)
os.utime(os.path.join(project, "app.py"), (0, 0))
"""
    before = (project / "app.py").stat()
    assert refused(jailed(DENIED + code, project=str(project), home=str(private)))
    after = (project / "app.py").stat()
    assert (project / "app.py").read_text() == "original"
    assert (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime)
    assert [path.name for path in project.iterdir()] == ["app.py"]
    assert [path.name for path in private.iterdir()] == []
    assert not Path("/dev/shm/planted").exists()


def test_nothing_outside_is_read(jailed, project, tmp_path, monkeypatch) -> None:
    (tmp_path / "id_rsa").write_text("the secret")
    (project / ".env").write_text("the secret")
    monkeypatch.setenv("PLANTED_API_KEY", "the secret")
    code = """
import os, pathlib
attempt(lambda: print(pathlib.Path(folder, "id_rsa").read_text()))
attempt(lambda: print(pathlib.Path(folder, "project", ".env").read_text()))
attempt(lambda: print(os.listdir(folder)))
attempt(lambda: print(os.listdir(os.path.expanduser("~root"))))
attempt(lambda: print(pathlib.Path(f"/proc/{os.getppid()}/environ").read_bytes()))
attempt(lambda: print(pathlib.Path(f"/proc/{os.getppid()}/cmdline").read_bytes()))
attempt(lambda: print(pathlib.Path("/proc/self/root", folder[1:], "id_rsa").read_text()))
attempt(lambda: print(pathlib.Path("/etc/shadow").read_text()))
print(dict(os.environ))
print(pathlib.Path("/proc/self/environ").read_bytes())
"""
    outcome = jailed(DENIED + code, folder=str(tmp_path))
    assert refused(outcome)
    assert "the secret" not in outcome.output
    assert "PLANTED_API_KEY" not in outcome.output


def test_no_descriptor_of_the_parent_is_there(jailed, tmp_path) -> None:
    (tmp_path / "open").write_text("the secret")
    with (tmp_path / "open").open() as file:
        os.set_inheritable(file.fileno(), True)
        outcome = jailed("import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))")
    # stdin, stdout, stderr, the records, and the one that lists the folder
    assert outcome.output.count(",") == 4


@pytest.fixture
def listener():
    """A TCP and a unix listener of the test's own; yields what connected."""
    heard: list[str] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    server.accept()[0].close()
                except TimeoutError:
                    continue
                heard.append("tcp")

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        done.set()
        thread.join()


def test_no_network(jailed, listener, tmp_path) -> None:
    port, heard = listener
    code = """
import socket
attempt(lambda: socket.create_connection(("127.0.0.1", port), timeout=2))
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt(lambda: socket.socket(socket.AF_INET6))
attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
attempt(lambda: socket.getaddrinfo("localhost", 80) and socket.create_server(("", 0)))
"""
    assert refused(jailed(DENIED + code, port=port))
    assert heard == []


def test_no_unix_socket(jailed, tmp_path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        server.settimeout(0.2)
        code = """
import socket
attempt(lambda: socket.socket(socket.AF_UNIX))
attempt(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", path))
stream, _ = socket.socketpair()
attempt(lambda: stream.connect(path))
attempt(lambda: stream.sendto(b"x", path))
"""
        assert refused(jailed(DENIED + code, path=path))
        with pytest.raises(TimeoutError):
            server.recv(1)


def test_limits_cannot_be_lifted(jailed) -> None:
    code = """
import resource
for which in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
    soft, hard = resource.getrlimit(which)
    try:
        resource.setrlimit(which, (soft + 1, hard + 1))
        print("ESCAPED")
    except (ValueError, OSError):
        print("refused")
import os
attempt(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE))
"""
    assert refused(jailed(DENIED + code))


def test_an_endless_output_is_cut(jailed) -> None:
    outcome = jailed("while True: print('x' * 1000)", Limits(startup=20.0, output=MIB))
    assert (outcome.ending, outcome.reason) == ("overflow", "wrote more than 1 MiB of output")
    assert len(outcome.output) < MIB


def test_endless_records_are_cut(jailed) -> None:
    code = "import os\nfd = int(os.environ['COMPILED_AI_RECORDS'])\nwhile True: os.write(fd, b'x' * 1000)"
    outcome = jailed(code, Limits(startup=20.0, records=2 * MIB))
    assert (outcome.ending, outcome.reason) == ("overflow", "wrote more than 2 MiB of records")
    assert outcome.records == ()


@pytest.mark.parametrize(
    "code",
    [
        "n = 0\nwhile True:\n  n += 1\n  open(f'{n}', 'wb').write(bytes(1 << 20))",
        "import os, time\nfor n in range(500): os.mkdir(str(n))\ntime.sleep(60)",
        "import os, time\nfor n in range(200): os.mkdir('x' * 200); os.chdir('x' * 200)\ntime.sleep(60)",
    ],
    ids=["large files", "many folders", "deep folders"],
)
def test_the_disk_is_not_filled(jailed, code) -> None:
    outcome = jailed(code, Limits(startup=20.0, disk=8 * MIB, entries=400))
    assert (outcome.ending, outcome.reason) == ("overflow", "wrote more than 8 MiB, or too many files")


def test_a_large_file_meets_its_limit(jailed) -> None:
    code = "attempt(lambda: open('large', 'wb').write(bytes(3 << 20)))"
    assert refused(jailed(DENIED + code, Limits(startup=20.0, file_size=2 * MIB)))


def test_what_is_left_of_a_hostile_tree_is_removed(jailed) -> None:
    code = """
import os
os.symlink("/", "root")
os.mkdir("closed", 0)
for n in range(1100):
    os.mkdir("deep")
    os.chdir("deep")
"""
    started = time.monotonic()
    assert jailed(code, Limits(startup=20.0, disk=1 << 40, entries=1 << 30)).ending in {"exited", "overflow"}
    assert time.monotonic() - started < 20


def test_no_new_powers_as_root(jailed) -> None:
    code = """
import os
attempt(lambda: os.setuid(os.getuid() + 1))
attempt(lambda: os.chown(".", 1, 1))
attempt(lambda: os.mknod("device", 0o20600, os.makedev(1, 3)))
attempt(lambda: os.nice(-5))
print(open("/proc/self/status").read())
"""
    outcome = jailed(DENIED + code)
    assert refused(outcome)
    assert "CapEff:\t0000000000000000" in outcome.output
    assert "NoNewPrivs:\t1" in outcome.output
    assert "Seccomp:\t2" in outcome.output
