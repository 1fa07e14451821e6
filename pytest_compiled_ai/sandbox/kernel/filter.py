"""The filter that decides about each system call of a confined process.

It is a program for the kernel's classic packet filter machine: load a word of the call, compare it, return a
verdict.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pytest_compiled_ai.sandbox.kernel import syscalls

ALLOW: Final = 0x7FFF_0000
KILL: Final = 0x8000_0000
REFUSE: Final = 0x0005_0000 | errno.EPERM
NO_TTY: Final = 0x0005_0000 | errno.ENOTTY
NO_CALL: Final = 0x0005_0000 | errno.ENOSYS
PRETEND: Final = 0x0005_0000
"""Error number 0: the call does nothing and reports success."""

AUDIT_ARCH: Final = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_X32: Final = 0x4000_0000

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16

_CLONE_THREAD: Final = 0x1_0000
_O_ACCMODE_AND_TRUNC, _O_TRUNC = 0o1003, 0o1000
_AF_UNIX, _SOCK_STREAM = 1, 1
_SIGIO_COMMANDS: Final = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX: the kernel would send any signal to any process of the user."""
_TERMINAL_AND_FILE: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x4004_9409)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FICLONE."""
_THREAD_NAMES: Final = (15, 16, 0x5356_4D41)
"""PR_SET_NAME, PR_GET_NAME, PR_SET_VMA."""

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""


def assemble(program: Sequence[Instruction]) -> bytes:
    """Return the program as the kernel reads it."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def build(name: str, pid: int) -> list[Instruction]:
    """Return the jailed filter for the machine `name`, under which the process `pid` may signal only itself."""
    lists = (
        (syscalls.HARMLESS, ALLOW),
        (syscalls.PRETENDED, PRETEND),
        (syscalls.UNKNOWN, NO_CALL),
        (syscalls.HOSTILE, KILL),
    )
    return program(name, lists, jailed_checks(pid))


def program(
    name: str, lists: Sequence[tuple[Sequence[str], int]], checks: Mapping[str, list[Instruction]]
) -> list[Instruction]:
    """Return a filter that gives each list its verdict, looks at the arguments of `checks`, and refuses the rest."""
    return [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, AUDIT_ARCH[name]),
        (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, _NUMBER),
        *([(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, KILL)] if name == "x86_64" else []),
        *_verdicts(syscalls.numbers(name), lists, checks),
        (_AT_LEAST, 0, 1, syscalls.LAST_KNOWN + 1),
        (_RETURN, 0, 0, NO_CALL),
        (_RETURN, 0, 0, REFUSE),
    ]


def _verdicts(
    numbers: Mapping[str, int], lists: Sequence[tuple[Sequence[str], int]], checks: Mapping[str, list[Instruction]]
) -> Iterator[Instruction]:
    for names, verdict in lists:
        for name in names:
            if name in numbers:
                yield from ((_EQUAL, 0, 1, numbers[name]), (_RETURN, 0, 0, verdict))
    for name, check in checks.items():
        if name in numbers:
            yield (_EQUAL, 0, len(check), numbers[name])
            yield from check


def jailed_checks(pid: int) -> dict[str, list[Instruction]]:
    """Return what is asked of the arguments of a jailed process' calls, by the call's name."""
    to_itself = one_of(0, (pid,), ALLOW, REFUSE)
    return {
        "open": one_of(1, (_O_TRUNC,), REFUSE, ALLOW, mask=_O_ACCMODE_AND_TRUNC),
        "openat": one_of(2, (_O_TRUNC,), REFUSE, ALLOW, mask=_O_ACCMODE_AND_TRUNC),
        "clone": [_argument(0), (_ANY_BIT, 1, 0, _CLONE_THREAD), (_RETURN, 0, 0, REFUSE), (_RETURN, 0, 0, ALLOW)],
        **dict.fromkeys(("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"), to_itself),
        "prlimit64": one_of(0, (0, pid), ALLOW, REFUSE),
        "socketpair": [
            *_unless(0, _AF_UNIX, REFUSE),
            *one_of(1, (_SOCK_STREAM,), ALLOW, REFUSE, mask=0xF),
        ],
        "ioctl": one_of(1, _TERMINAL_AND_FILE, ALLOW, NO_TTY),
        "fcntl": one_of(1, _SIGIO_COMMANDS, REFUSE, ALLOW),
        "prctl": one_of(0, _THREAD_NAMES, ALLOW, REFUSE),
    }


def one_of(
    index: int, values: Sequence[int], verdict: int, otherwise: int, *, mask: int | None = None
) -> list[Instruction]:
    """Return a check of one argument: `verdict` where it, or its bits in `mask`, is one of the values."""
    masked = [] if mask is None else [(_AND, 0, 0, mask)]
    tests = [(_EQUAL, len(values) - position, 0, value) for position, value in enumerate(values)]
    return [_argument(index), *masked, *tests, (_RETURN, 0, 0, otherwise), (_RETURN, 0, 0, verdict)]


def _unless(index: int, value: int, verdict: int) -> list[Instruction]:
    return [_argument(index), (_EQUAL, 1, 0, value), (_RETURN, 0, 0, verdict)]


def _argument(index: int) -> Instruction:
    # The low word: both machines are little-endian, and the kernel reads these arguments as 32-bit numbers itself.
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)
