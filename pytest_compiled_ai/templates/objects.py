"""Objects of a project's classes as plain data: taken from a worker, and sent to one, without importing the classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from pytest_compiled_ai.evaluation.notation import write_value
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.kinds import Kind

_LATER = {"record": 0, "model": 1}
"""Where the pairs of a name and a value begin, in what the codec sends of an object that has them."""


class Described:
    """An object of a class that is known by its name alone; `parts` are what the codec sends of it."""

    __slots__ = ("parts",)
    name: ClassVar[str]
    tag: ClassVar[str]

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts = list(parts)

    @property
    def fields(self) -> dict[str, Any]:
        """Its fields, by name; of a named tuple by place."""
        if self.tag in _LATER:
            pairs = self.parts[_LATER[self.tag] :]
            return dict(zip(pairs[::2], pairs[1::2], strict=True))
        return {str(place): part for place, part in enumerate(self.parts)} if self.tag == "named" else {}

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        """Return it as its class would show it."""
        short = self.name.rpartition(".")[2]
        if self.tag == "enum":
            return f"{short}.{self.parts[0]}"
        if self.tag in _LATER:
            return f"{short}({', '.join(f'{name}={write_value(value)}' for name, value in self.fields.items())})"
        return f"{short}({', '.join(map(write_value, self.parts))})"


@dataclass(frozen=True, slots=True, eq=False)
class OpenClasses(Classes):
    """A registry that carries objects of any class, each as a `Described` of a type of its own."""

    kinds: dict[type, Kind] = field(default_factory=dict)
    names: dict[type, str] = field(default_factory=dict)
    made: dict[tuple[str, str], Kind] = field(default_factory=dict)

    def find_kind(self, name: str, tag: str) -> Kind | None:
        """Return how objects of a class with this name are built."""
        if (name, tag) not in self.made:
            cls = type(name.rpartition(".")[2], (Described,), {"__slots__": (), "name": name, "tag": tag})
            kind = _describe(cls, tag)
            if kind is None:
                return None
            self.made[name, tag] = self.kinds[cls] = kind
            self.names[cls] = name
        return self.made[name, tag]

    def make(self, name: str, tag: str, parts: Sequence[Any]) -> Described:
        """Return an object to send."""
        kind = self.find_kind(name, tag)
        assert kind is not None
        made: Described = kind.type(parts)
        return made


def _describe(cls: type[Described], tag: str) -> Kind | None:
    make: Callable[..., Kind] = partial(Kind, tag=tag, type=cls, split=lambda value: value.parts, join=cls)
    if tag in _LATER:
        return make(refill=_refill)
    return make() if tag in {"enum", "flag", "named"} else None


def _refill(target: Described, fresh: Described) -> None:
    target.parts = fresh.parts


def fields_of(value: object) -> Mapping[str, Any]:
    """Return the fields of an object of a project's class; none of anything else."""
    return value.fields if isinstance(value, Described) else {}
