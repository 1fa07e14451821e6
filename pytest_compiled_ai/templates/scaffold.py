"""A scaffold: code around a compiled function that no model writes, in the words of one spec."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from pytest_compiled_ai.artifacts.module import Definition, Import, names_used, read_imports
from pytest_compiled_ai.placeholder import StubNode
from pytest_compiled_ai.specs.canonical import canonical_exact, hash_of
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.templates.renaming import Renaming, rename

_HOLE = "pytest_compiled_ai.templates.scaffolds.hole"
_ANY = Import(module="typing", name="Any", bound="_Any")
_RAISES = re.compile(r"^[ \t]*Raises:[ \t]*\n((?:(?:[ \t]+\S.*)?(?:\n|$))*)", re.MULTILINE)
_RAISED = re.compile(r"^([ \t]+)([A-Za-z_][\w.]*):", re.MULTILINE)


class Rendered(NamedTuple):
    """A scaffold in the words of one spec: its definitions by name, as text, and the imports that they need."""

    definitions: Mapping[str, str]
    imports: tuple[Import, ...]


class Scaffold:
    """A module of definitions around `hole`; in an artifact they are named after the spec's function.

    Args:
        name: what it is, as `batch`.
        path: its source: imports, then functions and classes whose names hold `hole` or start with `Hole`.
        takes_item: whether the function is called with one item, else with its arguments by name.
    """

    def __init__(self, name: str, path: Path, *, takes_item: bool = True) -> None:
        self.name, self.path, self.takes_item = name, path, takes_item

    @cached_property
    def source(self) -> str:
        """Its text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.source)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Its functions and classes."""
        return tuple(node for node in self.tree.body if isinstance(node, Definition))

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What it imports from the standard library."""
        nodes = [node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        found = [item for node in nodes for item in read_imports(node)]
        return tuple(item for item in found if item.module not in {_HOLE, "__future__"})

    @cached_property
    def builtins(self) -> frozenset[str]:
        """The builtins that it reads."""
        return frozenset(names_used(self.tree) & vars(builtins).keys())

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The names that a function inside it cannot have: its own locals, and the builtins that it reads."""
        inside = [node for each in ast.walk(self.tree) if isinstance(each, ast.FunctionDef) for node in ast.walk(each)]
        local = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        local |= {node.arg for node in inside if isinstance(node, ast.arg)}
        local |= {node.name for node in inside if isinstance(node, ast.ExceptHandler) and node.name}
        return self.builtins | local


SCAFFOLDS = {
    name: Scaffold(name, Path(__file__).with_name("scaffolds") / f"{name}.py", takes_item=name != "handler")
    for name in ("handler", "stream", "batch")
}
"""The scaffolds by the name of their template."""

_WITHOUT = frozenset({"", "function", "tool_call", "extractor", "classifier", "normalizer", "validator"})


@cache
def scaffold_of(template: str) -> Scaffold | None:
    """Return the scaffold of a template, None where it has none; a plugin is asked only for a name that is not ours."""
    if template in SCAFFOLDS or template in _WITHOUT:
        return SCAFFOLDS.get(template)
    from pytest_compiled_ai.extensions import load_extensions
    from pytest_compiled_ai.templates.catalogue import find_template

    found = find_template(template, load_extensions())
    return found.scaffold if found else None


@lru_cache(maxsize=256)
def render_scaffold(scaffold: Scaffold, node: ast.FunctionDef) -> Rendered:
    """Return a scaffold around a function.

    Its imports get private names, so that nothing else in an artifact is taken for one of them.
    """
    words = Renaming(
        names={
            "hole": node.name,
            **{item.bound: f"_{item.bound}" for item in scaffold.imports},
            **{each.name: named_after(each.name, node.name) for each in scaffold.definitions},
        },
        expressions={
            "Item": _annotation(next(iter([*node.args.posonlyargs, *node.args.args]), ast.arg("item")).annotation),
            "Result": _annotation(node.returns),
            "DECLARED": ast.unparse(ast.Tuple([ast.parse(e, mode="eval").body for e in declared_in(node)], ast.Load())),
        },
    )
    texts = [rename(scaffold.source, each, words) for each in scaffold.definitions]
    named = {named_after(d.name, node.name): text for d, text in zip(scaffold.definitions, texts, strict=True)}
    used = frozenset[str]().union(*(names_used(ast.parse(text)) for text in texts))
    imports = [*(item._replace(bound=f"_{item.bound}") for item in scaffold.imports), _ANY]
    return Rendered(named, tuple(dict.fromkeys(item for item in imports if item.bound in used)))


def scaffold_around(stub: Stub) -> Rendered:
    """Return the scaffold of a stub's template, as it stands around that stub."""
    scaffold = scaffold_of(stub.options.template)
    if scaffold is None or not isinstance(stub.node, ast.FunctionDef):
        return Rendered({}, ())
    return render_scaffold(scaffold, stub.node)


def hash_scaffold(stub: Stub) -> str:
    """Return the hash of what stands around a stub, "" where nothing does."""
    around = scaffold_around(stub)
    texts = [*(item.line for item in around.imports), *around.definitions.values()]
    return hash_of(b"\n".join(canonical_exact(ast.parse(text)) for text in texts)) if texts else ""


def scaffold_nodes(stubs: Iterable[StubNode]) -> dict[str, Definition]:
    """Return what the scaffolds around decorated functions define, at the lines of these; nothing is imported."""
    found: dict[str, Definition] = {}
    for stub in stubs:
        scaffold = scaffold_of(_template_in(stub.decorator_list))
        if scaffold is not None and isinstance(stub, ast.FunctionDef):
            for name, text in render_scaffold(scaffold, stub).definitions.items():
                (node,) = ast.parse(text).body
                assert isinstance(node, Definition)
                node.lineno = stub.lineno
                found[name] = node
    return found


def _template_in(decorators: Iterable[ast.expr]) -> str:
    keywords = [word for each in decorators if isinstance(each, ast.Call) for word in each.keywords]
    given = [word.value for word in keywords if word.arg == "template"]
    return next((str(value.value) for value in given if isinstance(value, ast.Constant)), "")


def named_after(name: str, function: str) -> str:
    """Return the name of a scaffold's definition around a function: `HoleFailure` of `read_row` is `ReadRowFailure`."""
    if name.lstrip("_").startswith("hole"):
        return name.replace("hole", function, 1)
    camel = "".join(part[:1].upper() + part[1:] for part in function.split("_"))
    return name.replace("Hole", f"_{camel}" if function.startswith("_") else camel, 1)


def declared_in(node: ast.FunctionDef) -> tuple[str, ...]:
    """Return the exceptions that the `Raises:` part of a docstring names."""
    blocks = _RAISES.findall(ast.get_docstring(node) or "")
    lines = [found for block in blocks for found in _RAISED.findall(block)]
    least = min((len(indent) for indent, _ in lines), default=0)
    return tuple(dict.fromkeys(name for indent, name in lines if len(indent) == least))


def _annotation(node: ast.expr | None) -> str:
    return ast.unparse(node) if node else _ANY.bound
