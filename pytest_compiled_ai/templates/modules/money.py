"""Amounts of money in a text, and the currencies that it names."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["amounts_in", "currencies_in", "money_in", "read_amount"]

_CURRENCIES = {
    "USD": "$, US$, US dollar, American dollar, dollar, buck",
    "EUR": "\u20ac, euro",
    "GBP": "\u00a3, British pound, pound sterling, pounds sterling, quid",
    "JPY": "\u00a5, Japanese yen, yen",
    "CNY": "Chinese yuan, yuan, RMB, renminbi",
    "INR": "\u20b9, Indian rupee, rupee, Rs, Rs.",
    "MYR": "RM, Malaysian ringgit, ringgit",
    "AUD": "A$, AU$, Australian dollar",
    "CAD": "C$, CA$, Canadian dollar",
    "NZD": "NZ$, New Zealand dollar",
    "SGD": "S$, Singapore dollar",
    "HKD": "HK$, Hong Kong dollar",
    "CHF": "Swiss franc, franc",
    "SEK": "Swedish krona, Swedish kronor",
    "NOK": "Norwegian krone, Norwegian kroner",
    "DKK": "Danish krone, Danish kroner",
    "KRW": "\u20a9, Korean won, South Korean won",
    "BRL": "R$, Brazilian real, Brazilian reais",
    "MXN": "Mexican peso",
    "RUB": "\u20bd, Russian ruble, Russian rouble, ruble, rouble",
    "TRY": "\u20ba, Turkish lira",
    "THB": "\u0e3f, Thai baht, baht",
    "PHP": "\u20b1, Philippine peso",
    "PLN": "Polish zloty, zloty",
    "ZAR": "South African rand",
    "ILS": "\u20aa, Israeli shekel, shekel",
}
_CODES = {name.lower(): code for code, names in _CURRENCIES.items() for name in (*names.split(", "), code)}
_CURRENCY = "|".join(
    r"(?<![^\W\d_])" + re.escape(name) + (r"s?(?![^\W\d_])" if name[-1].isalpha() else "")
    for name in sorted(_CODES, key=lambda name: -len(name))
)
_AMOUNT = (
    r"\d{1,3}(?: \d{3})+,\d\d|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    r"|\d{1,3}(?:['\u2019\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
)
_MONEY = re.compile(
    rf"(?:(?P<open>\()|(?<!\w)(?P<minus>[-\u2212]))?\s?(?:(?P<before>{_CURRENCY})\s?(?P<sign>[-\u2212])?"
    rf"|(?<![\w.,/:]))(?P<amount>{_AMOUNT})(?![\d/:]|[.,]\d)(?:\s?(?P<scale>thousand|million|billion|trillion|k|m|bn)\b)?"
    rf"(?:[\s-]?(?P<after>{_CURRENCY}))?(?P<close>\))?(?P<credit>-(?!\w))?",
    re.IGNORECASE,
)
_ZEROS = {"thousand": 3, "k": 3, "million": 6, "m": 6, "billion": 9, "bn": 9, "trillion": 12}


def money_in(text: str) -> list[tuple[Decimal, str]]:
    """Return the amounts in a text with their currencies: "$5" gives [(Decimal("5"), "USD")].

    A number counts that has a currency beside it; the currency is a code like "EUR".
    """
    return [(_amount_of(match), currency) for match in _MONEY.finditer(text) if (currency := _currency_of(match))]


def amounts_in(text: str) -> list[Decimal]:
    """Return the amounts of money in a text: "2 X 4.50 = RM9" gives [Decimal("4.50"), Decimal("9")].

    A number counts that has two decimals, or a currency beside it.
    """
    found = _MONEY.finditer(text)
    return [_amount_of(match) for match in found if _currency_of(match) or re.search(r"[.,]\d\d$", match["amount"])]


def read_amount(text: str) -> Decimal | None:
    """Return the first amount in a text, US or European: "(1.234,50 EUR)" gives Decimal("-1234.50")."""
    return next((_amount_of(match) for match in _MONEY.finditer(text)), None)


def currencies_in(text: str) -> list[str]:
    """Return the currencies that a text names: "US dollars to GBP" gives ["USD", "GBP"]."""
    found = re.finditer(_CURRENCY, text, re.IGNORECASE)
    return list(dict.fromkeys(_code_of(match[0]) for match in found))


def _currency_of(match: re.Match[str]) -> str:
    return _code_of(match["before"] or match["after"] or "")


def _code_of(name: str) -> str:
    lowered = name.lower()
    return _CODES.get(lowered) or _CODES.get(lowered.removesuffix("s"), "")


def _amount_of(match: re.Match[str]) -> Decimal:
    parts = re.split(r"[.,]", re.sub(r"['\u2019\s]", "", match["amount"]))
    marks = re.findall(r"[.,]", match["amount"])
    # Three digits behind a mark are thousands, unless another mark stood for these, or nothing stands before them.
    has_cents = bool(marks) and (len(parts[-1]) != 3 or len(set(marks)) > 1 or parts[0] in {"", "0"})
    digits = f"{''.join(parts[:-1])}.{parts[-1]}" if has_cents else "".join(parts)
    scale = (match["scale"] or "").lower()
    is_scaled = len(scale) > 2 or (scale and _currency_of(match))
    amount = Decimal(digits) * (10 ** _ZEROS[scale] if is_scaled else 1)
    is_negative = match["minus"] or match["sign"] or match["credit"] or (match["open"] and match["close"])
    return -amount if is_negative else amount
