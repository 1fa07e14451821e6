"""Accepting and rejecting: under the project's lock, and only what is still what a person looked at."""

from __future__ import annotations

from collections.abc import Callable

from pytest_compiled_ai.artifacts.approvals import approvals_path, read_approvals, render_approvals
from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.artifacts.plan import apply_changes, plan_change
from pytest_compiled_ai.artifacts.staged import drop_staged, read_staged
from pytest_compiled_ai.compiler.approval import keep_body
from pytest_compiled_ai.compiler.approved import hash_written
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.staging import unstage
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.review.pending import Pending
from pytest_compiled_ai.specs.model import SpecFile, Stub


def accept(settings: Config, seen: Pending, on_wait: Callable[[], None]) -> None:
    """Approve a body, and write it where it only waits.

    Raises:
        SpecError: it is not what was looked at any more, or does not fit its spec.
        ConfigError: a file cannot be written.
    """
    with hold_lock(settings.root, on_wait):
        project = Project(settings)
        file, stub = project.find(seen.id)
        if seen.kind == "written":
            _approve(project, stub, _check_written(project, file, stub, seen))
            return
        staged = read_staged(settings.root, seen.id)
        if staged is None or staged.section.body_hash != seen.section.body_hash:
            raise SpecError(f"{seen.id}: another body waits by now, or none; run `compiled-ai review` again.")
        module = unstage(project, file, stub, staged)
        # The approval first: after a crash between the two the body still waits, and may be accepted again.
        _approve(project, stub, module)
        keep_body(settings, file, stub, module, dict(staged.record))


def reject(settings: Config, spec: str, on_wait: Callable[[], None]) -> None:
    """Forget a staged body; the project's files stay as they are.

    Raises:
        ConfigError: the lock cannot be had.
    """
    with hold_lock(settings.root, on_wait):
        drop_staged(settings.root, spec)


def wait_for_compile() -> None:
    """Say why nothing happens."""
    print("compiled-ai: waiting: a compile is running", flush=True)


def _check_written(project: Project, file: SpecFile, stub: Stub, seen: Pending) -> ArtifactModule:
    artifact = project.artifact(file)
    section = artifact.section(stub.name) if artifact else None
    is_seen = section is not None and section.text == seen.section.text
    if artifact is None or not is_seen or project.standing(file, stub).state != "fresh":
        raise SpecError(f"{stub.id}: its body or its spec changed meanwhile; run `compiled-ai review` again.")
    return artifact


def _approve(project: Project, stub: Stub, module: ArtifactModule) -> None:
    generated = project.config.generated_root
    approvals = read_approvals(generated)
    if approvals.problem:
        raise SpecError(f"{stub.id} cannot be approved: {approvals.problem}.")
    section = module.section(stub.name)
    assert section is not None
    known = {other.id for file in project.files for other in file.stubs}
    # Of a file that cannot be read nobody knows which of its specs are gone.
    unread = {problem.path.relative_to(project.config.root).as_posix() for problem in project.problems}
    kept = {s: body for s, body in approvals.bodies.items() if s in known or s.partition("::")[0] in unread}
    text = render_approvals({**kept, stub.id: hash_written(module, section)})
    apply_changes([plan_change(approvals_path(generated), text)])
