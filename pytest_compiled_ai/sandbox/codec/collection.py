"""The classes that a spec's imports and annotations reach."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from pytest_compiled_ai.sandbox.codec.classes import RUNNERS, Classes, is_carriable

# All that derives from their classes would be half of what is loaded.
_BASIC = frozenset({"abc", "builtins", "collections", "collections.abc", "enum", "typing"})
_OTHERS = frozenset({*RUNNERS, "pydantic", "pytest_compiled_ai"})


def collect_classes(things: Mapping[str, object] | Iterable[object]) -> Classes:
    """Register the classes of data and the exceptions that the things lead to.

    From a class the way goes on to the types of its fields and to the subclasses that are loaded; from a function and
    from an annotation (`list[Money] | None`) to the types in it; from a module to the classes that are defined there.

    Args:
        things: A namespace, as a spec's or an artifact's after its imports, or types alone.

    Raises:
        CodecError: for two different classes of one name.
    """
    walk = _Walk()
    walk.visit_all(things.values() if isinstance(things, Mapping) else things)
    return Classes.of(walk.found)


@dataclass(slots=True)
class _Walk:
    found: list[type] = field(default_factory=list)
    _seen: dict[int, object] = field(default_factory=dict)

    def visit_all(self, things: Iterable[object]) -> None:
        # One loop, as annotations may lead through many classes in a row.
        waiting = list(things)
        while waiting:
            thing = waiting.pop()
            if id(thing) not in self._seen:
                # Kept, as an annotation that is gone could leave its id to the next one.
                self._seen[id(thing)] = thing
                waiting.extend(self._follow(thing))

    def _follow(self, thing: object) -> Iterator[object]:
        if isinstance(thing, ModuleType):
            yield from _list_module(thing)
        elif isinstance(thing, FunctionType):
            yield from _list_hints(thing, thing.__module__)
        elif isinstance(thing, type) and not typing.get_origin(thing):
            yield from self._follow_class(thing)
        else:
            yield from _list_parts(thing)

    def _follow_class(self, cls: type) -> Iterator[object]:
        if cls.__module__ in _BASIC or _find_root(cls.__module__) in _OTHERS:
            return
        if is_carriable(cls):
            self.found.append(cls)
        yield from cls.__mro__[1:]
        yield from _list_hints(cls, cls.__module__)
        yield from filter(_is_named, type.__subclasses__(cls))


def _find_root(module: str) -> str:
    return module.partition(".")[0]


def _is_named(cls: type) -> bool:
    """Return whether its module has the class under its name: `slots=True` leaves a first draft of a class behind."""
    found: object = sys.modules.get(cls.__module__)
    for name in cls.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is cls


def _list_module(module: ModuleType) -> Iterator[object]:
    if _find_root(module.__name__) in _OTHERS | sys.stdlib_module_names:
        return
    for each in list(vars(module).values()):
        name = each.__name__ if isinstance(each, ModuleType) else getattr(each, "__module__", None)
        if isinstance(each, ModuleType | type) and f"{name}.".startswith(f"{module.__name__}."):
            yield each


def _list_parts(annotation: Any) -> Iterator[object]:
    """Return what an annotation is made of: `Annotated`, unions, generics, `NewType`, type aliases, enum literals."""
    if isinstance(annotation, Enum):
        yield type(annotation)
    if isinstance(annotation, list):
        # The arguments of a `Callable`.
        yield from annotation
    yield from typing.get_args(annotation)
    yield typing.get_origin(annotation)
    for name in ("__supertype__", "__value__", "__bound__"):
        yield getattr(annotation, name, None)


def _list_hints(thing: Any, module: str) -> Iterator[object]:
    """Return the types in the annotations; one that cannot be evaluated is left out, and the others are not."""
    try:
        hints = inspect.get_annotations(thing)
    except NameError:
        return
    names = vars(sys.modules.get(module, typing))
    for name, hint in hints.items():
        try:
            yield from typing.get_type_hints(SimpleNamespace(__annotations__={name: hint}), names).values()
        except (NameError, TypeError, AttributeError, SyntaxError):
            continue
