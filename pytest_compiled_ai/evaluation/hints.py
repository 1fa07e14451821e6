"""Strategies for what a signature's annotations name; nothing of a project is imported for it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.evaluation.draws import Arguments
from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.syntax import Function, dotted_name, parse_expression

Strategy = SearchStrategy[Any]
_FEW = 6
_TEXT = "abcxyzABZ0123456789 .,:;-_/+*'\"()[]{}<>=@#%&!?\n\té"
_FILES = ("a.txt", "b/c.tar.gz", "", ".", "../d", "/e/f.py", "g h")
_INTEGERS = st.one_of(st.integers(-10, 10), st.integers(-1000, 1000), st.integers(-(10**6), 10**6))
_SCALARS: Mapping[str, Strategy] = {
    "bool": st.booleans(),
    "bytes": st.binary(max_size=12),
    "datetime.date": st.dates(),
    "datetime.datetime": st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    "datetime.time": st.times().map(lambda moment: moment.replace(microsecond=0)),
    "datetime.timedelta": st.timedeltas().map(lambda span: span - span % type(span)(seconds=1)),
    "decimal.Decimal": _INTEGERS.map(lambda number: Decimal(number).scaleb(-2)),
    "float": _INTEGERS.map(lambda number: number / 100),
    "fractions.Fraction": st.fractions(-100, 100, max_denominator=20),
    "int": _INTEGERS,
    "pathlib.Path": st.sampled_from(_FILES).map(Path),
    "pathlib.PurePath": st.sampled_from(_FILES).map(PurePosixPath),
    "pathlib.PurePosixPath": st.sampled_from(_FILES).map(PurePosixPath),
    "str": st.text(_TEXT, max_size=12),
    "uuid.UUID": st.uuids(),
}
_GENERICS: Mapping[str, Callable[..., Strategy]] = {
    "dict": lambda keys, values: st.dictionaries(keys, values, max_size=_FEW),
    "frozenset": lambda items: st.frozensets(items, max_size=_FEW),
    "list": lambda items: st.lists(items, max_size=_FEW),
    "set": lambda items: st.sets(items, max_size=_FEW),
    "tuple": lambda *items: st.tuples(*items),
}
_OTHER_NAMES = {
    "AbstractSet": "set", "Collection": "list", "Dict": "dict", "FrozenSet": "frozenset", "Iterable": "list",
    "List": "list", "Mapping": "dict", "MutableMapping": "dict", "MutableSequence": "list", "MutableSet": "set",
    "Sequence": "list", "Set": "set", "Text": "str", "Tuple": "tuple",
}  # fmt: skip


def make_arguments(function: Function, imports: Sequence[Import]) -> Arguments | None:
    """Return what draws the arguments of a function; None where an annotation is missing or not understood."""
    names, given = Meanings(imports), function.args
    positional = [names.strategy(each.annotation) for each in (*given.posonlyargs, *given.args)]
    named = {each.arg: names.strategy(each.annotation) for each in given.kwonlyargs}
    optional = {each.arg for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default}
    known = [each for each in positional if each is not None]
    required = len(positional) - len(given.defaults)
    if None in positional[:required] or any(named[name] is None for name in named.keys() - optional):
        return None
    # What has a default and is not understood is left out, and so is what follows it.
    known = known[: [*positional, None].index(None)]
    strategies = {name: strategy for name, strategy in named.items() if strategy is not None}
    rest = names.strategy(given.vararg.annotation) if given.vararg and len(known) == len(positional) else None
    more: Strategy = st.just([]) if rest is None else st.lists(rest, max_size=3)
    return st.tuples(
        st.tuples(st.tuples(*known), st.integers(required, len(known)), more).map(
            lambda drawn: [*drawn[0][: drawn[1]], *(drawn[2] if drawn[1] == len(drawn[0]) else [])]
        ),
        st.fixed_dictionaries(
            {name: strategies[name] for name in strategies if name not in optional},
            optional={name: strategies[name] for name in strategies if name in optional},
        ).map(lambda drawn: {name: drawn[name] for name in strategies if name in drawn}),
    )


def find_fixed(function: Function, imports: Sequence[Import]) -> frozenset[int | str]:
    """Return the places of the arguments whose values an annotation lists."""
    names, given = Meanings(imports), function.args
    places: list[tuple[int | str, ast.arg]] = [
        *enumerate((*given.posonlyargs, *given.args)),
        *((each.arg, each) for each in given.kwonlyargs),
    ]
    return frozenset(place for place, each in places if each.annotation and names.lists_values(each.annotation))


class Meanings:
    """What the names of annotations mean, in a module with certain imports."""

    def __init__(self, imports: Sequence[Import]) -> None:
        self._bound = {name: name for name in BUILTIN_NAMES}
        self._bound |= {each.bound: f"{each.module}.{each.name}" if each.name else each.module for each in imports}

    def lists_values(self, annotation: ast.expr) -> bool:
        """Tell whether an annotation is, or has in it, a `Literal`."""
        return any(self._name(node) == "Literal" for node in ast.walk(annotation) if isinstance(node, ast.expr))

    def strategy(self, annotation: ast.expr | None) -> Strategy | None:
        """Return what draws values of a type, None where it is not understood."""
        match annotation:
            case ast.Constant(value=None):
                return st.none()
            case ast.Constant(value=str(text)):
                return self.strategy(parse_expression(text))
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._join(st.one_of, [left, right])
            case ast.Subscript(value=head, slice=inner):
                return self._generic(self._name(head), inner.elts if isinstance(inner, ast.Tuple) else [inner])
            case ast.Name() | ast.Attribute():
                return _SCALARS.get(self._name(annotation))
        return None

    def _generic(self, name: str, parts: list[ast.expr]) -> Strategy | None:
        if name == "Literal":
            values = [part.value for part in parts if isinstance(part, ast.Constant)]
            return st.sampled_from(values) if len(values) == len(parts) else None
        if name in {"Union", "Optional"}:
            return self._join(st.one_of, [*parts, ast.Constant(None)] if name == "Optional" else parts)
        if name == "Annotated":
            return self.strategy(parts[0])
        if name == "tuple" and isinstance(parts[-1], ast.Constant) and parts[-1].value is Ellipsis:
            return self._join(lambda items: st.lists(items, max_size=_FEW).map(tuple), parts[:1])
        return self._join(_GENERICS[name], parts) if name in _GENERICS else None

    def _join(self, make: Callable[..., Strategy], parts: Sequence[ast.expr]) -> Strategy | None:
        inner = [self.strategy(part) for part in parts]
        return None if None in inner else make(*inner)

    def _name(self, node: ast.expr) -> str:
        """Return the name of a type where it lives; of `typing` and `collections.abc` that of the plain type."""
        first, _, rest = (dotted_name(node) or "").partition(".")
        whole = self._bound.get(first, "") + (f".{rest}" if rest else "")
        module, _, name = whole.rpartition(".")
        return _OTHER_NAMES.get(name, name) if module in {"typing", "collections.abc", "builtins"} else whole
