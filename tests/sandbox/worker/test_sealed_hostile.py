"""What a hostile candidate tries in a sealed worker, one act a test; the effect is looked for from outside."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from zygotes import HEADER, eventually, members, program, start

from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, WorkerDied
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

SECRET = "planted-in-the-parent-" + str(os.getpid())
SMALL = Limits(memory=200 * MIB, file_size=0, open_files=16)


@pytest.fixture(scope="module")
def zygote():
    if not detect_sealed_tier().confinement.seccomp:
        pytest.skip("this machine has no seccomp filter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANTED_SECRET", SECRET)
        patch.setattr(sys, "planted", [SECRET], raising=False)
        with start(HEADER + "import mmap, pathlib, subprocess, tempfile", limits=SMALL) as zygote:
            yield zygote


@pytest.fixture
def run(zygote):
    """Run `act()` of a program in a worker of its own; afterwards only the zygote's two processes may be left."""

    def call(code, *args, **limits):
        limits = CallLimits(**{"call": 30.0, **limits})
        with zygote.client(NO_CLASSES, limits) as client, client.fork(program(code)) as worker:
            return worker.call("act", args, {})

    yield call
    group = zygote._process.pid
    assert eventually(lambda: len(members(group)) <= 2)
    assert zygote.is_alive


def dies(run, code, *args, **limits):
    with pytest.raises(WorkerDied) as caught:
        run(code, *args, **limits)
    return caught.value


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.execv('/bin/sh', ['sh', '-c', 'exit'])",
        "ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)",
        "ctypes.CDLL(None).syscall(310, os.getppid(), 0, 0, 0, 0, 0)",
        "ctypes.CDLL(None).unshare(0x10000000)",
        "ctypes.CDLL(None).mount(b'none', b'/', b'tmpfs', 0, 0)",
        "ctypes.CDLL(None).syscall(0x40000000 + 39)",
    ],
)
def test_a_hostile_call_is_death(run, code) -> None:
    death = dies(run, f"def act():\n    {code}")
    assert (death.reason, death.hostile) == ("made a forbidden system call (SIGSYS)", True)


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd')",
        "open(victim, 'w')",
        "os.open('/proc/self/environ', os.O_RDONLY)",
        "os.open(f'/proc/{os.getppid()}/mem', os.O_RDWR)",
        "os.stat(victim)",
        "os.listdir('/')",
        "os.unlink(victim)",
        "os.symlink(victim, 'x')",
        "os.chmod(victim, 0o777)",
        "pathlib.Path('x').mkdir()",
        "tempfile.mkdtemp()",
        "os.fork()",
        "os.forkpty()",
        "subprocess.Popen(['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(os.getppid(), 9)",
        "os.kill(-1, 9)",
        "os.killpg(0, 9)",
        "signal.pidfd_send_signal(4, 9)",
        "os.pipe()",
        "os.dup(3)",
        "socket.socketpair()",
        "os.memfd_create('x')",
        "os.setsid()",
        "os.setuid(0)",
        "os.nice(-5)",
        "os.mkfifo('x')",
        "os.chdir('/')",
        "os.getcwd()",
        "os.read(0, 1)",
        "os.write(1, b'x')",
        "os.write(2, b'x')",
        "os.write(5, b'x')",
        "mmap.mmap(4, 10)",
    ],
)
def test_a_forbidden_act_is_refused(run, tmp_path, code) -> None:
    victim = tmp_path / "victim"
    victim.write_text("whole")
    attempt = f"""
    import mmap, pathlib, subprocess, tempfile
    def act(victim):
        try:
            {code}
        except OSError:
            return "refused"
        return "ESCAPED"
    """
    assert run(attempt, str(victim)) == "refused"
    assert victim.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [victim]


def test_a_thread_is_refused(run) -> None:
    attempt = """
    def act():
        try:
            threading.Thread(target=time.sleep, args=(60,)).start()
        except RuntimeError:
            return "refused"
    """
    assert run(attempt) == "refused"


def test_bombs_of_processes_and_threads_stay_alone(run) -> None:
    code = """
    def act():
        count = 0
        for _ in range(500):
            for start in (os.fork, threading.Thread(target=int).start):
                try:
                    start()
                    count += 1
                except (OSError, RuntimeError):
                    pass
        return count
    """
    assert run(code) == 0


def test_a_memory_bomb_meets_its_limit(run) -> None:
    with pytest.raises(MemoryError):
        run("def act():\n    bomb = []\n    while True: bomb.append(bytearray(1 << 20))")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("while True: pass", id="endless loop"),
        pytest.param(
            "[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15, 24)]\n    while True: pass",
            id="loop that ignores signals",
        ),
        pytest.param("re.match(r'(a|aa)+$', 'a' * 80 + 'b')", id="loop in C"),
        pytest.param("3 ** (10 ** 9)", id="arithmetic without end"),
        pytest.param("signal.raise_signal(signal.SIGSTOP)", id="stops itself"),
        pytest.param("time.sleep(60)", id="sleeps"),
    ],
)
def test_a_call_without_end_is_killed(run, code) -> None:
    death = dies(run, f"def act():\n    {code}", call=0.3)
    assert (death.reason, death.hostile) == ("ran longer than 0.3 s", False)


def test_a_worker_may_not_use_up_the_time_of_all_its_calls(zygote) -> None:
    limits = CallLimits(total=0.3)
    with zygote.client(NO_CLASSES, limits) as client, client.fork(program("def act(): time.sleep(0.1)")) as worker:

        def call_often():
            for _ in range(20):
                worker.call("act", (), {})

        with pytest.raises(WorkerDied, match=r"ran longer than 0\.3 s in all its calls"):
            call_often()


def test_a_worker_that_hangs_up_and_lives_on_is_killed(run) -> None:
    assert dies(run, "def act():\n    os.close(3); os.close(4)\n    while True: pass").reason == "hung up"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("os._exit(0)", "left with exit status 0"),
        ("os.close(3)", "left with exit status 1"),
        ("ctypes.string_at(8)", "crashed with SIGSEGV"),
        ("os.abort()", "crashed with SIGABRT"),
        ("signal.raise_signal(signal.SIGTERM)", "was ended by SIGTERM"),
    ],
)
def test_an_end_is_told_by_its_kind(zygote, code, reason) -> None:
    with zygote.client(NO_CLASSES) as client, client.fork(program(f"def act():\n    {code}")) as worker:
        with suppress(WorkerDied):
            worker.call("act", (), {})
        with pytest.raises(WorkerDied) as caught:
            worker.call("act", (), {})
    assert (caught.value.reason, caught.value.hostile) == (reason, False)


def test_deep_recursion_is_an_error_or_a_crash(run) -> None:
    with pytest.raises(RecursionError):
        run("def act(): return act()")
    code = """
    class Deep:
        def __repr__(self): return repr([self])
    def act():
        sys.setrecursionlimit(1 << 30)
        repr(Deep())
    """
    with pytest.raises((WorkerDied, MemoryError)):
        run(code)


@pytest.mark.parametrize(
    "code",
    [
        "os.write(4, b'junk' * 10)",
        "os.write(4, b'\\0\\0\\0\\2xx')",
        "os.write(4, b'\\xff\\xff\\xff\\xff')",
        "os.write(4, b'\\0\\0\\0\\5V\\0\\0\\0\\7')",
        "os.write(4, b'\\0\\0\\0\\5V\\0\\0\\0\\2')",
    ],
)
def test_junk_on_the_pipe_is_death(run, code) -> None:
    assert "answer" in dies(run, f"def act():\n    {code}").reason


def test_a_forged_answer_is_only_an_answer(run) -> None:
    code = """
    def act():
        os.write(4, b'\\0\\0\\0\\x0eV\\0\\0\\0\\2\\0\\0\\0\\x01' + b'1' + b'\\0\\0\\0\\0')
    """
    assert run(code) == 1


def test_a_flood_is_cut_off(run) -> None:
    assert run("def act():\n    for _ in range(10_000): print('x' * 1000)\n    return 1") == 1
    flood = "def act():\n    while True: os.write(4, b'\\0\\0\\0\\xff' + b'x' * 255)"
    assert dies(run, flood).reason == "gave a broken answer"
    with pytest.raises(WorkerDied, match="an answer of more than 1 MiB"):
        run("def act(): return 'x' * (1 << 21)", answer=MIB)


def test_nothing_of_the_parent_is_in_its_memory(run) -> None:
    code = """
    def act(start, end):
        texts = [*os.environ, *os.environ.values(), *sys.argv, *sys.orig_argv]
        todo, seen = gc.get_objects(), set()
        while todo:
            thing = todo.pop()
            if id(thing) in seen: continue
            seen.add(id(thing))
            if type(thing) is str: texts.append(thing)
            elif type(thing) is bytes: texts.append(thing.decode('latin-1'))
            else: todo.extend(gc.get_referents(thing))
        return sorted(os.environ), [text for text in texts if start + '-in-the' in text and end in text][:3], len(texts)
    """
    variables, found, count = run(code, "planted", str(os.getpid()))
    assert set(variables) <= {"LANG", "LC_CTYPE", "PYTHONHASHSEED", "TZ"}
    assert found == []
    assert count > 1000


def test_no_descriptor_but_the_two_pipes_is_open(run) -> None:
    code = """
    def act():
        found = []
        for number in range(1024):
            try: os.lseek(number, 0, 1)
            except OSError as error:
                if error.errno == 9: continue
            found.append(number)
        return found
    """
    assert run(code) == [3, 4]


def test_a_parent_that_is_another_thread_keeps_its_workers(zygote) -> None:
    results = []

    def work():
        with zygote.client(NO_CLASSES) as client, client.fork(program("def act(): return 1")) as worker:
            results.append(worker.call("act", (), {}))

    for _ in range(2):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(30)
    assert results == [1, 1]


def test_the_disk_is_out_of_reach(zygote, run) -> None:
    before = sorted(Path(zygote._folder).iterdir())
    code = """
    def act():
        done = 0
        for number in range(50):
            try:
                open(f"file{number}", "wb").write(b"x" * 1000)
                done += 1
            except OSError: pass
        return done
    """
    assert run(code) == 0
    assert sorted(Path(zygote._folder).iterdir()) == before == []
