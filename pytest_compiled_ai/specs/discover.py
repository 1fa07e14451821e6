"""Find the spec files of a project and read them, without importing anything."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.specs.class_stub import build_class
from pytest_compiled_ai.specs.decoration import PACKAGE, decorated_nodes, spelling_in
from pytest_compiled_ai.specs.imports import bindings_of, plain_imports
from pytest_compiled_ai.specs.model import Discovery, Problem, SpecFile, SpecLineError, Stub
from pytest_compiled_ai.specs.options import OptionContext, read_options
from pytest_compiled_ai.specs.places import spec_paths, target_stem
from pytest_compiled_ai.specs.references import resolve_reference
from pytest_compiled_ai.specs.stub import build_stub
from pytest_compiled_ai.specs.syntax import Function, parse_source, read_source


def discover(config: Config) -> Discovery:
    """Return the project's spec files in configured order, and a problem for each file that cannot be one.

    A file without a stub is an ordinary module and is left out. One bad file does not hide the others.
    """
    files: list[SpecFile] = []
    problems: list[Problem] = []
    for path in spec_paths(config):
        relative = path.relative_to(config.root).as_posix()
        try:
            source = read_source(path, relative)
            # A file that does not name us holds no stub: its syntax is nobody's business here.
            file = _build(path, source, config) if PACKAGE in source else None
        except SpecLineError as error:
            problems.append(Problem(path=path, line=error.line, message=str(error)))
        else:
            files += [file] if file and file.stubs else []
    problems += _same_targets(files)
    problems += _unknown_uses(files, problems)
    bad = {problem.path for problem in problems}
    files = [file for file in files if file.path not in bad]
    return Discovery(files=tuple(files), problems=tuple(problems))


def read_spec_file(path: Path, config: Config) -> SpecFile:
    """Return one spec file's record; its `stubs` are empty where it is an ordinary module.

    The ids in `uses` are those that the names stand for; only `discover` knows whether those stubs exist.

    Raises:
        SpecLineError: the file, or a stub in it, is not one that can be compiled.
    """
    return _build(path, read_source(path, path.relative_to(config.root).as_posix()), config)


def _build(path: Path, source: str, config: Config) -> SpecFile:
    relative = path.relative_to(config.root).as_posix()
    tree = parse_source(source, relative)
    bindings = tuple(binding for node in plain_imports(tree) for binding in bindings_of(node))
    nodes = decorated_nodes(tree, spelling_in(bindings), relative)
    module = relative.removesuffix(".py").replace("/", ".")
    own = {node.name: f"{relative}::{node.name}" for node in nodes}
    resolve = functools.partial(resolve_reference, module=module, own=own, bindings=bindings, config=config)
    context = OptionContext(root=config.root, generated=config.generated_root, relative=relative, resolve=resolve)
    stem = target_stem(relative, config) if nodes else Path(relative).with_suffix("")
    return SpecFile(
        path=path,
        relative=relative,
        module=module,
        target=config.generated_root / stem.with_suffix(".py"),
        target_module=".".join((config.package, *stem.parts)),
        source=source,
        tree=tree,
        stubs=tuple(_build_one(node, source, context) for node in nodes),
    )


def _build_one(node: Function | ast.ClassDef, source: str, context: OptionContext) -> Stub:
    options = read_options(node.decorator_list[0], context)
    if isinstance(node, ast.ClassDef):
        return build_class(node, options, source, context.relative)
    return build_stub(node, options, source, context.relative)


def _same_targets(files: list[SpecFile]) -> Iterator[Problem]:
    first: dict[Path, SpecFile] = {}
    for file in files:
        other = first.setdefault(file.target, file)
        if other is not file:
            message = f"its artifact would be {file.target_module}, which is {other.relative}'s already; rename one."
            yield Problem(path=file.path, line=1, message=f"{file.relative}:1: {message}")


def _unknown_uses(files: list[SpecFile], problems: list[Problem]) -> Iterator[Problem]:
    known = {stub.id for file in files for stub in file.stubs}
    for file in files:
        for stub in file.stubs:
            for used in (used for used in stub.options.uses if used not in known):
                holder = used.partition("::")[0]
                broken = any(problem.message.startswith(f"{holder}:") for problem in problems)
                reason = f"{holder} has a problem of its own" if broken else f"{holder} holds no such stub"
                message = f"{file.relative}:{stub.line}: {stub.name} uses {used!r}: {reason}."
                yield Problem(path=file.path, line=stub.line, message=message)
