"""The finder that serves `generated.<module>` for every spec file, with or without an artifact. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_compiled_ai import layout
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.placeholder import StubNode, make_placeholder, read_class_nodes, read_stub_nodes

if TYPE_CHECKING:
    # With what these two import, the start of every command would take half as long again.
    from importlib.abc import Loader

Fail = Callable[[str], NoReturn]
_NO_PROXIES: Mapping[str, Loader] = types.MappingProxyType({})


class Finder:
    """Stands first in `sys.meta_path` for one project's generated package.

    With `forwarding`, what is imported before the first `refresh` is served as placeholders that look up the artifact
    at each call, so that a conftest which imported a function before a compile runs the new body after it. `proxies`
    make some modules in another way.
    """

    def __init__(
        self, config: Config, *, fail: Fail, forwarding: bool = False, proxies: Mapping[str, Loader] = _NO_PROXIES
    ) -> None:
        self.config = config
        self.fail = fail
        self._forwarding = forwarding
        self._proxies = proxies
        self._artifacts: dict[str, types.ModuleType] = {}
        self._targets: dict[Path, str | None] = {}
        self._bases = [base for entry in config.specs if (base := layout.spec_base(entry)).parts]
        # Every import of the process is asked about, so most are turned away by their first name.
        self._tops = {config.package.partition(".")[0], *(base.parts[0] for base in self._bases)}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Claim the generated package's folders, each module that a spec file stands behind, and the spec folders.

        The last since another distribution may have a top-level `specs`, too, and it would win over a plain folder.
        """
        if fullname.partition(".")[0] not in self._tops:
            return None
        package = self.config.package
        if self._is_spec_folder(fullname):
            return _folder_spec(fullname, self.config.root.joinpath(*fullname.split(".")))
        if fullname != package and not fullname.startswith(package + "."):
            return None
        if fullname != package and layout.spec_path(self.config, fullname):
            return self._module(fullname)
        return self._package(fullname)

    def target_of(self, path: Path) -> str | None:
        """Return the import name of a spec file's artifact, None where the file is none; every stub asks for it."""
        if path not in self._targets:
            self._targets[path] = layout.target_module(self.config, path)
        return self._targets[path]

    def load(self, module: str) -> types.ModuleType:
        """Import a generated module through this finder, whether it is installed or not."""
        if self in sys.meta_path:
            return importlib.import_module(module)
        return self._artifact(module) or _PlaceholderLoader(self).fill(types.ModuleType(module))

    def placeholder(self, module: types.ModuleType, name: str) -> Any:
        """Serve as a module's `__getattr__`: a placeholder for each stub that has no function in it."""
        path = layout.spec_path(self.config, module.__name__)
        nodes: dict[str, StubNode | ast.ClassDef] = {**read_stub_nodes(path), **read_class_nodes(path)} if path else {}
        if path and name not in nodes and not name.startswith("__"):
            nodes |= self._around(path)
        if name == "__all__":
            return sorted(nodes)
        if path is None or name not in nodes:
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        where = f"{path.relative_to(self.config.root).as_posix()}:{nodes[name].lineno}"
        resolve = functools.partial(self._resolve, module.__name__, name, where)
        module.__dict__[name] = self._stand_in(module.__name__, nodes[name], resolve)
        return module.__dict__[name]

    def _around(self, path: Path) -> dict[str, StubNode | ast.ClassDef]:
        """Return what scaffolds define beside the stubs of a spec file."""
        stubs = [node for node in read_stub_nodes(path).values() if _has_template(node)]
        if not stubs:
            return {}
        from pytest_compiled_ai.templates.scaffold import scaffold_nodes

        return scaffold_nodes(stubs)

    def refresh(self) -> None:
        """Read the artifacts anew at the next call: files have changed."""
        self._forwarding = False
        self._artifacts.clear()
        importlib.invalidate_caches()

    def forget(self) -> None:
        """Drop the generated package from the import system's table."""
        package = self.config.package
        for name in [name for name in sys.modules if name == package or name.startswith(package + ".")]:
            del sys.modules[name]

    def _module(self, fullname: str) -> ModuleSpec | None:
        artifact = layout.target_path(self.config, fullname)
        if fullname in self._proxies:
            return ModuleSpec(fullname, self._proxies[fullname], origin=str(artifact))
        if self._forwarding or not artifact.is_file():
            loader: Any = _PlaceholderLoader(self)
            return ModuleSpec(fullname, loader, origin=str(artifact))
        return importlib.util.spec_from_file_location(
            fullname, artifact, loader=_ArtifactLoader(self, fullname, artifact)
        )

    def _package(self, fullname: str) -> ModuleSpec | None:
        tail = fullname.split(".")[len(self.config.package.split(".")) :]
        folder = self.config.generated_root.joinpath(*tail)
        bases = (self.config.root.joinpath(layout.spec_base(entry), *tail) for entry in self.config.specs)
        if (folder / "__init__.py").is_file() and str(self.config.import_root) in sys.path:
            return None
        if not folder.is_dir() and not any(base.is_dir() for base in bases):
            return None
        return _folder_spec(fullname, folder)

    def _is_spec_folder(self, fullname: str) -> bool:
        path = PurePosixPath(*fullname.split("."))
        inside = any(path.is_relative_to(base) or base.is_relative_to(path) for base in self._bases)
        return inside and self.config.root.joinpath(path).is_dir()

    def _stand_in(self, module: str, node: StubNode | ast.ClassDef, resolve: Callable[[], Any]) -> Any:
        if not isinstance(node, ast.ClassDef):
            return make_placeholder(module, node, resolve)
        from pytest_compiled_ai.class_placeholder import make_class_placeholder

        find = functools.partial(self._find, module, node.name)
        return make_class_placeholder(node.name, module, ast.get_docstring(node), find, resolve, self.fail)

    def _find(self, module: str, name: str) -> Any:
        return getattr(self._artifact(module), name, None)

    def _resolve(self, module: str, name: str, where: str) -> Callable[..., Any]:
        found = self._find(module, name)
        if found is None:
            self.fail(f"compiled-ai: {module}.{name} ({where}) is not compiled; run `pytest --compile-ai`.")
        return found  # type: ignore[no-any-return]

    def _artifact(self, module: str) -> types.ModuleType | None:
        """Return the artifact as its file is now, under no name in `sys.modules`."""
        path = layout.target_path(self.config, module)
        if module not in self._artifacts and path.is_file():
            self._artifacts[module] = _load_aside(module, path)
        return self._artifacts.get(module)


def _has_template(node: StubNode) -> bool:
    return any(word.arg == "template" for call in node.decorator_list for word in getattr(call, "keywords", ()))


def _load_aside(name: str, path: Path) -> types.ModuleType:
    loaded = types.ModuleType(name)
    # A dataclass looks its own module up while it is made.
    is_alone = sys.modules.setdefault(name, loaded) is loaded
    try:
        SourceFileLoader(name, str(path)).exec_module(loaded)
    finally:
        if is_alone:
            del sys.modules[name]
    return loaded


def _folder_spec(fullname: str, folder: Path) -> ModuleSpec | None:
    if (folder / "__init__.py").is_file():
        locations = [str(folder)]
        return importlib.util.spec_from_file_location(
            fullname, folder / "__init__.py", submodule_search_locations=locations
        )
    found = ModuleSpec(fullname, None, is_package=True)
    found.submodule_search_locations = [str(folder)]
    return found


class _ArtifactLoader(SourceFileLoader):
    """Loads an artifact as any import would, and adds placeholders for stubs that it lacks."""

    def __init__(self, finder: Finder, fullname: str, path: Any) -> None:
        super().__init__(fullname, str(path))
        self._finder = finder

    def exec_module(self, module: types.ModuleType) -> None:
        super().exec_module(module)
        module.__dict__["__getattr__"] = functools.partial(self._finder.placeholder, module)


class _PlaceholderLoader:
    """Makes a module that holds placeholders alone."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: types.ModuleType) -> None:
        self.fill(module)

    def fill(self, module: types.ModuleType) -> types.ModuleType:
        module.__dict__["__getattr__"] = functools.partial(self._finder.placeholder, module)
        return module
