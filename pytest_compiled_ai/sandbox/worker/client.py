"""The way from a process to a zygote: a descriptor, by which it asks for workers."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from types import TracebackType

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.errors import decode_error
from pytest_compiled_ai.sandbox.kernel.seal import Seal
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, Channel, WorkerDied
from pytest_compiled_ai.sandbox.worker.frames import Frame
from pytest_compiled_ai.sandbox.worker.worker import Worker

_DEFAULTS = CallLimits()
_GONE = "sandbox: the zygote is gone; no candidate is to blame, run it again."


def connect(descriptor: int, classes: Classes, limits: CallLimits = _DEFAULTS) -> Client:
    """Return a client of the zygote behind an inherited descriptor, which it takes over.

    `classes` are the project's own that may be carried; the worker finds its own from the artifact's imports.
    """
    return Client(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=descriptor), classes, limits)


class Client:
    """Asks a zygote for workers. Several may share one, in several processes."""

    def __init__(self, zygote: socket.socket, classes: Classes, limits: CallLimits) -> None:
        self._zygote = zygote
        self._classes = classes
        self._limits = limits
        self._ahead: Channel | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fork(self, program: str) -> Worker:
        """Return a new worker that has executed `program`, the text of a whole artifact.

        Raises:
            WorkerDied: it could not be executed; the reason says why.
            SandboxError: the zygote is gone, or could not fork or seal a worker.
        """
        channel, seal = self.load(program)
        return Worker(channel, self._classes, seal)

    def load(self, program: str) -> tuple[Channel, Seal]:
        """Return the channel of a new worker that has executed `program`, and its seal; raises as `fork`."""
        channel, self._ahead = self._ahead or self._ask(), None
        try:
            seal = Seal.decode(channel.hear().parts[0])
            if not seal.seccomp:
                raise SandboxError("sandbox: a worker could not be sealed: this system has no filter of system calls.")
            self._load(channel, program)
        except BaseException:
            channel.close()
            raise
        return channel, seal

    def look_ahead(self) -> None:
        """Have a worker forked and sealed for the next `fork`, which takes as long as a short test; do not wait."""
        if self._ahead is None:
            # Whatever is wrong with the zygote is said to who needs the worker.
            with suppress(SandboxError):
                self._ahead = self._ask()

    def close(self) -> None:
        """Close this process's end of the zygote's socket; its workers live on, but for one that nobody has taken."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        self._zygote.close()

    def _ask(self) -> Channel:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        ours, theirs = socket.socketpair()
        channel = Channel(ours_out, ours_in, ours, self._limits)
        try:
            socket.send_fds(self._zygote, [b"f"], [theirs_in, theirs_out, theirs.fileno()])
        except OSError:
            channel.abandon()
            raise SandboxError(_GONE) from None
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
            theirs.close()
        return channel

    def _load(self, channel: Channel, program: str) -> None:
        answer = channel.exchange(frames.PROGRAM, program.encode())
        if answer.kind != frames.VALUE:
            raise WorkerDied(f"could not be loaded: {self._explanation(answer)}")

    def _explanation(self, answer: Frame) -> str:
        try:
            error = decode_error(answer.parts[0], self._classes)
        except (CodecError, IndexError):
            return "it gave a broken answer"
        return f"{type(error).__name__}: {error}"
