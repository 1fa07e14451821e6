"""The types that specs of templates are about."""

TYPES = """
    from dataclasses import dataclass, field
    from datetime import date
    from decimal import Decimal
    from enum import Enum
    from typing import Literal, NamedTuple, NotRequired, TypedDict

    Tone = Literal["good", "bad"]

    class Kind(Enum):
        INVOICE = "invoice"
        RECEIPT = "receipt"
        OTHER = "other"

    @dataclass
    class Receipt:
        company: str
        total: Decimal | None = None
        day: date | None = None

    @dataclass(frozen=True)
    class Item:
        name: str
        tags: list[str] = field(default_factory=list)
        kind: Kind = Kind.OTHER

    class Point(NamedTuple):
        x: int
        label: str = ""

    class Call(TypedDict):
        city: str
        days: NotRequired[int]

    class BadText(ValueError): ...
    class WorseText(BadText): ...
    if Tone:
        Odd = int
"""
