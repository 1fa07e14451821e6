"""A spec file as an ordinary test module: one import stands for its stubs, and every other line stays. Pure."""

from __future__ import annotations

import ast

from pytest_compiled_ai.artifacts.exact import lines_of, newline_of, with_blanks
from pytest_compiled_ai.specs.decoration import PACKAGE
from pytest_compiled_ai.specs.headers import first_line
from pytest_compiled_ai.specs.imports import bindings_of
from pytest_compiled_ai.specs.model import SpecFile, SpecLineError
from pytest_compiled_ai.specs.scopes import uses_of

_WIDTH = 88
_MARK = "\ufeff"


def plain_tests(file: SpecFile, text: str) -> str:
    """Return a spec file's text with an import of its compiled functions in the place of ours, and without its stubs.

    Raises:
        SpecLineError: it needs this package for more than its stubs.
    """
    statement = _only_import(file)
    _check_rest(file, statement)
    mark = _MARK if text.startswith(_MARK) else ""
    lines = lines_of(text.removeprefix(_MARK))
    for stub in reversed(file.stubs):
        end = stub.node.end_lineno or 0
        while end < len(lines) and lines[end].strip().startswith("#") and lines[end][0].isspace():
            end += 1
        start, end = with_blanks(lines, first_line(stub.node) - 1, end)
        del lines[start:end]
    first, last = statement.lineno - 1, (statement.end_lineno or 0) - 1
    before = lines[first].encode()[: statement.col_offset].decode()
    after = lines[last].encode()[statement.end_col_offset :].decode()
    lines[first : last + 1] = [before + _import_of(file, statement).replace("\n", newline_of(text)) + after]
    return mark + "".join(lines)


def _only_import(file: SpecFile) -> ast.Import | ast.ImportFrom:
    found = [node for node in file.tree.body if isinstance(node, ast.Import | ast.ImportFrom) and _is_ours(node)]
    if len(found) != 1:
        line = found[1].lineno if found else 1
        raise SpecLineError(file.relative, line, f"import {PACKAGE} in one statement at the top, then eject again.")
    return found[0]


def _is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    return any(binding.module == PACKAGE for binding in bindings_of(node))


def _check_rest(file: SpecFile, statement: ast.stmt) -> None:
    """Make sure that nothing but the stubs needs this package."""
    stubs = {id(stub.node) for stub in file.stubs}
    rest = [node for node in file.tree.body if node is not statement and id(node) not in stubs]
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    ours = {"spec" if item.bound == "*" else item.bound for item in bindings_of(statement) if item.module == PACKAGE}
    uses = uses_of(*rest)
    lines = [item.line for item in uses.bindings if item.module.partition(".")[0] == PACKAGE]
    named = (node for part in rest for node in ast.walk(part) if isinstance(node, ast.Name))
    lines += [node.lineno for node in named if node.id in uses.names & ours]
    if lines:
        raise SpecLineError(file.relative, min(lines), f"needs {PACKAGE} beside its stubs; take that out, then eject.")


def _import_of(file: SpecFile, statement: ast.Import | ast.ImportFrom) -> str:
    names = sorted(stub.name for stub in file.stubs)
    line = f"from {file.target_module} import {', '.join(names)}"
    if len(line) > _WIDTH:
        listed = "".join(f"    {name},\n" for name in names)
        line = f"from {file.target_module} import (\n{listed})"
    others = [alias for alias in statement.names if isinstance(statement, ast.Import) and alias.name != PACKAGE]
    return f"{ast.unparse(ast.Import(names=others))}\n{line}" if others else line
