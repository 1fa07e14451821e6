"""The classes of a project whose instances may be carried, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.instances import describe_instances
from pytest_compiled_ai.sandbox.codec.kinds import Kind

# What a runner of tests takes as an order, not as a failure, is defined in these.
RUNNERS: Final = frozenset({"pytest", "_pytest", "unittest", "hypothesis", "pluggy", "bdb", "doctest"})


def is_error(cls: type) -> bool:
    """Return whether the class is an exception that a test may meet: no exit, and nothing that steers a runner."""
    return (
        issubclass(cls, Exception)
        and not issubclass(cls, BaseExceptionGroup)
        and not any(str(base.__module__).partition(".")[0] in RUNNERS for base in cls.__mro__)
    )


def is_carriable(cls: type) -> bool:
    """Return whether the class is one of data, or an exception, that a registry may hold."""
    return is_error(cls) or describe_instances(cls) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """An immutable registry: what the codec may build beside the built-in kinds.

    Both ends make their own, of the same imports; only names travel.
    """

    by_name: Mapping[str, type] = field(default_factory=lambda: MappingProxyType({}))
    kinds: Mapping[type, Kind] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[type, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, types: Iterable[type]) -> Classes:
        """Register classes, each as `module.qualname`.

        Raises:
            CodecError: for a class that is none of data and no exception, and for two of one name.
        """
        by_name: dict[str, type] = {}
        for each in types:
            name = f"{each.__module__}.{each.__qualname__}"
            if not is_carriable(each):
                raise CodecError(f"is `{name}`, which is no enum, named tuple, dataclass, model or exception")
            if by_name.setdefault(name, each) is not each:
                raise CodecError(f"is one of two different classes with the name `{name}`")
        kinds = {each: kind for each in by_name.values() if (kind := describe_instances(each)) is not None}
        names = {each: name for name, each in by_name.items()}
        return cls(MappingProxyType(by_name), MappingProxyType(kinds), MappingProxyType(names))

    def find_kind(self, name: str, tag: str) -> Kind | None:
        """Return how instances of the class with this name are built, where it is registered and of this sort."""
        kind = self.kinds.get(self.by_name.get(name, type(None)))
        return kind if kind is not None and kind.tag == tag else None

    def find_error(self, name: str) -> type[Exception] | None:
        """Return the exception class with this name, where it is registered."""
        found = self.by_name.get(name)
        return found if found is not None and issubclass(found, Exception) else None


NO_CLASSES: Final = Classes()
