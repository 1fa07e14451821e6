"""Keys, tokens and passwords, by the shapes that their issuers give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from pytest_compiled_ai.screens.model import Hit, outline
from pytest_compiled_ai.screens.reserved import is_placeholder, is_reserved_domain

SECRET = "secret"  # noqa: S105 - the name of a kind

_ISSUED = {
    "an AWS access key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})\b",
    "a GitLab token": r"\bgl(?:pat|dt|rt|ptt|oas|cbt)-[\w-]{20,}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{16,}",
    "a Stripe key": r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{24,}",
    "a model provider's key": r"\bsk-(?:proj-|ant-|svcacct-|admin-|or-v1-)?[\w-]{20,}|\bgsk_\w{40,}|\bhf_[A-Za-z]{30,}",
    "a Google key": r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{28}",
    "a package index token": r"\bpypi-AgE[\w-]{40,}|\bnpm_[A-Za-z0-9]{36}\b",
    "a SendGrid key": r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "a Twilio key": r"\b(?:SK|AC)[0-9a-f]{32}\b",
    "a DigitalOcean token": r"\bdo[opr]_v1_[0-9a-f]{64}\b",
    "a Telegram token": r"\b\d{8,10}:AA[\w-]{33}\b",
    "an Azure storage key": r"\bAccountKey=[A-Za-z0-9+/]{86}==",
    "a JSON web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a bearer token": r"\b[Bb]earer +(?P<bearer>(?=[\w.~+/-]*\d)[\w.~+/-]{20,}=*)",
}
_HINTS = re.compile(
    r"AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl\w+-|xox|slack|[rs]k[_-]|whsec_|hf_|AIza|ya29|GOCSPX|pypi-|npm_|"
    r"SG\.|SK|AC|_v1_|:AA|AccountKey|eyJ|PRIVATE KEY|earer "
)
_KNOWN = re.compile("|".join(f"(?P<k{number}>{pattern})" for number, pattern in enumerate(_ISSUED.values())))
_NAMES = list(_ISSUED)
_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"<>]*:(?P<value>[^\s/@'\"]{3,})@[^\s/'\"`)\]>,]+", re.I)
_ASSIGNED = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|(?:access|auth|refresh)[_-]?token|(?:client|secret)[_-]?(?:secret|key)"
    r"|private[_-]?key)['\"]?\s*(?:=|:|=>|:=)\s*(?P<quote>['\"]?)(?P<value>[^\s'\"`,;()\[\]{}]{8,})(?P=quote)",
    re.I,
)


def find_secrets(text: str) -> Iterator[Hit]:
    """Yield keys and tokens of known issuers, passwords in URLs, and values assigned to names like `api_key`."""
    if _HINTS.search(text):
        for match in _KNOWN.finditer(text):
            name = _NAMES[next(number for number in range(len(_NAMES)) if match[f"k{number}"])]
            yield _hit(match, name, match["bearer"] or match[0])
    for match in _URL.finditer(text):
        placeholder, local = is_placeholder(match["value"]), _is_local(match[0])
        if not (placeholder and local):
            yield _hit(match, "a password in a URL", match["value"], weak=local)
    for match in _ASSIGNED.finditer(text):
        if _is_random(match["value"]):
            yield _hit(match, "a password or key", match["value"])


def _hit(match: re.Match[str], what: str, value: str, *, weak: bool = False) -> Hit:
    weak = weak or is_placeholder(value)
    described = f"{what} ({outline(value)})" if not value.startswith("-----") else what
    return Hit(kind=SECRET, start=match.start(), end=match.end(), what=described, weak=weak)


def _is_local(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return "." not in host or host.startswith("127.") or is_reserved_domain(host) or is_placeholder(host.split(".")[-2])


def _is_random(value: str) -> bool:
    """Return whether a value looks drawn, not named: digits among letters, and no word or call of code."""
    kinds = [any(map(test, value)) for test in (str.islower, str.isupper, str.isdigit)]
    odd = sum(not c.isalnum() and c not in "_.-" for c in value)
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(value))
    return kinds[2] and any(kinds[:2]) and (changes >= 4 or (sum(kinds) == 3 and changes >= 2) or odd >= 1)
