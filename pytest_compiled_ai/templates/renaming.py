"""A definition's text under other names: what its syntax tree says is such a name is replaced, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pytest_compiled_ai.artifacts.module import Definition


class Renaming(NamedTuple):
    """What module-level names become: other names, or expressions where they are read."""

    names: Mapping[str, str]
    expressions: Mapping[str, str]


class _Edit(NamedTuple):
    """The `old` text at a line, from 1, and a column, from 0, becomes the `new`."""

    line: int
    column: int
    old: str
    new: str


def rename(source: str, definition: Definition, words: Renaming) -> str:
    """Return the text of a definition of an ASCII source; no local in it has one of the names."""
    lines = source.split("\n")
    for edit in sorted(_edits(definition, words), reverse=True):
        text = lines[edit.line - 1]
        assert text[edit.column :].startswith(edit.old)
        lines[edit.line - 1] = text[: edit.column] + edit.new + text[edit.column + len(edit.old) :]
    first = min([definition.lineno, *(decorator.lineno for decorator in definition.decorator_list)])
    return "\n".join(lines[first - 1 : definition.end_lineno]) + "\n"


def _edits(definition: Definition, words: Renaming) -> Iterator[_Edit]:
    known = {**words.names, **words.expressions}
    keyword = "class " if isinstance(definition, ast.ClassDef) else "def "
    if definition.name in words.names:
        place = definition.col_offset + len(keyword)
        yield _Edit(definition.lineno, place, definition.name, words.names[definition.name])
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and node.id in known:
            yield _Edit(node.lineno, node.col_offset, node.id, known[node.id])
