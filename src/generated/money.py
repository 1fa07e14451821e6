# Compiled from specs/money.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

import re

CURRENCY = r"[$€£¥]|[A-Z]{3}"


# spec v1:2a19ee4b26b629abf15381388f0fb272 body 16d91f52ca90ee7be3032ad4852e4aa0
def remove_currency(text: str) -> str:
    """Remove the first currency of a written amount, and white space at both ends of what is left.

    A currency is what the regular expression CURRENCY matches: a sign, or a code such as USD or CHF.

    >>> remove_currency("$1,234.50")
    '1,234.50'
    >>> remove_currency("-12 EUR")
    '-12'
    """
    # Use regex to find the first currency in the text
    match = re.search(CURRENCY, text)
    if match:
        # Remove the currency and any leading/trailing whitespace
        return text[:match.start()].strip() + text[match.end():].strip()
    else:
        # If no currency is found, return the original text
        return text.strip()
