# Compiled from specs/money.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

import re
from decimal import Decimal

CENTS = r"\A(.*)[.,]([0-9]{1,2})\Z"
CURRENCY = r"[$€£¥]|[A-Z]{3}"
DIGITS = r"\A[0-9]+\Z"


# spec v1:441083d370cd7427303c1bbe83afef16 body 8963cc9f0b52546c49ca73361b82bf6d
def split_cents(text: str) -> tuple[str, str]:
    """Split a written number before its cents: one or two digits at its end with a comma or a point before them.

    That comma or point is in neither part: the two groups of the regular expression CENTS are the parts of a number
    that it matches. Any other number is split into all of it and an empty string.

    >>> split_cents("1,234.50")
    ('1,234', '50')
    >>> split_cents("1,234")
    ('1,234', '')
    """
    match = re.match(CENTS, text)
    if match:
        whole = match.group(1)
        cents = match.group(2)
        return whole, cents
    else:
        return text, ""


# spec v1:931a9331f8ef2ca7661343d5dbd2de7e body b1f4debc03a8b17ac34a2f82eeb4de8d
def without(text: str, marks: str) -> str:
    """Return a text without any of the characters in `marks`.

    >>> without("1'234.50", "'.")
    '123450'
    """
    return ''.join(c for c in text if c not in marks)


# spec v1:927b5ebd45a669d7b458cd2916626e90 body 8446a4302f0a26ef640ead678ebc3258
def to_decimal(whole: str, cents: str) -> Decimal:
    """Return the number that has the digits `whole` before its point and the digits `cents` behind it.

    >>> to_decimal("1234", "50")
    Decimal('1234.50')
    >>> to_decimal("", "99")
    Decimal('0.99')
    >>> to_decimal("12", "")
    Decimal('12')

    Raises:
        ValueError: the regular expression DIGITS does not match both of them together, `whole + cents`.
    """
    if not re.fullmatch(DIGITS, whole + cents):
        raise ValueError("the regular expression DIGITS does not match both of them together, `whole + cents`")
    return Decimal(whole + "." + cents)


# spec v1:430a76601493423782d0ab67c96268a8 body 0ee9fd6f56e7b45755681bbdd363376c
def remove_currency(text: str) -> str:
    """Remove the first currency of a written amount, and white space at both ends of what is left.

    A currency is what the regular expression CURRENCY matches: a sign, or a code such as USD or CHF.

    >>> remove_currency("$1,234.50")
    '1,234.50'
    >>> remove_currency("-12 EUR")
    '-12'
    """
    # Rules and edge cases, at most five:
    # 1. Remove the first matching currency.
    # 2. Remove any white space at the ends of the remaining text.
    # 3. If nothing is left after removing the currency, return an empty string.
    # 4. If the currency is not present, return the original text.
    # 5. If the currency is at the end of the text, return the text without the currency.

    # First, find the first matching currency in the text.
    currency_match = re.search(CURRENCY, text)
    if currency_match:
        # If found, remove the currency from the text.
        text = text[:currency_match.start()] + text[currency_match.end():]

    # Now, remove any white space at the ends of the text.
    text = text.strip()

    return text
