"""All that ejecting a project changes, made whole before the first write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pytest_compiled_ai.artifacts.approvals import approvals_path
from pytest_compiled_ai.artifacts.exact import read_exact
from pytest_compiled_ai.artifacts.header import spec_in_header
from pytest_compiled_ai.artifacts.lock import STATE_FOLDER
from pytest_compiled_ai.artifacts.plan import Change
from pytest_compiled_ai.artifacts.staged import find_staged
from pytest_compiled_ai.compiler.approval import PACKAGE
from pytest_compiled_ai.compiler.project import Project, find_orphans
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.ejection.artifact import plain_module
from pytest_compiled_ai.ejection.examples import find_strangers
from pytest_compiled_ai.ejection.mentions import find_mentions
from pytest_compiled_ai.ejection.settings import toml_list, with_settings, without_tables
from pytest_compiled_ai.ejection.spec_file import plain_tests
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.layout import spec_pattern
from pytest_compiled_ai.pyproject import parse_toml

_OTHER_SETTINGS = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_DEFAULT_FILES = ["test_*.py", "*_test.py"]


class Ejection(NamedTuple):
    """What changes, what goes, what a person has to know, and what a person has to do."""

    changes: tuple[Change, ...]
    removals: tuple[Path, ...]
    state: Path
    notes: tuple[str, ...]
    mentions: tuple[str, ...]


def plan_ejection(project: Project) -> Ejection:
    """Return what ejecting would do; nothing is written.

    Raises:
        SpecError: a spec is not fresh, or needs this package for more than its stubs.
        ConfigError: our tables cannot be told from the rest of pyproject.toml.
    """
    _check_fresh(project)
    config = project.config
    settings, notes = _settings(config)
    changes = [*_artifacts(project), *_spec_files(project), settings]
    records = [*sorted(config.generated_root.rglob("*.provenance.json")), approvals_path(config.generated_root)]
    removals = tuple(path for path in records if path.is_file())
    planned = {change.path: change.new for change in changes}
    return Ejection(
        changes=tuple(change for change in changes if change.is_needed),
        removals=removals,
        state=config.root / STATE_FOLDER,
        notes=(*notes, *_examples(project, planned)),
        mentions=tuple(find_mentions(config.root, planned, removals)),
    )


def _check_fresh(project: Project) -> None:
    if project.problems:
        raise SpecError(f"{project.problems[0].message} Eject wants every spec fresh.")
    for file in project.files:
        for stub in file.stubs:
            standing = project.standing(file, stub)
            if standing.state != "fresh":
                raise SpecError(
                    f"{stub.id} is {standing.state}, and eject wants every spec fresh; see `compiled-ai check`."
                )
    staged, _ = find_staged(project.config.root)
    if staged:
        raise SpecError(f"{staged[0].spec} has a body that waits for a review; run `compiled-ai review`, then eject.")
    for path in find_orphans(project.config, project.files):
        if spec_in_header(read_exact(path)) is not None:
            name = path.relative_to(project.config.root).as_posix()
            raise SpecError(f"{name} is orphaned: no spec stands behind it; run `compiled-ai prune`, then eject.")


def _artifacts(project: Project) -> Iterator[Change]:
    for file in project.files:
        text = read_exact(file.target)
        yield Change(path=file.target, old=text, new=plain_module(text, file.relative))
    for path in sorted(project.config.generated_root.rglob("__init__.py")):
        if (text := read_exact(path)) == PACKAGE:
            yield Change(path=path, old=text, new='"""The code that the specs test."""\n')


def _spec_files(project: Project) -> Iterator[Change]:
    packages: dict[Path, None] = {}
    for file in project.files:
        text = read_exact(file.path)
        yield Change(path=file.path, old=text, new=plain_tests(file, text))
        folders = [folder for folder in file.path.parents if folder.is_relative_to(project.config.root)][:-1]
        packages |= dict.fromkeys(folder / "__init__.py" for folder in folders)
    # Without these pytest would import `specs/calendar.py` as `calendar`.
    yield from (Change(path=path, old=None, new="") for path in packages if not path.exists())


def _settings(config: Config) -> tuple[Change, list[str]]:
    """Return what pyproject.toml becomes, and the lines that a person has to add."""
    path = config.root / "pyproject.toml"
    old = read_exact(path)
    new = without_tables(old)
    table = parse_toml(old).get("tool", {}).get("pytest", {})
    table = table.get("ini_options", table)
    wanted = {"python_files": [*_DEFAULT_FILES, *(spec_pattern(entry) for entry in config.specs)]}
    if config.import_root != config.root:
        wanted["pythonpath"] = [config.import_root.relative_to(config.root).as_posix()]
    absent = {key: values for key, values in wanted.items() if key not in table}
    elsewhere = [name for name in _OTHER_SETTINGS if (config.root / name).is_file()]
    done = None if elsewhere else with_settings(new, absent)
    missing = {key: values for key, values in wanted.items() if done is None or key not in absent}
    notes = [
        f"give pytest this setting: {key} = {toml_list(values)}"
        for key, values in missing.items()
        if not {*values} - {*_DEFAULT_FILES} <= {*_listed(table.get(key))}
    ]
    return Change(path=path, old=old, new=done or new), notes


def _listed(value: object) -> Sequence[str]:
    return value.split() if isinstance(value, str) else [str(item) for item in value] if isinstance(value, list) else []


def _examples(project: Project, planned: dict[Path, str]) -> Iterator[str]:
    for file in project.files:
        for stub, names in find_strangers(file, planned[file.target]):
            place = file.target.relative_to(project.config.root).as_posix()
            yield f"the examples of {stub} use {', '.join(names)}, which {place} does not have: import it there"
