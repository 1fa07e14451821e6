"""Cards and money: nothing whole leaves, nothing is written out, nothing is inexact."""

from __future__ import annotations

import pytest

CARD = "f(pan: str, cards: list[str], card: Card, card_type: str, log: Callable[[str], None]) -> Any"
RESULTS = [
    ("return pan", "return pan[-4:]", 1),
    ("return pan[:6] + '*' * 6 + pan[-4:]", "return '*' * (len(pan) - 4) + pan[-4:]", 1),
    ("return pan[-5:]", "return pan[-1:]", 1),
    ("return pan[-4:0:-1]", "return pan[-4:].rjust(len(pan), '*')", 1),
    ("digits = [c for c in pan if c.isdigit()]\nreturn ''.join(digits)", "digits = [c for c in pan if c.isdigit()]\nreturn ''.join(digits[-4:])", 2),
    ("digits = re.sub('[^0-9]', '', pan)\nreturn digits", "digits = re.sub('[^0-9]', '', pan)\nreturn digits[-4:]", 2),
    ("return pan.split()[-4:]", "return pan.replace(' ', '')[-4:]", 1),
    ("groups = pan.split('-')\nreturn groups[-2:]", "groups = pan.split('-')\nreturn len(groups)", 2),
    ("groups = []\ngroups.append(pan)\nreturn groups[-1:]", "groups = []\ngroups.append(pan[-4:])\nreturn groups[-1:]", 3),
    ("return cards[-4:]", "return [c[-4:] for c in cards]", 1),
    ("return int(pan)", "return int(pan) % 10", 1),
    ("return int(pan) % 10**30", "return sum(map(int, pan)) % 10 == 0", 1),
    ("return '%s' % pan", "return '%s' % pan[-4:]", 1),
    ("return card.number", "return card.brand.upper()", 1),
    ("strip = pan.strip\nreturn strip()", "return card_type", 2),
    ("return hashlib.sha256(pan.encode()).hexdigest()", "return hmac.new(b'k', pan.encode(), 'sha256').hexdigest()", 1),
    ("yield pan", "yield pan[-4:]", 1),
    ("yield from cards", "yield from [c[-4:] for c in cards]", 1),
    ("if not pan.isdigit():\n    return {'card': pan}\nreturn None", "if not pan.isdigit():\n    return {'card': 'bad'}\nreturn None", 2),
    ("log(f'paid by {pan}')\nreturn None", "log(f'paid by {pan[-4:]}')\nreturn None", 1),
    ("raise ValueError(pan)", "raise ValueError(pan[-4:])", 1),
]  # fmt: skip
LITERALS = [
    ("return '4111111111111111'", "return '4111111111111112'"),
    ("return '4111 1111 1111 1111'", "return '0000 0000 0000 0000'"),
    ("return 4111_1111_1111_1111", "return 4111_1111"),
    ("return 'card 5500-0000-0000-0004.'", "return 'card 5500-0000.'"),
    ("return '4111' + '1' * 12", "return '4111' + '1' * 4"),
    ("return b'378282246310005'", "return b'378282246310006'"),
    ("return ''.join(['41111111', '11111111'])", "return ''.join(['41111111', pan])"),
]
MONEY = "f(amount: Decimal, cents: int, n: int, rows: list[int], name: str) -> Any"
FLOATS = [
    ("return amount * Decimal(0.1)", "return amount * Decimal('0.1')", "`0.1` is a float"),
    ("return float(amount)", "return int(amount)", "`float` is not exact"),
    ("return list(map(float, rows))", "float = Decimal\nreturn list(map(float, rows))", "`float` is not exact"),
    ("x: float = cents\nreturn x", "x: int = cents\nreturn x", "`float` is not exact"),
    ("import math\nreturn math.fsum(rows)", "import math\nreturn math.gcd(*rows)", "`math.fsum` makes a float"),
    ("from math import sqrt as root\nreturn root(n)", "from math import isqrt as root\nreturn root(n)", "`root` makes a float"),
    ("return cents / 100", "return cents // 100", "`/` of whole numbers"),
    ("n /= 3\nreturn n", "n //= 3\nreturn n", "`/` of whole numbers"),
    ("return sum(rows) / len(rows)", "return Decimal(sum(rows)) / len(rows)", "`/` of whole numbers"),
    ("half = cents\nreturn half / 2", "half = Decimal(cents)\nreturn half / 2", "`/` of whole numbers"),
    ("return (cents + 1) / 3", "return (amount * cents) / (Decimal(3) + cents)", "`/` of whole numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("breaking", "right", "line"), RESULTS)
def test_no_more_of_a_card_than_four_digits_leaves(court, breaking, right, line):
    assert court.breaches("card-data", CARD, breaking, "pci-style") == [line]
    assert court.breaches("card-data", CARD, right, "pci-style") == []


def test_what_a_function_about_cards_is_given_is_card_data(court):
    assert court.breaches("card-data", "mask_card(number: str) -> str", "return number", "pci-style") == [1]
    assert court.breaches("card-data", "mask_card(number) -> str", "return number", "pci-style") == [1]
    assert court.breaches("card-data", "mask_card(number: str, last: str) -> str", "return last", "pci-style") == []
    assert court.breaches("card-data", "shout(number: str) -> str", "return number", "pci-style") == []


@pytest.mark.parametrize(("breaking", "right"), LITERALS)
def test_no_card_number_stands_in_the_code(court, breaking, right):
    signature = "f(pan: str) -> Any"
    assert court.breaches("card-literals", signature, breaking, "pci-style") == [1]
    assert court.breaches("card-literals", signature, right, "pci-style") == []


@pytest.mark.parametrize(("breaking", "right", "said"), FLOATS)
def test_money_is_exact(court, breaking, right, said):
    assert said in court.judge(MONEY, breaking, "pci-style").feedback
    assert court.breaches("money-in-float", MONEY, breaking, "pci-style")
    assert court.breaches("money-in-float", MONEY, right, "pci-style") == []
