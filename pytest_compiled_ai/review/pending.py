"""The bodies that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pytest_compiled_ai.artifacts.approvals import read_approvals
from pytest_compiled_ai.artifacts.module import ArtifactModule, Section
from pytest_compiled_ai.artifacts.provenance import read_records, record_path
from pytest_compiled_ai.artifacts.staged import Staged, find_staged
from pytest_compiled_ai.compiler.approved import is_approved
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.compiler.staging import unstage
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.reports.segments import cut_body
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.order import compile_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One body to decide on, in `artifact`, and the text that it replaces.

    A `staged` one is in no file of the project yet, a `written` one is where it belongs and not approved. `problem`
    says why it cannot be accepted.
    """

    kind: Literal["staged", "written"]
    file: SpecFile
    stub: Stub
    standing: Standing
    artifact: ArtifactModule
    old: str
    record: Mapping[str, Any]
    problem: str = ""

    @property
    def id(self) -> str:
        """The spec's id."""
        return self.stub.id

    @property
    def section(self) -> Section:
        """The body with its stamp."""
        section = self.artifact.section(self.stub.name)
        assert section is not None
        return section

    @property
    def new(self) -> str:
        """The text of the body, with the imports and constants that it uses."""
        return cut_body(self.artifact, self.section)


class Found(NamedTuple):
    """What waits, and `gone`: the ids of specs that are no more, and have a staged body; `problems` are lines."""

    pending: tuple[Pending, ...]
    gone: tuple[str, ...]
    problems: tuple[str, ...]


def find_pending(project: Project) -> Found:
    """Return every staged body; where there is none, or a review is required, also those that nobody approved."""
    approvals = read_approvals(project.config.generated_root)
    found, damaged = find_staged(project.config.root)
    staged = {each.spec: each for each in found}
    pending: list[Pending] = []
    problems = [approvals.problem] if approvals.problem else []
    problems += [f"{path.relative_to(project.config.root)} is damaged; delete it and compile again" for path in damaged]
    problems += [problem.message for problem in project.problems]
    for file, stub in compile_order(project.files):
        try:
            if stub.id in staged:
                pending.append(pend_staged(project, file, stub, staged[stub.id]))
            elif (project.config.require_review or not staged) and not is_approved(project, file, stub, approvals):
                pending += _pend_written(project, file, stub)
        except SpecError as error:
            problems.append(f"{stub.id} cannot be reviewed: {error}")
    known = {stub.id for file in project.files for stub in file.stubs}
    unread = {problem.path.relative_to(project.config.root).as_posix() for problem in project.problems}
    gone = tuple(spec for spec in staged if spec not in known and spec.partition("::")[0] not in unread)
    return Found(tuple(pending), gone, tuple(problems))


def pend_staged(project: Project, file: SpecFile, stub: Stub, staged: Staged) -> Pending:
    """Return a staged body as it waits.

    Raises:
        SpecError: a project file that the spec depends on cannot be read.
    """
    standing, present = project.standing(file, stub), project.artifact(file)
    problem = ""
    try:
        unstage(project, file, stub, staged)
    except SpecError as error:
        problem = str(error)
    return Pending(
        kind="staged",
        file=file,
        stub=stub,
        standing=standing,
        artifact=staged.module,
        old=cut_body(present, present.section(stub.name)) if present else "",
        record=staged.record,
        problem=problem,
    )


def _pend_written(project: Project, file: SpecFile, stub: Stub) -> list[Pending]:
    standing, artifact = project.standing(file, stub), project.artifact(file)
    if artifact is None or standing.state != "fresh":
        return []
    record = read_records(record_path(file.target)).get(stub.name, {})
    return [Pending(kind="written", file=file, stub=stub, standing=standing, artifact=artifact, old="", record=record)]
