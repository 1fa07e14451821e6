"""HumanEval and MBPP as specs of this project: a typed stub with the problem's own docstring, and its base tests."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.codegen.annotations import see_values
from benchmarks.codegen.asserts import find_function, write_check, write_tests
from benchmarks.codegen.stubs import write_described, write_documented

_IMPORTS = "from typing import Any\n\nimport pytest\n\nfrom pytest_compiled_ai import spec\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem: its spec file's text, other files of its project, and the hidden tests, if the set has any.

    `reference` is the set's own solution, `prelude` what the hidden tests take from the prompt.
    """

    name: str
    entry: str
    spec: str
    reference: str
    files: Mapping[str, str] = field(default_factory=dict)
    prelude: str = ""
    hidden: str = ""


def read_problems(folder: Path, *, examples_only: bool = False) -> list[Problem]:
    """Return the problems of a folder with humaneval.jsonl or mbpp_sanitized.jsonl.

    Args:
        folder: where the set lies; it is read in place.
        examples_only: leave HumanEval's base tests out, so that the docstring's examples alone decide, and with them
            the problems that have no example.
    """
    if (path := folder / "humaneval.jsonl").is_file():
        hidden = {row["task_id"]: row["test"] for row in _rows(folder / "humaneval_plus.jsonl")}
        found = [_from_humaneval(row, hidden.get(row["task_id"], ""), examples_only) for row in _rows(path)]
        return [problem for problem in found if not examples_only or ">>>" in problem.spec]
    return [_from_mbpp(row) for row in _rows(folder / "mbpp_sanitized.jsonl")]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _from_humaneval(row: Mapping[str, str], hidden: str, examples_only: bool) -> Problem:
    prompt, entry, name = row["prompt"], row["entry_point"], row["task_id"].replace("/", "_").lower()
    tree, tests, solved = ast.parse(prompt + "    pass\n"), ast.parse(row["test"]), prompt + row["canonical_solution"]
    function = find_function(tree, entry)
    helpers = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node is not function]
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    taken = [f"from helpers_{name} import {helper.name}" for helper in helpers]
    support = "\n\n\n".join(map(ast.unparse, [*imports, *helpers]))
    stub = write_documented(function, prompt, solved, see_values(tests, entry))
    written = [] if examples_only else list(write_check(tests, function))
    return Problem(
        name=name,
        entry=entry,
        spec=_join("\n".join([*map(ast.unparse, imports), *taken, _IMPORTS]), stub, *written),
        reference=solved,
        files={f"helpers_{name}.py": support + "\n"} if helpers else {},
        prelude=support,
        hidden=hidden,
    )


def _from_mbpp(row: Mapping[str, Any]) -> Problem:
    code, tests = row["code"].replace("\r", ""), ast.parse("\n".join(row["test_list"]))
    tree = ast.parse(code)
    called = {
        node.func.id for node in ast.walk(tests) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    # The last of them: what it calls stands above it.
    entry = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in called][-1]
    function = find_function(tree, entry)
    stub = write_described(function, row["prompt"], see_values(tests, entry))
    return Problem(
        name=f"mbpp_{row['task_id']}",
        entry=entry,
        spec=_join("\n".join([*row["test_imports"], _IMPORTS]), stub, *write_tests(tests.body, function)),
        reference=code,
    )


def _join(header: str, *parts: str) -> str:
    return header.strip() + "\n\n\n" + "\n\n\n".join(parts) + "\n"
