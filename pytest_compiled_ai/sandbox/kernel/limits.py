"""The bounds of one jailed run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times are in seconds, sizes in bytes.

    `startup` is the time until the tests are collected, `wall` the time from there to the end. `disk` and `entries`
    bound what lies in the scratch folder at one time, `output` and `records` what may come out.
    """

    startup: float = 30.0
    wall: float = 10.0
    memory: int = 2048 * MIB
    file_size: int = 64 * MIB
    open_files: int = 256
    processes: int = 4096
    disk: int = 256 * MIB
    entries: int = 10_000
    output: int = 1 * MIB
    records: int = 8 * MIB
