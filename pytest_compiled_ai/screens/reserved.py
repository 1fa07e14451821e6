"""What documentation may use freely: names and numbers that are set aside, and values that nobody has."""

from __future__ import annotations

import ipaddress
import re

_DOMAINS = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|local)$", re.I)
_ROLES = frozenset({
    "abuse", "admin", "billing", "contact", "git", "hello", "help", "hostmaster", "info", "mail", "noreply",
    "no-reply", "office", "postmaster", "root", "sales", "security", "service", "support", "team", "webmaster",
})  # fmt: skip
_PLACEHOLDERS = frozenset({
    "acme", "bar", "baz", "company", "domain", "email", "example", "foo", "host", "mail", "me", "name",
    "password", "pass", "passwd", "pwd", "qux", "secret", "server", "site", "somebody", "someone", "spam",
    "test", "token", "user", "username", "you", "changeme", "dummy", "fake", "placeholder", "key", "scott",
    "tiger",
})  # fmt: skip
_PLACEHOLDER_PART = re.compile(
    r"example|changeme|change_me|placeholder|dummy|redacted|your[_-]|xxxx|\*\*\*|\.\.\.|^[<{$%]", re.I
)
_TEST_CARDS = frozenset({
    "4111111111111111", "4012888888881881", "4242424242424242", "4000056655665556", "4222222222222",
    "5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222", "378282246310005",
    "371449635398431", "378734493671000", "6011111111111117", "6011000990139424", "30569309025904",
    "38520000023237", "3566002020360505", "3530111333300000",
})  # fmt: skip
"""Numbers that the card networks and payment services publish for tests."""
_RUNS = ("0123456789012345678901234567890", "9876543210987654321098765432109")


def is_reserved_domain(domain: str) -> bool:
    """Return whether a domain is set aside for documentation and tests (RFC 2606, RFC 6762)."""
    return _DOMAINS.search(domain) is not None


def is_role(local: str) -> bool:
    """Return whether the part of an address before the @ names a function (RFC 2142), no person."""
    return local.lower() in _ROLES


def is_placeholder(text: str) -> bool:
    """Return whether a name or a secret only keeps the place of one: `foo`, `user`, `your-key`, `<token>`, `x`."""
    return (
        len(set(text)) <= 2
        or text.lower().strip("_-0123456789") in _PLACEHOLDERS
        or _PLACEHOLDER_PART.search(text) is not None
    )


def is_made_up(text: str) -> bool:
    """Return whether a number is an obvious invention: six digits that count up or down, or all the same."""
    digits = re.sub(r"\D", "", text)
    six = [digits[start : start + 6] for start in range(len(digits) - 5)]
    return any(part in run for part in six for run in _RUNS) or len(set(digits)) == 1


def is_test_card(digits: str) -> bool:
    """Return whether a card number is published for tests."""
    return digits in _TEST_CARDS


def is_fictional_phone(digits: str) -> bool:
    """Return whether a number is set aside for fiction: 555-01xx in North America, Ofcom's ranges in the UK."""
    national = digits.removeprefix("1") if len(digits) == 11 else digits
    if len(national) == 10 and national[3:8] == "55501":
        return True
    return re.fullmatch(r"(?:44|0)(?:2079460|1632960|7700900|8081570|9098790|3069990)\d{3}", digits) is not None


def is_nobodys_address(address: str) -> bool:
    """Return whether an IP address is no host's: loopback, unspecified, documentation; or is no address at all."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return True
    blocks = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    return ip.is_loopback or ip.is_unspecified or any(ip in ipaddress.ip_network(block) for block in blocks)
