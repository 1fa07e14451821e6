"""Names as sets, and the words that a name is made of."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LOG = re.compile(r"(?:\w*_)?(?:audit|audit_log|audit_trail|log|logger|logging)")


def is_log(name: str) -> bool:
    """Tell whether something is called as logs and audit trails are."""
    return bool(_LOG.fullmatch(name))


def names_in(text: str) -> frozenset[str]:
    """Return the names of a text, with spaces between them."""
    return frozenset(text.split())


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name: `card_number` and `cardNumber` have two."""
    return frozenset(_HUMP.sub("_", name).lower().split("_"))
