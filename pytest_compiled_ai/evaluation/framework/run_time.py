"""What a call costs where the model is asked at run time: a number, or the usage of calls that were made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_compiled_ai.errors import ConfigError

_USAGE = ("prompt_tokens", "completion_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTime:
    """Tokens of calls of the model at run time, in and out; `spent` holds a number for each call, at least one.

    Where only a mean is known, in and out are not known apart.
    """

    spent: tuple[float, ...]
    prompt_tokens: float | None = None
    completion_tokens: float | None = None
    is_measured: bool = False

    @property
    def tokens(self) -> float:
        """The mean of a call."""
        return sum(self.spent) / len(self.spent)


def read_run_time(said: str) -> RunTime:
    """Return the tokens of a call: a number, or a file of JSON lines with the usage fields of a call each.

    Raises:
        ConfigError: it is neither.
    """
    try:
        tokens = float(said)
    except ValueError:
        return _read_calls(Path(said))
    if not 0 < tokens < float("inf"):
        raise ConfigError(f"--runtime-tokens must be more than 0, not {said}.")
    return RunTime(spent=(tokens,))


def _read_calls(path: Path) -> RunTime:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        calls = [_read_usage(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"--runtime-tokens {path}: {type(error).__name__}: {error}; give a number, or JSON lines with "
            "prompt_tokens and completion_tokens, one for each call."
        ) from None
    return summarize_calls(calls, path)


def summarize_calls(calls: Sequence[tuple[int, int]], path: Path) -> RunTime:
    """Return what calls of so many tokens in and out cost.

    Raises:
        ConfigError: there are none, or they spent nothing.
    """
    spent = tuple(float(into + out) for into, out in calls)
    if not sum(spent):
        raise ConfigError(f"--runtime-tokens {path}: there is no call in it that spent a token.")
    into, out = (sum(column) / len(calls) for column in zip(*calls, strict=True))
    return RunTime(spent=spent, prompt_tokens=into, completion_tokens=out, is_measured=True)


def _read_usage(line: Any) -> tuple[int, int]:
    into, out = (line[key] for key in _USAGE)
    if not all(type(count) is int and count >= 0 for count in (into, out)):
        raise ValueError(f"{into!r} and {out!r} are no numbers of tokens")
    return into, out
