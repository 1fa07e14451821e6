"""The project that is compiled: the specs beside this file, and the labelled receipts as golden examples.

It is written where the results go: nothing of the data gets into this repository.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents.receipts import FIELDS, Receipt, normalise
from pytest_compiled_ai.templates.modules.layout import rows_of

HERE = Path(__file__).parent
READER, FUNCTION = "receipt_reader", "read_receipt"
_PYPROJECT = """[project]
name = "documents"
version = "0"
requires-python = ">=3.11"

[tool.compiled-ai]
{settings}

[tool.pytest.ini_options]
pythonpath = ["src", "."]
"""


def write_project(root: Path, labelled: Sequence[Receipt], settings: Mapping[str, str | int]) -> None:
    """Write what is not there yet or has changed; what is compiled already stays.

    Args:
        root: the project's folder.
        labelled: the receipts that specs may look at.
        settings: keys of [tool.compiled-ai].
    """
    # A string and a whole number are written alike in JSON and in TOML.
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    texts = {"pyproject.toml": _PYPROJECT.format(settings=lines)}
    texts["src/receipt_types.py"] = (HERE / "receipt_types.py").read_text(encoding="utf-8")
    for path in sorted((HERE / "specs").glob("*.py")):
        texts[f"specs/{path.name}"] = path.read_text(encoding="utf-8")
    for name, rows in golden_rows(labelled).items():
        texts[f"data/{name}.jsonl"] = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    for relative, text in texts.items():
        (root / relative).parent.mkdir(parents=True, exist_ok=True)
        (root / relative).write_text(text, encoding="utf-8")


def golden_rows(labelled: Sequence[Receipt]) -> dict[str, list[dict[str, Any]]]:
    """Return the golden examples by the name of their file: one for each field, from rows, and one for the whole."""
    found = {field: list(_rows(labelled, field)) for field in FIELDS}
    found["receipt"] = [{"input": [receipt.boxes], "expected": _truth(receipt)} for receipt in labelled]
    return found


def _rows(labelled: Sequence[Receipt], field: str) -> Iterator[dict[str, Any]]:
    for receipt in labelled:
        yield {"input": [rows_of(receipt.boxes)], "expected": _truth(receipt)[field]}


def _truth(receipt: Receipt) -> dict[str, str]:
    return {field: normalise(field, receipt.truth[field]) for field in FIELDS}
