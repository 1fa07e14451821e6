from __future__ import annotations

import pytest

from pytest_compiled_ai.sandbox.worker.deaths import describe_death


@pytest.mark.parametrize(
    ("status", "reason", "hostile"),
    [
        ("exit 3", "left with exit status 3", False),
        ("signal 31", "made a forbidden system call (SIGSYS)", True),
        ("signal 11", "crashed with SIGSEGV", False),
        ("signal 24", "used too much processor time", False),
        ("signal 9", "hung up", False),
        ("signal 15", "was ended by SIGTERM", False),
        ("signal 99", "was ended by signal 99", False),
    ],
)
def test_a_death_is_described(status, reason, hostile) -> None:
    death = describe_death(status, "hung up")
    assert (death.reason, death.hostile) == (reason, hostile)
