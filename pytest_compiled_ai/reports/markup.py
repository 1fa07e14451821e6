"""HTML that cannot be left unescaped by mistake: a plain text becomes markup only through `tag`, which escapes it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: str | Iterable[str], **attributes: str) -> Html:
    """Return an element; a child that is not `Html` is text. An attribute's `_` is a hyphen, a last one is dropped."""
    spelled = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    start = f"<{name}{spelled}>"
    return Html(start if name in _VOID else f"{start}{join(*children)}</{name}>")


def join(*children: str | Iterable[str]) -> Html:
    """Return children one after the other, each text escaped."""
    parts = (part for child in children for part in ((child,) if isinstance(child, str) else child))
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))
