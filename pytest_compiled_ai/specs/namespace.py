"""What a body may use from its spec file: imports and literal constants, and nothing that lives there (decision 7)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pytest_compiled_ai.specs.annotations import quoted_annotations
from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.imports import Binding, absolute_module, bindings_of, is_type_checking, plain_imports
from pytest_compiled_ai.specs.literals import Constant, constants_of
from pytest_compiled_ai.specs.model import SpecFile, SpecLineError, Stub
from pytest_compiled_ai.specs.scopes import bound_names, uses_of
from pytest_compiled_ai.specs.stub import signature_of

_TEST_TOOLS = frozenset({"pytest_compiled_ai", "pytest", "_pytest", "hypothesis", "unittest", "__future__"})


class ImportedName(NamedTuple):
    """One name that a body may use because the spec file imports it; `source` is the import statement for it alone.

    `name` is empty for `import module`; `alias` is None where there is no `as`.
    """

    bound: str
    module: str
    name: str
    alias: str | None
    source: str


class Namespace(NamedTuple):
    """What a body may use beside the builtins, in source order."""

    imports: tuple[ImportedName, ...]
    constants: tuple[Constant, ...]


def namespace_of(file: SpecFile, stub: Stub, files: Iterable[SpecFile]) -> Namespace:
    """Return the imports and constants of a spec file that the stub's body may use, in source order.

    Left out are the tools of tests and other specs, except the stubs that `uses` names: these are imported from their
    artifacts. `files` are all spec files.

    Raises:
        SpecLineError: the signature needs a name that an artifact cannot have.
    """
    others = {other.relative: other for other in files}
    bindings = [binding for node in plain_imports(file.tree) for binding in bindings_of(node)]
    hidden = {name for other in (file, *others.values()) for name in (other.module, other.target_module)}
    imports = (*_plain_imports(bindings, file, hidden), *_used_stubs(file, stub, others, bindings))
    constants = constants_of(file.tree, file.source, {item.bound: _meaning(item) for item in imports})
    available = {item.bound for item in imports} | {item.name for item in constants}
    used = {other.name for other in file.stubs if other is stub or other.id in stub.options.uses}
    _check_signature(file, stub, available | used | BUILTIN_NAMES)
    return Namespace(imports=imports, constants=constants)


def _plain_imports(bindings: list[Binding], file: SpecFile, hidden: set[str]) -> Iterator[ImportedName]:
    for binding in bindings:
        module = absolute_module(binding, file.module)
        if module is None or binding.bound == "*" or module.partition(".")[0] in _TEST_TOOLS:
            continue
        if module not in hidden and f"{module}.{binding.name}" not in hidden:
            yield _import(binding.bound, module, binding.name, binding.alias)


def _used_stubs(
    file: SpecFile, stub: Stub, others: Mapping[str, SpecFile], bindings: list[Binding]
) -> Iterator[ImportedName]:
    for used in stub.options.uses:
        relative, _, name = used.partition("::")
        if relative == file.relative or relative not in others:
            continue
        other = others[relative]
        homes = {other.module, other.target_module}
        aliases = [b.alias for b in bindings if b.name == name and absolute_module(b, file.module) in homes]
        alias = aliases[0] if aliases else None
        yield _import(alias or name, other.target_module, name, alias)


def _import(bound: str, module: str, name: str, alias: str | None) -> ImportedName:
    rename = f" as {alias}" if alias else ""
    source = f"from {module} import {name}{rename}" if name else f"import {module}{rename}"
    return ImportedName(bound=bound, module=module, name=name, alias=alias, source=source)


def _meaning(item: ImportedName) -> str:
    return f"{item.module}.{item.name}" if item.name else item.module if item.alias else item.bound


def _check_signature(file: SpecFile, stub: Stub, available: set[str]) -> None:
    signature = signature_of(stub)
    uses = uses_of(signature, *quoted_annotations(signature))
    # What a class body binds, its later lines may read; its methods may import for themselves.
    own = bound_names(*signature.body) | {binding.bound for binding in uses.bindings}
    has_star = any(item.name == "*" for node in plain_imports(file.tree) for item in node.names)
    for name in sorted(uses.names - available - own):
        binder = next((node for node in file.tree.body if name in bound_names(node)), None)
        if binder is None and has_star:
            continue
        line = next((n.lineno for n in ast.walk(signature) if isinstance(n, ast.Name) and n.id == name), stub.line)
        complaint = _complaint(file, name, binder)
        raise SpecLineError(file.relative, line, f"{stub.name}'s signature names {name}, {complaint}.")


def _complaint(file: SpecFile, name: str, binder: ast.stmt | None) -> str:
    if name in {stub.name for stub in file.stubs}:
        return f"a spec; say so: @spec(uses=[{name}])"
    move = "is defined in the spec file; move it to a project module and import it"
    if binder is None:
        return "which is not defined"
    if isinstance(binder, ast.Import | ast.ImportFrom) or is_type_checking(binder):
        origin = "a tool of tests, or from a spec that `uses` does not name"
        return f"which comes from {origin}; an artifact cannot import it"
    kind = {"ClassDef": "class", "FunctionDef": "function", "AsyncFunctionDef": "function"}.get(type(binder).__name__)
    return f"a {kind} that {move}" if kind else f"which is no literal constant but {move}"
