"""Putting approved bodies aside for a review, in the place of writing them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from pytest_compiled_ai.artifacts.module import ArtifactModule, names_needed, render_module
from pytest_compiled_ai.artifacts.provenance import Record
from pytest_compiled_ai.artifacts.staged import Staged, read_staged, write_staged
from pytest_compiled_ai.compiler.approval import keep_body
from pytest_compiled_ai.compiler.approved import hash_present, is_rewritten
from pytest_compiled_ai.compiler.assembly import assemble, read_body
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.model import SpecFile, Stub


class Staging:
    """Keeps bodies as `Keep` says, each where it waits; `specs` are the ids of those that do.

    A body that stays what it was under a changed spec is written at once: there is nothing to review.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self.specs: set[str] = set()

    def __call__(
        self, config: Config, file: SpecFile, stub: Stub, module: ArtifactModule, record: Record | dict[str, object]
    ) -> None:
        """Stage the body that `module` has for a stub, or write it where it is the one that stands.

        Raises:
            ConfigError: a file cannot be written.
        """
        if not is_rewritten(self._project, file, stub, module):
            keep_body(config, file, stub, module, record)
            return
        write_staged(config.root, stage(self._project, file, stub, module, record))
        self.specs.add(stub.id)

    def holds(self, file: SpecFile, stub: Stub, standing: Standing) -> bool:
        """Return whether a body for the spec as it is now waits already."""
        staged = read_staged(self._project.config.root, stub.id)
        if staged is None or explain_outdated(self._project, file, stub, standing, staged):
            return False
        self.specs.add(stub.id)
        return True

    def check_uses(self, stub: Stub) -> None:
        """Make sure that a spec uses none whose body waits.

        Raises:
            SpecError: it does.
        """
        if waiting := sorted(self.specs.intersection(stub.options.uses)):
            raise SpecError(
                f"it uses {waiting[0]}, whose body waits for a review; run `compiled-ai review`, then compile again."
            )


def stage(
    project: Project, file: SpecFile, stub: Stub, module: ArtifactModule, record: Record | dict[str, object]
) -> Staged:
    """Return the body that `module` has for a stub as it waits, with what it would replace."""
    section = module.section(stub.name)
    assert section is not None
    used = names_needed(section.node, module.constants)
    alone = replace(module, sections=(section,))
    alone = replace(alone, imports=tuple(item for item in module.imports if item.bound in used))
    constants = {name: text for name, text in module.constants.items() if name in used}
    plain = asdict(record) if isinstance(record, Record) else record
    return Staged(
        spec=stub.id,
        replaces=hash_present(project, file, stub),
        artifact=render_module(replace(alone, constants=constants)),
        # As it will be read back: lists, no tuples.
        record=json.loads(json.dumps(plain)),
    )


def explain_outdated(project: Project, file: SpecFile, stub: Stub, standing: Standing, staged: Staged) -> str:
    """Return why a staged body cannot be taken any more, or ""."""
    if staged.section.digest != standing.digest.value:
        return "its spec changed since it was staged"
    if staged.replaces != hash_present(project, file, stub):
        return "the body in its place changed since it was staged"
    return ""


def unstage(project: Project, file: SpecFile, stub: Stub, staged: Staged) -> ArtifactModule:
    """Return the artifact with a staged body in it, to the letter the one that passed the gates.

    Raises:
        SpecError: it cannot be put there any more.
    """
    why = explain_outdated(project, file, stub, project.standing(file, stub), staged)
    subject = project.subject(file, stub)
    body = read_body(staged.module, subject)
    if not why and body is not None:
        artifact = project.artifact(file) or project.blank(file)
        module = assemble(artifact, subject, body, staged.section.digest)
        section = module.section(stub.name)
        if section is not None and section.body_hash == staged.section.body_hash == staged.record.get("body_hash"):
            return module
    why = why or "what its spec or its artifact has around it changed since it was staged"
    raise SpecError(f"{stub.id}: {why}; run `pytest --compile-ai --compile-ai-review` again.")
