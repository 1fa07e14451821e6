"""Types as values: read from what mypy reveals, joined, and spelled as an annotation."""

from __future__ import annotations

import ast
import builtins
import collections.abc
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_MODULES: Final = frozenset({"builtins", "collections", "datetime", "decimal", "fractions", "re"})
_SIGNATURE = re.compile(r"def \((?P<parameters>.*)\) -> (?P<result>.*)")
_NAMED = re.compile(r"\w+: ")
_MOST_MEMBERS: Final = 3
_WIDENED: Final = (("int", "bool"), ("float", "int"), ("float", "bool"), ("complex", "float"), ("complex", "int"))


class Type(NamedTuple):
    """A type by its bare name and what stands in its brackets; `|` is a union, `Any` is what nobody knows yet."""

    name: str
    args: tuple[Type, ...] = ()

    @property
    def is_told(self) -> bool:
        """Tell whether nothing in it is unknown."""
        return self.name != "Any" and all(arg.is_told for arg in self.args)


ANY: Final = Type("Any")
NONE: Final = Type("None")


def read_type(text: str, known: frozenset[str] = frozenset()) -> Type:
    """Return the type that mypy spells so; what has no name that a body may use is `ANY`.

    Args:
        text: as after "Revealed type is".
        known: types that the module imports under their own name, as in `app.types.Money`.
    """
    if match := _SIGNATURE.fullmatch(text):
        return _read_signature(match, known)
    try:
        return _read(ast.parse(text.replace("?", ""), mode="eval").body, known)
    except SyntaxError:
        return ANY


def join(types: Iterable[Type]) -> Type:
    """Return the narrowest type for values of all the types; one that tells nothing adds nothing, but to `None`."""
    given = [member for type_ in types for member in members_of(type_)]
    members: list[Type] = []
    for member in given:
        if member != ANY:
            _add(members, member)
    if not members or len(members) > _MOST_MEMBERS:
        return ANY
    if members == [NONE] and ANY in given:
        return Type("|", (ANY, NONE))
    members.sort(key=lambda member: member == NONE)
    return members[0] if len(members) == 1 else Type("|", tuple(members))


def members_of(type_: Type) -> tuple[Type, ...]:
    """Return the members of a union, and of any other type itself."""
    return type_.args if type_.name == "|" else (type_,)


def spell(type_: Type) -> str:
    """Return the type as an annotation."""
    if type_.name == "|":
        return " | ".join(map(spell, type_.args))
    if type_.name == "Callable":
        *parameters, result = map(spell, type_.args)
        return f"Callable[[{', '.join(parameters)}], {result}]"
    if type_ == Type("tuple"):
        return "tuple[()]"
    return f"{type_.name}[{', '.join(map(spell, type_.args))}]" if type_.args else type_.name


def names_in(type_: Type) -> Iterator[str]:
    """Yield the names that an annotation of the type needs."""
    if type_.name.isidentifier():
        yield type_.name
    for arg in type_.args:
        yield from names_in(arg)


def _read_signature(match: re.Match[str], known: frozenset[str]) -> Type:
    parts = [_NAMED.sub("", part, count=1).removesuffix(" =") for part in _split(match["parameters"])]
    if any(part.startswith("*") for part in parts):
        return ANY
    return Type("Callable", tuple(read_type(part, known) for part in (*parts, match["result"])))


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def _read(node: ast.expr, known: frozenset[str]) -> Type:
    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=value) if value is ...:
            return Type("...")
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union((_read(left, known), _read(right, known)))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Constant(value=value)):
            return Type(type(value).__name__)
        case ast.Subscript(value=value, slice=inside):
            given = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            name = ast.unparse(value)
            args = tuple(_read(arg, known) for arg in given)
            return _union(args) if name == "Union" else _named(name, args, known)
        case ast.Name() | ast.Attribute():
            return _named(ast.unparse(node), (), known)
        case _:
            return ANY


def _union(members: tuple[Type, ...]) -> Type:
    # Of a union with something unknown nothing is sure but that it may be `None`.
    return join(member for member in members if member in {ANY, NONE}) if ANY in members else join(members)


def _named(dotted: str, args: tuple[Type, ...], known: frozenset[str]) -> Type:
    module, _, name = dotted.rpartition(".")
    is_own = module in {"", "builtins"} and hasattr(builtins, name)
    is_abstract = module == "typing" and name in collections.abc.__all__
    if is_own or is_abstract or (module and module in _MODULES) or dotted in known:
        return Type(name, args)
    return ANY


def _add(members: list[Type], new: Type) -> None:
    for index, old in enumerate(members):
        if (merged := _merge(old, new)) is not None:
            members[index] = merged
            return
    members.append(new)


def _merge(one: Type, other: Type) -> Type | None:
    """Return the type that stands for both, None where that takes a union."""
    if one == other:
        return one
    if (one.name, other.name) in _WIDENED:
        return one
    if (other.name, one.name) in _WIDENED:
        return other
    if one.name != other.name or one.name == "Callable":
        return None
    if one.name == "tuple" and (len(one.args) != len(other.args) or Type("...") in (*one.args, *other.args)):
        parts = [arg for arg in (*one.args, *other.args) if arg != Type("...")]
        return Type("tuple", (join(parts), Type("...")))
    if len(one.args) != len(other.args):
        return None
    return Type(one.name, tuple(join(pair) for pair in zip(one.args, other.args, strict=True)))
