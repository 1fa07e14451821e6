# Compiled from specs/receipts.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

from decimal import Decimal

TOTAL_WORDS = ("TOTAL", "PAYABLE", "DUE")
OTHER_WORDS = ("SUB", "QTY", "QUANTITY", "EXCL", "TAX", "TOTAL GST", "INCLUDED", "PAID", "CHANGE")


# spec v1:874c4bdca644e37f68fc67a7fb97cc5b body 4abdf7f152f4139e716fd2de60a01df9
def amounts_in(text: str) -> list[Decimal]:
    r"""Return all money amounts in a text, from left to right.

    An amount is what the regular expression `-?\d[\d,]*\.\d{2}(?!\d)` finds: perhaps a minus sign, digits, a point and
    exactly two more digits. Commas among its digits separate thousands: they are removed to get its value.

    >>> amounts_in("2 X 4.50 = RM9.00")
    [Decimal('4.50'), Decimal('9.00')]
    >>> amounts_in("TOTAL 1,234.50 QTY 3")
    [Decimal('1234.50')]
    """
    import re

    amounts = re.findall(r"-?\d[\d,]*\.\d{2}(?!\d)", text)
    return [Decimal(amount.replace(",", "")) for amount in amounts]


# spec v1:d4528f331d30e25716f2fe864de802db body 7551bc14e1b721e739c7a43e66d78607
def is_on_row(box: tuple[int, int, int, int, str], first: tuple[int, int, int, int, str]) -> bool:
    """Tell whether a text box stands on the same row of a page as another, the row's first box.

    A box is (left, top, right, bottom, text) in pixels. The box is on the row if the middle of its height,
    (top + bottom) / 2, lies between the top and the bottom of the row's first box, both included.

    >>> is_on_row((200, 12, 260, 30, "9.00"), first=(10, 10, 90, 28, "TOTAL"))
    True
    >>> is_on_row((10, 40, 90, 58, "CASH"), first=(10, 10, 90, 28, "TOTAL"))
    False
    """
    top, bottom = box[1], box[3]
    first_top, first_bottom = first[1], first[3]
    middle_of_box = (top + bottom) / 2
    return top <= middle_of_box <= bottom and first_top <= middle_of_box <= first_bottom


# spec v1:babdb09e120ba1d48cd51fc8a123c754 body d6853f28c26c59a5be8af4ee02de8b6b
def row_text(boxes: list[tuple[int, int, int, int, str]]) -> str:
    """Return the texts of the boxes of one row, ordered by their left edges, joined by one space.

    A box is (left, top, right, bottom, text) in pixels.

    >>> row_text([(200, 12, 260, 30, "9.00"), (10, 14, 90, 28, "TOTAL")])
    'TOTAL 9.00'
    """
    # Sort the boxes by their left edge
    sorted_boxes = sorted(boxes, key=lambda box: box[0])
    # Join the texts of the sorted boxes with a space
    return " ".join(box[4] for box in sorted_boxes)


# spec v1:e7a72a4822516a21896de80945877ba9 body 2063b9bf9602740b5d184014b0dd42de
def group_rows(boxes: list[tuple[int, int, int, int, str]]) -> list[str]:
    """Join text boxes into the rows of text that a reader sees, from top to bottom.

    A box is (left, top, right, bottom, text) in pixels.

    1. Take the boxes from top to bottom, that is, ordered by top + bottom.
    2. The first box begins the first row. Each further box joins the latest row if it `is_on_row` with that row's
       first box; otherwise it begins a new row.
    3. Return the `row_text` of each row.

    >>> group_rows([(200, 12, 260, 30, "9.00"), (10, 10, 90, 28, "TOTAL"), (10, 40, 90, 58, "CASH")])
    ['TOTAL 9.00', 'CASH']
    """
    boxes.sort(key=lambda box: box[1] + box[3])  # Sort boxes by top + bottom
    if not boxes:  # Check if the list is empty
        return []
    rows = []
    current_row = [boxes[0]]
    for box in boxes[1:]:
        if is_on_row(box, current_row[0]):
            current_row.append(box)
        else:
            rows.append(row_text(current_row))
            current_row = [box]
    rows.append(row_text(current_row))  # Add the last row
    return rows


# spec v1:86fde05916186bcea0e2d354c110a743 body 89e6bab2dbca9bfdf1eb6713848ca78f
def is_total_row(row: str) -> bool:
    """Tell whether a row of a receipt names the total, by the words in it, in any case.

    It does if the row contains one of TOTAL_WORDS and none of OTHER_WORDS. A word may be a part of a longer one:
    SUBTOTAL contains SUB and TOTAL.

    >>> is_total_row("Grand Total: RM 9.00")
    True
    >>> is_total_row("SUB-TOTAL 9.00")
    False
    """
    row = row.strip().lower()
    for word in TOTAL_WORDS:
        if word.lower() in row:
            for other_word in OTHER_WORDS:
                if other_word.lower() in row:
                    return False
            return True
    return False


# spec v1:bf556555e536b3382d88a9652d7e6e67 body 0a66ee7cd5cb591c405a5ea1841a1a5b
def amount_at(rows: list[str], index: int) -> Decimal | None:
    """Return the amount that stands beside a label, in the row at an index, or in the row below it.

    1. If there are `amounts_in` the row at the index, return the last of them.
    2. Otherwise, if there is a row at index + 1 and there are `amounts_in` it, return the last of those.
    3. Otherwise return None.

    >>> amount_at(["TOTAL 2 9.00", "CASH 10.00"], 0)
    Decimal('9.00')
    >>> amount_at(["TOTAL", "RM 9.00"], 0)
    Decimal('9.00')
    """
    amounts = amounts_in(rows[index])
    if amounts:
        return amounts[-1]
    if index + 1 < len(rows) and amounts_in(rows[index + 1]):
        return amounts_in(rows[index + 1])[-1]
    return None


# spec v1:698c00e6caffddb8212516b9d5594ae7 body bc053be1ad1b5182c49530114d179e89
def cut_summary(rows: list[str]) -> list[str]:
    """Return the rows before the first one that contains the word summary, in capitals or not; else all rows.

    Receipts end with a table that is called tax summary or the like, and has totals of its own.

    >>> cut_summary(["TOTAL 9.00", "CASH 9.00", "GST SUMMARY", "TOTAL 8.49"])
    ['TOTAL 9.00', 'CASH 9.00']
    >>> cut_summary(["TOTAL 9.00", "Tax Summary"])
    ['TOTAL 9.00']
    """
    for i, row in enumerate(rows):
        if "summary" in row.lower():
            return rows[:i]
    return rows


# spec v1:1a2a187f46ba45932703518bbc1d8578 body f2b8099ba523ef17d137b5a7d618162f
def find_totals(rows: list[str]) -> list[Decimal]:
    """Return the `amount_at` each row that `is_total_row`, from top to bottom. Where it is None, the row is skipped.

    >>> find_totals(["SUBTOTAL 9.02", "TOTAL 9.02", "ROUNDING -0.02", "NET TOTAL 9.00", "CASH 10.00"])
    [Decimal('9.02'), Decimal('9.00')]
    >>> find_totals(["CASH BILL", "TOTAL RM", "9.00", "TOTAL PIECES: 1"])
    [Decimal('9.00')]
    """
    totals = []
    for i in range(len(rows)):
        if is_total_row(rows[i]):
            amount = amount_at(rows, i)
            if amount is not None:
                totals.append(amount)
    return totals


# spec v1:d2610dd878a9f8a199b94315a57bd004 body 595445a67d7d9e045a68c4e6fa4f5d34
def receipt_total(boxes: list[tuple[int, int, int, int, str]]) -> Decimal | None:
    """Return the total of a scanned receipt, or None if it names none.

    A box is (left, top, right, bottom, text) in pixels.

    1. `group_rows` of the boxes gives the rows.
    2. `cut_summary` of these leaves the rows that matter.
    3. `find_totals` of these gives the totals. The last of them is the result: the total after rounding comes last.

    >>> receipt_total([(10, 10, 90, 28, "TOTAL"), (200, 12, 260, 30, "9.00"), (10, 40, 90, 58, "CASH")])
    Decimal('9.00')
    """
    rows = group_rows(boxes)
    rows = cut_summary(rows)
    totals = find_totals(rows)
    return totals[-1] if totals else None
