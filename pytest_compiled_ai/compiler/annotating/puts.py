"""What one use of a collection tells, as a function of what is known of it before."""

from __future__ import annotations

from collections.abc import Callable

from pytest_compiled_ai.compiler.annotating.shapes import MAPPINGS, PARTS, blank
from pytest_compiled_ai.compiler.annotating.types import ANY, Type, join, members_of

Put = Callable[[Type], Type]


def apply(put: Put, known: Type) -> Type:
    """Return what is known after something is put into it; of a union, into each member."""
    return join(map(put, members_of(known)))


def joined(new: Type) -> Put:
    """Return what puts a type beside, or in the place of, the one that is known."""
    return lambda known: join((known, new))


def with_item(item: Type, kind: str) -> Put:
    """Return what puts an item into a collection, which is of a `kind` where nothing is known of it."""

    def put(known: Type) -> Type:
        if known == ANY and kind:
            known = blank(kind)
        if known.name not in PARTS or not known.args:
            return known
        return known._replace(args=(join((known.args[0], item)), *known.args[1:]))

    return put


def with_items(items: Type) -> Put:
    """Return what puts the items of one collection into another."""

    def put(known: Type) -> Type:
        if known.name in MAPPINGS or not items.args:
            return join((known, items)) if known.name in MAPPINGS and items.name == "dict" else known
        inside = items.args if items.name == "tuple" else items.args[:1]
        return with_item(join(each for each in inside if each.name != "..."), "")(known)

    return put


def with_entry(key: Type, value: Type) -> Put:
    """Return what puts a value under a key."""

    def put(known: Type) -> Type:
        if known.name not in MAPPINGS:
            return known
        return known._replace(args=(join((known.args[0], key)), join((known.args[1], value))))

    return put


def below(keys: list[Type], put: Put) -> Put:
    """Return what puts something into an item of an item, by the keys on the way there."""
    if not keys:
        return put
    deeper = below(keys[1:], put)

    def put_below(known: Type) -> Type:
        match known:
            case Type(name="list" | "deque", args=(item,)):
                return known._replace(args=(deeper(item),))
            case Type(name="Counter", args=(item,)):
                return known._replace(args=(join((item, keys[0])),))
            case Type(args=(key, value)) if known.name in MAPPINGS:
                return known._replace(args=(join((key, keys[0])), deeper(value)))
            case _:
                return known

    return put_below
