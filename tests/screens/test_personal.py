from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.screens.model import strongest
from pytest_compiled_ai.screens.personal import find_personal, is_vin

CERTAIN = {
    "email": ["petra.holm@nordlicht-verlag.de", "t.okafor+lists@gmail.com"],
    "phone": ["(212) 736-5917", "415-867-9024", "+1 415-867-9024", "+49 30 5683 2291", "+33 1 42 68 53 09", "+14158679024"],
    "card": ["4539578763621486", "4539 5787 6362 1486", "371144371144376"],
    "iban": ["DE75512108001245126199", "NL91 ABNA 0417 1643 00"],
    "national id": [
        "536-90-4399", "RSSMRA85T10A562S", "54362315K", "X-5253868-R", "295109912611193", "390.533.447-05",
        "BOXW310820HNERXN09", "360426199101010071", "756.9217.0769.85", "JG103759A",
    ],
    "vehicle": ["1M8GDM9AXKP042788"],
}  # fmt: skip
UNCERTAIN = {
    "email": ["foo@bar.com", "a@mail.com", "user@firma.de"],
    "phone": ["(555) 123-4567", "123-456-7890", "+12345678901", "phone: 736 5917 22"],
    "card": ["card 4539-5787-6362-1487"],
    "national id": ["123-45-6789", "SSN 987-65-4329", "PESEL: 44051401359", "12345678Z"],
    "birth": ["DOB: 03/15/1985", "born on 14.07.1969"],
    "account": ["account number: 83920174", "sort code 20-30-40"],
    "document": ["Passport: C01X00T47", "driver's license D8839201", "license plate: KX-4821"],
    "health": ["MRN: 00482913", "The patient was diagnosed with asthma"],
    "employment": ["Employee ID: E-20418", "salary: $84,000"],
    "biometric": ["fingerprint hash: a3f2b8c9d4e5"],
    "address": ["221 Baker Street, London", "Gartenstraße 12", "12 rue de la Paix"],
    "ip": ["The user logged in from 84.17.52.9"],
}
FREE = [
    "",
    "name@example.com, x@mail.example.org, me@host.test, root@box.local",
    "info@firma.de, no-reply@firma.de, git@github.com:a/b.git",
    "(212) 555-0147 and +1 212-555-0199, phone: 212-555-0147",
    "+44 20 7946 0958 is for films",
    "4242 4242 4242 4242, 4111111111111111, card: 4242424242424242",
    "4539578763621487 and 9539578763621486",
    "1234567890123456 0.4539578763621486 1.38435736E+12",
    "DE75512108001245126198",
    "000-12-3456 666-12-3456 900-12-3456",
    "A user connected from 192.0.2.7. Another client connects from 127.0.0.1, the last client connects from 999.1.1.1",
    "10.0.0.1 is a gateway, 1.2.3.4 an address.",
    "version 1.23.456-7 of 2024-05-06T10:20:30+0200",
    "@decorator.com",
    "Return the account, the passport and the phone. Patient: wait 3 seconds.",
    "1M8GDM9AXKP042789",
    "phone: 12-34-56",
]


def cases(table):
    return [(kind, text) for kind, texts in table.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), cases(CERTAIN))
def test_what_checks_out_is_certain(kind, text):
    hits = [hit for hit in strongest([*find_personal(f"Take {text} for it.")]) if not hit.weak]
    assert [hit.kind for hit in hits] == [kind]
    assert text not in hits[0].what


@pytest.mark.parametrize(("kind", "text"), cases(UNCERTAIN))
def test_what_only_looks_like_it_is_uncertain(kind, text):
    hits = list(find_personal(f"{text}, say."))
    assert kind in {hit.kind for hit in hits}
    assert all(hit.weak for hit in hits)


@pytest.mark.parametrize("text", FREE)
def test_what_is_nobodys_passes(text):
    assert list(find_personal(text)) == []


@given(st.integers(0, 10**15 - 1))
def test_one_wrong_digit_makes_no_card(number):
    body = f"4{number:015d}"
    found = [digit for digit in "0123456789" if any(h.kind == "card" for h in find_personal(f"x {body[:-1]}{digit}"))]
    assert len(found) <= 1


def test_a_vehicle_number_has_one_check_digit():
    draw = random.Random(3)
    for _ in range(50):
        body = "".join(draw.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=17))
        assert sum(is_vin(body[:8] + check + body[9:]) for check in "0123456789X") == 1
