"""Text boxes on a page, as OCR finds them: rows, and the values beside labels.

A box is (left, top, right, bottom, text); its numbers grow to the right and downwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median

__all__ = ["TextBox", "group_boxes", "rows_of", "value_below", "value_of", "value_right_of"]

TextBox = tuple[float, float, float, float, str]


def rows_of(boxes: Iterable[TextBox]) -> list[str]:
    """Return the rows of text as a reader sees them, from top to bottom: ["TOTAL 9.00", "CASH 10.00"]."""
    return [" ".join(box[4] for box in row) for row in group_boxes(boxes)]


def group_boxes(
    boxes: Iterable[TextBox],
) -> list[list[TextBox]]:
    """Return the boxes of each row, from left to right; a box is (left, top, right, bottom, text).

    A box belongs to the row whose boxes it overlaps by half of its height.
    """
    rows: list[list[TextBox]] = []
    for box in sorted(boxes, key=lambda each: (each[1] + each[3], each[0])):
        fitting = [row for row in rows[-3:] if _is_on_row(box, row)]
        if fitting:
            fitting[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda each: each[0]) for row in rows]


def value_of(boxes: Sequence[TextBox], *labels: str) -> str:
    """Return the text behind a label, else right of it, else below it, else "": (boxes, "TOTAL") gives "9.00".

    A box is (left, top, right, bottom, text). Labels that come first are looked for first.
    """
    for label in labels:
        for found in (_value_within(boxes, label), value_right_of(boxes, label), value_below(boxes, label)):
            if found:
                return found
    return ""


def value_right_of(boxes: Sequence[TextBox], label: str) -> str:
    """Return the text of the box right of a label, on its row, else ""."""
    for row in group_boxes(boxes):
        for at, box in enumerate(row[:-1]):
            after = [each[4].strip(" :=") for each in row[at + 1 :]]
            if _has_label(box[4], label) and any(after):
                return next(filter(None, after))
    return ""


def value_below(boxes: Sequence[TextBox], label: str) -> str:
    """Return the text of the nearest box below a label, else ""."""
    rows = group_boxes(boxes)
    for at, row in enumerate(rows):
        for box in (each for each in row if _has_label(each[4], label)):
            below = [each for other in rows[at + 1 : at + 3] for each in other if _overlap(each, box) > 0]
            if below:
                return min(below, key=lambda each: (each[1], -_overlap(each, box)))[4].strip()
    return ""


def _value_within(boxes: Iterable[TextBox], label: str) -> str:
    pattern = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)[.\s]*[:=#]?\s*(?P<value>\S.*)", re.IGNORECASE | re.DOTALL)
    found = [match["value"].strip(" :=") for box in boxes if (match := pattern.search(box[4]))]
    return next(filter(None, found), "")


def _has_label(text: str, label: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text, re.IGNORECASE) is not None


def _is_on_row(box: TextBox, row: Sequence[TextBox]) -> bool:
    top, bottom = median(each[1] for each in row), median(each[3] for each in row)
    shared = min(bottom, box[3]) - max(top, box[1])
    is_apart = all(box[0] >= each[2] or box[2] <= each[0] for each in row)
    return shared >= 0.5 * min(bottom - top, box[3] - box[1]) and (is_apart or shared >= 0.8 * (bottom - top))


def _overlap(box: TextBox, other: TextBox) -> float:
    return min(box[2], other[2]) - max(box[0], other[0])
