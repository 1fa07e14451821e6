from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.kernel import filter as bpf
from pytest_compiled_ai.sandbox.kernel import sealed_filter, seccomp, syscalls
from pytest_compiled_ai.sandbox.kernel.filter import ALLOW, AUDIT_ARCH, KILL, NO_CALL, NO_TTY, PRETEND, REFUSE
from pytest_compiled_ai.sandbox.kernel.libc import MACHINES

PID = 4711


def verdict(machine: str, number: int, *arguments: int, arch: int | None = None, build=bpf.build) -> int:
    """Run the filter as the kernel would."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, AUDIT_ARCH[machine] if arch is None else arch, 0, *words)
    program = list(struct.iter_unpack("=HBBI", bpf.assemble(build(machine, PID))))
    position, accumulator = 0, 0
    while True:
        code, if_true, if_false, operand = program[position]
        position += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, operand)
            case 0x54:
                accumulator &= operand
            case 0x06:
                return operand
            case 0x15:
                position += if_true if accumulator == operand else if_false
            case 0x35:
                position += if_true if accumulator >= operand else if_false
            case 0x45:
                position += if_true if accumulator & operand else if_false
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (syscalls.HARMLESS, ALLOW),
        (syscalls.PRETENDED, PRETEND),
        (syscalls.UNKNOWN, NO_CALL),
        (syscalls.HOSTILE, KILL),
        (syscalls.OUTWARD, REFUSE),
    ],
)
def test_each_list_has_its_verdict(machine, names, expected) -> None:
    numbers = syscalls.numbers(machine)
    assert {verdict(machine, numbers[name]) for name in names if name in numbers} == {expected}


def test_each_call_stands_in_one_list() -> None:
    lists = (
        syscalls.HARMLESS,
        syscalls.CHECKED,
        syscalls.PRETENDED,
        syscalls.UNKNOWN,
        syscalls.HOSTILE,
        syscalls.OUTWARD,
    )
    names = [name for group in lists for name in group]
    assert len(names) == len(set(names))
    assert set(names) == set(syscalls.numbers("x86_64"))


@pytest.mark.parametrize("machine", MACHINES)
def test_no_number_is_used_twice(machine) -> None:
    numbers = list(syscalls.numbers(machine).values())
    assert len(numbers) == len(set(numbers))
    assert max(numbers) <= syscalls.LAST_KNOWN


@given(st.sampled_from(MACHINES), st.integers(0, 2**32 - 1))
def test_what_is_in_no_list_never_runs(machine, number) -> None:
    if number not in syscalls.numbers(machine).values():
        too_new = number > syscalls.LAST_KNOWN
        expected = REFUSE if not too_new else KILL if machine == "x86_64" and number >= 1 << 30 else NO_CALL
        assert verdict(machine, number) == expected


@given(st.sampled_from(MACHINES), st.integers(0, 500), st.integers(0, 2**32 - 1))
def test_a_foreign_architecture_is_killed(machine, number, arch) -> None:
    assert arch == AUDIT_ARCH[machine] or verdict(machine, number, arch=arch) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("kill", (PID, 9), ALLOW),
        ("kill", (PID + 1, 9), REFUSE),
        ("kill", (0, 9), REFUSE),
        ("kill", (2**64 - 1, 9), REFUSE),
        ("kill", (2**64 - PID, 9), REFUSE),
        ("tgkill", (PID, PID, 6), ALLOW),
        ("tgkill", (PID + 1, PID, 6), REFUSE),
        ("tkill", (PID + 1, 6), REFUSE),
        ("rt_sigqueueinfo", (PID + 1, 6), REFUSE),
        ("clone", (0x3D0F00,), ALLOW),
        ("clone", (17,), REFUSE),
        ("prlimit64", (0,), ALLOW),
        ("prlimit64", (PID,), ALLOW),
        ("prlimit64", (1,), REFUSE),
        ("socketpair", (1, 1 | 0o2000000), ALLOW),
        ("socketpair", (1, 2), REFUSE),
        ("socketpair", (1, 5), REFUSE),
        ("socketpair", (2, 1), REFUSE),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), NO_TTY),
        ("fcntl", (3, 1), ALLOW),
        ("fcntl", (3, 8), REFUSE),
        ("fcntl", (3, 10), REFUSE),
        ("fcntl", (3, 15), REFUSE),
        ("prctl", (15,), ALLOW),
        ("prctl", (1,), REFUSE),
        ("openat", (0, 0, 0), ALLOW),
        ("openat", (0, 0, 0o1101), ALLOW),
        ("openat", (0, 0, 0o1002), ALLOW),
        ("openat", (0, 0, 0o2001000), REFUSE),
    ],
)
def test_arguments_are_looked_at(machine, name, arguments, expected) -> None:
    assert verdict(machine, syscalls.numbers(machine)[name], *arguments) == expected


def test_open_is_looked_at_where_it_exists() -> None:
    number = syscalls.numbers("x86_64")["open"]
    assert verdict("x86_64", number, 0, 0o1000) == REFUSE
    assert verdict("x86_64", number, 0, 0o1001) == ALLOW
    assert "open" not in syscalls.numbers("aarch64")


@pytest.mark.parametrize("machine", MACHINES)
def test_the_program_is_one_that_the_kernel_takes(machine) -> None:
    assert len(bpf.build(machine, PID)) < 4096


def test_an_unknown_machine_has_no_filter(monkeypatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert not seccomp.install(PID)


def sealed(machine: str, name: str, *arguments: int) -> int:
    return verdict(machine, syscalls.numbers(machine)[name], *arguments, build=sealed_filter.build_sealed)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_sealed_process_may_compute_and_nothing_else(machine) -> None:
    verdicts = {name: sealed(machine, name) for name in syscalls.numbers(machine)}
    allowed = {name for name, given in verdicts.items() if given == ALLOW}
    assert allowed <= {*sealed_filter.COMPUTING}
    # Parts of the names of whatever reaches out of the process.
    reaching = (
        "open stat sock send recv conn fork clone exec kill link dir chmod pipe dup mkn event timer sign epoll io_"
    )
    assert not {
        name
        for name in allowed - {"fstat", "rt_sigaction", "rt_sigreturn"}
        for part in reaching.split()
        if part in name
    }
    assert {name for name, given in verdicts.items() if given == KILL} == {
        name for name in (*syscalls.HOSTILE, *syscalls.OUTWARD) if name in verdicts
    }


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("tgkill", (PID, PID, 6), ALLOW),
        ("tgkill", (PID + 1, PID, 6), REFUSE),
        ("kill", (PID, 9), REFUSE),
        ("openat", (), sealed_filter.ABSENT),
        ("newfstatat", (), sealed_filter.ABSENT),
        ("clone", (0x3D0F00,), REFUSE),
        ("clone3", (), NO_CALL),
        ("ioctl", (0, 0x5401), NO_TTY),
        ("prctl", (15,), REFUSE),
        ("socket", (), KILL),
    ],
)
def test_a_sealed_process_is_refused(machine, name, arguments, expected) -> None:
    assert sealed(machine, name, *arguments) == expected


def test_every_name_of_the_sealed_lists_is_known() -> None:
    assert not {*sealed_filter.COMPUTING, *sealed_filter.LOOKUPS} - set(syscalls.numbers("x86_64"))
