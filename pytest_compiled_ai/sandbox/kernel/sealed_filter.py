"""The filter of a sealed process: it may compute, and read and write what is open already; nothing else."""

from __future__ import annotations

import errno
from typing import Final

from pytest_compiled_ai.sandbox.kernel import syscalls
from pytest_compiled_ai.sandbox.kernel.filter import ALLOW, KILL, NO_CALL, NO_TTY, REFUSE, Instruction, one_of, program

ABSENT: Final = 0x0005_0000 | errno.ENOENT

COMPUTING: Final = syscalls.words("""
read write close fstat lseek mmap munmap mprotect mremap madvise brk membarrier futex set_robust_list rseq
exit exit_group restart_syscall rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
select pselect6 poll ppoll nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
getpid gettid getuid geteuid getgid getegid getrusage getcpu getrandom sched_yield sched_getaffinity
""")

LOOKUPS: Final = syscalls.words(
    "open openat creat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat statfs"
)
"""Reported as 'no such file': a late import or an unknown time zone then fails as it does anywhere."""


def build_sealed(name: str, pid: int) -> list[Instruction]:
    """Return the sealed filter for the machine `name`; the process `pid` may only abort itself."""
    lists = (
        (COMPUTING, ALLOW),
        (LOOKUPS, ABSENT),
        (syscalls.UNKNOWN, NO_CALL),
        (("ioctl",), NO_TTY),
        (syscalls.HOSTILE, KILL),
        (syscalls.OUTWARD, KILL),
    )
    return program(name, lists, {"tgkill": one_of(0, (pid,), ALLOW, REFUSE)})
