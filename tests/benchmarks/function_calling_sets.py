"""Tiny invented sets in the leaderboard's form, a stand-in for its package, and bodies that read their calls."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MODULES = (
    "calls", "checker", "dates", "figures", "lengths", "lists", "numbers_drawn", "numerals", "official",
    "official_start", "perturb", "phrasing", "places", "plain_values", "reading", "run", "runtime", "score", "specs",
    "tasks", "texts", "values",
)  # fmt: skip
BODIES = {
    "oven.set": """
    import re
    found = re.search(r"oven to (-?[0-9.]+) degrees for (.+)[.]", text)
    if found is None:
        return {}
    return {"degrees": float(found.group(1)), "dish": found.group(2)}
""",
    "ferry.book": """
    import re
    found = re.search(r"ferry for ([0-9]+) people", text)
    if found is None:
        raise ValueError(text)
    return {"seats": int(found.group(1))}
""",
}
OFFICIAL = {
    "constants/enums.py": "from enum import Enum\n\n\nclass Language(Enum):\n    PYTHON = 'python'\n",
    "constants/default_prompts.py": "_DEFAULT_SYSTEM_PROMPT = 'You call functions.\\n{functions}\\n'\n",
    "eval_checker/ast_eval/ast_checker.py": """
        from bfcl_eval.constants.model_config import MODEL_CONFIG_MAPPING

        assert not MODEL_CONFIG_MAPPING["compiled"].underscore_to_dot


        def ast_checker(functions, output, answer, language, category, model):
            ((name, given),) = output[0].items()
            accepted = answer[0][functions[0]["name"]]
            wrong = [key for key, value in given.items() if value not in accepted[key]]
            return {"valid": not wrong, "error": wrong}
    """,
}


def function(name: str, required: list[str], **properties: Any) -> dict[str, Any]:
    """Return a schema; a property is its type, or all of it."""
    listed = {
        key: {"type": each, "description": ""} if isinstance(each, str) else each for key, each in properties.items()
    }
    parameters = {"type": "dict", "properties": listed, "required": required}
    return {"name": name, "description": f"Do what {name} does.", "parameters": parameters}


OVEN = function("oven.set", ["degrees", "dish"], degrees="float", dish="string", fan="boolean")
FERRY = function("ferry.book", ["seats"], seats="integer", note="string")


def row(number: int, text: str, schema: dict[str, Any], answer: Any) -> dict[str, Any]:
    truth = answer if isinstance(answer, str) else {schema["name"]: answer}
    return {
        "id": f"made_{number}", "question": [[{"role": "user", "content": text}]], "function": [schema],
        "ground_truth": [truth],
    }  # fmt: skip


SIMPLE = [
    row(
        0, "Heat the oven to 180 degrees for lasagne.", OVEN, {"degrees": [180], "dish": ["lasagne"], "fan": ["", True]}
    ),
    row(1, "Heat it.", OVEN, {"degrees": [50.0], "dish": ["soup"]}),
    row(2, "Heat the oven to 90 degrees for bread.", OVEN, {"degrees": [90], "dish": ["bread"], "fan": [True]}),
]
EXEC = [
    row(0, "It is my first time here. Book the ferry for 12 people.", FERRY, "ferry.book(seats=12)"),
    row(1, "The ferry for 7 people, please.", FERRY, "ferry.book(7)"),
    row(2, "Get a ferry for 30 people now.", FERRY, "ferry.book(seats=30)"),
    row(3, "Heat the oven to 200 degrees for pizza.", OVEN, "oven.set(degrees=200.0, dish='pizza')"),
]


def load_function_calling() -> SimpleNamespace:
    """Return the benchmark's modules by their names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        found = {name: importlib.import_module(f"benchmarks.function_calling.{name}") for name in MODULES}
        return SimpleNamespace(**found, codegen=importlib.import_module("benchmarks.codegen.run"))


def write_calls(folder: Path) -> Path:
    """Write the sets to a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("simple_python", SIMPLE), ("exec_simple", EXEC)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return folder


def write_official(folder: Path, *, broken: bool = False) -> Path:
    """Write an environment that has the leaderboard's package, or something in its place, and return its Python."""
    for name, text in ({} if broken else OFFICIAL).items():
        path = folder / "bfcl_eval" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    python = folder / "python"
    folder.mkdir(parents=True, exist_ok=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return python
