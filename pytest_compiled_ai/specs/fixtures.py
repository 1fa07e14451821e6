"""What pytest's fixtures look like in a syntax tree, and which of them a piece of code asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pytest_compiled_ai.specs.imports import Binding
from pytest_compiled_ai.specs.syntax import Function, dotted_name

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ASKING = frozenset({"usefixtures", "getfixturevalue"})


def fixture_decorator(node: Function | ast.ClassDef, bindings: Mapping[str, Sequence[Binding]]) -> ast.expr | None:
    """Return the decorator that makes a function a fixture: `pytest.fixture`, `pytest_asyncio.fixture`, or an alias."""
    for decorator in node.decorator_list:
        name = dotted_name(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
        last = name.rpartition(".")[2]
        if last == "fixture" or any(binding.name == "fixture" for binding in bindings.get(name, ())):
            return decorator
    return None


def fixture_name(node: Function, decorator: ast.expr) -> str:
    """Return the name that tests ask for a fixture by."""
    given = _keyword(decorator, "name")
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else node.name


def is_autouse(decorator: ast.expr) -> bool:
    """Say whether a fixture may run unasked; what is not plainly False counts as yes."""
    given = _keyword(decorator, "autouse")
    return given is not None and not (isinstance(given, ast.Constant) and not given.value)


def asked_parameters(node: Function | ast.ClassDef, bindings: Mapping[str, Sequence[Binding]]) -> Iterator[str]:
    """Yield the parameters by which a test or a fixture, or those of a test class, ask for fixtures."""
    if isinstance(node, _FUNCTIONS):
        arguments = node.args
        plain = [*arguments.posonlyargs, *arguments.args]
        required = plain[: len(plain) - len(arguments.defaults)]
        yield from (item.arg for item in required)
        yield from (
            item.arg for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if not default
        )
    else:
        for item in node.body:
            if isinstance(item, ast.ClassDef) or (isinstance(item, Function) and _asks(item, bindings)):
                yield from asked_parameters(item, bindings)


def _asks(node: Function, bindings: Mapping[str, Sequence[Binding]]) -> bool:
    return node.name.startswith("test") or fixture_decorator(node, bindings) is not None


def asked_by_name(calls: Iterable[ast.Call]) -> Iterator[str]:
    """Yield the fixtures that calls ask for by strings: `usefixtures("rates")`, `getfixturevalue("rates")`."""
    for call in calls:
        if (dotted_name(call.func) or "").rpartition(".")[2] in _ASKING:
            yield from (
                item.value for item in call.args if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )


def _keyword(decorator: ast.expr, name: str) -> ast.expr | None:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return next((keyword.value for keyword in keywords if keyword.arg == name), None)
