"""The parent's side of the jail: start a module in a confined child, hear its records, and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest_compiled_ai
from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.job import Confinement, Job, Outcome
from pytest_compiled_ai.sandbox.jail.protocol import RECORDS_VARIABLE
from pytest_compiled_ai.sandbox.jail.streams import Output, Records
from pytest_compiled_ai.sandbox.jail.watch import Watch

PACKAGE = Path(pytest_compiled_ai.__file__).resolve().parent

_BOOT = "import sys; sys.path.insert(0, sys.argv[2]); from pytest_compiled_ai.sandbox.jail.entry import main; main()"


def run(job: Job) -> Outcome:
    """Run the job to its end or to a limit, and kill whatever is left of it.

    May be called from any thread; the calling thread waits. Raises:
        SandboxError: the child did not get as far as closing the jail.
    """
    if sys.platform == "win32":
        raise SandboxError("sandbox: there is no jail for Windows; run the compilation on Linux, macOS or in WSL.")
    started = time.monotonic()
    receiver, sender = os.pipe()
    try:
        process = spawn(job, sender)
    except BaseException:
        os.close(receiver)
        raise
    finally:
        os.close(sender)
    try:
        assert process.stdout is not None
        output = Output(process.stdout.fileno(), job.limits.output)
        records = Records(receiver, job.limits.records)
        ending, reason = Watch(process, (output, records), records).until_end(job.limits, job.scratch)
    finally:
        end(process)
        os.close(receiver)
    return Outcome(
        ending=ending,
        returncode=process.returncode,
        reason=reason,
        records=tuple(records.all[1:]),
        output=output.text,
        seconds=time.monotonic() - started,
        confinement=read_confinement(records, output),
    )


def spawn(job: Job, sender: int) -> subprocess.Popen[bytes]:
    """Start the job's child in a group of its own; it sends its records through the descriptor `sender`."""
    orders = job.scratch.root / "job.json"
    orders.write_text(json.dumps(_orders(job, sender)), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-B", "-c", _BOOT, str(orders), str(PACKAGE.parent)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=job.scratch.root,
        env=_environment(job, sender),
        pass_fds=(sender, *job.inherited),
        start_new_session=True,
    )


def _orders(job: Job, sender: int) -> dict[str, object]:
    scratch = job.scratch
    grants = replace(
        job.grants,
        readable=(*job.grants.readable, str(scratch.given), str(PACKAGE)),
        writable=(*job.grants.writable, str(scratch.tmp), str(scratch.home)),
    )
    return {
        "module": job.module,
        "argv": job.argv,
        "folder": str(job.folder),
        "path": job.path,
        "moved": dict(job.moved),
        "limits": asdict(job.limits),
        "grants": asdict(grants),
        "records": sender,
        "forks": job.forks,
        "parent": os.getpid(),
    }


def _environment(job: Job, sender: int) -> dict[str, str]:
    zone = {"TZ": os.environ["TZ"]} if "TZ" in os.environ else {}
    return {
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(job.scratch.home),
        "TMPDIR": str(job.scratch.tmp),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        RECORDS_VARIABLE: str(sender),
        **zone,
        **job.env,
    }


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and its whole group, and reap it."""
    # The group first, while its unreaped leader keeps the number from being given to anyone else.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def read_confinement(records: Records, output: Output) -> Confinement:
    """Return what a child said of its jail, in its first record.

    Raises:
        SandboxError: it did not get as far as closing the jail.
    """
    match records.all[:1]:
        case [{"event": "confined", "landlock": int(landlock), "seccomp": bool(seccomp)}]:
            return Confinement(landlock=landlock, seccomp=seccomp)
    last = output.text.strip().rpartition("\n")[2] or "it said nothing"
    raise SandboxError(
        f"sandbox: the child ended before its jail was closed: {last}.\n"
        "No candidate is to blame; `compiled-ai doctor` shows what this machine offers."
    )
