"""How each built-in kind of data is taken apart into simpler values and put together again."""

from __future__ import annotations

import reprlib
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from pytest_compiled_ai.sandbox.codec.bounds import MAX_COLLISIONS, CodecError, shorten

Shape = tuple[tuple[type, ...], ...]


def name_index(_: Sequence[object], index: int) -> str:
    """Name a part by its place."""
    return f"[{index}]"


def name_key(parts: Sequence[object], index: int) -> str:
    """Name a key or a value by the key, where the parts are keys and values in turn."""
    return f"[{reprlib.repr(parts[index - index % 2])}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of value: its tag, and the way to its parts and back.

    `join` gets the parts in a list of its own and may raise any `Exception` for parts that fit no value; `shape` is the
    types of each part, where their number is fixed. `refill` gives an object the content of another of its type; a kind
    without it cannot change. The parts of an `unordered` kind are sent sorted, so that equal values give equal bytes.
    """

    tag: str
    type: type[Any]
    split: Callable[[Any], Iterable[object]]
    join: Callable[[list[Any]], Any]
    shape: Shape | None = None
    refill: Callable[[Any, Any], object] | None = None
    unordered: bool = False
    name_part: Callable[[Sequence[object], int], str] = name_index


def check_shape(parts: Sequence[object], shape: Shape) -> None:
    """Raise `CodecError` unless there are as many parts, each of a type, as the shape says."""
    if len(parts) != len(shape) or any(type(part) not in types for part, types in zip(parts, shape, strict=True)):
        raise CodecError("is no message: parts are missing or of another type")


def check_hashes(keys: Sequence[object]) -> None:
    """Raise `CodecError` where so many keys share a hash that they can only have been made to."""
    if len(keys) > MAX_COLLISIONS < max(Counter(map(hash, keys)).values()):
        raise CodecError(f"has more than {MAX_COLLISIONS} keys of one hash")


def split_pairs(mapping: Mapping[Any, Any]) -> Iterable[object]:
    """Return keys and values in turn."""
    return chain.from_iterable(mapping.items())


def join_pairs(parts: list[Any]) -> dict[Any, Any]:
    """Build a dict of keys and values in turn; a key that comes twice is an error."""
    keys = parts[::2]
    check_hashes(keys)
    pairs = dict(zip(keys, parts[1::2], strict=True))
    if len(pairs) != len(keys):
        raise CodecError("is no message: a key comes twice")
    return pairs


def _join_set(parts: list[Any]) -> set[Any]:
    check_hashes(parts)
    if len(items := set(parts)) != len(parts):
        raise CodecError("is no message: an item comes twice")
    return items


def _join_counter(parts: list[Any]) -> Counter[Any]:
    return Counter(join_pairs(parts))


FACTORIES: Final[Mapping[str, type]] = {
    kind.__name__: kind for kind in (bool, int, float, complex, str, bytes, list, tuple, set, frozenset, dict)
}


def _split_defaultdict(value: defaultdict[Any, Any]) -> Iterable[object]:
    factory = value.default_factory
    if factory is None:
        return chain((None, None), split_pairs(value))
    name = getattr(factory, "__name__", "")
    if FACTORIES.get(name) is not factory:
        raise CodecError(f"is a defaultdict of {shorten(repr(factory))}; int, list and their like can be sent")
    return chain((None, name), split_pairs(value))


def _join_defaultdict(parts: list[Any]) -> defaultdict[Any, Any]:
    factory = None if parts[1] is None else FACTORIES[parts[1]]
    return defaultdict(factory, join_pairs(parts[2:]))


def _join_deque(parts: list[Any]) -> deque[Any]:
    return deque(islice(parts, 1, None), parts[0])


def _keep(parts: list[Any]) -> list[Any]:
    return parts


def _refill_sequence(target: Any, fresh: Any) -> None:
    target[:] = fresh


def _refill_deque(target: deque[Any], fresh: deque[Any]) -> None:
    target.clear()
    target.extend(fresh)


def _refill_members(target: Any, fresh: Any) -> None:
    target.clear()
    target.update(fresh)


def _mapping(tag: str, kind: type, join: Callable[[list[Any]], Any]) -> Kind:
    return Kind(tag=tag, type=kind, split=split_pairs, join=join, refill=_refill_members, name_part=name_key)


CONTAINERS: Final = (
    Kind(tag="l", type=list, split=iter, join=_keep, refill=_refill_sequence),
    Kind(tag="t", type=tuple, split=iter, join=tuple),
    Kind(tag="set", type=set, split=iter, join=_join_set, refill=_refill_members, unordered=True),
    Kind(tag="frozenset", type=frozenset, split=iter, join=lambda parts: frozenset(_join_set(parts)), unordered=True),
    Kind(tag="deque", type=deque, split=lambda v: chain((v.maxlen,), v), join=_join_deque, refill=_refill_deque),
    Kind(
        tag="defaultdict",
        type=defaultdict,
        split=_split_defaultdict,
        join=_join_defaultdict,
        refill=_refill_members,
        name_part=name_key,
    ),
    _mapping("d", dict, join_pairs),
    _mapping("ordered", OrderedDict, lambda parts: OrderedDict(join_pairs(parts))),
    _mapping("counter", Counter, _join_counter),
)
