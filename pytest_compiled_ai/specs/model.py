"""What a spec is: the records that discovery makes and everything else reads."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pytest_compiled_ai.errors import SpecError

State = Literal["fresh", "stale", "missing", "edited", "conflict", "orphaned"]
Isolation = Literal["sealed", "jailed"]


class SpecLineError(SpecError):
    """A `SpecError` at one line of one file; its text starts with `path:line: `."""

    def __init__(self, relative: str, line: int, message: str) -> None:
        super().__init__(f"{relative}:{line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What stands in the parentheses of `@spec(...)`, read from the syntax tree.

    `tests` are paths relative to the project's root; `uses` are ids of other stubs (`specs/money.py::parse_amount`).
    """

    tests: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    isolation: Isolation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """One function to compile.

    `header` is the source from the first decorator after `@spec` (or from `def`) through the colon, exactly as written;
    `docstring` is the cleaned text and `docstring_source` the literal as written, both empty where there is none.
    """

    id: str
    name: str
    line: int
    is_async: bool
    header: str
    docstring: str
    docstring_source: str
    options: Options
    node: ast.FunctionDef | ast.AsyncFunctionDef = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFile:
    """One spec module: where it is, where its artifact goes, and its stubs in source order."""

    path: Path
    relative: str
    module: str
    target: Path
    target_module: str
    source: str = field(repr=False)
    tree: ast.Module = field(repr=False, compare=False)
    stubs: tuple[Stub, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why one spec file cannot be compiled; `message` starts with `path:line: ` and needs nothing added."""

    path: Path
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What the configured folders hold: the spec files that can be read, and the problems of those that cannot."""

    files: tuple[SpecFile, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedName:
    """One name that a body may use because the spec file imports it; `source` is the import statement for it alone.

    `name` is empty for `import module`; `alias` is None where there is no `as`.
    """

    bound: str
    module: str
    name: str
    alias: str | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One module-level constant or type alias that a body may use; `source` is its statement as written."""

    name: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """What a body may use beside the builtins, in source order."""

    imports: tuple[ImportedName, ...]
    constants: tuple[Constant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRef:
    """One test that gates a stub: its pytest node id without parameters, and the ids of all stubs that it reaches."""

    __test__ = False

    id: str
    kind: Literal["test", "doctest"]
    reaches: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a spec means, as a hash, and the named inputs that it was made of.

    `parts` maps an input's name (`signature`, `docstring`, `options`, `test specs/money.py::test_x`,
    `fixture tests/conftest.py::rates`, `type app/models.py::Money`, `spec specs/rates.py::rate`, ...) to its own hash,
    so that two digests can be compared input by input.
    """

    value: str
    parts: dict[str, str]
