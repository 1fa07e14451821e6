"""What stands in for a compiled function that is not there yet, or may change during the run. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

StubNode = ast.FunctionDef | ast.AsyncFunctionDef
ASYNC_ITERATORS = frozenset({"AsyncIterator", "AsyncGenerator"})
Resolve = Callable[[], Callable[..., Any]]


def make_placeholder(module: str, node: StubNode, resolve: Resolve) -> Callable[..., Any]:
    """Return a function with a stub's name, signature and docstring that calls whatever `resolve` finds, each time."""
    is_coroutine = isinstance(node, ast.AsyncFunctionDef) and not is_async_generator(node)
    function = make_forwarder(resolve, is_async=is_coroutine)
    function.__name__ = function.__qualname__ = node.name
    function.__module__, function.__doc__ = module, ast.get_docstring(node)
    function.__signature__ = read_signature(node)  # type: ignore[attr-defined]
    return function


def make_forwarder(resolve: Resolve, *, is_async: bool) -> Callable[..., Any]:
    """Return a (coroutine) function that resolves its target at each call."""

    def forward(*args: Any, **kwargs: Any) -> Any:
        return resolve()(*args, **kwargs)

    async def forward_async(*args: Any, **kwargs: Any) -> Any:
        return await resolve()(*args, **kwargs)

    return forward_async if is_async else forward


def is_async_generator(node: StubNode) -> bool:
    """Tell whether a stub is an async generator: its call returns an iterator, and no coroutine."""
    return isinstance(node, ast.AsyncFunctionDef) and return_kind(node) in ASYNC_ITERATORS


def return_kind(node: StubNode) -> str:
    """Return the bare name of what a function returns: `Iterator` for `collections.abc.Iterator[int]`."""
    return bare_name(ast.unparse(node.returns)) if node.returns else ""


def bare_name(annotation: str) -> str:
    """Return the last name of an annotation's text, without what stands in brackets."""
    return annotation.strip("'\"").partition("[")[0].rpartition(".")[2]


@functools.lru_cache(maxsize=256)
def read_stub_nodes(path: Path) -> dict[str, StubNode]:
    """Return the decorated functions of a spec file by name, without importing it."""
    tree = ast.parse(path.read_bytes(), str(path))
    return {node.name: node for node in tree.body if isinstance(node, StubNode) and node.decorator_list}


@functools.lru_cache(maxsize=256)
def read_class_nodes(path: Path) -> dict[str, ast.ClassDef]:
    """Return the classes of a spec file whose first decorator is `spec`, by name, without importing it."""
    tree = ast.parse(path.read_bytes(), str(path))
    names = {"spec"}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "pytest_compiled_ai":
            names |= {item.asname or item.name for item in node.names if item.name == "spec"}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.decorator_list]
    return {node.name: node for node in classes if _last_name(node.decorator_list[0]) in names}


def _last_name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def read_signature(node: StubNode) -> inspect.Signature:
    """Return a stub's signature without running its module: annotations and defaults stay source text."""
    returns = ast.unparse(node.returns) if node.returns else inspect.Signature.empty
    return inspect.Signature(_parameters(node.args), return_annotation=returns)


def _parameters(spelled: ast.arguments) -> list[inspect.Parameter]:
    positional = [*spelled.posonlyargs, *spelled.args]
    gap: list[ast.expr | None] = [None] * (len(positional) - len(spelled.defaults))
    rows: list[tuple[ast.arg, Any, ast.expr | None]] = []
    for index, (arg, default) in enumerate(zip(positional, [*gap, *spelled.defaults], strict=True)):
        only = index < len(spelled.posonlyargs)
        kind = inspect.Parameter.POSITIONAL_ONLY if only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        rows.append((arg, kind, default))
    if spelled.vararg:
        rows.append((spelled.vararg, inspect.Parameter.VAR_POSITIONAL, None))
    rows += [
        (a, inspect.Parameter.KEYWORD_ONLY, d) for a, d in zip(spelled.kwonlyargs, spelled.kw_defaults, strict=True)
    ]
    if spelled.kwarg:
        rows.append((spelled.kwarg, inspect.Parameter.VAR_KEYWORD, None))
    return [
        inspect.Parameter(arg.arg, kind, default=_spelled(default), annotation=_spelled(arg.annotation))
        for arg, kind, default in rows
    ]


def _spelled(node: ast.expr | None) -> Any:
    return inspect.Parameter.empty if node is None else ast.unparse(node)
