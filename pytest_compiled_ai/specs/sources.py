"""The project's files, found by the names under which code imports them, each parsed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.pyproject import parse_toml
from pytest_compiled_ai.specs.definitions import Definition, Module, split_module
from pytest_compiled_ai.specs.imports import Binding
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.specs.syntax import parse_source, read_source


class Place(NamedTuple):
    """Where an import leads: a file, a package's folder (where its submodules lie), or both."""

    module: Module | None
    folder: Path | None


class Sources:
    """A cache of parsed project files.

    A dotted name is looked up below pytest's `pythonpath`, the project's root, `src/`, and the folders that pytest puts
    on `sys.path` for the files of `@spec(tests=...)`. A module of the generated package is the spec file whose artifact
    it is, whether or not that artifact exists. Anything else is no project file: the standard library, third parties.
    Nothing is imported.
    """

    def __init__(self, config: Config, files: Iterable[SpecFile]) -> None:
        self.root = config.root
        self._generated = config.generated_root
        self._specs = {file.path: file for file in files}
        self._targets = {file.target: file for file in self._specs.values()}
        inside = (folder for target in self._targets for folder in target.parents)
        self._folders = {self._generated, *(folder for folder in inside if self._is_generated(folder))}
        self._roots = _search_roots(config, self._specs.values())
        self._modules: dict[Path, Module] = {}
        self._children: dict[tuple[Path, str], Place | None] = {}

    @property
    def specs(self) -> tuple[SpecFile, ...]:
        """The spec files, whose artifacts stand for the generated package's modules."""
        return tuple(self._specs.values())

    def file(self, path: Path) -> Module:
        """Return one project file as its definitions.

        Raises:
            SpecLineError: it cannot be read or parsed.
        """
        if path not in self._modules:
            relative = path.relative_to(self.root).as_posix()
            spec = self._specs.get(path)
            tree = spec.tree if spec else parse_source(read_source(path, relative), relative)
            self._modules[path] = split_module(path, relative, tree, spec.stubs if spec else ())
        return self._modules[path]

    def follow(self, binding: Binding, attributes: tuple[str, ...], module: Module) -> tuple[Definition, ...]:
        """Return the project's definitions behind a name that `module` imports, with the attributes read from it.

        Re-exports are followed. A module that is used as a value stands for everything in it. Empty where the import
        leads outside the project.

        Raises:
            SpecLineError: a project file on the way cannot be parsed.
        """
        return tuple(dict.fromkeys(self._follow(binding, attributes, module, frozenset())))

    def find(self, name: str) -> Place | None:
        """Return the place of an absolute dotted name, None outside the project."""
        found = [place for root in self._roots if (place := self._below(Place(module=None, folder=root), name))]
        return next((place for place in found if place.module), found[0] if found else None)

    def looked_at(self) -> frozenset[Path]:
        """Return every path whose file, folder or absence decided what was read so far."""
        folders = {folder for path in self._modules for folder in path.parents if folder.is_relative_to(self.root)}
        found = {folder / name for folder in folders for name in ("conftest.py", "__init__.py")}
        for folder, name in self._children:
            found |= {folder / name, folder / f"{name}.py", folder / name / "__init__.py"}
        return frozenset({self.root / "pyproject.toml", *self._modules, *found})

    def _follow(
        self, binding: Binding, attributes: tuple[str, ...], module: Module, seen: frozenset[Binding]
    ) -> Iterator[Definition]:
        if binding in seen:
            return
        if not binding.name:
            place = self.find(binding.module if binding.alias else binding.bound)
        elif binding.level:
            place = self._below(self._package(module, binding.level), binding.module)
        else:
            place = self.find(binding.module)
        inside = (binding.name, *attributes) if binding.name not in {"", "*"} else attributes
        yield from self._descend(place, inside, seen | {binding})

    def _descend(
        self, place: Place | None, attributes: tuple[str, ...], seen: frozenset[Binding]
    ) -> Iterator[Definition]:
        module = place.module if place else None
        if not attributes:
            yield from module.definitions.values() if module else ()
            return
        head, rest = attributes[0], attributes[1:]
        if module and head in module.definitions:
            yield module.definitions[head]
            return
        found = (
            [item for b in module.bindings.get(head, ()) for item in self._follow(b, rest, module, seen)]
            if module
            else []
        )
        if not found and (child := self._child(place, head)):
            found = list(self._descend(child, rest, seen))
        if not found and module:
            found = [item for b in module.bindings.get("*", ()) for item in self._follow(b, attributes, module, seen)]
        yield from found

    def _package(self, module: Module, level: int) -> Place | None:
        """Return the package that a relative import with `level` dots starts from."""
        folder = [*module.path.parents][level - 1] if level <= len(module.path.parents) else self.root.parent
        if not folder.is_relative_to(self.root):
            return None
        start = folder / "__init__.py"
        return Place(module=self.file(start) if start.is_file() else None, folder=folder)

    def _below(self, place: Place | None, name: str) -> Place | None:
        for part in name.split(".") if name else ():
            place = self._child(place, part)
        return place

    def _child(self, place: Place | None, name: str) -> Place | None:
        if place is None or place.folder is None:
            return None
        key = (place.folder, name)
        if key not in self._children:
            self._children[key] = self._look(*key)
        return self._children[key]

    def _look(self, folder: Path, name: str) -> Place | None:
        package, file = folder / name, folder / f"{name}.py"
        if self._is_generated(package):
            spec = self._targets.get(file)
            inner = package if package in self._folders else None
            return Place(module=self.file(spec.path) if spec else None, folder=inner) if spec or inner else None
        start = package / "__init__.py"
        if start.is_file():
            return Place(module=self.file(start), folder=package)
        if file.is_file():
            return Place(module=self.file(file), folder=None)
        return Place(module=None, folder=package) if package.is_dir() or package in self._generated.parents else None

    def _is_generated(self, path: Path) -> bool:
        return path.is_relative_to(self._generated)


def _search_roots(config: Config, files: Iterable[SpecFile]) -> tuple[Path, ...]:
    """Return the folders that pytest's runs of this project have on `sys.path`, the project's own ones."""
    configured = [config.root / entry for entry in _pythonpath(config.root)]
    tests = sorted({config.root / path for file in files for stub in file.stubs for path in stub.options.tests})
    folders = [
        *configured,
        config.root,
        config.root / "src",
        config.import_root,
        *(_top_folder(path) for path in tests),
    ]
    return tuple(folder for folder in dict.fromkeys(folders) if folder.is_relative_to(config.root))


def _top_folder(path: Path) -> Path:
    """Return the folder that pytest's default import mode puts on `sys.path` for a test file."""
    return next(folder for folder in path.parents if not (folder / "__init__.py").is_file())


def _pythonpath(root: Path) -> list[str]:
    path = root / "pyproject.toml"
    if not path.is_file():
        return []
    table = parse_toml(path.read_text(encoding="utf-8")).get("tool", {}).get("pytest", {})
    entries = table.get("ini_options", table).get("pythonpath", [])
    return entries.split() if isinstance(entries, str) else [str(entry) for entry in entries]
