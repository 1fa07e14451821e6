"""Landlock: this process may open the files it was granted, and no others, for the rest of its life."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pytest_compiled_ai.sandbox.kernel.libc import PR_SET_NO_NEW_PRIVS, machine, prctl, syscall
from pytest_compiled_ai.sandbox.kernel.rights import OF_A_FILE, READ, READ_DIR, WRITE, Grants, handled

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1


def version() -> int:
    """Return the version of the kernel's Landlock interface, 0 where there is none."""
    if machine() is None:
        return 0
    try:
        return syscall(_CREATE_RULESET, 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def restrict(grants: Grants) -> int:
    """Close everything but the granted paths; return the interface version that does it, 0 where there is none.

    Raises:
        OSError: the kernel has Landlock and refused the rules.
    """
    abi = version()
    if not abi:
        return 0
    rights = handled(abi)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    attributes = struct.pack("=QQQ", *rights)
    ruleset = syscall(_CREATE_RULESET, ctypes.create_string_buffer(attributes, 24), size, 0)
    try:
        for paths, access in ((grants.readable, READ), (grants.listed, READ_DIR), (grants.writable, WRITE)):
            _grant(ruleset, paths, access & rights[0])
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return abi


def _grant(ruleset: int, paths: Iterable[str], access: int) -> None:
    for path in paths:
        # What is not there needs no grant.
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            descriptor = os.open(Path(path), os.O_PATH | os.O_CLOEXEC)
            try:
                is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
                rule = struct.pack("=Qi", access if is_folder else access & OF_A_FILE, descriptor)
                syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
            finally:
                os.close(descriptor)
