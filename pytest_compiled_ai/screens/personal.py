"""Personal data that says what it is: by a check digit, or by a shape that nothing else has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from pytest_compiled_ai.screens.labelled import KINDS as LABELLED_KINDS
from pytest_compiled_ai.screens.labelled import find_labelled
from pytest_compiled_ai.screens.model import Hit, outline
from pytest_compiled_ai.screens.reserved import (
    is_fictional_phone,
    is_made_up,
    is_placeholder,
    is_reserved_domain,
    is_role,
    is_test_card,
)

EMAIL, PHONE, CARD, IBAN, ID, VEHICLE = "email", "phone", "card", "iban", "national id", "vehicle"
KINDS = frozenset({EMAIL, PHONE, CARD, IBAN, ID, VEHICLE}) | LABELLED_KINDS

_EMAIL = re.compile(r"(?<![\w.%+:/-])(?P<local>[\w.%+'-]{1,64})@(?P<domain>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})\b(?!\()")
_NANP = re.compile(r"(?<![\w.+-])(?:\+?1[ .-]?)?(?:\((\d{3})\) ?|(\d{3})[ .-])(\d{3})[.-](\d{4})(?![\w-])")
_WORLD = re.compile(r"(?<![\w.])\+[1-9]\d{0,2}(?:(?:[ -]?\(\d{1,4}\))?(?:[ -]\d{1,5}){2,6}|\d{8,12})(?![\w.-]*\w)")
_CARD = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-]|\.\d)")
_NETWORKS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|(?:6011|65\d\d|64[4-9]\d)\d{12}|35\d{14}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14}"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_VIN = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}\b")
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", "123456781234579234567890123456789", strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_NINO = re.compile(r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_NATIONAL = {
    "us.ssn": ("a US social security number", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"),
    "it.codicefiscale": ("an Italian tax code", r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b"),
    "es.dni": ("a Spanish identity number", r"(?<![\w.-])\d{8}-?[A-HJ-NP-TV-Z]\b(?![+-])"),
    "es.nie": ("a Spanish foreigner's number", r"\b[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]\b"),
    "fr.nir": (
        "a French social security number",
        r"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}\b",
    ),
    "br.cpf": ("a Brazilian taxpayer number", r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"),
    "mx.curp": ("a Mexican identity code", r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d\b"),
    "cn.ric": ("a Chinese identity number", r"\b\d{17}[\dX]\b"),
    "be.nn": ("a Belgian national number", r"\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b"),
    "ch.ssn": ("a Swiss social security number", r"\b756\.\d{4}\.\d{4}\.\d{2}\b"),
    "fi.hetu": ("a Finnish identity code", r"\b\d{6}[-+A]\d{3}[0-9A-Y]\b"),
    "se.personnummer": ("a Swedish identity number", r"(?<![\w-])(?:\d{2})?\d{6}[-+]\d{4}(?![\w-])"),
    "kr.rrn": ("a Korean resident number", r"(?<![\w-])\d{6}-\d{7}(?![\w-])"),
    "in_.aadhaar": ("an Indian identity number", r"(?<![\d ])[2-9]\d{3} \d{4} \d{4}(?![\w ]\d|\d)"),
    "ca.sin": ("a Canadian insurance number", r"(?<![\w-])\d{3}-\d{3}-\d{3}(?![\w-])"),
}  # fmt: skip
"""By the module of stdnum that knows the check digits: what it is and how it is written; bare digits do not count."""
_SHAPES = [(module, what, re.compile(pattern)) for module, (what, pattern) in _NATIONAL.items()]


def find_personal(text: str) -> Iterator[Hit]:
    """Yield addresses, phone, card, account and identity numbers; those set aside for documentation are passed over."""
    if "@" in text:
        yield from _emails(text)
    if any(c.isdigit() for c in text):
        yield from _phones(text)
        yield from _cards(text)
        yield from _identities(text)
    yield from find_labelled(text)


def _emails(text: str) -> Iterator[Hit]:
    for match in _EMAIL.finditer(text):
        local, domain = match["local"], match["domain"]
        if not is_reserved_domain(domain) and not is_role(local):
            weak = is_placeholder(local) or is_placeholder(domain.split(".")[-2])
            yield _hit(match, EMAIL, "an e-mail address", weak)


def _phones(text: str) -> Iterator[Hit]:
    for match in _NANP.finditer(text):
        area, exchange = match[1] or match[2], match[3]
        if not is_fictional_phone(area + exchange + match[4]):
            impossible = area[0] in "01" or exchange[0] in "01" or area == "555" or area[1:] == "11"
            yield _hit(match, PHONE, "a phone number", impossible or is_made_up(match[0]))
    for match in _WORLD.finditer(text) if "+" in text else ():
        digits = re.sub(r"\D", "", match[0])
        if 9 <= len(digits) <= 15 and not is_fictional_phone(digits):
            yield _hit(match, PHONE, "a phone number", is_made_up(digits))


def _cards(text: str) -> Iterator[Hit]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _NETWORKS.fullmatch(digits) and not is_test_card(digits) and _check("luhn")(digits):
            yield _hit(match, CARD, "a card number", is_made_up(digits))


def _identities(text: str) -> Iterator[Hit]:
    for match in _IBAN.finditer(text):
        if _check("iban")(match[0]):
            yield _hit(match, IBAN, "an IBAN", is_made_up(match[0]))
    for module, what, pattern in _SHAPES:
        for match in pattern.finditer(text):
            if _check(module)(match[0]):
                yield _hit(match, ID, what, is_made_up(match[0]))
    for match in _NINO.finditer(text):
        yield _hit(match, ID, "a UK national insurance number", is_made_up(match[0]))
    for match in _VIN.finditer(text):
        if is_vin(match[0]):
            yield _hit(match, VEHICLE, "a vehicle identification number", False)


def is_vin(text: str) -> bool:
    """Return whether 17 characters carry the check digit of ISO 3779 as used in North America and China."""
    total = sum(weight * int(_VIN_VALUES[char]) for weight, char in zip(_VIN_WEIGHTS, text, strict=True))
    return text[8] == "0123456789X"[total % 11]


def _check(module: str) -> Callable[[str], bool]:
    # Imported when a text has the shape: most have none.
    valid: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return valid


def _hit(match: re.Match[str], kind: str, what: str, weak: bool) -> Hit:
    start, end = match.span()
    return Hit(kind=kind, start=start, end=end, what=f"{what} ({outline(match[0])})", weak=weak)
