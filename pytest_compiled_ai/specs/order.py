"""Which stubs a glob chooses, and in which order they are compiled: what another uses comes first."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch

from pytest_compiled_ai.specs.model import SpecFile, SpecLineError, Stub

Entry = tuple[SpecFile, Stub]


def fits(spec: str, only: str) -> bool:
    """Return whether a spec's id, its name or its file fits a glob."""
    return any(fnmatch(part, only) for part in (spec, spec.partition("::")[2], spec.partition("::")[0]))


def compile_order(files: Iterable[SpecFile], only: str | None = None) -> tuple[Entry, ...]:
    """Return every stub with its file: in file order and source order, but after the stubs that it uses.

    Args:
        files: the spec files.
        only: a glob; stubs that do not fit it are left out.

    Raises:
        SpecLineError: stubs use each other in a circle.
    """
    entries = {stub.id: (file, stub) for file in files for stub in file.stubs}
    done: dict[str, Entry] = {}
    for key in entries:
        _visit(key, entries, done, [])
    return tuple(entry for key, entry in done.items() if only is None or fits(key, only))


def _visit(key: str, entries: dict[str, Entry], done: dict[str, Entry], trail: list[str]) -> None:
    if key in done or key not in entries:
        return
    if key in trail:
        raise _circle([entries[step] for step in (*trail[trail.index(key) :], key)])
    for used in entries[key][1].options.uses:
        _visit(used, entries, done, [*trail, key])
    done[key] = entries[key]


def _circle(steps: list[Entry]) -> SpecLineError:
    named = " -> ".join(f"{stub.name} ({file.relative}:{stub.line})" for file, stub in steps)
    file, stub = steps[0]
    return SpecLineError(file.relative, stub.line, f"uses makes a circle: {named}; remove one of these uses.")
