"""Personal data that only its label gives away: `DOB: ...`, `passport ...`, an address, a diagnosis.

All hits are weak: there is no check digit to be sure by.
"""

# ruff: noqa: E501 - a table of patterns
from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_compiled_ai.screens.model import Hit, outline
from pytest_compiled_ai.screens.reserved import is_fictional_phone, is_nobodys_address, is_test_card

_IS = r"""['"]?(?: ?(?:is|was|no|nr|num|number|id|code))?\.?['"]?\s*[:=#]?\s*['"]?(?P<value>{})"""
_CODE = r"(?=[A-Za-z-]*\d)[A-Za-z0-9][A-Za-z0-9-]{3,18}[A-Za-z0-9]"
_LABELLED = {
    ("date of birth", "birth"): (r"(?:dob|d\.o\.b\.|date of birth|birth ?da(?:te|y)|born(?: on)?)", r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"),
    ("social security number", "national id"): (r"(?:ssn|social security)", r"\d{3}[- ]?\d{2}[- ]?\d{4}\b"),
    ("identity number", "national id"): (
        r"(?:national id(?:entity)?|national insurance|ni number|nino|tax id|tin|pesel|bsn|nif|nie|dni|cpf|aadhaar|codice fiscale|personnummer)",
        r"\w{2}\d[\d. -]{3,12}\w\b",
    ),
    ("card number", "card"): (r"(?:card|visa|mastercard|amex|pan)", r"(?:\d[ -]?){12,18}\d\b"),
    ("account number", "account"): (r"(?:account|acct|konto|routing|aba|sort code|blz)", r"\d{2}-\d{2}-\d{2}\b|\d{6,17}\b"),
    ("driving licence number", "document"): (r"driv(?:er'?s?|ing) licen[cs]e", _CODE),
    ("passport number", "document"): (r"passport", r"(?=[A-Z]*\d)[A-Z0-9]{6,9}\b"),
    ("licence plate", "document"): (r"(?:(?:licen[cs]e|number|registration) plate|plate)", r"(?=[A-Z -]*\d)[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5}\b"),
    ("patient's record number", "health"): (r"(?:mrn|medical record|patient|health insurance)", _CODE),
    ("employee number", "employment"): (r"employee(?: id)?", _CODE),
    ("salary", "employment"): (r"(?:salary|wages?|annual income)", r"(?:[$€£]|usd|eur|gbp) ?\d[\d,.]{2,}\d"),
    ("biometric template", "biometric"): (
        r"(?:fingerprint|iris|retina|facial?|voice|palm)(?: \w+)? (?:hash|template|scan|embedding|print)",
        r"[0-9a-fA-F]{8,}",
    ),
    ("phone number", "phone"): (r"(?:phone|tel|telephone|mobile|cell|fax|call)", r"[+(]?\d[\d ().-]{5,}\d\b"),
}  # fmt: skip
_STREET = (
    r"\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Court|Terrace)\b(?:\.|,|$| [A-Z])"
    r"|\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|gasse|allee|platz) \d{1,4}[a-z]?\b"
    r"|\b\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard) (?:de |du |des |la |l')*[A-Z]\w+"
)
_HEALTH = (
    r"\b[Pp]atient\b[^.\n]{0,60}?\b(?:diagnosed with|suffers from|treated for|tested positive|prescribed)"
    r"|\b(?:diagnosed with|prescribed) [A-Z]\w+"
)
_ATTRIBUTED = (
    r"\b(?:user|client|customer|visitor|patient|employee|member|subscriber|he|she)\b[^.\n]{0,40}?\b(?:from|ip|address|at)[ :=]{1,2}"
    r"(?P<value>(?:\d{1,3}\.){3}\d{1,3})\b"
)
_SHAPES = [
    *(
        (label, kind, re.compile(rf"\b{name}{_IS.format(value)}", re.I if label != "licence plate" else 0))
        for (label, kind), (name, value) in _LABELLED.items()
    ),
    ("postal address", "address", re.compile(rf"(?P<value>{_STREET})", re.M)),
    ("person's IP address", "ip", re.compile(_ATTRIBUTED, re.I)),
    ("patient's diagnosis", "health", re.compile(rf"(?P<value>{_HEALTH})")),
]
KINDS = frozenset(kind for _, kind, _ in _SHAPES)


def find_labelled(text: str) -> Iterator[Hit]:
    """Yield values that stand behind the name of a personal datum, postal addresses and diagnoses."""
    for label, kind, pattern in _SHAPES:
        for match in pattern.finditer(text):
            value = match["value"]
            if not _is_free(kind, value):
                article = "an" if label[0] in "aeiou" else "a"
                what = f"what looks like {article} {label} ({outline(value)})"
                yield Hit(kind=kind, start=match.start("value"), end=match.end("value"), what=what, weak=True)


def _is_free(kind: str, value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    if kind == "phone":
        return is_fictional_phone(digits) or not 7 <= len(digits) <= 15
    return (kind == "ip" and is_nobodys_address(value)) or (kind == "card" and is_test_card(digits))
