"""Projects whose bodies count as compiled, made without a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from pytest_compiled_ai.artifacts.exact import read_exact
from pytest_compiled_ai.artifacts.provenance import read_records, record_path, render_records
from pytest_compiled_ai.artifacts.stamping import restamp
from pytest_compiled_ai.compiler.project import Project, hash_section
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.testing import write_project

SETTINGS = """
    [project]
    name = "example"
    version = "0"
    requires-python = ">=3.11"

    [tool.compiled-ai]
    specs = ["specs"]

    [tool.pytest.ini_options]
    pythonpath = ["src"]
"""
HEADER = (
    "# Compiled from specs/{name}.py by pytest-compiled-ai.\n"
    "# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.\n"
)


def write_compiled(root: Path, files: Mapping[str, str], bodies: Mapping[str, str]) -> Path:
    """Write a project, and each of the artifacts `bodies` (`numbers` -> the code below its header) with stamps."""
    write_project(root, {"pyproject.toml": SETTINGS, **files})
    for name, code in bodies.items():
        write_artifact(root, name, code)
    return root


def write_artifact(root: Path, name: str, code: str) -> Path:
    """Write an artifact as a compile would: every definition that a spec stands behind is stamped and recorded."""
    path = root / "src" / "generated" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").write_text(
        '"""Compiled from specs; see the header of each module."""\n', encoding="utf-8"
    )
    path.write_text(HEADER.format(name=name) + dedent(code), encoding="utf-8")
    stamp_all(root)
    return path


def stamp_all(root: Path) -> None:
    """Stamp and record each body that a spec stands behind, as it is."""
    project = Project(load_config(root))
    for file, stub in ((each, stub) for each in project.files for stub in each.stubs):
        artifact, path = project.artifact(file), file.target
        section = artifact.section(stub.name) if artifact else None
        if artifact and section:
            digest, found = project.standing(file, stub).digest, hash_section(artifact, section)
            text = restamp(read_exact(path), replace(section, digest=digest.value, body_hash=found))
            records = read_records(record_path(path))
            records[stub.name] = {"digest": digest.value, "body_hash": found, "inputs": digest.parts, "gates": []}
            path.write_text(text, encoding="utf-8")
            record_path(path).write_text(render_records(records), encoding="utf-8")


def states(root: Path) -> dict[str, str]:
    project = Project(load_config(root))
    return {stub.name: project.standing(file, stub).state for file in project.files for stub in file.stubs}


def tree(root: Path) -> dict[str, bytes]:
    """Return all files but bytecode and the state folder."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    named = {path.relative_to(root).as_posix(): path for path in found}
    hidden = (".compiled-ai/", ".git/", ".pytest_cache/", ".hypothesis/")
    return {n: p.read_bytes() for n, p in named.items() if not n.startswith(hidden) and "__pycache__" not in n}
