"""The question that a spec file declares with `@ask`, read from its syntax tree."""

from __future__ import annotations

import ast
from typing import NamedTuple

from pytest_compiled_ai.specs.canonical import hash_of
from pytest_compiled_ai.specs.decoration import spelling_in
from pytest_compiled_ai.specs.imports import bindings_of, plain_imports
from pytest_compiled_ai.specs.model import Options, SpecFile, SpecLineError, Stub
from pytest_compiled_ai.specs.stub import build_stub, is_unwritten
from pytest_compiled_ai.specs.syntax import Function

_TIMEOUT = 10.0


class Question(NamedTuple):
    """One typed question. `stub` is its function, `fallback` the source of the answer without a model.

    `timeout` is in seconds.
    """

    stub: Stub
    fallback: str
    timeout: float

    @property
    def name(self) -> str:
        """The function's name."""
        return self.stub.name

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what it is asked about."""
        return tuple(arg.arg for arg in _arguments(self.stub.node))

    @property
    def hash(self) -> str:
        """The hash of what a model is asked, but for the arguments."""
        assert isinstance(self.stub.node, ast.FunctionDef)
        node = self.stub.node
        parts = (node.name, ast.unparse(node.args), ast.unparse(node.returns or node.args), self.stub.docstring)
        return hash_of(ascii(parts).encode())


def read_question(file: SpecFile) -> Question | None:
    """Return the question of a spec file, None where it has none.

    Raises:
        SpecLineError: it cannot be asked as it is written, or there is more than one.
    """
    bindings = tuple(binding for node in plain_imports(file.tree) for binding in bindings_of(node))
    spelling = spelling_in(bindings, "ask")
    nodes = [
        node
        for node in file.tree.body
        if isinstance(node, Function | ast.ClassDef) and any(map(spelling.matches, node.decorator_list))
    ]
    if not nodes:
        return None
    if len(nodes) > 1:
        said = f"{nodes[1].name} is a second @ask; a spec file has one question: put it into a file of its own."
        raise SpecLineError(file.relative, nodes[1].lineno, said)
    return _read(nodes[0], file)


def _read(node: ast.stmt, file: SpecFile) -> Question:
    assert isinstance(node, Function | ast.ClassDef)
    if lack := _find_lack(node):
        raise SpecLineError(file.relative, node.lineno, f"{node.name}: @ask wants {lack}.")
    assert isinstance(node, ast.FunctionDef)
    (decorator,) = node.decorator_list
    given = _keywords(decorator)
    return Question(
        stub=build_stub(node, Options(), file.source, file.relative),
        fallback=ast.unparse(given["fallback"]),
        timeout=float(_number(given.get("timeout")) or _TIMEOUT),
    )


def _find_lack(node: Function | ast.ClassDef) -> str:
    if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
        return "a plain function that has no other decorator"
    given = _keywords(node.decorator_list[0])
    if "fallback" not in given or given.keys() - {"fallback", "timeout"}:
        return "a fallback and no more than a timeout beside it: @ask(fallback=..., timeout=10)"
    if "timeout" in given and not _number(given["timeout"]) > 0:
        return "a timeout written as a number of seconds"
    if not ast.get_docstring(node) or not is_unwritten(node):
        return "a docstring, which is the question, and no body"
    spelled = node.args
    if node.returns is None or any(arg.annotation is None for arg in _arguments(node)):
        return "an annotation for each parameter and for the answer"
    if spelled.vararg or spelled.kwarg or not _arguments(node):
        return "parameters with names of their own"
    return ""


def _arguments(node: ast.AST) -> list[ast.arg]:
    spelled = getattr(node, "args", None)
    return [*spelled.posonlyargs, *spelled.args, *spelled.kwonlyargs] if isinstance(spelled, ast.arguments) else []


def _keywords(decorator: ast.expr) -> dict[str, ast.expr]:
    if not isinstance(decorator, ast.Call) or decorator.args:
        return {}
    return {keyword.arg or "**": keyword.value for keyword in decorator.keywords}


def _number(node: ast.expr | None) -> float:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
