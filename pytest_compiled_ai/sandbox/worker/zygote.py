"""The parent's handle of a zygote: it starts it, makes clients of it, and leaves nothing of it behind."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Final

from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.jail.folder import Folder
from pytest_compiled_ai.sandbox.jail.process import PACKAGE
from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits
from pytest_compiled_ai.sandbox.worker.channel import CallLimits
from pytest_compiled_ai.sandbox.worker.client import Client, connect
from pytest_compiled_ai.sandbox.worker.preload import MODULES

_BOOT: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from pytest_compiled_ai.sandbox.worker.zygote_child import main; main()"
)
_FAILED: Final = "spec: the imports of {module} cannot be executed: {cause}."
_SEALED = Limits(memory=1024 * MIB, file_size=0, open_files=16, wall=60.0)


class Zygote:
    """A fresh interpreter with an artifact's imports in it; each worker is a fork of it. It serves from its creation.

    `module` and `filename` are the artifact's names, `header` its import block, `path` the whole `sys.path`; `modules`
    are imported beforehand, for functions that import them late. Of `limits`, `startup` bounds the imports in seconds,
    `wall` a worker's processor time, and `memory` what a worker may take beyond what the imports took.

    Raises:
        SpecError: the imports could not be executed.
        SandboxError: it could not be started, or not in time.
    """

    def __init__(
        self,
        *,
        module: str,
        filename: str,
        header: str,
        path: Sequence[str],
        modules: Sequence[str] = MODULES,
        limits: Limits = _SEALED,
        hash_seed: int = 0,
    ) -> None:
        if sys.platform != "linux":
            raise SandboxError("sandbox: sealed workers need Linux; elsewhere tests run in the jail.")
        orders = {
            "module": module,
            "filename": filename,
            "header": header,
            "path": list(path),
            "modules": list(modules),
            "limits": asdict(limits),
            "parent": os.getpid(),
        }
        self._own = Folder("zygote")
        self._folder = self._own.path
        self._process: subprocess.Popen[bytes] | None = None
        self._ours, theirs = socket.socketpair()
        reports, report = os.pipe()
        try:
            with theirs:
                self._start({**orders, "socket": theirs.fileno(), "report": report}, hash_seed)
            self._await(reports, module, limits.startup)
        except BaseException:
            self.close()
            raise
        finally:
            os.close(reports)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        """Tell whether it still serves; one that does not is replaced by a new one."""
        return self._process is not None and self._process.poll() is None

    def fileno(self) -> int:
        """Return the descriptor that a child process may inherit, for `connect`."""
        return self._ours.fileno()

    def client(self, classes: Classes, limits: CallLimits = CallLimits()) -> Client:  # noqa: B008 (it is immutable)
        """Return a client for use in this process."""
        return connect(os.dup(self._ours.fileno()), classes, limits)

    def close(self) -> None:
        """End it and all its workers; may be called twice."""
        self._ours.close()
        # The group first, while its unreaped leader keeps the number from being given to anyone else.
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._own.close()

    def _start(self, orders: Mapping[str, object], hash_seed: int) -> None:
        try:
            self._process = _spawn(orders, self._folder, hash_seed)
        finally:
            os.close(int(str(orders["report"])))

    def _await(self, reports: int, module: str, seconds: float) -> None:
        text, deadline = b"", time.monotonic() + seconds
        while not text.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([reports], [], [], left)[0]:
                raise SpecError(_FAILED.format(module=module, cause=f"they take longer than {seconds:g} s"))
            more = os.read(reports, 4096)
            if not more:
                assert self._process is not None
                raise SandboxError(f"sandbox: the zygote of {module} ended with status {self._process.wait()}.")
            text += more
        report = json.loads(text)
        if report["event"] != "ready":
            raise SpecError(_FAILED.format(module=module, cause=report["text"]))


def _spawn(orders: Mapping[str, object], folder: Path, hash_seed: int) -> subprocess.Popen[bytes]:
    zone = {"TZ": os.environ["TZ"]} if "TZ" in os.environ else {}
    process = subprocess.Popen(
        # Not -I, which would ignore the hash seed: the environment holds nothing else that Python reads.
        [sys.executable, "-s", "-P", "-B", "-c", _BOOT, str(PACKAGE.parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"LANG": "C.UTF-8", "PYTHONHASHSEED": str(hash_seed), **zone},
        pass_fds=(int(str(orders["socket"])), int(str(orders["report"]))),
        start_new_session=True,
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(json.dumps(orders).encode())
    return process
