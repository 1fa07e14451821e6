"""Which tests go with a module: those of its name, those that import it, or those of the modules that do."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

PACKAGE = "pytest_compiled_ai"
MEASURED = ("gates", "policies", "sandbox")
"""Folders whose own tests suffice; those of the rest of the package take minutes and look at other things."""
FURTHER: Mapping[str, tuple[str, ...]] = {
    "gates/execution": ("test_execution_gate", "test_untold"),
    "gates/base": ("test_gate_base", "test_class_assembly", "test_class_reply"),
    "gates/mypy_loop": ("test_mypy_process", "test_types"),
    "gates/spans": ("test_class_assembly",),
    "sandbox/codec/kinds": ("test_codec_values", "test_codec_fuzz"),
    "sandbox/codec/scalars": ("test_codec_values", "test_codec_fuzz"),
    "sandbox/codec/times": ("test_codec_values", "test_codec_fuzz"),
    "sandbox/jail/entry": ("test_jail_process", "test_hostile"),
    "sandbox/jail/probe": ("test_tier", "test_hostile"),
    "sandbox/kernel/filter": ("test_seccomp", "test_sealed_hostile", "test_hostile"),
    "sandbox/kernel/landlock": ("test_landlock", "test_hostile"),
    "sandbox/kernel/namespaces": ("test_namespaces", "test_hostile"),
    "sandbox/kernel/oracle_filter": ("test_oracle_filter", "test_oracle"),
    "sandbox/kernel/privileges": ("test_hostile", "test_sealed_hostile"),
    "sandbox/kernel/rights": ("test_landlock", "test_hostile"),
    "sandbox/kernel/rlimits": ("test_hostile", "test_sealed_hostile"),
    "sandbox/kernel/sealed_filter": ("test_seccomp", "test_sealed_hostile"),
    "sandbox/kernel/sealing": ("test_sealed_tier", "test_sealed_hostile"),
    "sandbox/kernel/seccomp": ("test_seccomp", "test_hostile", "test_sealed_hostile"),
    "sandbox/oracle/child": ("test_oracle",),
    "sandbox/oracle/loop": ("test_oracle",),
    "sandbox/oracle/report": ("test_oracle",),
    "sandbox/oracle/warming": ("test_oracle",),
    "sandbox/suite/reporter": ("test_suite_run", "test_hostile"),
    "sandbox/worker/answering": ("test_worker", "test_sealed_hostile"),
    "sandbox/worker/child": ("test_worker", "test_sealed_hostile"),
    "sandbox/worker/probe": ("test_sealed_tier",),
    "sandbox/worker/tier": ("test_sealed_tier",),
    "sandbox/worker/zygote_child": ("test_zygote", "test_sealed_hostile"),
    "sandbox/worker/zygote_server": ("test_zygote", "test_sealed_hostile"),
}
"""Tests of what runs in a child process, or is told from its neighbours by them alone; no test imports it."""


class Mirrors:
    """The tests of a checkout, by the modules that they are about.

    Args:
        root: the folder that holds the package and `tests`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tests = [path for name in MEASURED for path in sorted((root / "tests" / name).rglob("test_*.py"))]

    def find(self, module: Path) -> list[str]:
        """Return the tests of a module as paths relative to the root, those of its name first."""
        name = module.relative_to(self._root / PACKAGE).with_suffix("").as_posix()
        folder = self._root / "tests" / Path(name).parent
        named = [path for path in self._tests if path.parent == folder and path.stem in _names_for(module)]
        wanted = [path for stem in FURTHER.get(name, ()) for path in (self._root / "tests").rglob(f"{stem}.py")]
        found = [*named, *wanted] or self._importing(f"{PACKAGE}.{name.replace('/', '.')}")
        return [path.relative_to(self._root).as_posix() for path in dict.fromkeys(found)]

    def _importing(self, module: str) -> list[Path]:
        """Return the tests that import a module, or that import what imports it, and so on to the first that are."""
        modules, seen = {module}, {module}
        while modules:
            if found := [path for path in self._tests if modules & self._imports[path]]:
                return found
            users = {_dotted(path, self._root) for path in self._sources if modules & self._imports[path]}
            modules, seen = users - seen, seen | users
        return []

    @cached_property
    def _sources(self) -> list[Path]:
        return sorted((self._root / PACKAGE).rglob("*.py"))

    @cached_property
    def _imports(self) -> Mapping[Path, frozenset[str]]:
        found = {path: frozenset(_imports_of(path)) for path in (*self._tests, *self._sources)}
        return defaultdict(frozenset, found)


def _names_for(module: Path) -> set[str]:
    return {f"test_{module.stem}", f"test_{module.stem}_gate", f"test_{module.parent.name}_{module.stem}"}


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
