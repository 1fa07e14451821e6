"""Sockets that nobody has a reason to speak to."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path


class Listeners:
    """Listens by TCP and UDP on loopback, and on unix sockets with and without a path, until it is closed.

    `names` says where.
    """

    def __init__(self, folder: Path) -> None:
        abstract = f"hostile-{folder.name}"
        paths = {"STREAM": str(folder / "stream"), "DATAGRAM": str(folder / "datagram")}
        self._sockets = {
            "TCP": _bind(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "UDP": _bind(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "STREAM": _bind(socket.AF_UNIX, socket.SOCK_STREAM, paths["STREAM"]),
            "DATAGRAM": _bind(socket.AF_UNIX, socket.SOCK_DGRAM, paths["DATAGRAM"]),
            "ABSTRACT": _bind(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{abstract}"),
        }
        ports = {name: self._sockets[name].getsockname()[1] for name in ("TCP", "UDP")}
        self.names: dict[str, object] = {**ports, **paths, "ABSTRACT": abstract}

    def hear(self) -> list[str]:
        """Return which were spoken to since they were last asked; the kernel keeps it for them."""
        return [name for name, each in self._sockets.items() if _was_spoken_to(each)]

    def close(self) -> None:
        """Stop listening."""
        for each in self._sockets.values():
            each.close()


def _bind(family: int, kind: int, address: object) -> socket.socket:
    made = socket.socket(family, kind)
    made.bind(address)  # type: ignore[arg-type]
    made.setblocking(False)
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def _was_spoken_to(listener: socket.socket) -> bool:
    count = 0
    with suppress(BlockingIOError):
        while True:
            if listener.type == socket.SOCK_STREAM:
                listener.accept()[0].close()
            else:
                listener.recv(4096)
            count += 1
    return bool(count)
