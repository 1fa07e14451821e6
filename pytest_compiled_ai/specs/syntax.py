"""Python source as text and tree, read the same way everywhere; nothing here imports what it reads."""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Sequence
from pathlib import Path

from pytest_compiled_ai.specs.model import SpecLineError

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_source(path: Path, relative: str) -> str:
    r"""Return a file's text with `\n` line ends and no byte order mark.

    Raises:
        SpecLineError: the file cannot be read, or is not UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SpecLineError(relative, 1, f"cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise SpecLineError(relative, 1, f"is not UTF-8 (byte {error.start}); save it as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_source(source: str, relative: str) -> ast.Module:
    """Return the tree of a file's text; the compiler's own warnings are left for those who run the file.

    Raises:
        SpecLineError: this Python cannot parse it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise SpecLineError(relative, error.lineno or 1, f"is not valid Python: {error.msg}.") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SpecLineError(relative, 1, f"is not valid Python: {error or 'nested too deeply'}.") from None


@functools.lru_cache(maxsize=4)
def lines_of(source: str) -> tuple[bytes, ...]:
    """Return the lines of a file's text as the parser counts them: in bytes, without their ends."""
    return tuple(source.encode().split(b"\n"))


def segment_of(source: str, node: ast.stmt | ast.expr) -> str:
    """Return the text of a node; `ast.get_source_segment` splits the whole file each time."""
    lines, first, last = lines_of(source), node.lineno - 1, (node.end_lineno or node.lineno) - 1
    if first == last:
        return lines[first][node.col_offset : node.end_col_offset].decode()
    parts = [lines[first][node.col_offset :], *lines[first + 1 : last], lines[last][: node.end_col_offset]]
    return b"\n".join(parts).decode()


def dotted_name(node: ast.AST) -> str | None:
    """Return `a.b.c` for a name with attributes, None for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def docstring_of(body: Sequence[ast.stmt]) -> str | None:
    """Return the raw docstring that a function's, class's or module's body starts with."""
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        value = body[0].value.value
        return value if isinstance(value, str) else None
    return None


def clean_docstring(text: str) -> str:
    """Return a docstring without its indentation, trailing spaces and outer blank lines, the same on every Python.

    `inspect.cleandoc` is nearly this, but what it counts as a space changed in Python 3.13.
    """
    first, *others = text.expandtabs().split("\n")
    margin = min((len(line) - len(line.lstrip(" ")) for line in others if line.strip(" ")), default=0)
    lines = [first.lstrip(" "), *(line[margin:] for line in others)]
    return "\n".join(line.rstrip(" ") for line in lines).strip("\n")


def parse_expression(text: str) -> ast.expr | None:
    """Return the expression that a string holds, or None where it holds none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
