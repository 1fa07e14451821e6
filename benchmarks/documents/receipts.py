"""The receipts of SROIE, as text boxes and the three fields that are read from them; and which of them are labelled.

The data is SROIE (ICDAR 2019 Robust Reading Challenge on Scanned Receipts OCR and Information Extraction, CC BY 4.0,
https://rrc.cvc.uab.es/?ch=13), one JSON object a line: `{"id": ..., "lines": [{"x0", "y0", "x1", "y1", "text"}, ...],
"fields": {"company": ..., "date": ..., "total": ...}}`. It is read in place: nothing of it is part of this project.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIELDS = ("company", "date", "total")
LABELLED = 20
"""Receipts that whoever writes a reader may look at; the others only score."""
_CURRENCY = re.compile(r"^(-?)\s*(?:RM|MYR|\$)?\s*(-?)")

Box = tuple[int, int, int, int, str]


class BadReceiptsError(ValueError):
    """The data is missing, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One scanned receipt: its text boxes as (left, top, right, bottom, text) in pixels, and its true fields."""

    id: str
    boxes: tuple[Box, ...]
    truth: dict[str, str]


def read_receipts(path: Path) -> list[Receipt]:
    """Return the receipts of a file, or of the `receipts.jsonl` in a folder, in the order of `rank`.

    Raises:
        BadReceiptsError: there are none, or a line is no receipt.
    """
    path = path / "receipts.jsonl" if path.is_dir() else path
    try:
        found = [_parse(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadReceiptsError(f"no receipts in {path}: {type(error).__name__}: {error}") from None
    if not found:
        raise BadReceiptsError(f"no receipts in {path}: it is empty")
    return sorted(found, key=rank)


def split(receipts: Sequence[Receipt]) -> tuple[list[Receipt], list[Receipt]]:
    """Return the labelled receipts, and those that only score."""
    ordered = sorted(receipts, key=rank)
    return ordered[:LABELLED], ordered[LABELLED:]


def rank(receipt: Receipt) -> str:
    """Return what receipts are ordered by: the SHA-256 of their id, so that nobody chose the first ones."""
    return hashlib.sha256(receipt.id.encode()).hexdigest()


def normalise(field: str, text: str) -> str:
    """Return a field's text as it is compared: company and date as they are written, a total without its currency."""
    plain = " ".join(text.split())
    if field != "total":
        return plain
    return _CURRENCY.sub(r"\1\2", plain, count=1).replace(",", "").replace(" ", "")


def _parse(record: dict[str, Any]) -> Receipt:
    boxes = tuple((line["x0"], line["y0"], line["x1"], line["y1"], line["text"]) for line in record["lines"])
    return Receipt(id=str(record["id"]), boxes=boxes, truth={field: record["fields"][field] for field in FIELDS})
