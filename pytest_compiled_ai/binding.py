"""One object behind two names: `specs.money.parse_amount` and `generated.money.parse_amount`. PYTEST_DONT_REWRITE.

`@spec` hands out whatever `generated.<module>` holds under the stub's name: the artifact's function, or a placeholder
that fails when it is called and says what to run. Production code needs none of this: an artifact is a plain file.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader
from pathlib import Path
from typing import Any, Literal, NamedTuple, NoReturn, TypeVar, cast, overload

from pytest_compiled_ai import layout
from pytest_compiled_ai.config import Config, find_root, load_config
from pytest_compiled_ai.errors import NotCompiledError
from pytest_compiled_ai.finder import Fail, Finder
from pytest_compiled_ai.placeholder import make_forwarder

F = TypeVar("F", bound=Callable[..., Any])


class BoundStub(NamedTuple):
    """A stub as it was met at import: where it stands, and the docstring whose examples are tests."""

    name: str
    path: str
    line: int
    docstring: str


_installed: list[Finder] = []
_proxies: dict[str, Loader] = {}
_met: dict[str, dict[str, BoundStub]] = {}


@overload
def spec(function: F, /) -> F: ...


@overload
def spec(
    *,
    tests: Sequence[str] = (),
    uses: Sequence[object] = (),
    isolation: Literal["sealed", "jailed"] | None = None,
    imports: Sequence[str] = (),
) -> Callable[[F], F]: ...


def spec(
    function: F | None = None,
    /,
    *,
    tests: Sequence[str] = (),  # noqa: ARG001 - options are read from the source, never from the running program
    uses: Sequence[object] = (),  # noqa: ARG001
    isolation: Literal["sealed", "jailed"] | None = None,  # noqa: ARG001
    imports: Sequence[str] = (),  # noqa: ARG001
) -> F | Callable[[F], F]:
    """Mark a function as a stub whose body is compiled from its signature, its docstring and its tests.

    Args:
        function: the stub, when used bare as `@spec`.
        tests: further test files, relative to the project's root.
        uses: other stubs that the body may call, as names or as strings like `"money.parse_amount"`.
        isolation: the tier that its tests must run in.
        imports: modules that the body may use beside those that every body may, like `"numpy"`.

    Returns:
        The compiled function where there is one; else a placeholder that fails when called and says what to run.
    """
    return bind if function is None else bind(function)


def bind(stub: F) -> F:
    """Return what stands behind a stub: the same object that `generated.<module>` holds under its name."""
    path = Path(stub.__code__.co_filename)
    line, docstring = stub.__code__.co_firstlineno, inspect.getdoc(stub) or ""
    met = BoundStub(name=stub.__name__, path=str(path), line=line, docstring=docstring)
    _met.setdefault(str(path), {})[stub.__name__] = met
    finder = _installed[-1] if _installed else _finder_for(path)
    module = layout.target_module(finder.config, path) if finder else None
    if finder is None or module is None:
        return _failing(stub, f"{path} is in no folder that `specs` of a [tool.compiled-ai] table names.")
    try:
        found = getattr(finder.load(module), stub.__name__, None)
    except Exception as error:
        return _failing(stub, f"{module} cannot be imported: {type(error).__name__}: {error}", finder.fail)
    if found is None:
        return _failing(stub, f"{path}:{line} is not compiled into {module}; run `pytest --compile-ai`.", finder.fail)
    return cast("F", found)


def stubs_of(path: Path) -> dict[str, BoundStub]:
    """Return the stubs that were met while the spec file was imported."""
    return _met.get(str(path), {})


def install(config: Config, *, fail: Fail, forwarding: bool = False) -> Finder:
    """Put a finder for `config`'s generated package in front of the import system, and return it."""
    finder = Finder(config, fail=fail, forwarding=forwarding, proxies=_proxies)
    _installed.append(finder)
    sys.meta_path.insert(0, finder)
    return finder


def put_proxy(module: str, loader: Loader) -> None:
    """Have a generated module made by `loader`, in this process, whatever its artifact is."""
    _proxies[module] = loader


def uninstall(finder: Finder) -> None:
    """Take a finder out again, and forget the modules of its package."""
    _installed.remove(finder)
    sys.meta_path.remove(finder)
    finder.forget()


def _failing(stub: F, reason: str, fail: Fail | None = None) -> F:
    def resolve() -> NoReturn:
        (fail or _raise_not_compiled)(f"compiled-ai: {stub.__name__} has no compiled body: {reason}")

    return cast("F", functools.wraps(stub)(make_forwarder(resolve, is_async=inspect.iscoroutinefunction(stub))))


def _raise_not_compiled(message: str) -> NoReturn:
    raise NotCompiledError(message)


def _finder_for(path: Path) -> Finder | None:
    root = find_root(path.parent)
    return Finder(load_config(root), fail=_raise_not_compiled) if root else None
