"""The output gate's second half: a reply that gives away the system prompt is refused."""

from __future__ import annotations

import base64
import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator

from pytest_compiled_ai.screens.encoded import find_encoded

_RUN = 7
"""Words in a row, the same as in the system prompt: seven are no chance, nor a stock phrase."""
_SHARE = 0.3
"""Of the system prompt's runs of three words: as many are a paraphrase that moved a word here and there."""
_CANARY = re.compile(r"\bref-[0-9a-f]{12}\b")
_WORD = re.compile(r"[^\W_]+")


def plant_canary(system: str, spec: str) -> str:
    """Return a system prompt that carries a token which no honest reply has a reason to contain.

    The token follows from the prompt and the spec's id, so that prompts repeat. It is a marker, not a password: who
    works it out can have his own spec's replies refused, nothing more.
    """
    token = hashlib.sha256(f"{system}\0{spec}".encode()).hexdigest()[:12]
    return f"{system} (ref-{token})"


def find_leak(reply: str, system: str, said: Iterable[str] = ()) -> str | None:
    """Return how a reply gives the system prompt away, or None.

    Args:
        reply: the reply's whole text, or a part of it.
        system: the system prompt, with or without a canary.
        said: the other texts of the prompt: a reply may repeat those, even where the system prompt says the same.
    """
    canaries = _CANARY.findall(system)
    texts = [reply, *(hidden for _, hidden in find_encoded(reply))]
    if any(form in text for text in map(_squeeze, texts) for canary in canaries for form in _forms(canary)):
        return "it holds the marker of the system prompt"
    secret, known = _words(_CANARY.sub("", system)), [_words(text) for text in said]
    for text in texts:
        if _shared(_words(text), secret, known, _RUN):
            return f"it repeats {_RUN} or more words of the system prompt"
        short = set(_runs(secret, 3)) - {run for words in known for run in _runs(words, 3)}
        if len(short) >= _RUN and len(short.intersection(_runs(_words(text), 3))) / len(short) >= _SHARE:
            return "it repeats much of the system prompt"
    return None


def _shared(words: list[str], secret: list[str], known: list[list[str]], size: int) -> bool:
    runs = set(_runs(secret, size)).intersection(_runs(words, size))
    return bool(runs) and not runs <= {run for text in known for run in _runs(text, size)}


def _runs(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(size)), strict=False)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _forms(canary: str) -> set[str]:
    """Return a marker's disguises without punctuation: as it is, backwards, in rot13, hex and base64."""
    plain = _squeeze(canary).removeprefix("ref")
    raw = canary.removeprefix("ref-").encode()
    # Base64 depends on where in a group of three bytes the marker begins; the edges depend on its neighbours.
    shifted = {base64.b64encode(b"\0" * pad + raw).decode().rstrip("=")[4 if pad else 0 : -2] for pad in range(3)}
    return {plain, plain[::-1], plain.upper(), codecs.encode(plain, "rot13"), raw.hex()} | shifted
