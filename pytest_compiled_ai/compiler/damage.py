"""What a crash, a merge or another program did to the files that a compile keeps: one line each, with what mends it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.artifacts.conflict import is_conflicted
from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.artifacts.provenance import is_about, read_records, record_path
from pytest_compiled_ai.compiler.project import UNREADABLE, Project
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.model import SpecFile


def describe_damage(project: Project, file: SpecFile) -> Iterator[str]:
    """Yield a line where a spec file's artifact is no Python any more, and one where a record of it is lost."""
    artifact = project.artifact(file)
    yield from _describe_artifact(project, file, artifact)
    if artifact:
        yield from _describe_records(project, file, artifact)


def _describe_artifact(project: Project, file: SpecFile, artifact: ArtifactModule | None) -> Iterator[str]:
    name = file.target.relative_to(project.config.root).as_posix()
    if file.target.is_dir():
        yield f"{name} is a folder where an artifact has to stand; move it away"
    elif artifact is None and (found := project.salvaged(file)):
        if not found.is_merge:
            yield f"{name} cannot be read as Python ({_reason(file)}); mend it, or run {_forced(file)}"
        elif found.is_whole:
            yield f"{name} holds a merge conflict; run `pytest --compile-ai`, which judges the bodies of both sides"
        else:
            yield f"{name} holds a merge conflict inside a body; settle it by hand, or run {_forced(file)}"


def _forced(file: SpecFile) -> str:
    return f"`pytest --compile-ai --compile-ai-force --compile-ai-only {file.relative}`"


def _reason(file: SpecFile) -> str:
    try:
        ast.parse(file.target.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        return f"byte {error.start} is not UTF-8"
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (OSError, *UNREADABLE) as error:
        return str(error) or type(error).__name__
    return "it changes while it is read"


def _describe_records(project: Project, file: SpecFile, artifact: ArtifactModule) -> Iterator[str]:
    path = record_path(file.target)
    name, lost = path.relative_to(project.config.root).as_posix(), list(_lost_records(project, file, artifact))
    if _is_conflicted(file):
        yield f"{name} holds a merge conflict; settle it by hand, or run {_forced(file)}"
    elif lost:
        yield f"{name} does not say where {', '.join(lost)} came from; bring it back, or run {_forced(file)}"


def _is_conflicted(file: SpecFile) -> bool:
    try:
        return is_conflicted(record_path(file.target).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _lost_records(project: Project, file: SpecFile, artifact: ArtifactModule) -> Iterator[str]:
    records = read_records(record_path(file.target))
    for stub in file.stubs:
        section = artifact.section(stub.name)
        if section is None or is_about(records.get(stub.name, {}), section.digest, section.body_hash):
            continue
        try:
            # The next compile of one that is not fresh writes a record as well.
            if project.standing(file, stub).state == "fresh":
                yield stub.name
        except SpecError:
            continue
