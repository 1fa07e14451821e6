"""Shares of a project's specs, for machines that compile side by side and know nothing of each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from pytest_compiled_ai.errors import ConfigError


class Shard(NamedTuple):
    """The share `number`, from 1, of so `many`."""

    number: int
    many: int


def read_shard(text: str) -> Shard:
    """Return the share that a flag names, as in `2/8`.

    Raises:
        ConfigError: it names none.
    """
    match = re.fullmatch(r"(\d+)/(\d+)", text.strip())
    shard = Shard(*map(int, match.groups())) if match else Shard(0, 0)
    if not 1 <= shard.number <= shard.many:
        raise ConfigError(f"--compile-ai-shard must be a share like 2/8, the second of eight, not {text!r}.")
    return shard


def find_share(before: Mapping[str, frozenset[str]], shard: Shard) -> frozenset[str]:
    """Return the ids of the specs in a share; those that have to do with each other are in the same one.

    Which share that is depends on the group's first id alone: a spec more or less moves no other group.

    Args:
        before: for each spec those before it that must be done first, in compile order.
        shard: the share.
    """
    head: dict[str, str] = {}
    for spec, earlier in before.items():
        heads = {spec, *(head[other] for other in earlier)}
        first = min(heads)
        head |= {other: first for other, old in head.items() if old in heads} | {spec: first}
    return frozenset(spec for spec, first in head.items() if _place_of(first, shard.many) == shard.number)


def _place_of(spec: str, many: int) -> int:
    return int(hashlib.sha256(spec.encode()).hexdigest(), 16) % many + 1
