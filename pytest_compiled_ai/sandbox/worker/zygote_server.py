"""The serving half of the zygote: forks workers for its clients, and buries them."""

from __future__ import annotations

import os
import selectors
import signal
import socket
from contextlib import suppress

from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.worker.answering import Program
from pytest_compiled_ai.sandbox.worker.child import run_worker

_SERVED_BYTE, _DESCRIPTORS = 1, 3


class Server:
    """Forks workers, kills them when their client says so or is gone, and tells each client how its worker ended."""

    def __init__(self, clients: socket.socket, program: Program, limits: Limits, *, namespaces: bool) -> None:
        self._clients = clients
        self._program = program
        self._limits = limits
        self._namespaces = namespaces
        self._workers: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(clients, selectors.EVENT_READ)
        self._woken, waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def serve(self) -> None:
        """Answer requests until nobody holds the other end of the socket any more."""
        while True:
            for key, _ in self._selector.select():
                if key.fd == self._clients.fileno():
                    if not self._accept():
                        return
                elif key.fd == self._woken:
                    self._reap()
                else:
                    self._obey(key.data)

    def _accept(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._clients, _SERVED_BYTE, _DESCRIPTORS)
        if not data:
            return False
        if len(descriptors) == _DESCRIPTORS:
            requests, replies, control = descriptors
            self._fork(requests, replies, socket.socket(fileno=control))
        return True

    def _fork(self, requests: int, replies: int, control: socket.socket) -> None:
        server = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            _tell(control, f"error {error.strerror}")
            control.close()
            pid = -1
        if pid == 0:
            signal.set_wakeup_fd(-1)
            limits, isolated = self._limits, self._namespaces
            run_worker(self._program, requests, replies, parent=server, limits=limits, namespaces=isolated)
        os.close(requests)
        os.close(replies)
        if pid > 0:
            self._workers[pid] = control
            self._selector.register(control, selectors.EVENT_READ, pid)

    def _obey(self, pid: int) -> None:
        if pid not in self._workers:
            return  # its death was heard of in the same round
        # A byte says kill, and so does a client's end.
        with suppress(OSError):
            self._workers[pid].recv(1)
        self._selector.unregister(self._workers[pid])
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        while self._workers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            control = self._workers.pop(pid)
            with suppress(KeyError):
                self._selector.unregister(control)
            code = os.waitstatus_to_exitcode(status)
            _tell(control, f"exit {code}" if code >= 0 else f"signal {-code}")
            control.close()


def _tell(control: socket.socket, text: str) -> None:
    with suppress(OSError):
        control.sendall(text.encode() + b"\n")
