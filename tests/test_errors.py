from __future__ import annotations

import errno

import pytest

from pytest_compiled_ai.errors import HarnessError, tell_machine_errors


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/tmp/x"), "(No space left on device: /tmp/x); mend that"),
        (OSError("odd"), "this machine failed (odd); mend that and run again."),
    ],
)
def test_what_the_machine_refuses_is_told_in_a_line(error: OSError, said: str) -> None:
    with pytest.raises(HarnessError) as caught, tell_machine_errors():
        raise error
    assert said in str(caught.value)


@pytest.mark.parametrize("error", [BrokenPipeError(), ValueError(), KeyboardInterrupt()])
def test_anything_else_stays_what_it_is(error: BaseException) -> None:
    with pytest.raises(type(error)), tell_machine_errors():
        raise error
