"""Security: rates out of what a security benchmark wrote down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Of so many cases, how many were judged as they should be (arXiv:2604.05150, security).

    Over attacks it is the block or detection rate, over harmless cases 1 - the false-positive rate, over leaks 1 - the
    leakage rate; `name` tells which.
    """

    name: str
    right: int
    of: int

    @property
    def share(self) -> float:
        """The rate, 0 to 1."""
        return self.right / self.of


def read_rates(document: object, name: str = "") -> Iterator[Rate]:
    """Yield every rate in a JSON document: an object with whole numbers `right` and `of`, at whatever depth.

    The keys on the way to it are its name.
    """
    if not isinstance(document, Mapping):
        return
    if rate := _read_rate(document, name):
        yield rate
        return
    for key, value in document.items():
        yield from read_rates(value, f"{name}, {key}" if name else str(key))


def _read_rate(document: Mapping[str, Any], name: str) -> Rate | None:
    right, of = document.get("right"), document.get("of")
    if type(right) is not int or type(of) is not int or not 0 <= right <= of or not of:
        return None
    return Rate(name=name or "all", right=right, of=of)
