"""`pci-style`: for functions that are given cards and money."""

from __future__ import annotations

from typing import Final

from pytest_compiled_ai.policies.packs.base import Pack
from pytest_compiled_ai.policies.packs.cards import CARD_DATA, CARD_LITERALS
from pytest_compiled_ai.policies.packs.crypto import CONSTANT_TIME, WEAK_CRYPTO
from pytest_compiled_ai.policies.packs.effects import NO_NETWORK
from pytest_compiled_ai.policies.packs.money import MONEY_IN_FLOAT, demand_exact_money

PCI: Final = Pack(
    name="pci-style",
    summary="a card's last four digits at most, exact money, secrets compared in constant time",
    prompt=(
        "Never return, log or raise a card number: at most its last four digits, as `number[-4:]`. Use no float: "
        "compute money with `Decimal` or integers. Compare secrets with `hmac.compare_digest`."
    ),
    rules=(CARD_DATA, CARD_LITERALS, MONEY_IN_FLOAT, CONSTANT_TIME, WEAK_CRYPTO, NO_NETWORK),
    demand=demand_exact_money,
)
