"""The parentheses of `@spec(...)`, read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

from pytest_compiled_ai.specs.depends import find_data, is_inside
from pytest_compiled_ai.specs.model import Isolation, Options, SpecLineError
from pytest_compiled_ai.specs.syntax import dotted_name

_KNOWN = (
    "tests",
    "uses",
    "isolation",
    "imports",
    "depends",
    "template",
    "policies",
    "golden",
    "metric",
    "threshold",
    "runtime_model",
)
_ISOLATIONS = ("sealed", "jailed")


class OptionContext(NamedTuple):
    """What the options of one file are read against; `resolve` turns a name of another stub into its id, or None."""

    root: Path
    generated: Path
    relative: str
    resolve: Callable[[str], str | None]


def read_options(decorator: ast.expr, context: OptionContext) -> Options:
    """Return the options of `@spec` or `@spec(...)`.

    Raises:
        SpecLineError: a keyword is unknown, a value is not a literal, a file is missing or a name is no stub's.
    """
    if not isinstance(decorator, ast.Call):
        return Options()
    if decorator.args:
        raise _error(context, decorator, f"@spec takes keywords only: {', '.join(_KNOWN)}.")
    given: dict[str, ast.expr] = {}
    for keyword in decorator.keywords:
        if keyword.arg not in _KNOWN:
            wanted = f"known: {', '.join(_KNOWN)}"
            raise _error(context, keyword, f"@spec has no option {keyword.arg or '**'!r}; {wanted}.")
        given[keyword.arg] = keyword.value
    return Options(
        tests=tuple(_test_path(item, context) for item in _items(given, "tests", context)),
        uses=tuple(_used_id(item, context) for item in _items(given, "uses", context)),
        isolation=_isolation(given.get("isolation"), context),
        imports=tuple(_module_name(item, context) for item in _items(given, "imports", context)),
        depends=tuple(sorted({name for i in _items(given, "depends", context) for name in _data_files(i, context)})),
        template=_text(given.get("template"), "template", context),
        policies=tuple(_text(item, "policies", context) for item in _items(given, "policies", context)),
        golden=_golden_files(given.get("golden"), context),
        metric=_text(given.get("metric"), "metric", context),
        threshold=_share(given.get("threshold"), context),
        runtime_model=_text(given.get("runtime_model"), "runtime_model", context),
    )


def data_globs(decorator: ast.expr) -> tuple[str, ...]:
    """Return the globs of data files in a decorator whose options could be read, as they are written."""
    named = [k.value for k in getattr(decorator, "keywords", ()) if k.arg in {"depends", "golden"}]
    values = {node.value for each in named for node in ast.walk(each) if isinstance(node, ast.Constant)}
    return tuple(sorted(value for value in values if isinstance(value, str)))


def _items(given: dict[str, ast.expr], name: str, context: OptionContext) -> list[ast.expr]:
    node = given.get(name)
    if node is None:
        return []
    if not isinstance(node, ast.List | ast.Tuple):
        raise _error(context, node, f"@spec({name}=[...]) must be written as a list.")
    return node.elts


def _test_path(node: ast.expr, context: OptionContext) -> str:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        raise _error(context, node, "tests must be file names written as strings, relative to the project's root.")
    path = Path(node.value)
    if path.is_absolute() or ".." in path.parts or not (context.root / path).is_file():
        raise _error(context, node, f"tests names {node.value!r}, which is no file below the project's root.")
    return path.as_posix()


def _used_id(node: ast.expr, context: OptionContext) -> str:
    name = node.value if isinstance(node, ast.Constant) else dotted_name(node)
    if not isinstance(name, str):
        raise _error(context, node, 'uses must hold stubs\' names, as in uses=[rate] or uses=["rates.rate"].')
    found = context.resolve(name)
    if found is None:
        message = f"uses names {name!r}, which is neither a stub of this file nor one that another spec file could hold"
        raise _error(context, node, f'{message}; import it, or write "module.name".')
    return found


def _module_name(node: ast.expr, context: OptionContext) -> str:
    name = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(name, str) or not all(part.isidentifier() for part in name.split(".")):
        raise _error(context, node, 'imports must be modules written as strings, as in imports=["numpy"].')
    return name


def _text(node: ast.expr | None, name: str, context: OptionContext) -> str:
    if node is None:
        return ""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value):
        raise _error(context, node, f"{name} must be written as a string.")
    return node.value


def _share(node: ast.expr | None, context: OptionContext) -> float | None:
    if node is None:
        return None
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _error(context, node, "threshold must be written as a number from 0 to 1.")
    return float(value)


def _golden_files(node: ast.expr | None, context: OptionContext) -> tuple[str, ...]:
    return () if node is None else _data_files(node, context, "golden")


def _data_files(node: ast.expr, context: OptionContext, name: str = "depends") -> tuple[str, ...]:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        written = 'a glob written as a string, as in golden="data/*.jsonl"'
        if name == "depends":
            written = 'globs written as strings, as in depends=["data/*.json"]'
        raise _error(context, node, f"{name} must be {written}.")
    said = f"{name} names {node.value!r}"
    try:
        found = find_data(node.value, context.root, context.generated)
    except OSError as error:
        raise _error(context, node, f"{said}, but {error.filename} cannot be read: {error.strerror}.") from None
    if not found:
        raise _error(context, node, f"{said}, which fits no file below the project's root.")
    for path in found:
        if not is_inside(context.root, path):
            raise _error(context, node, f"{said}, but {path} leads out of the project.")
        if not path.isprintable():
            raise _error(context, node, f"{said}, but {path!a} cannot be written down; rename it.")
    return found


def _isolation(node: ast.expr | None, context: OptionContext) -> Isolation | None:
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return None
    if not (isinstance(node, ast.Constant) and node.value in _ISOLATIONS):
        raise _error(context, node, "isolation must be 'sealed' or 'jailed', written as a string.")
    return cast("Isolation", node.value)


def _error(context: OptionContext, node: ast.expr | ast.keyword, message: str) -> SpecLineError:
    return SpecLineError(context.relative, node.lineno, message)
