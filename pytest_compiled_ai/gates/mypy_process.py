"""mypy in a warm process of its own, seen from here: started, asked, ended."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pytest_compiled_ai.errors import HarnessError

FIRST_SECONDS: Final = 120.0
"""For a process's first answer: with an empty cache it reads the standard library, and what the project imports."""
SECONDS: Final = 30.0
CHECKS: Final = 200
"""Checks that one process does before another takes its place, so that whatever it leaks is bounded."""

_LOOP = Path(__file__).with_name("mypy_loop.py")
_PACKAGE = Path(__file__).parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH")
_ARGUMENTS = (
    "--strict", "--config-file=", "--namespace-packages", "--explicit-package-bases", "--ignore-missing-imports",
    "--follow-imports=silent", "--no-error-summary", "--no-pretty", "--no-color-output", "--show-error-codes",
    "--hide-error-context", "--no-sqlite-cache",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What mypy says of a text: its exit status, its standard output, and its standard error."""

    status: int
    output: str
    errors: str


class MypyProcess:
    """Checks texts in one process, started when the `with` block begins, while nobody waits for it yet.

    Args:
        root: the tree that a text's imports are found in, below its `src` or itself.
        python: the Python that texts are checked for, as in `3.11`.
        cache: a folder for mypy's cache, which no other process may use at the same time. A text never gets into it.
    """

    def __init__(self, root: Path, python: str, cache: Path) -> None:
        self._root, self._cache = root, cache
        self._arguments = [*_ARGUMENTS, f"--python-version={python}", f"--cache-dir={cache}"]
        self._child: subprocess.Popen[bytes] | None = None
        self._checks = 0
        self._begun: str | None = None
        self._last_words = ""

    def __enter__(self) -> MypyProcess:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, text: str) -> Answer:
        """Return what mypy says of a module with that text.

        Raises:
            HarnessError: mypy failed twice, or took longer than `SECONDS`.
        """
        answer = self._ask(text)
        if answer is None:
            # A cache that a crash left half-written breaks mypy each time it is read.
            shutil.rmtree(self._cache, ignore_errors=True)
            answer = self._ask(text)
        if answer is None:
            raise HarnessError(
                f"mypy could not check the types, and failed ({self._last_words or 'it died silently'}); run again, or "
                "try another version of mypy."
            )
        return answer

    def begin(self, text: str) -> None:
        """Ask about a text, and leave the answer to `run`; an earlier one that nobody has heard is dropped."""
        if self._begun is not None:
            # It cannot be called off, and what it broke is none of this text's.
            with suppress(HarnessError):
                self._hear()
        if self._checks >= CHECKS:
            self.close()
        child = self._child or self._start()
        self._begun = text
        with self._bounded(child, self._patience):
            _send(child, text)

    def close(self) -> None:
        """End the process; harmless when there is none."""
        self._begun = None
        if child := self._child:
            self._child = None
            child.kill()
            child.wait()
            for pipe in filter(None, (child.stdin, child.stdout, self._log)):
                # What could not be sent to a dead process is lost with it.
                with suppress(BrokenPipeError):
                    pipe.close()

    def _ask(self, text: str) -> Answer | None:
        """Return the answer, or None where mypy broke: its process is ended then, and the next question has another."""
        if self._begun != text:
            self.begin(text)
        return self._hear()

    def _hear(self) -> Answer | None:
        child, seconds, started = self._child, self._patience, time.monotonic()
        assert child
        assert child.stdout
        with self._bounded(child, seconds):
            line = child.stdout.readline()
        self._begun = None
        answer = Answer(**json.loads(line)) if line.endswith(b"\n") else None
        if answer and not (answer.status > 1 and answer.errors):
            self._checks += 1
            return answer
        self._last_words = _last_of(answer.errors if answer else self._logged())
        self.close()
        if time.monotonic() - started >= seconds:
            raise HarnessError(f"mypy could not check the types: it took longer than {seconds:g} s; run again.")
        return None

    @property
    def _patience(self) -> float:
        return SECONDS if self._checks else FIRST_SECONDS

    @contextmanager
    def _bounded(self, child: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
        """Kill the process if what is done with it takes too long, and end it where that is interrupted."""
        alarm = threading.Timer(seconds, child.kill)
        alarm.start()
        try:
            yield
        except BaseException:
            # An answer that comes late would be taken for the next question's.
            self.close()
            raise
        finally:
            alarm.cancel()
            alarm.join()

    def _start(self) -> subprocess.Popen[bytes]:
        found = {"ours": str(_PACKAGE.parent), "mypy": _find_mypy()}
        # A file, not a pipe: a process that complains much never waits for us to read it.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._child = subprocess.Popen(
            [sys.executable, "-I", str(_LOOP)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=self._root,
            env=self._environment(),
            start_new_session=True,  # Ctrl-C is for the parent, which ends it in its own order
        )
        self._checks = 0
        _send(self._child, {"parent": os.getpid(), "arguments": self._arguments, **found})
        return self._child

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {**kept, "LANG": "C.UTF-8", "MYPYPATH": f"{self._root / 'src'}{os.pathsep}{self._root}"}

    def _logged(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")


def _send(child: subprocess.Popen[bytes], record: Any) -> None:
    assert child.stdin
    # A process that is gone is found out by its answer.
    with suppress(BrokenPipeError):
        child.stdin.write(json.dumps(record).encode() + b"\n")
        child.stdin.flush()


def _last_of(text: str) -> str:
    """Return the line that says what went wrong: mypy's own "error:", or the last of a traceback."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "error:" in line), lines[-1] if lines else "")[-300:]


def _find_mypy() -> str:
    """Return the folder that mypy is installed in: `python -I` leaves some places out."""
    found = importlib.util.find_spec("mypy")
    if found is None or found.origin is None:
        raise HarnessError("mypy is not installed, and no body is accepted unchecked; run `pip install mypy`.")
    return str(Path(found.origin).parents[1])
