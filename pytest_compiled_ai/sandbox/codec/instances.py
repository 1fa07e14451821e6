"""How instances of a project's classes are taken apart and put together, without running their code."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, Flag
from functools import cached_property
from inspect import getattr_static
from itertools import chain
from typing import Any, Final

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.kinds import Kind

_HEAP_TYPE: Final = 1 << 9
_MAX_FLAG_BITS: Final = 128
# `Box[int](...)` leaves the alias that it was called through on the instance.
_TYPING_NAMES: Final = frozenset({"__orig_class__"})


def describe_instances(cls: type) -> Kind | None:
    """Return how instances of the class are carried, None where they are no data that is known here."""
    if issubclass(cls, Enum):
        return _describe_flag(cls) if issubclass(cls, Flag) else _describe_enum(cls)
    if issubclass(cls, BaseException):
        return None
    if issubclass(cls, tuple) and isinstance(getattr(cls, "_fields", None), tuple):
        return _describe_named_tuple(cls)
    if (base := _find_model_base(cls)) is not None:
        return _describe_model(cls, base)
    if dataclasses.is_dataclass(cls) and _is_plain_object(cls):
        return _describe_record(cls)
    return None


def may_set(cls: type, name: object) -> bool:
    """Return whether an instance may get an attribute of this name that is no field: it must not hide the class's."""
    if not isinstance(name, str) or not name.isidentifier() or name.startswith("__"):
        return False
    hidden = getattr_static(cls, name, None)
    return not callable(hidden) and not hasattr(type(hidden), "__get__")


def _is_plain_object(cls: type) -> bool:
    # `object.__new__` refuses what has a C layout of its own, as a dataclass that is a date too.
    return all(base.__flags__ & _HEAP_TYPE for base in cls.__mro__[:-1])


def _describe_enum(cls: type[Enum]) -> Kind:
    def split(member: Enum) -> Iterable[object]:
        if cls.__members__.get(member.name) is not member:
            raise CodecError(f"is a `{cls.__qualname__}` that is none of its members")
        return (member.name,)

    return Kind(tag="enum", type=cls, split=split, join=lambda parts: cls.__members__[parts[0]], shape=((str,),))


def _describe_flag(cls: type[Flag]) -> Kind:
    def join(parts: list[int]) -> Flag:
        # Bits that a member lacks are looked for one by one.
        if parts[0].bit_length() > _MAX_FLAG_BITS:
            raise CodecError("is no message: a flag has too many bits")
        return cls(parts[0])

    return Kind(tag="flag", type=cls, split=lambda member: (member.value,), join=join, shape=((int,),))


def _describe_named_tuple(cls: type[tuple[Any, ...]]) -> Kind:
    names: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]

    def split(value: tuple[Any, ...]) -> Iterable[object]:
        if getattr(value, "__dict__", None):
            raise CodecError(f"is a `{cls.__qualname__}` with attributes beside its fields")
        return iter(value)

    def join(parts: list[Any]) -> tuple[Any, ...]:
        if len(parts) != len(names):
            raise CodecError(f"is no message: a `{cls.__qualname__}` has {len(names)} fields")
        return tuple.__new__(cls, parts)

    return Kind(tag="named", type=cls, split=split, join=join, name_part=lambda _, index: f".{names[index]}")


def _describe_record(cls: type[Any]) -> Kind:
    fields = frozenset(each.name for each in dataclasses.fields(cls))

    def split(value: object) -> Iterable[object]:
        return chain.from_iterable(_read_record(value, fields).items())

    def join(parts: list[Any]) -> object:
        value = object.__new__(cls)
        for name, content in zip(parts[::2], parts[1::2], strict=True):
            if not (name in fields or may_set(cls, name)):
                raise CodecError(f"is no message: a `{cls.__qualname__}` has no such field")
            object.__setattr__(value, name, content)
        return value

    def refill(target: object, fresh: object) -> None:
        attributes = _read_record(fresh, fields)
        for name in _read_record(target, fields).keys() - attributes.keys():
            object.__delattr__(target, name)
        for name, content in attributes.items():
            object.__setattr__(target, name, content)

    return Kind(tag="record", type=cls, split=split, join=join, refill=refill, name_part=_name_attribute)


def _read_record(value: object, fields: frozenset[str]) -> Mapping[str, object]:
    """Return the fields that are set, in a fixed order, and what else lies on the instance."""
    cls = type(value)
    attributes = {name: getattr(value, name) for name in sorted(fields) if _is_set(value, name)}
    for name, content in getattr(value, "__dict__", {}).items():
        if name in fields or name in _TYPING_NAMES or isinstance(getattr_static(cls, name, None), cached_property):
            continue
        if not may_set(cls, name):
            raise CodecError(f"has an attribute `{name}` that hides the one of its class")
        attributes[name] = content
    return attributes


def _is_set(value: object, name: str) -> bool:
    if name in getattr(value, "__dict__", ()):
        return True
    # A slot; else the class's default, which the other end has too.
    return hasattr(getattr_static(type(value), name, None), "__set__") and hasattr(value, name)


def _name_attribute(parts: Sequence[object], index: int) -> str:
    return f".{parts[index - index % 2]}"


def _find_model_base(cls: type) -> Any:
    """Return pydantic's base class where this is a model; its package is never imported for the question."""
    bases = (base for base in cls.__mro__[1:] if (base.__module__, base.__name__) == ("pydantic.main", "BaseModel"))
    base = next(bases, None)
    return base if hasattr(base, "model_fields") else None


def _describe_model(cls: type[Any], base: Any) -> Kind:
    """Carry a model as pydantic copies it: its state is set as it is, and no validator runs."""
    fields = frozenset(cls.model_fields)
    read_state: Callable[[object], dict[str, Any]] = base.__getstate__

    def split(value: object) -> Iterable[object]:
        state = dict(read_state(value))
        attributes = state.pop("__dict__")
        return chain((state,), *((name, attributes[name]) for name in sorted(fields & attributes.keys())))

    def join(parts: list[Any]) -> object:
        state, *pairs = parts
        attributes = dict(zip(pairs[::2], pairs[1::2], strict=True))
        if not attributes.keys() <= fields:
            raise CodecError(f"is no message: a `{cls.__qualname__}` has no such field")
        value = object.__new__(cls)
        base.__setstate__(value, {**state, "__dict__": attributes})
        return value

    return Kind(
        tag="model",
        type=cls,
        split=split,
        join=join,
        refill=lambda target, fresh: base.__setstate__(target, read_state(fresh)),
        name_part=lambda parts, index: f".{parts[index - 1 + index % 2]}" if index else "",
    )
