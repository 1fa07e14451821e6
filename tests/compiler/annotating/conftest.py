"""Bodies completed as a compile does it, with mypy in one warm process."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pytest_compiled_ai.compiler.annotating.completion import annotate
from pytest_compiled_ai.compiler.annotating.rebuilding import complete_body
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.gates.base import Candidate
from pytest_compiled_ai.gates.mypy_process import MypyProcess
from pytest_compiled_ai.gates.types import Types

SPEC = '''
    from decimal import Decimal

    from pytest_compiled_ai import spec

    @spec
    def f(n: int, rows: list[list[int]], text: str) -> int:
        """Do.

        >>> f(1, [], "")
        1
        """

    @spec
    def listed(n: int, rows: list[list[int]], text: str) -> list[int]:
        """Do.

        >>> listed(1, [], "")
        [1]
        """

    @spec
    def counted(n: int, rows: list[list[int]], text: str) -> dict[str, int]:
        """Do.

        >>> counted(1, [], "")
        {}
        """

    @spec
    async def later(n: int) -> int:
        """Do.

        >>> 1
        1
        """

    @spec
    class Pile:
        """A pile of prices.

        >>> Pile(Decimal(1)).top(0)
        Decimal('1')
        """

        def __init__(self, first: Decimal) -> None:
            """Begin."""

        def top(self, n: int) -> Decimal:
            """Return the last."""
'''
Complete = Callable[..., str | None]


@pytest.fixture(scope="session")
def types(mypy_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Types]:
    """Return the type gate, over one process."""
    with MypyProcess(tmp_path_factory.mktemp("root"), "3.11", mypy_cache / "annotating") as mypy:
        yield Types(mypy)


@pytest.fixture(scope="module")
def cut(shared_bench):
    """Return a function that makes a candidate of a body, and one that makes another of its completed text."""
    bench = shared_bench({"specs/number.py": SPEC})
    project = bench.project()

    def cut(text, name="f", methods: Mapping[str, str] | None = None):
        subject = project.subject(*project.find(name))
        artifact = project.blank(subject.file)
        body = Body(text=textwrap.indent(textwrap.dedent(text).strip("\n"), "    "), imports=(), methods=methods or {})

        def build(body: Body) -> Candidate:
            return cut_candidate(assemble(artifact, subject, body, "v1:0"), subject, body)

        return build(body), subject, lambda text: build(complete_body(body, text, subject))

    return cut


@pytest.fixture(scope="module")
def complete(cut, types):
    """Return a function that gives the completed body, or None; it sees that nothing that runs was changed."""

    def complete(text, name="f"):
        candidate, subject, rebuild = cut(text, name)
        found = annotate(candidate, subject, types.errors_of, rebuild)
        if found is None:
            return None
        assert types.check(found, subject).passed
        assert one_name(bare(found.function)) == one_name(bare(candidate.function))
        return textwrap.dedent(found.body)

    return complete


def one_name(dumped):
    """A dump in which a name that was renamed half-way (`n`, from there on `n_2`) is the same name."""
    return re.sub(r"'(\w+?)_\d'", r"'\1'", dumped)


def bare(text: str) -> str:
    """Return what a function does: its tree without annotations, and with values returned where they are computed."""
    tree = _Bare().visit(ast.parse(text))
    return ast.dump(tree)


class _Bare(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for block in ("body", "orelse", "finalbody"):
            if isinstance(statements := getattr(node, block, None), list):
                setattr(node, block, _returned(statements))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return ast.Assign(targets=[node.target], value=node.value) if node.value else None


def _returned(statements: list[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for each in statements:
        match (found[-1] if found else None), each:
            case ast.Assign(targets=[ast.Name(id=kept)], value=value), ast.Return(value=ast.Name(id=name)) if (
                name == kept
            ):
                found[-1] = ast.Return(value=value)
            case _:
                found.append(each)
    return found
