"""The bounds of a jailed process that the kernel keeps."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from pytest_compiled_ai.sandbox.kernel.limits import Limits


def apply(limits: Limits) -> None:
    """Bound this process, once and for all.

    Bounds that a system does not know are left out; the clock of the parent holds everywhere.
    """
    if sys.platform == "win32":
        return
    import resource

    for which, value in _bounds(limits):
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(which, (value, value))
        except (ValueError, OSError):
            continue


def _bounds(limits: Limits) -> Iterator[tuple[int, int]]:
    if sys.platform == "win32":
        return
    import resource

    # Seconds of all threads together: a backstop for the day that the parent dies and cannot kill its child.
    yield resource.RLIMIT_CPU, int(limits.startup + limits.wall + 1) * (os.cpu_count() or 1)
    yield resource.RLIMIT_AS, limits.memory
    yield resource.RLIMIT_FSIZE, limits.file_size
    yield resource.RLIMIT_NOFILE, limits.open_files
    # Counted over all processes of the user, hence wide; the filter of system calls is what stops a fork bomb.
    yield resource.RLIMIT_NPROC, limits.processes
    yield resource.RLIMIT_CORE, 0
