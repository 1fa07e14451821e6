"""Which spec a test gates, as properties of its testcase in a JUnit report; used only where one is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pytest_compiled_ai.artifacts.provenance import is_about, read_records, record_path
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError

if TYPE_CHECKING:
    import pytest

    from pytest_compiled_ai.specs.model import SpecFile, Stub

Property = tuple[str, str]


def tag_items(settings: Config, items: Iterable[pytest.Item]) -> None:
    """Add to each test that gates a spec `compiled_ai.spec`, `.state`, and where there is a body `.body` and `.model`.

    A test that gates several specs has these properties once for each, in this order.
    """
    tests = defaultdict[str, list["pytest.Item"]](list)
    for item in items:
        if item.path.is_relative_to(settings.root):
            path = item.path.relative_to(settings.root).as_posix()
            tests[f"{path}::{item.nodeid.partition('::')[2].partition('[')[0]}"].append(item)
    project = Project(settings)
    for file in project.files:
        for stub in file.stubs:
            _tag(project, file, stub, tests)


def _tag(project: Project, file: SpecFile, stub: Stub, tests: dict[str, list[pytest.Item]]) -> None:
    try:
        gating = [item for ref in project.tests(file, stub) for item in tests.get(ref.id, ())]
        properties = _describe(project, file, stub) if gating else ()
    except SpecError:
        # A line of its own says that it cannot be read.
        return
    for item in gating:
        item.user_properties.extend(properties)


def _describe(project: Project, file: SpecFile, stub: Stub) -> tuple[Property, ...]:
    found = [("compiled_ai.spec", stub.id), ("compiled_ai.state", project.standing(file, stub).state)]
    artifact = project.artifact(file)
    section = artifact.section(stub.name) if artifact else None
    if section:
        record = read_records(record_path(file.target)).get(stub.name, {})
        found.append(("compiled_ai.body", section.body_hash))
        if is_about(record, section.digest, section.body_hash):
            found.append(("compiled_ai.model", str(record.get("model", ""))))
    return tuple(found)
