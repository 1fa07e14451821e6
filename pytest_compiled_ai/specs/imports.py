"""Import statements as the names that they bind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_IMPORTS = (ast.Import, ast.ImportFrom)


class Binding(NamedTuple):
    """One name bound by an import: `from <module> import <name> as <bound>` or `import <module> as <bound>`.

    `level` counts the dots before `module`. `name` is empty for `import module`; `bound` is `*` for a star import;
    `alias` is None where there is no `as`.
    """

    bound: str
    module: str
    name: str
    alias: str | None
    level: int
    line: int

    @property
    def label(self) -> str:
        """The binding as digests write it, whatever statement it stands in."""
        return f"{self.bound}={'.' * self.level}{self.module}:{self.name}"


def bindings_of(node: ast.Import | ast.ImportFrom) -> tuple[Binding, ...]:
    """Return the bindings that one import statement makes, in its own order."""
    if isinstance(node, ast.Import):
        return tuple(
            Binding(
                bound=item.asname or item.name.partition(".")[0],
                module=item.name, name="", alias=item.asname, level=0, line=node.lineno,
            )
            for item in node.names
        )  # fmt: skip
    return tuple(
        Binding(
            bound=item.asname or item.name,
            module=node.module or "", name=item.name, alias=item.asname, level=node.level, line=node.lineno,
        )
        for item in node.names
    )  # fmt: skip


def plain_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield a module's top-level imports, those inside `if TYPE_CHECKING:` included, in source order."""
    for statement in tree.body:
        if isinstance(statement, _IMPORTS):
            yield statement
        elif is_type_checking(statement):
            assert isinstance(statement, ast.If)
            yield from (item for item in statement.body if isinstance(item, _IMPORTS))


def is_type_checking(statement: ast.stmt) -> bool:
    """Say whether a statement is `if TYPE_CHECKING:` with nothing but imports below it."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    test = statement.test
    named = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return named == "TYPE_CHECKING" and all(
        isinstance(i, ast.Import | ast.ImportFrom | ast.Pass) for i in statement.body
    )


def absolute_module(binding: Binding, module: str) -> str | None:
    """Return the full dotted name behind a binding's module, as the file `module` reads it; None outside the root."""
    if not binding.level:
        return binding.module
    parts = module.split(".")
    if binding.level > len(parts):
        return None
    base = parts[: -binding.level]
    return ".".join([*base, *([binding.module] if binding.module else [])])
