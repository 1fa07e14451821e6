"""What stands for `generated.<module>` in the oracle: the stubs' own faces, with calls into a sealed worker behind."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, Final

from pytest_compiled_ai.artifacts.module import Definition
from pytest_compiled_ai.placeholder import StubNode, read_signature, read_stub_nodes
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard, Walk
from pytest_compiled_ai.sandbox.oracle.unanswered import Unanswered
from pytest_compiled_ai.templates.scaffold import scaffold_nodes

_ITERATORS: Final = frozenset({"Iterator", "Generator"})
_ASYNC_ITERATORS: Final = frozenset({"AsyncIterator", "AsyncGenerator"})


class ProxyLoader(Loader):
    """Makes the module of a spec file: all that its artifact holds beside functions, and a proxy for each stub.

    Args:
        spec: the spec file.
        skeleton: the text of its artifact, with any bodies; it gives imports, constants and signatures.
        board: where calls go.
    """

    def __init__(self, spec: Path, skeleton: str, board: Switchboard) -> None:
        self._spec, self._skeleton, self._board = spec, skeleton, board

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:
        """Leave it to the import system."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Fill the module."""
        file = str(module.__spec__.origin if module.__spec__ else self._spec)
        exec(compile(self._skeleton, file, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 (the spec's own)
        for name, node in read_stub_nodes(self._spec).items():
            module.__dict__[name] = make_proxy(module.__name__, node, self._board, module.__dict__.get(name))
        for name, around in scaffold_nodes(read_stub_nodes(self._spec).values()).items():
            # The scaffold of a stub whose body is not there yet: the tests of another one may import it.
            module.__dict__.setdefault(name, _stand_in(module.__name__, around, self._board))


def make_proxy(module: str, node: StubNode, board: Switchboard, original: Any = None) -> Callable[..., Any]:
    """Return a function with a stub's name, signature and docstring whose calls go through the switchboard.

    `original` is the same function with another body; without it, annotations and defaults stay source text.
    """
    proxy: Any = _choose(node)(board, node.name)
    proxy.__name__ = proxy.__qualname__ = node.name
    proxy.__module__, proxy.__doc__ = module, ast.get_docstring(node)
    if original is None:
        proxy.__signature__ = read_signature(node)
    else:
        # Annotations are names, and those of its own module.
        proxy.__wrapped__, proxy.__signature__ = original, inspect.signature(original)
        proxy.__annotations__ = original.__annotations__
    return proxy  # type: ignore[no-any-return]


def _stand_in(module: str, node: Definition, board: Switchboard) -> Any:
    return type(node.name, (), {}) if isinstance(node, ast.ClassDef) else make_proxy(module, node, board)


def _choose(node: StubNode) -> Callable[[Switchboard, str], Callable[..., Any]]:
    returns = ast.unparse(node.returns).strip("'\"") if node.returns else ""
    kind = returns.partition("[")[0].rpartition(".")[2]
    if kind in _ASYNC_ITERATORS:
        return _make_async_generator
    if isinstance(node, ast.AsyncFunctionDef):
        return _make_coroutine
    return _make_iterator if kind in _ITERATORS else _make_function


def _make_function(board: Switchboard, name: str) -> Callable[..., Any]:
    def proxy(*args: Any, **kwargs: Any) -> Any:
        if board.yields(name):
            return _follow(board.open(name, args, kwargs))
        return board.call(name, args, kwargs)

    return proxy


def _make_iterator(board: Switchboard, name: str) -> Callable[..., Any]:
    # No generator function: a body that returns an iterator has checked its arguments when the call returns.
    def proxy(*args: Any, **kwargs: Any) -> Any:
        return _follow(board.open(name, args, kwargs))

    return proxy


def _make_coroutine(board: Switchboard, name: str) -> Callable[..., Any]:
    async def proxy(*args: Any, **kwargs: Any) -> Any:
        return await board.elsewhere(board.call, name, args, kwargs)

    return proxy


def _make_async_generator(board: Switchboard, name: str) -> Callable[..., Any]:
    async def proxy(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        walk = await board.elsewhere(board.open, name, args, kwargs)
        how, given = "next", ()  # type: str, tuple[Any, ...]
        while True:
            is_over, value = await board.elsewhere(walk.step, how, *given)
            if is_over:
                return
            try:
                sent = yield value
                how, given = ("next", ()) if sent is None else ("send", (sent,))
            except GeneratorExit:
                _close(walk)
                raise
            except BaseException as error:
                how, given = "throw", (error,)

    return proxy


def _follow(walk: Walk) -> Generator[Any, Any, Any]:
    how, given = "next", ()  # type: str, tuple[Any, ...]
    while True:
        is_over, value = walk.step(how, *given)
        if is_over:
            return value
        try:
            sent = yield value
            how, given = ("next", ()) if sent is None else ("send", (sent,))
        except GeneratorExit:
            _close(walk)
            raise
        except BaseException as error:
            how, given = "throw", (error,)


def _close(walk: Walk) -> None:
    # It may be the end of a test whose worker is gone.
    with suppress(Unanswered):
        walk.step("close")
