"""What a compile wrote and no spec stands behind any more; what a person wrote there is left, and told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_compiled_ai.artifacts.exact import read_exact
from pytest_compiled_ai.artifacts.foreign import find_foreign
from pytest_compiled_ai.artifacts.header import spec_in_header
from pytest_compiled_ai.artifacts.module import ArtifactModule, Section, names_used, parse_module
from pytest_compiled_ai.artifacts.plan import Change, plan_change
from pytest_compiled_ai.artifacts.provenance import read_records, record_path, render_records
from pytest_compiled_ai.artifacts.thinning import drop_sections
from pytest_compiled_ai.compiler.project import Project, find_orphans, hash_section
from pytest_compiled_ai.errors import CompiledAIError, ConfigError, SpecError
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.specs.places import spec_bases

_RECORDS = ".provenance.json"


class Pruning(NamedTuple):
    """What is pruned at one place: `gone` is said to the user, and so is `left`, with the reason."""

    gone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    removals: tuple[Path, ...] = ()


def plan_pruning(project: Project) -> list[Pruning]:
    """Return what no spec stands behind; nothing is written.

    Raises:
        SpecError: a spec file cannot be read, so what belongs to it cannot be told.
        ConfigError: the project's `specs` name no folder.
    """
    config = project.config
    if project.problems:
        raise SpecError(f"{project.problems[0].message} Mend it first: its bodies would be taken for orphans.")
    if not any((config.root / base).exists() for base in spec_bases(config)):
        told = "names no folder; mend that first: every body would be taken for an orphan."
        raise ConfigError(f"specs = {list(config.specs)} {told}")
    orphans = [_orphan(path, config.root) for path in find_orphans(config, project.files)]
    living = [_living(file, config.root) for file in project.files]
    return [*orphans, *living, *_lone_records(project)]


def _orphan(path: Path, root: Path) -> Pruning:
    name, record = path.relative_to(root).as_posix(), record_path(path)
    if reason := _why_kept(path):
        return Pruning(left=(f"{name}: {reason}",))
    return Pruning(gone=(name,), removals=(path, record) if record.is_file() else (path,))


def _why_kept(path: Path) -> str:
    try:
        text = read_exact(path)
        module = parse_module(text, "")
    except (CompiledAIError, SyntaxError, ValueError):
        return "it cannot be read as Python"
    if not module.sections and spec_in_header(text) is None:
        return "no compile wrote it"
    by_hand = [reason for section in module.sections if (reason := _why_left(module, section))]
    foreign = find_foreign(text, {section.name for section in module.sections})
    return next(iter([*by_hand, *(f"line {found.line} is {found.what}" for found in foreign)]), "")


def _why_left(module: ArtifactModule, section: Section) -> str:
    if not section.body_hash:
        return f"no compile wrote {section.name}"
    return "" if hash_section(module, section) == section.body_hash else f"{section.name} was edited by hand"


def _living(file: SpecFile, root: Path) -> Pruning:
    """Return the sections and records whose stubs are gone from a spec file."""
    name, specs = file.target.relative_to(root).as_posix(), {stub.name for stub in file.stubs}
    text, module = _read(file)
    reasons = _reasons(module, text, specs)
    sections = [stub for stub, reason in reasons.items() if not reason]
    left = {stub: reason for stub, reason in reasons.items() if reason}
    old = read_records(record_path(file.target))
    records = {stub: record for stub, record in old.items() if stub in specs or stub in left}
    gone = [f"{name}::{stub}" for stub in sections]
    gone += [f"the record of {name}::{stub}" for stub in sorted(old.keys() - records.keys() - set(sections))]
    is_empty = bool(sections) and len(sections) == len(module.sections)
    changes = [plan_change(record_path(file.target), render_records(records))] if records != old and records else []
    changes += [Change(path=file.target, old=text, new=drop_sections(text, sections))] if not is_empty else []
    removals = [record_path(file.target)] if old and not records else []
    return Pruning(
        gone=tuple(gone),
        left=tuple(f"{name}::{stub}: {reason}" for stub, reason in left.items()),
        changes=tuple(change for change in changes if change.is_needed),
        removals=(*([file.target] if is_empty else []), *removals),
    )


def _read(file: SpecFile) -> tuple[str, ArtifactModule]:
    try:
        text = read_exact(file.target) if file.target.is_file() else ""
        return text, parse_module(text, file.relative)
    except (CompiledAIError, SyntaxError, ValueError):
        # `check` tells what state it is in; here its records are looked at alone.
        return "", ArtifactModule(spec_path=file.relative, constants={})


def _reasons(module: ArtifactModule, text: str, specs: Collection[str]) -> dict[str, str]:
    """Return why each section that no stub stands behind is left; an empty reason lets it go."""
    reasons = {s.name: _why_left(module, s) for s in module.sections if s.name not in specs}
    lost = [found for found in find_foreign(text, specs) if not found.is_kept] if reasons else []
    if lost:
        return {name: reason or f"line {lost[0].line} is {lost[0].what}" for name, reason in reasons.items()}
    stays = [section for section in module.sections if reasons.get(section.name, "a spec")]
    while found := next(_calls(stays, [s for s in module.sections if s not in stays]), None):
        caller, called = found
        reasons[called.name] = f"{caller.name} calls it"
        stays.append(called)
    going = [name for name, reason in reasons.items() if not reason]
    if going and not _leaves_others(module, drop_sections(text, going)):
        reasons |= dict.fromkeys(going, "its lines hold other code, too")
    return reasons


def _calls(stays: list[Section], going: list[Section]) -> Iterator[tuple[Section, Section]]:
    return ((caller, called) for caller in stays for called in going if called.name in names_used(caller.node))


def _leaves_others(module: ArtifactModule, thin: str) -> bool:
    hashes = {section.name: hash_section(module, section) for section in module.sections}
    after = parse_module(thin, module.spec_path)
    return all(hash_section(after, section) == hashes[section.name] for section in after.sections)


def _lone_records(project: Project) -> Iterator[Pruning]:
    """Yield the record files that lie beside no artifact, of no spec."""
    root, targets = project.config.root, {file.target for file in project.files}
    for path in sorted(project.config.generated_root.rglob(f"*{_RECORDS}")):
        artifact = path.with_name(f"{path.name.removesuffix(_RECORDS)}.py")
        if artifact in targets or artifact.exists():
            continue
        name = path.relative_to(root).as_posix()
        if _is_record(path):
            yield Pruning(gone=(name,), removals=(path,))
        else:
            yield Pruning(left=(f"{name}: it is damaged, so whose it is cannot be told",))


def _is_record(path: Path) -> bool:
    try:
        return {"specs", "version"} <= set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return False
