"""TeamCity service messages in a log, as PyCharm reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MESSAGE = re.compile(r"##teamcity\[(?P<name>\w+)(?P<rest>(?:[^|\]]|\|.)*)\]")
_ATTRIBUTE = re.compile(r"(\w+)='((?:[^|']|\|.)*)'", re.S)
_ESCAPE = re.compile(r"\|(0x[0-9A-Fa-f]{4}|.)", re.S)
_NAMED = {"n": "\n", "r": "\r"}


class Message(NamedTuple):
    """One message; `values` are its attributes as they were before they were escaped."""

    name: str
    values: dict[str, str]


def read_messages(log: str) -> Iterator[Message]:
    """Yield the messages of a log, in order."""
    for found in _MESSAGE.finditer(log):
        yield Message(found["name"], {key: _plain(text) for key, text in _ATTRIBUTE.findall(found["rest"])})


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: _NAMED.get(found[1], found[1]), text)
