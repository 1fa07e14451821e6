"""A tiny invented set in HumanEval's and MBPP's form, and bodies for it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_compiled_ai.providers.base import OnToken, Reply, Request
from pytest_compiled_ai.testing import fenced, make_reply

ROOT = Path(__file__).parents[2]
MODULES = (
    "ablate", "annotations", "asserts", "clerk", "plain", "problems", "project", "proxy", "run", "score",
    "unvibe_beside", "unvibe_form",
)  # fmt: skip
ROWS = {
    "task_id": "Made/0",
    "entry_point": "thrice",
    "prompt": 'def thrice(n, times=1):\n    """Return three times n.\n\n    >>> thrice(2, 1)\n    6\n    """\n',
    "canonical_solution": "    return 3 * n * times\n",
    "test": "METADATA = {}\n\n\ndef check(candidate):\n    assert True, 'warm up'\n"
    "    assert candidate(1, 1) == 3\n    assert candidate(-4, 2) == -24\n",
}
HELPED = {
    "task_id": "Made/1",
    "entry_point": "halve_all",
    "prompt": "from typing import List\n\n\ndef half(x: float) -> float:\n    return x / 2\n\n\n"
    'def halve_all(xs: List[float]):\n    """Return the half of each.\n\n    >>> halve_all([1.0])\n    [0.25]\n    """\n',
    "canonical_solution": "    return [half(x) for x in xs]\n",
    "test": "def check(candidate):\n    assert candidate([2.0]) == [1.0]\n    assert not candidate([])\n",
}
WHOLE = {
    "task_id": "Made/2",
    "entry_point": "count_a",
    "prompt": 'def count_a(text: str) -> int:\n    """Count the letter a."""\n',
    "canonical_solution": "    return text.count('a')\n",
    "test": "import string\n\n\ndef check(candidate):\n    for letter in string.ascii_lowercase:\n"
    "        assert candidate(letter) == (letter == 'a')\n    assert candidate('aa') == 2\n",
}
HIDDEN = {
    "Made/0": "def check(candidate):\n    assert candidate(5, 2) == 30\n",
    "Made/1": "def check(candidate):\n    assert candidate([3.0]) == [half(3.0)]\n",
    "Made/2": "def check(candidate):\n    assert candidate('banana') == 3\n",
}
TASKS: list[dict[str, Any]] = [
    {
        "task_id": 7,
        "prompt": 'Join with a \\ or a """, and say "so"',
        "code": "def _glue():\r\n    return '\\\\'\r\n\r\ndef join(parts, last):\r\n    return _glue().join(parts) + (last or '')\r\n",
        "test_imports": ["import math"],
        "test_list": ["assert join(['a', 'b'], '!') == 'a\\\\b!'", "assert join([], None) == ''"],
    },
    {
        "task_id": 8,
        "prompt": "Return a number about the root of two.",
        "code": "def about():\n    return 1.41\n",
        "test_imports": ["import math"],
        "test_list": ["assert math.isclose(about(), 1.4142, rel_tol=0.01)"],
    },
]
BODIES = {
    "thrice": fenced("def thrice(n: int, times: int=1) -> int:\n    return 3 * n * times"),
    "halve_all": fenced("def halve_all(xs: List[float]) -> list[float]:\n    return [half(x) for x in xs]"),
    "count_a": fenced("def count_a(text: str) -> int:\n    return text.count('a')"),
}


class ByName:
    """Says for each function what it was given, in turn, and the last of it again."""

    name = model = "scripted"
    where = "a script"

    def __init__(self, **replies: list[str]) -> None:
        self._replies = replies
        self.asked: list[str] = []

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        said = request.messages[1].content
        name = next(name for name in self._replies if f"def {name}(" in said)
        number = self.asked.count(name)
        self.asked.append(name)
        return make_reply(self._replies[name][min(number, len(self._replies[name]) - 1)])

    def close(self) -> None:
        pass


def load_codegen() -> SimpleNamespace:
    """Return the benchmark's modules by their names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        return SimpleNamespace(**{name: importlib.import_module(f"benchmarks.codegen.{name}") for name in MODULES})


def write_sets(folder: Path) -> Path:
    """Write both sets, each in a folder of its own, and return the folder of the first."""
    human, mbpp = folder / "made", folder / "tasks"
    for each in (human, mbpp):
        each.mkdir(parents=True)
    write_rows(human / "humaneval.jsonl", [ROWS, HELPED, WHOLE])
    write_rows(human / "humaneval_plus.jsonl", [{"task_id": name, "test": test} for name, test in HIDDEN.items()])
    write_rows(mbpp / "mbpp_sanitized.jsonl", TASKS)
    return human


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
