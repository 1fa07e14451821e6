"""What is read from a receipt."""

from typing import TypedDict


class Receipt(TypedDict):
    """Its fields as texts, each empty where the receipt does not have it."""

    company: str
    date: str
    total: str
