"""The specs of a project between a base and the working tree: what changed in each, and what judged it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pytest_compiled_ai.artifacts.header import spec_in_header
from pytest_compiled_ai.checking import explain_standing
from pytest_compiled_ai.compiler.approved import find_unapproved
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.reports.changes import ChangeReport, Edit, Kind, SpecChange
from pytest_compiled_ai.reports.compiled import Compiled, read_compiled, read_module
from pytest_compiled_ai.reports.findings import find_in, find_stray
from pytest_compiled_ai.reports.model import SpecResult
from pytest_compiled_ai.reports.origin import read_origin
from pytest_compiled_ai.reports.segments import cut_body, cut_segment, edit_inputs, line_of
from pytest_compiled_ai.reports.trees import Snapshot, Tree
from pytest_compiled_ai.specs.model import SpecFile, Stub

_NO_RESULTS: Mapping[str, SpecResult] = {}


def compare_trees(
    project: Project,
    base: Tree | None,
    *,
    notice: str = "",
    prefix: str = "",
    results: Mapping[str, SpecResult] = _NO_RESULTS,
) -> ChangeReport:
    """Return what a reviewer should look at.

    Args:
        project: the working tree.
        base: what it is compared with; without one every spec is listed.
        notice: why there is none, or what else to say above it all.
        prefix: the project's folder below the top of its repository.
        results: what the reported run did, by the specs' ids.
    """
    unapproved = find_unapproved(project)
    found = [_compare_one(project, file, stub, base) for file in project.files for stub in file.stubs]
    specs = [replace(spec, result=results.get(spec.id), is_unapproved=spec.id in unapproved) for spec in found]
    others = (finding for spec in specs if not spec.is_shown for finding in find_in(spec) if finding.level == "error")
    gone = list(_find_removed(project, base)) if base else []
    return ChangeReport(
        project=project.config.root.name,
        base=base.label if base else "",
        notice=notice,
        prefix=prefix,
        states=Counter(spec.state or "unreadable" for spec in specs),
        specs=tuple(spec for spec in [*specs, *gone] if spec.is_shown),
        stray=(*find_stray(project), *others),
    )


def _compare_one(project: Project, file: SpecFile, stub: Stub, base: Tree | None) -> SpecChange:
    now, target = Snapshot(root=project.config.root), file.target.relative_to(project.config.root).as_posix()
    before = read_compiled(base, target, stub.name) if base else Compiled()
    present = read_compiled(now, target, stub.name)
    standing = _stand(project, file, stub)
    inputs, edits = _compare_inputs(stub, standing, before.inputs, base, now)
    return SpecChange(
        id=stub.id,
        kind=_kind(stub, base, before, present, is_edited=bool(inputs or edits)),
        state=standing.state if isinstance(standing, Standing) else None,
        path=file.relative,
        line=stub.line,
        artifact=target,
        body_line=line_of(now.read(target) or "", stub.name),
        inputs=inputs,
        edits=edits,
        body=Edit(title=target, old=before.body, new=present.body),
        origin=read_origin(present.record, present.section, project.config),
        message=_explain(standing),
    )


def _stand(project: Project, file: SpecFile, stub: Stub) -> Standing | SpecError:
    try:
        return project.standing(file, stub)
    except SpecError as error:
        return error


def _explain(standing: Standing | SpecError) -> str:
    if isinstance(standing, SpecError):
        return str(standing)
    return "" if standing.state == "fresh" else explain_standing(standing)


def _compare_inputs(
    stub: Stub, standing: Standing | SpecError, known: Mapping[str, str] | None, base: Tree | None, now: Tree
) -> tuple[tuple[str, ...], tuple[Edit, ...]]:
    """Return which inputs changed since the base's body was made, and the texts behind them."""
    if base is None or isinstance(standing, SpecError):
        return (), ()
    parts = standing.digest.parts
    if known is None:
        # No body was made for the base's spec: all that its inputs say differently may be what changed.
        return (), tuple(edit_inputs(stub.id, parts, base, now))
    changed = sorted(name for name in {*known, *parts} if known.get(name) != parts.get(name))
    return tuple(changed), tuple(edit_inputs(stub.id, changed, base, now))


def _kind(stub: Stub, base: Tree | None, before: Compiled, present: Compiled, *, is_edited: bool) -> Kind:
    if base is None:
        return "listed"
    path, _, name = stub.id.partition("::")
    if before.section is None and not cut_segment(base.read(path) or "", name):
        return "added"
    same = before.body == present.body and before.record == present.record
    return "unchanged" if same and not is_edited else "changed"


def _find_removed(project: Project, base: Tree) -> Iterator[SpecChange]:
    root = project.config.root
    living = {(file.target.relative_to(root).as_posix(), stub.name) for file in project.files for stub in file.stubs}
    unread = {problem.path.relative_to(root).as_posix() for problem in project.problems}
    for path in base.files(project.config.generated):
        module = read_module(base, path) if path.endswith(".py") else None
        spec = spec_in_header(base.read(path) or "") if module else None
        for section in module.sections if module and spec and spec not in unread else ():
            if (path, section.name) not in living:
                body = Edit(title=path, old=cut_body(module, section))
                id_ = f"{spec}::{section.name}"
                yield SpecChange(id=id_, kind="removed", state=None, path=path, line=1, artifact=path, body=body)
