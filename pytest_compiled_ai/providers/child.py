"""The server's process, seen from the parent: started, awaited, ended."""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from pytest_compiled_ai.errors import ProviderError

START_SECONDS = 120.0
CONTEXT = 8192
LOG_TAIL = 4096
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "CUDA_VISIBLE_DEVICES")
SERVER = Path(__file__).with_name("server.py")


class ServerProcess:
    """A running server; `address` is its base URL and `api_key` what it asks for, made for this process alone.

    Raises:
        ProviderError: xllamacpp is not installed, or the server did not start within `seconds`.
    """

    def __init__(self, model: Path, *, seconds: float = START_SECONDS, slots: int = 1) -> None:
        self.api_key = secrets.token_hex(16)
        xllamacpp = find_xllamacpp()
        # A file, not a pipe: a server that writes much never waits for us to read it.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            start_new_session=True,  # Ctrl-C is for the parent, which ends the server in its own order
        )
        try:
            self._order(model, xllamacpp, slots)
            self.address = self._await_address(time.monotonic() + seconds, seconds)
        except BaseException:
            self.stop()
            raise

    def has_died(self) -> bool:
        """Tell whether the process has ended, or does within a second: its connections break a little before."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        return self._process.poll() is not None

    def stop(self) -> None:
        """End the process; harmless when it has ended."""
        self._process.kill()
        self._process.wait()
        for pipe in filter(None, (self._process.stdin, self._process.stdout, self._log)):
            pipe.close()

    def last_words(self) -> str:
        """Return the last line that the server logged, and how it ended."""
        # Read without a seek: the server writes through the same file offset.
        tail = os.pread(self._log.fileno(), LOG_TAIL, max(0, os.fstat(self._log.fileno()).st_size - LOG_TAIL))
        lines = tail.decode(errors="replace").split("\n")
        said = [" ".join(line.split()) for line in lines if line.strip()]
        code = self._process.poll()
        ended = f"killed by signal {-code}" if code and code < 0 else f"exit status {code}"
        return "; ".join([*said[-1:], *([ended] if code else [])])[-300:]

    def _order(self, model: Path, xllamacpp: str, slots: int) -> None:
        order = {
            "model": str(model),
            "api_key": self.api_key,
            "context": CONTEXT,
            "slots": slots,
            "xllamacpp": xllamacpp,
            "parent": os.getpid(),
        }
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failure("it ended at once") from None

    def _await_address(self, deadline: float, seconds: float) -> str:
        assert self._process.stdout
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise self._failure(f"it was not ready after {seconds:.0f} s")
            piece = os.read(self._process.stdout.fileno(), 4096)
            if not piece:
                raise self._failure("it ended")
            line += piece
        report: dict[str, str] = json.loads(line)
        if "address" not in report:
            raise self._failure(report["error"])
        return report["address"]

    def _failure(self, what: str) -> ProviderError:
        self.has_died()
        words = self.last_words()
        return ProviderError(
            f"the embedded model's server did not start: {what}{f' ({words})' if words else ''}; "
            "`compiled-ai doctor` looks further, `compiled-ai model prepare` checks the model."
        )


def find_xllamacpp() -> str:
    """Return the file of the package xllamacpp.

    Raises:
        ProviderError: it is not installed.
    """
    found = importlib.util.find_spec("xllamacpp")
    if found is None or found.origin is None:
        raise ProviderError(
            "the embedded model needs xllamacpp, which is not installed; "
            "run `pip install 'pytest-compiled-ai[embedded]'`."
        )
    return found.origin
