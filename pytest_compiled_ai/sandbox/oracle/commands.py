"""What an oracle's parent tells it: a byte each."""

from __future__ import annotations

from typing import Final

RUN: Final = b"r"
"""Carry out the order that the order's file holds."""
ABANDON: Final = b"a"
"""End the order that is being carried out; means nothing where it has ended already."""
