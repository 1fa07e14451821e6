"""Calls of the Berkeley Function Calling Leaderboard: a request in words, a function, and the accepted arguments.

A call has one request and one right function. Of several functions that a row offers, the one of its answer counts:
what is compiled turns a text into the arguments of that function.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = ("simple_python", "exec_simple", "live_simple", "live_multiple")
LEFT_OUT = ""
"""Among the accepted values of a parameter: it may be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request.

    `function` is the schema as the set has it; `answer` maps each parameter to its accepted values. `offered` are the
    schemas of all functions that the row has.
    """

    id: str
    text: str
    function: Mapping[str, Any]
    answer: Mapping[str, list[Any]]
    offered: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return str(self.function["name"])

    @property
    def properties(self) -> Mapping[str, Mapping[str, Any]]:
        """The schemas of its parameters, by name."""
        found: Mapping[str, Mapping[str, Any]] = self.function["parameters"]["properties"]
        return found

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the parameters that the schema requires."""
        return tuple(self.function["parameters"].get("required", ()))

    def may_omit(self, parameter: str) -> bool:
        """Tell whether the answer accepts a call without a parameter."""
        return LEFT_OUT in self.answer[parameter] and parameter not in self.required


def read_calls(folder: Path, name: str) -> list[Call]:
    """Return the calls of `folder/name.jsonl`, which is read in place."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [read_call(json.loads(line)) for line in lines]


def read_call(row: Mapping[str, Any]) -> Call:
    """Return the call of one row, its answer given as accepted values or as the text of a Python call."""
    truth = row["ground_truth"][0]
    ((name, answer),) = (_read_text(truth, row["function"]) if isinstance(truth, str) else truth).items()
    function = next(each for each in row["function"] if each["name"] == name)
    text = "\n".join(message["content"] for turn in row["question"] for message in turn)
    return Call(id=row["id"], text=text, function=function, answer=answer, offered=tuple(row["function"]))


def _read_text(text: str, functions: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[Any]]]:
    names = {function["name"]: tuple(function["parameters"]["properties"]) for function in functions}
    return {
        name: {key: [value] for key, value in given.items()}
        for name, given in parse_calls(text, names)
    }  # fmt: skip


def parse_calls(text: str, names: Mapping[str, Sequence[str]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls that a text holds, one or a list of them, with their arguments.

    Args:
        text: Python; an argument that is no literal is taken as a text.
        names: the parameters of each function, for arguments that are given without a name.

    Raises:
        ValueError: the text is no call.
    """
    try:
        tree = ast.parse(text.strip().strip("`").strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"no call: {error}") from None
    return [_read_node(node, names) for node in (tree.elts if isinstance(tree, ast.List | ast.Tuple) else [tree])]


def _read_node(node: ast.expr, names: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, Any]]:
    if not isinstance(node, ast.Call):
        raise ValueError(f"no call: {ast.unparse(node)}")
    name = ast.unparse(node.func)
    if len(node.args) > len(names.get(name, ())):
        raise ValueError(f"too many arguments without a name: {ast.unparse(node)}")
    given = dict(zip(names.get(name, ()), node.args, strict=False))
    given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
    return name, {key: _listed(_evaluate(value)) for key, value in given.items()}


def _evaluate(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


def _listed(value: Any) -> Any:
    """Return a value with its tuples as lists, as JSON has them."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return {key: _listed(item) for key, item in value.items()} if isinstance(value, dict) else value
