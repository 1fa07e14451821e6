"""What stands in for a compiled class that is not there yet, or may change during the run. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, NoReturn

Find = Callable[[], Any]
Fail = Callable[[str], NoReturn]


def make_class_placeholder(name: str, module: str, doc: str | None, find: Find, resolve: Find, fail: Fail) -> type:
    """Return a class that can be imported, annotated with and derived from, and fails where it is used.

    Args:
        name: the stub's.
        module: where it is imported from.
        doc: its docstring.
        find: returns the compiled class, or None.
        resolve: returns the compiled class, or fails and says what to run.
        fail: ends the call of a class that was derived from the placeholder before the compile.
    """

    class Standing(type):
        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            compiled = resolve()
            if cls is not placeholder:
                fail(f"compiled-ai: {cls.__name__} was derived from {name} before that was compiled; run pytest again.")
            return compiled(*args, **kwargs)

        def __getattr__(cls, attribute: str) -> Any:
            # Tools ask every object for private names, and for those a missing class has to be as any other.
            if attribute.startswith("_") or attribute == "pytestmark":
                raise AttributeError(f"type object {cls.__name__!r} has no attribute {attribute!r}")
            return getattr(resolve(), attribute)

        def __getitem__(cls, parameters: Any) -> types.GenericAlias:
            return types.GenericAlias(cls, parameters)

        def __instancecheck__(cls, instance: object) -> bool:
            compiled = find() if cls is placeholder else None
            return type.__instancecheck__(cls, instance) if compiled is None else isinstance(instance, compiled)

        def __subclasscheck__(cls, derived: type) -> bool:
            compiled = find() if cls is placeholder else None
            is_derived = type.__subclasscheck__(cls, derived)
            return is_derived or (compiled is not None and issubclass(derived, compiled))

    placeholder = Standing(name, (), {"__doc__": doc, "__module__": module})
    return placeholder
