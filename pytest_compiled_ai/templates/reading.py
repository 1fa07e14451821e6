"""Annotations as shapes, read from the source of the spec and of the project."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.definitions import Definition, Module, named_node
from pytest_compiled_ai.specs.sources import Sources
from pytest_compiled_ai.specs.syntax import Function, dotted_name, parse_expression
from pytest_compiled_ai.templates.shapes import (
    Either,
    Field,
    Listed,
    Many,
    Members,
    Nothing,
    Pairs,
    Record,
    RecordKind,
    Row,
    Scalar,
    Shape,
    Unknown,
)

_SCALARS = frozenset(
    {
        "bool", "bytes", "complex", "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta",
        "decimal.Decimal", "float", "fractions.Fraction", "int", "str", "uuid.UUID",
    }
)  # fmt: skip
_PLAIN = {
    "AbstractSet": "set", "Collection": "list", "Dict": "dict", "FrozenSet": "frozenset", "Iterable": "list",
    "List": "list", "Mapping": "dict", "MutableMapping": "dict", "MutableSequence": "list", "MutableSet": "set",
    "Sequence": "list", "Set": "set", "Text": "str", "Tuple": "tuple",
}  # fmt: skip
_ENUMS = frozenset({"Enum", "Flag", "IntEnum", "IntFlag", "StrEnum"})
_RECORDS: dict[str, RecordKind] = {
    "pydantic.BaseModel": "model", "typing.NamedTuple": "named", "typing.TypedDict": "typed",
    "typing_extensions.TypedDict": "typed",
}  # fmt: skip


class TypeReader:
    """Reads types; a project's classes are looked up in its source."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._open: list[Definition] = []

    def read(self, annotation: ast.expr | None, module: Module) -> Shape:
        """Return the shape that an annotation in a module of the project stands for."""
        match annotation:
            case ast.Constant(value=None):
                return Nothing()
            case ast.Constant(value=str(text)):
                return self.read(parse_expression(text), module)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return _join([self.read(left, module), self.read(right, module)])
            case ast.Subscript(value=head, slice=inner):
                return self._generic(head, inner.elts if isinstance(inner, ast.Tuple) else [inner], module)
            case ast.Name() | ast.Attribute():
                return self._named(annotation, module)
        return Unknown()

    def bases(self, name: str) -> tuple[str, ...]:
        """Return the names of what a project's class inherits from, by its module and name."""
        module, _, last = name.rpartition(".")
        place = self._sources.find(module) if module else None
        found = place.module.definitions.get(last) if place and place.module else None
        node = named_node(found.nodes, last) if found else None
        if found is None or not isinstance(node, ast.ClassDef):
            return ()
        return tuple(self._meaning(base, found.module)[0] for base in node.bases)

    def _generic(self, head: ast.expr, parts: Sequence[ast.expr], module: Module) -> Shape:
        name = self._meaning(head, module)[0].rpartition(".")[2]
        if name == "Literal":
            return Listed(values=tuple(part.value for part in parts if isinstance(part, ast.Constant)))
        if name in {"Annotated", "Final", "NotRequired", "ReadOnly", "Required"}:
            return self.read(parts[0], module)
        inner = [self.read(part, module) for part in parts]
        if name in {"Union", "Optional"}:
            return _join([*inner, Nothing()] if name == "Optional" else inner)
        if name == "dict" and len(inner) == 2:
            return Pairs(keys=inner[0], values=inner[1])
        if name == "tuple" and not (isinstance(parts[-1], ast.Constant) and parts[-1].value is ...):
            return Row(items=tuple(inner))
        return Many(kind=name, items=inner[0]) if name in {"frozenset", "list", "set", "tuple"} else Unknown(name=name)

    def _named(self, annotation: ast.expr, module: Module) -> Shape:
        name, found = self._meaning(annotation, module)
        if found is not None:
            return self._defined(found)
        if name in _SCALARS:
            return Scalar(name=name)
        if name == "dict":
            return Pairs(keys=Unknown(), values=Unknown())
        return Many(kind=name, items=Unknown()) if name in {"frozenset", "list", "set", "tuple"} else Unknown(name=name)

    def _meaning(self, node: ast.expr, module: Module) -> tuple[str, Definition | None]:
        """Return where a name lives, as `decimal.Decimal`, and the project's own definition of it, if it is one."""
        dotted = dotted_name(node.value if isinstance(node, ast.Subscript) else node) or ""
        first, *rest = dotted.split(".")
        if not rest and first in module.definitions:
            return first, module.definitions[first]
        for binding in module.bindings.get(first, ())[-1:]:
            found = self._sources.follow(binding, tuple(rest), module)
            whole = ".".join(filter(None, [binding.module if binding.name or binding.alias else first, binding.name]))
            name = ".".join([whole, *rest])
            origin, _, last = name.rpartition(".")
            plain = _PLAIN.get(last, last) if origin in {"typing", "collections.abc"} and last in _PLAIN else name
            return plain, found[0] if len(found) == 1 else None
        return (first if first in BUILTIN_NAMES and not rest else dotted), None

    def _defined(self, found: Definition) -> Shape:
        node = named_node(found.nodes, found.name)
        if isinstance(node, ast.ClassDef):
            # A class may have fields of its own type.
            if found in self._open:
                return Unknown(name=found.name)
            self._open.append(found)
            try:
                return self._class(node, found)
            finally:
                self._open.pop()
        alias = [item.value for item in found.nodes if isinstance(item, ast.Assign | ast.AnnAssign)]
        alias += [item.value for item in found.nodes if type(item).__name__ == "TypeAlias"]  # type: ignore[attr-defined]
        return self.read(alias[0], found.module) if len(alias) == 1 and alias[0] else Unknown(name=found.name)

    def _class(self, node: ast.ClassDef, found: Definition) -> Shape:
        lineage = list(self._lineage(node, found.module))
        origins = {name for _, _, names in lineage for name in names}
        if {name.rpartition(".")[2] for name in origins if name.startswith("enum.")} & _ENUMS:
            return Members(name=node.name, module=self._module_of(found), members=tuple(_members(node)))
        kinds = [_RECORDS[name] for name in sorted(origins) if name in _RECORDS]
        if not kinds and any(self._is_dataclass(each, module) for each, module, _ in lineage):
            kinds = ["record"]
        if not kinds:
            return Unknown(name=node.name)
        fields = {f.name: f for each, module, _ in reversed(lineage) for f in self._fields(each, module)}
        hooks = {item.name for each, _, _ in lineage for item in each.body if isinstance(item, Function)}
        return Record(
            name=node.name, module=self._module_of(found), kind=kinds[0], fields=tuple(fields.values()),
            checks=bool(hooks & {"__post_init__", "__new__", "__init__"}),
        )  # fmt: skip

    def _lineage(self, node: ast.ClassDef, module: Module) -> Iterator[tuple[ast.ClassDef, Module, list[str]]]:
        """Yield a class and those of the project that it inherits from, each with the names of its bases."""
        bases = [self._meaning(base, module) for base in node.bases]
        yield node, module, [name for name, _ in bases]
        for _, found in bases:
            above = named_node(found.nodes, found.name) if found else None
            if found and isinstance(above, ast.ClassDef) and above is not node:
                yield from self._lineage(above, found.module)

    def _is_dataclass(self, node: ast.ClassDef, module: Module) -> bool:
        heads = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
        return any(self._meaning(head, module)[0].endswith("dataclass") for head in heads)

    def _fields(self, node: ast.ClassDef, module: Module) -> Iterator[Field]:
        is_total = not any(
            k.arg == "total" and isinstance(k.value, ast.Constant) and k.value.value is False for k in node.keywords
        )
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                wrapper = item.annotation.value if isinstance(item.annotation, ast.Subscript) else None
                mark = self._meaning(wrapper, module)[0].rpartition(".")[2] if wrapper else ""
                if mark != "ClassVar":
                    yield Field(
                        name=item.target.id,
                        shape=self.read(item.annotation, module),
                        text=ast.unparse(item.annotation),
                        default=ast.unparse(item.value) if item.value else "",
                        required=mark == "Required" or (is_total and mark != "NotRequired"),
                    )

    def _module_of(self, found: Definition) -> str:
        """Return the dotted name under which the module of a definition is imported, the shortest that leads to it."""
        path, is_package = found.module.path, found.module.is_package
        parts = (path.parent if is_package else path.with_suffix("")).relative_to(self._sources.root).parts
        names = [".".join(parts[start:]) for start in reversed(range(len(parts)))]
        places = ((name, self._sources.find(name)) for name in names)
        return next((name for name, place in places if place and place.module is found.module), "")


def _join(shapes: Sequence[Shape]) -> Shape:
    parts = [part for shape in shapes for part in (shape.parts if isinstance(shape, Either) else (shape,))]
    return Either(parts=tuple(dict.fromkeys(parts)))


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            name = item.targets[0].id
            if not name.startswith("_"):
                yield name, ast.unparse(item.value)
