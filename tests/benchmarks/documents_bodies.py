"""Bodies for the specs of the reader of receipts, as a person would write them."""

from __future__ import annotations

import re

from pytest_compiled_ai.providers.base import OnToken, Reply, Request
from pytest_compiled_ai.testing import fenced, make_reply

BODIES = {
    "clean_name": """
        def clean_name(row: str) -> str:
            return re.split(REGISTRATION, row, maxsplit=1)[0].strip(" -:,(")
        """,
    "may_be_name": """
        def may_be_name(row: str) -> bool:
            if sum(sign.isalpha() for sign in row) < 4 or re.search(r"[0-9]{3}", row):
                return False
            return not any(word in row.upper() for word in NO_NAMES)
        """,
    "is_company": """
        def is_company(name: str) -> bool:
            return re.search(LEGAL_FORM, name.upper().replace(".", "")) is not None
        """,
    "join_forms": """
        def join_forms(rows: list[str]) -> list[str]:
            joined: list[str] = []
            for row in rows:
                if joined and row.startswith(("SDN", "BHD")):
                    joined[-1] = f"{joined[-1]} {row}"
                else:
                    joined.append(row)
            return joined
        """,
    "possible_names": """
        def possible_names(rows: list[str]) -> list[str]:
            names = [clean_name(row) for row in join_forms(rows)[:6]]
            return [name for name in names if may_be_name(name)]
        """,
    "find_company": """
        def find_company(rows: list[str]) -> str:
            names = possible_names(rows)
            return next(filter(is_company, names), names[0] if names else "")
        """,
    "date_in": """
        def date_in(row: str) -> str:
            found = re.search(DATE_FORMS, row, re.IGNORECASE)
            return found.group() if found else ""
        """,
    "find_date": """
        def find_date(rows: list[str]) -> str:
            for row in rows:
                if "DATE" in row.upper() and date_in(row):
                    return date_in(row)
            for row in rows:
                if date_in(row):
                    return date_in(row)
            return ""
        """,
    "amount_texts": """
        def amount_texts(text: str) -> list[str]:
            return [found.replace(",", "") for found in re.findall(AMOUNT, text)]
        """,
    "names_total": """
        def names_total(row: str) -> bool:
            said = row.upper()
            return any(word in said for word in TOTAL_WORDS) and not any(word in said for word in OTHER_WORDS)
        """,
    "amount_beside": """
        def amount_beside(rows: list[str], index: int) -> str:
            for row in rows[index : index + 2]:
                amounts = amount_texts(row)
                if amounts:
                    return amounts[-1]
            return ""
        """,
    "before_summary": """
        def before_summary(rows: list[str]) -> list[str]:
            for index, row in enumerate(rows):
                if "summary" in row.lower():
                    return rows[:index]
            return rows
        """,
    "totals_of": """
        def totals_of(rows: list[str]) -> list[str]:
            found = [amount_beside(rows, index) for index, row in enumerate(rows) if names_total(row)]
            return [amount for amount in found if amount]
        """,
    "largest_amount": """
        def largest_amount(rows: list[str]) -> str:
            amounts: list[str] = []
            for row in rows:
                if not any(word in row.upper() for word in PAID_WORDS):
                    amounts += amount_texts(row)
            return max(amounts, key=float, default="")
        """,
    "find_total": """
        def find_total(rows: list[str]) -> str:
            rows = before_summary(rows)
            totals = totals_of(rows)
            return totals[-1] if totals else largest_amount(rows)
        """,
    "read_receipt": """
        def read_receipt(boxes: list[tuple[int, int, int, int, str]]) -> Receipt:
            rows = rows_of(boxes)
            return {"company": find_company(rows), "date": find_date(rows), "total": find_total(rows)}
        """,
}


class Author:
    """Answers with the body of the function that is asked for last in a prompt."""

    name = model = "scripted"
    where = "this machine"

    def __init__(self, bodies: dict[str, str] | None = None, answer: str = "") -> None:
        self.bodies, self.answer = BODIES if bodies is None else bodies, answer
        self.prompts: list[str] = []

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        said = request.messages[1].content
        self.prompts.append(said)
        wanted = [name for name in re.findall(r"^def (\w+)\(", said, re.M) if name in self.bodies]
        return make_reply(fenced(self.bodies[wanted[-1]]) if wanted and not self.answer else self.answer)

    def close(self) -> None:
        pass
