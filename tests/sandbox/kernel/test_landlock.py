from __future__ import annotations

import pytest

from pytest_compiled_ai.sandbox.kernel import landlock, rights
from pytest_compiled_ai.sandbox.kernel.rights import Grants


@pytest.mark.parametrize(
    ("abi", "file_rights", "network", "scope"),
    [(1, 13, 0, 0), (2, 14, 0, 0), (3, 15, 0, 0), (4, 15, 3, 0), (5, 16, 3, 0), (6, 16, 3, 3), (7, 16, 3, 3)],
)
def test_a_kernel_is_asked_for_the_rights_that_it_knows(abi, file_rights, network, scope) -> None:
    assert rights.handled(abi) == ((1 << file_rights) - 1, network, scope)


def test_no_grant_lets_a_program_start_or_a_device_or_socket_be_made() -> None:
    assert not rights.WRITE & (rights.EXECUTE | rights.MAKE_DEVICE | rights.MAKE_SOCKET | rights.IOCTL_DEVICE)
    assert not rights.READ & rights.WRITE_FILE


def test_an_unknown_machine_has_no_landlock(monkeypatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert landlock.version() == 0
    assert landlock.restrict(Grants()) == 0


def test_a_kernel_without_landlock_has_version_0(monkeypatch) -> None:
    monkeypatch.setattr(landlock, "_CREATE_RULESET", 100_000)
    assert landlock.version() == 0


@pytest.mark.usefixtures("sealed")
def test_a_grant_holds_for_what_it_names_and_no_more(jailed, tmp_path) -> None:
    code = """
    import os
    print(open("/dev/null").read() == "", open("/dev/null", "w").write("x"))
    print(len(os.urandom(3)), len(open("/dev/urandom", "rb").read(3)))
    os.makedirs("a/b"); open("a/b/c", "w").write("x"); os.rename("a/b/c", "a/d"); os.replace("a/d", "e"); os.remove("e")
    print(sorted(os.listdir(".")), os.stat("/etc/shadow").st_size > 0)
    """
    outcome = jailed(code)
    assert outcome.output.splitlines() == ["True 1", "3 3", "['a'] True"]


@pytest.mark.usefixtures("sealed")
def test_what_is_usual_in_tests_of_files_works(jailed) -> None:
    code = """
    import shutil, tempfile, sqlite3, zipfile, gzip, os, mmap, glob, fcntl
    open("a", "w").write("text")
    shutil.copy("a", "b"); shutil.copy2("a", "c"); shutil.copytree(".", "tree"); shutil.move("tree", "moved")
    os.link("a", "hard"); os.symlink("a", "soft"); os.mkfifo("fifo"); os.truncate(os.open("a", os.O_RDWR), 2)
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x"); file.flush(); os.fsync(file.fileno()); fcntl.flock(file, fcntl.LOCK_EX)
    with sqlite3.connect("db") as db: db.execute("create table t (x)"); db.execute("insert into t values (1)")
    with zipfile.ZipFile("z.zip", "w") as z: z.write("a")
    shutil.rmtree("moved")
    print(sorted(glob.glob("*")))
    """
    outcome = jailed(code)
    names = ["a", "b", "c", "db", "fifo", "hard", "soft", "z.zip"]
    assert outcome.output.strip() == str(names)


@pytest.mark.usefixtures("sealed")
def test_threads_clocks_and_event_loops_work(jailed) -> None:
    code = """
    import asyncio, signal, threading, time, concurrent.futures as f, random, uuid, decimal, zoneinfo, datetime, ssl
    with f.ThreadPoolExecutor(4) as pool: print(sum(pool.map(lambda n: n * n, range(10))))
    async def main():
        await asyncio.sleep(0)
        return await asyncio.to_thread(lambda: 7)
    print(asyncio.run(main()))
    heard = []
    signal.signal(signal.SIGALRM, lambda *_: heard.append(1)); signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause(); print(heard)
    time.sleep(0.001); uuid.uuid4(); random.SystemRandom().random()
    print(datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset())
    """
    assert jailed(code).output.splitlines() == ["285", "7", "[1]", "2:00:00"]
