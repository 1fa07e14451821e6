"""What Landlock can withhold from a process, and what a jailed process is granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EXECUTE: Final = 1 << 0
WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_DIR: Final = 1 << 3
REMOVE: Final = 1 << 4 | 1 << 5
MAKE_DEVICE: Final = 1 << 6 | 1 << 11
MAKE_SOCKET: Final = 1 << 9
MAKE: Final = 1 << 7 | 1 << 8 | 1 << 10 | 1 << 12
REFER: Final = 1 << 13
TRUNCATE: Final = 1 << 14
IOCTL_DEVICE: Final = 1 << 15

READ: Final = READ_FILE | READ_DIR
WRITE: Final = READ | WRITE_FILE | REMOVE | MAKE | REFER | TRUNCATE
OF_A_FILE: Final = EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEVICE

_TCP: Final = 1 << 0 | 1 << 1
_SIGNALS_AND_ABSTRACT_SOCKETS: Final = 1 << 0 | 1 << 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """The paths that may be opened; a grant of a folder holds for all that lies under it.

    `listed` folders give the names in them and nothing else.
    """

    readable: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()


def handled(abi: int) -> tuple[int, int, int]:
    """Return the file, network and scope rights that a kernel of this interface version can withhold."""
    newest_file_right = 12 + (abi >= 2) + (abi >= 3) + (abi >= 5)
    return (1 << newest_file_right + 1) - 1, _TCP if abi >= 4 else 0, _SIGNALS_AND_ABSTRACT_SOCKETS if abi >= 6 else 0
