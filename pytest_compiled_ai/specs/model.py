"""What a spec is: the records that discovery makes and everything else reads.

They are named tuples, as are the other records that a plain `pytest` needs: a frozen dataclass takes five times as long
to define, and every run pays for it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from pytest_compiled_ai.errors import SpecError

State = Literal["fresh", "stale", "missing", "edited", "conflict", "orphaned"]
Isolation = Literal["sealed", "jailed"]


class SpecLineError(SpecError):
    """A `SpecError` at one line of one file; its text starts with `path:line: `."""

    def __init__(self, relative: str, line: int, message: str) -> None:
        super().__init__(f"{relative}:{line}: {message}")
        self.line = line


class Options(NamedTuple):
    """What stands in the parentheses of `@spec(...)`, read from the syntax tree.

    `tests` are paths relative to the project's root; `uses` are ids of other stubs (`specs/money.py::parse_amount`);
    `imports` are modules that the body may use beside those that every body may; `depends` are the data files that its
    globs fit, relative to the root. `template` names the scaffold, `policies` the rule packs that hold beside the
    project's; `golden` are the files of labelled examples, scored by `metric` and held to `threshold` from 0 to 1;
    `runtime_model` names the provider that the body may ask while it runs.
    """

    tests: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    isolation: Isolation | None = None
    imports: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    template: str = ""
    policies: tuple[str, ...] = ()
    golden: tuple[str, ...] = ()
    metric: str = ""
    threshold: float | None = None
    runtime_model: str = ""


class Method(NamedTuple):
    """One method of a class whose body has to be written.

    `label` is its name, of a property's setter `name.setter`. `before` is the class's own text between the body above
    it and this method; `head` is its decorators, signature and docstring, as they stand in the class.
    """

    label: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    before: str
    head: str


class Stub(NamedTuple):
    """One function, or one class, to compile.

    `header` is the source from the first decorator after `@spec` (or from `def`) through the colon, exactly as written;
    `docstring` is the cleaned text and `docstring_source` the literal as written, both empty where there is none.
    `methods` are what a class wants written, in source order, and `rest` is its text after the last of them.
    """

    id: str
    name: str
    line: int
    is_async: bool
    header: str
    docstring: str
    docstring_source: str
    options: Options
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    methods: tuple[Method, ...] = ()
    rest: str = ""

    @property
    def functions(self) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
        """The functions whose bodies have to be written."""
        return tuple(m.node for m in self.methods) if isinstance(self.node, ast.ClassDef) else (self.node,)


class SpecFile(NamedTuple):
    """One spec module: where it is, where its artifact goes, and its stubs in source order."""

    path: Path
    relative: str
    module: str
    target: Path
    target_module: str
    source: str
    tree: ast.Module
    stubs: tuple[Stub, ...]


class Problem(NamedTuple):
    """Why one spec file cannot be compiled; `message` starts with `path:line: ` and needs nothing added."""

    path: Path
    line: int
    message: str


class Discovery(NamedTuple):
    """What the configured folders hold: the spec files that can be read, and the problems of those that cannot."""

    files: tuple[SpecFile, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRef:
    """One test that gates a stub: its pytest node id without parameters, and the ids of all stubs that it reaches."""

    __test__ = False

    id: str
    kind: Literal["test", "doctest"]
    reaches: frozenset[str]


class Digest(NamedTuple):
    """What a spec means, as a hash, and the named inputs that it was made of.

    `parts` maps an input's name (`signature`, `docstring`, `options`, `test specs/money.py::test_x`,
    `fixture tests/conftest.py::rates`, `type app/models.py::Money`, `spec specs/rates.py::rate`, `data rates.json` and
    so on) to its own hash, so that two digests can be compared input by input.
    """

    value: str
    parts: dict[str, str]
