"""One object behind two names: `specs.money.parse_amount` and `generated.money.parse_amount`. PYTEST_DONT_REWRITE.

`@spec` hands out whatever `generated.<module>` holds under the stub's name: the artifact's function, or a placeholder
that fails when it is called and says what to run. Production code needs none of this: an artifact is a plain file.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TypeVar, cast, overload

from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.errors import NotCompiledError
from pytest_compiled_ai.finder import Fail, Finder
from pytest_compiled_ai.placeholder import ASYNC_ITERATORS, bare_name, make_forwarder
from pytest_compiled_ai.pyproject import find_root

if TYPE_CHECKING:
    from importlib.abc import Loader

F = TypeVar("F", bound=Callable[..., Any])


class BoundStub(NamedTuple):
    """A stub as it was met at import: where it stands, and its docstring as the object has it."""

    name: str
    path: str
    line: int
    text: str

    @property
    def docstring(self) -> str:
        """The docstring whose examples are tests."""
        return inspect.cleandoc(self.text)


_installed: list[Finder] = []
_aside: dict[Finder, dict[str, ModuleType]] = {}
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
    depends: Sequence[str] = (),
    template: str = "",
    policies: Sequence[str] = (),
    golden: str = "",
    metric: str = "",
    threshold: float | None = None,
    runtime_model: str = "",
) -> Callable[[F], F]: ...


def spec(
    function: F | None = None,
    /,
    *,
    tests: Sequence[str] = (),  # noqa: ARG001 - options are read from the source, never from the running program
    uses: Sequence[object] = (),  # noqa: ARG001
    isolation: Literal["sealed", "jailed"] | None = None,  # noqa: ARG001
    imports: Sequence[str] = (),  # noqa: ARG001
    depends: Sequence[str] = (),  # noqa: ARG001
    template: str = "",  # noqa: ARG001
    policies: Sequence[str] = (),  # noqa: ARG001
    golden: str = "",  # noqa: ARG001
    metric: str = "",  # noqa: ARG001
    threshold: float | None = None,  # noqa: ARG001
    runtime_model: str = "",  # noqa: ARG001
) -> F | Callable[[F], F]:
    """Mark a function as a stub whose body is compiled from its signature, its docstring and its tests.

    Args:
        function: the stub, when used bare as `@spec`.
        tests: further test files, relative to the project's root.
        uses: other stubs that the body may call, as names or as strings like `"money.parse_amount"`.
        isolation: the tier that its tests must run in.
        imports: modules that the body may use beside those that every body may, like `"numpy"`.
        depends: data files whose content is part of the spec, as globs relative to the project's root.
        template: the kind of function that it is, which brings rules, helpers and free properties: `"extractor"`.
        policies: rule packs that its body has to keep, beside the project's: `"pure"`.
        golden: a glob of JSON Lines files with labelled examples, relative to the project's root.
        metric: how an answer is compared with its label.
        threshold: the share of the labels that are held out which the body has to reach, from 0 to 1.
        runtime_model: the provider that its body may ask while it runs, for one narrow task.

    Returns:
        The compiled function where there is one; else a placeholder that fails when called and says what to run.
    """
    return bind if function is None else bind(function)


def ask(
    *,
    fallback: object,  # noqa: ARG001 - it is read from the source, and stands in the artifact
    timeout: float = 10.0,  # noqa: ARG001
) -> Callable[[F], F]:
    """Mark a function as the question that the bodies of this file's specs may put to a model while they run.

    Its docstring is the question, its arguments are what is asked about, and its return annotation is what an answer
    has to be. Only specs with a `runtime_model` may use it, each once in a call.

    Args:
        fallback: the answer where there is no model, or none of its answers fits.
        timeout: seconds that an answer may take.
    """
    return _refuse_calls


def bind(stub: F) -> F:
    """Return what stands behind a stub: the same object that `generated.<module>` holds under its name."""
    path, line = _place_of(stub)
    # A class has that of its base else.
    text = (vars(stub).get("__doc__") if _is_class(stub) else stub.__doc__) or ""
    _met.setdefault(str(path), {})[stub.__name__] = BoundStub(stub.__name__, str(path), line, text)
    finder = _installed[-1] if _installed else _finder_for(path)
    module = finder.target_of(path) if finder else None
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
    if _installed:
        from pytest_compiled_ai.other_projects import set_aside

        _aside[finder] = set_aside(config, [each.config.root for each in _installed])
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
    if finder in _aside:
        from pytest_compiled_ai.other_projects import put_back

        put_back(finder.config, _aside.pop(finder))


def _failing(stub: F, reason: str, fail: Fail | None = None) -> F:
    def resolve() -> NoReturn:
        (fail or _raise_not_compiled)(f"compiled-ai: {stub.__name__} has no compiled body: {reason}")

    if _is_class(stub):
        from pytest_compiled_ai.class_placeholder import make_class_placeholder

        give_up = fail or _raise_not_compiled
        made = make_class_placeholder(stub.__name__, stub.__module__, stub.__doc__, _nothing, resolve, give_up)
        return cast("F", made)
    returns = stub.__annotations__.get("return")
    kind = bare_name(returns if isinstance(returns, str) else str(getattr(returns, "__name__", "")))
    is_coroutine = inspect.iscoroutinefunction(stub) and kind not in ASYNC_ITERATORS
    return cast("F", functools.wraps(stub)(make_forwarder(resolve, is_async=is_coroutine)))


def _refuse_calls(question: F) -> F:
    @functools.wraps(question)
    def refuse(*_: object, **__: object) -> NoReturn:
        _raise_not_compiled(
            f"compiled-ai: {question.__name__} is a question; the bodies of specs with a runtime_model ask it."
        )

    return cast("F", refuse)


def _is_class(stub: object) -> bool:
    return isinstance(stub, type)


def _place_of(stub: Any) -> tuple[Path, int]:
    # Where the module was loaded from: rewritten bytecode of a project that has moved since names the old place.
    if not isinstance(stub, type):
        return Path(stub.__globals__.get("__file__", stub.__code__.co_filename)), stub.__code__.co_firstlineno
    # A class does not know where it stands; it is the decorator's call that is running.
    frame = sys._getframe()
    while frame.f_code.co_filename == __file__ and frame.f_back:
        frame = frame.f_back
    return Path(frame.f_globals.get("__file__", frame.f_code.co_filename)), frame.f_lineno


def _nothing() -> None:
    return None


def _raise_not_compiled(message: str) -> NoReturn:
    raise NotCompiledError(message)


def _finder_for(path: Path) -> Finder | None:
    root = find_root(path.parent)
    return Finder(load_config(root), fail=_raise_not_compiled) if root else None
