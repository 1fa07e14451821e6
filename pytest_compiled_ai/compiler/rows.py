"""The rows of parametrized tests in a test file, and its text without some of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from pytest_compiled_ai.specs.syntax import Function, dotted_name

_DISPLAY = ast.List | ast.Tuple
_NEEDED = frozenset({"argnames", "argvalues"})
_KNOWN = _NEEDED | {"ids"}
_SEPARATOR = re.compile(rb"(?:\s*,)?(?:[ \t]*#[^\n]*)?")
"""What goes with a row: the comma after it, and the comment behind that."""


class Rows(NamedTuple):
    """The rows of one test: its id without parameters, the display that holds them, and what names them, if anything.

    `is_unpacked` tells that a row holds a value for each of several parameters.
    """

    test: str
    values: ast.List | ast.Tuple
    ids: ast.expr | None
    is_unpacked: bool

    @property
    def free(self) -> frozenset[int]:
        """The rows that can do without marks of their own, from 0."""
        return frozenset(number for number, row in enumerate(self.values.elts) if not _is_marked(row))


def find_rows(tree: ast.Module, path: str, names: Iterable[str]) -> Iterator[Rows]:
    """Yield the rows of the named tests (`test_x`, `TestA::test_y`) that one literal `parametrize` gives all rows."""
    for name in names:
        nodes = _path_to(tree, name.split("::"))
        calls = [item for node in nodes for item in node.decorator_list if _is_parametrize(item)]
        if len(calls) == 1 and calls[0] in nodes[-1].decorator_list and isinstance(calls[0], ast.Call):
            yield from _read(calls[0], f"{path}::{name}")


def is_defined(tree: ast.Module, name: str) -> bool:
    """Tell whether a file itself defines a test (`test_x`, `TestA::test_y`)."""
    return bool(_path_to(tree, name.split("::")))


def cut_rows(text: str, path: str, held: Mapping[str, Collection[int]]) -> str | None:
    """Return a test file's text without some rows of its tests, all else as written; None where they cannot be cut."""
    names = [test.partition("::")[2] for test in held]
    found = {rows.test: rows for rows in find_rows(ast.parse(text), path, names)}
    spans = [span for test, rows in found.items() for span in _spans(text, rows, held[test])]
    data = text.encode()
    for start, end in sorted(spans, reverse=True):
        data = data[:start] + data[end:]
    cut = data.decode()
    wanted = [_dumped(rows, held[test]) for test, rows in found.items()]
    return cut if _dumps_of(cut, path, names) == wanted else None


def _read(call: ast.Call, test: str) -> Iterator[Rows]:
    given = dict(zip(("argnames", "argvalues"), call.args, strict=False))
    given |= {item.arg or "**": item.value for item in call.keywords}
    values, ids = given.get("argvalues"), given.get("ids")
    # Other arguments may change which rows there are, and their order.
    if len(call.args) > 2 or not _NEEDED <= given.keys() <= _KNOWN or not isinstance(values, _DISPLAY):
        return
    lists = [item for item in (values, ids) if isinstance(item, _DISPLAY)]
    if all(len(item.elts) == len(values.elts) for item in lists) and not any(map(_has_star, lists)):
        yield Rows(test, values, ids, _is_several(given["argnames"]))


def _path_to(tree: ast.Module, parts: list[str]) -> list[Function | ast.ClassDef]:
    """Return the definitions that lead to a test, itself the last; empty where there is none, or more than one."""
    body: list[ast.stmt] = tree.body
    found: list[Function | ast.ClassDef] = []
    for part in parts:
        nodes = [n for n in body if isinstance(n, Function | ast.ClassDef) and n.name == part]
        if len(nodes) != 1:
            return []
        found, body = [*found, nodes[0]], nodes[0].body
    return found


def _is_parametrize(node: ast.expr) -> bool:
    name = dotted_name(node.func if isinstance(node, ast.Call) else node) or ""
    return name.rpartition(".")[2] == "parametrize"


def _is_several(names: ast.expr) -> bool:
    is_one = isinstance(names, ast.Constant) and isinstance(names.value, str) and "," not in names.value
    return not is_one


def _is_marked(row: ast.expr) -> bool:
    return isinstance(row, ast.Call) and any(item.arg == "marks" for item in row.keywords)


def _has_star(node: ast.List | ast.Tuple) -> bool:
    return any(isinstance(item, ast.Starred) for item in node.elts)


def _spans(text: str, rows: Rows, numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield where rows stand, in bytes: from the end of what goes with the row before."""
    data, lines = text.encode(), _line_starts(text)
    for display in (rows.values, rows.ids):
        if isinstance(display, _DISPLAY):
            starts = [lines[item.lineno - 1] + item.col_offset for item in display.elts]
            ends = [lines[(item.end_lineno or 0) - 1] + (item.end_col_offset or 0) for item in display.elts]
            after = [_end_of(data, end) for end in ends]
            for number in numbers:
                begin = after[number - 1]
                # What follows in the same line must not come behind a comment.
                is_line = data[after[number] :].startswith(b"\n") or b"\n" not in data[begin : starts[number]]
                yield begin if is_line else starts[number], after[number]


def _end_of(data: bytes, start: int) -> int:
    match = _SEPARATOR.match(data, start)
    return match.end() if match else start


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _dumps_of(text: str, path: str, names: Iterable[str]) -> list[list[str]]:
    try:
        return [_dumped(rows, ()) for rows in find_rows(ast.parse(text), path, names)]
    except SyntaxError:
        return []


def _dumped(rows: Rows, without: Collection[int]) -> list[str]:
    displays = [item.elts for item in (rows.values, rows.ids) if isinstance(item, _DISPLAY)]
    return [ast.dump(item) for elts in displays for number, item in enumerate(elts) if number not in without]
