"""Which body a person approved: the hash that an approval names, and whether it is that of the body that stands."""

from __future__ import annotations

import ast
import copy

from pytest_compiled_ai.artifacts.approvals import Approvals, read_approvals
from pytest_compiled_ai.artifacts.module import ArtifactModule, Definition, Section
from pytest_compiled_ai.compiler.body import methods_in
from pytest_compiled_ai.compiler.project import Project, hash_definition, hash_section
from pytest_compiled_ai.specs.canonical import hash_of
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.syntax import Function

NOT_APPROVED = "not approved; run `compiled-ai review`"


def hash_written(artifact: ArtifactModule, section: Section) -> str:
    """Return the hash of a body: its statements, with the imports and constants that they use.

    What the spec says of it, signature, decorators and docstring, is left out: it is reviewed there, and a body that
    stays as it is under a changed docstring stays approved.
    """
    return hash_definition(artifact, _bare(section.node))


def hash_present(project: Project, file: SpecFile, stub: Stub) -> str:
    """Return the hash of what stands where a stub's body would be written, "" where nothing does."""
    artifact = project.artifact(file)
    if artifact is None:
        return hash_of(file.target.read_bytes()) if file.target.is_file() else ""
    section = artifact.section(stub.name)
    return hash_section(artifact, section) if section else ""


def is_approved(project: Project, file: SpecFile, stub: Stub, approvals: Approvals) -> bool:
    """Return whether the body that stands in the artifact is the one that was approved."""
    artifact = project.artifact(file)
    section = artifact.section(stub.name) if artifact else None
    if artifact is None or section is None:
        return False
    return approvals.bodies.get(stub.id) == hash_written(artifact, section)


def find_unapproved(project: Project) -> frozenset[str]:
    """Return the ids of the specs whose body nobody approved, where the project requires a review; else none."""
    if not project.config.require_review:
        return frozenset()
    approvals = read_approvals(project.config.generated_root)
    stubs = [(file, stub) for file in project.files for stub in file.stubs]
    return frozenset(stub.id for file, stub in stubs if not is_approved(project, file, stub, approvals))


def is_rewritten(project: Project, file: SpecFile, stub: Stub, module: ArtifactModule) -> bool:
    """Return whether `module` has another body for a stub than the artifact, under whatever header."""
    artifact = project.artifact(file)
    old, new = (each.section(stub.name) if each else None for each in (artifact, module))
    assert new is not None
    return artifact is None or old is None or hash_written(artifact, old) != hash_written(module, new)


def _bare(node: Definition) -> Definition:
    bare = copy.copy(node)
    for name in ("decorator_list", "type_params"):
        setattr(bare, name, [])
    if isinstance(bare, ast.ClassDef):
        bare.bases, bare.keywords = [], []
        bare.body = [_bare(method) for method in methods_in(bare).values()]
        return bare
    assert isinstance(bare, Function)
    bare.args = ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], defaults=[])
    bare.returns = None
    bare.body = bare.body[1:] if ast.get_docstring(bare) is not None else bare.body
    return bare
