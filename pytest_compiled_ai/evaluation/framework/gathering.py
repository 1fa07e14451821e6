"""The figures of a project: what its records tell, what its bodies look like, and what runs of them show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Protocol

from pytest_compiled_ai.artifacts.module import ArtifactModule, Section, render_imports
from pytest_compiled_ai.artifacts.provenance import is_about, read_records, record_path
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.selection import inputs_for
from pytest_compiled_ai.compiler.tiers import find_obstacle
from pytest_compiled_ai.errors import CompiledAIError
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.framework.first_pass import Making, read_making
from pytest_compiled_ai.evaluation.framework.lint import find_linter
from pytest_compiled_ai.evaluation.framework.measuring import Runs, Target, measure_targets
from pytest_compiled_ai.evaluation.framework.model import SpecFigures
from pytest_compiled_ai.evaluation.framework.quality import measure_quality
from pytest_compiled_ai.evaluation.known_inputs import rows_of
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.layout import target_module
from pytest_compiled_ai.sandbox.jail.grants import search_path
from pytest_compiled_ai.sandbox.worker.zygote import Zygote
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.order import Entry
from pytest_compiled_ai.specs.syntax import Function

INPUTS: Final = 5
"""Inputs of one function at most: those that its own tests hold, spread over them."""
_NO_BODY = "it has no body"
_NO_INPUT = "its tests call it with no literal input, and none can be made from its annotations"
_NO_ANSWER = "no process answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One spec: its figures, and how its body was made, None where no record tells."""

    figures: SpecFigures
    making: Making | None


class Progress(Protocol):
    """Is told how far the runs are."""

    def started(self, spec: str, processes: int) -> None:
        """Note that the runs of an artifact begin, which the spec is the first of, with so many processes."""
        ...

    def advanced(self) -> None:
        """Note that a process has ended."""
        ...


def gather(project: Project, chosen: Sequence[Entry], runs: int, progress: Progress) -> Iterator[Found]:
    """Yield the figures of each spec, file by file.

    Args:
        project: theirs.
        chosen: the specs, with their files.
        runs: fresh processes for each of them.
        progress: is told how far it is.

    Raises:
        SandboxError: the sandbox broke.
    """
    ordered = sorted(chosen, key=lambda entry: entry[0].relative)
    for _, group in groupby(ordered, key=lambda entry: entry[0].relative):
        entries = list(group)
        yield from _gather_file(project, entries[0][0], [stub for _, stub in entries], runs, progress)


def _gather_file(
    project: Project, file: SpecFile, stubs: Sequence[Stub], runs: int, progress: Progress
) -> Iterator[Found]:
    artifact = project.artifact(file)
    linter, records = find_linter(), read_records(record_path(file.target))
    found: dict[str, Found] = {}
    targets: list[Target] = []
    subjects: list[Subject] = []
    for stub in stubs:
        section = artifact.section(stub.name) if artifact else None
        found[stub.name] = _look_at(stub, section, records.get(stub.name, {}), linter)
        if section is None:
            continue
        prepared = _prepare(project, file, stub)
        if isinstance(prepared, str):
            found[stub.name] = _with(found[stub.name], problem=prepared)
        else:
            subjects.append(prepared[0])
            targets.append(Target(name=stub.name, function=prepared[1], inputs=prepared[2]))
    if artifact and targets:
        progress.started(found[targets[0].name].figures.id, runs * len(targets))
        start, program = _starter(project, file, artifact, subjects), file.target.read_text(encoding="utf-8")
        found |= _run(start, program, targets, runs, progress.advanced, found)
    yield from found.values()


def _look_at(stub: Stub, section: Section | None, record: dict[str, object], linter: str | None) -> Found:
    if section is None:
        return Found(figures=SpecFigures(id=stub.id, problem=_NO_BODY), making=None)
    quality = measure_quality(section.text, linter=linter)
    making = read_making(record) if is_about(record, section.digest, section.body_hash) else None
    figures = SpecFigures(id=stub.id, quality=quality)
    asked, said = record.get("prompt_tokens"), record.get("completion_tokens")
    if making is None or not isinstance(asked, int) or not isinstance(said, int):
        return Found(figures=figures, making=making)
    told = replace(figures, prompt_tokens=asked, completion_tokens=said, attempt=making.attempt)
    return Found(figures=told, making=making)


def _prepare(project: Project, file: SpecFile, stub: Stub) -> tuple[Subject, Function, tuple[Input, ...]] | str:
    """Return what it takes to run a function from outside, or why it cannot be."""
    try:
        refs = project.tests(file, stub)
        subject = replace(project.subject(file, stub), tests=tuple(ref.id for ref in refs))
        node = stub.node
        if obstacle := find_obstacle(subject):
            return obstacle
        assert isinstance(node, Function)
        inputs = choose_inputs(rows_of(project.config.root, subject), lambda: inputs_for(subject, project.config.root))
    except CompiledAIError as error:
        return str(error)
    return (subject, node, inputs) if inputs else _NO_INPUT


def choose_inputs(rows: Sequence[Input], more: Callable[[], Sequence[Input]]) -> tuple[Input, ...]:
    """Return the inputs that a function is run with: of its tests', evenly spread; where there are none, of `more`."""
    given = rows or more()
    if len(given) <= INPUTS:
        return tuple(given)
    return tuple(given[place * len(given) // INPUTS] for place in range(INPUTS))


def _run(
    start: Callable[[int], Zygote],
    program: str,
    targets: Sequence[Target],
    runs: int,
    advance: Callable[[], None],
    found: Mapping[str, Found],
) -> dict[str, Found]:
    try:
        seen = measure_targets(start, program, targets, runs, advance)
    except CompiledAIError as error:
        return {target.name: _with(found[target.name], problem=str(error)) for target in targets}
    return {name: _judged(found[name], each) for name, each in seen.items()}


def _starter(
    project: Project, file: SpecFile, artifact: ArtifactModule, subjects: Sequence[Subject]
) -> Callable[[int], Zygote]:
    config = project.config
    module = target_module(config, file.path)
    assert module is not None
    imports = dict.fromkeys((*artifact.imports, *(each for subject in subjects for each in subject.imports)))
    header, path = "\n".join(render_imports(list(imports))), search_path(config.root, config.root)

    def start(seed: int) -> Zygote:
        return Zygote(
            module=module,
            filename=subjects[0].target,
            header=header,
            path=(str(config.root), str(config.import_root), *path),
            hash_seed=seed,
        )

    return start


def _judged(found: Found, runs: Runs) -> Found:
    figures = runs.judge()
    if figures is None:
        said = runs.answers[0][0].text if runs.answers else ""
        return _with(found, problem=f"{_NO_ANSWER}: {said}" if said else _NO_ANSWER)
    return replace(found, figures=replace(found.figures, determinism=figures[0], latency=figures[1]))


def _with(found: Found, *, problem: str) -> Found:
    return replace(found, figures=replace(found.figures, problem=problem))
