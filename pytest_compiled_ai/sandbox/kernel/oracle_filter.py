"""The filter of the oracle: as of a jailed process, but it may fork, stop its children, and die with its parent.

No candidate is ever in the oracle: only the project's own tests are, which its shadow, its limits and the end of its
whole group bound as before.
"""

from __future__ import annotations

from typing import Final

from pytest_compiled_ai.sandbox.kernel import syscalls
from pytest_compiled_ai.sandbox.kernel.filter import (
    ALLOW,
    KILL,
    NO_CALL,
    PRETEND,
    REFUSE,
    Instruction,
    jailed_checks,
    one_of,
    program,
)
from pytest_compiled_ai.sandbox.kernel.libc import PR_SET_PDEATHSIG

_LOAD_LOW_WORD, _ANY_BIT, _RETURN = 0x20, 0x45, 0x06
_FIRST_ARGUMENT: Final = 16
_CLONE_NEW: Final = 0x7E02_0080
"""The flags that make a namespace."""
_THREAD_NAMES: Final = (15, 16, 0x5356_4D41)
_SIGNALS: Final = ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")


def build(name: str, pid: int) -> list[Instruction]:
    """Return the filter for the machine `name`; Landlock keeps its signals among the oracle's own, where it can."""
    checks = {
        **{call: check for call, check in jailed_checks(pid).items() if call not in _SIGNALS},
        "clone": [
            (_LOAD_LOW_WORD, 0, 0, _FIRST_ARGUMENT),
            (_ANY_BIT, 1, 0, _CLONE_NEW),
            (_RETURN, 0, 0, ALLOW),
            (_RETURN, 0, 0, REFUSE),
        ],
        "prctl": one_of(0, (*_THREAD_NAMES, PR_SET_PDEATHSIG), ALLOW, REFUSE),
    }
    lists = (
        ((*syscalls.HARMLESS, *_SIGNALS), ALLOW),
        (syscalls.PRETENDED, PRETEND),
        (syscalls.UNKNOWN, NO_CALL),
        (syscalls.HOSTILE, KILL),
    )
    return program(name, lists, checks)
