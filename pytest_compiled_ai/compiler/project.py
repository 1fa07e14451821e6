"""A project as the compiler sees it: its specs, what they mean, and which of them have a body that fits.

A plain `pytest` asks it for states, so what only a compile needs is imported where it is used.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_compiled_ai.artifacts.helpers import is_helper
from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Definition,
    Import,
    Section,
    names_in,
    names_shared,
    names_used,
    parse_module,
    section_nodes,
    with_constants,
)
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.canonical import body_hash
from pytest_compiled_ai.specs.digest import digest_of, tests_of
from pytest_compiled_ai.specs.discover import discover, read_spec_file
from pytest_compiled_ai.specs.graph import Graph
from pytest_compiled_ai.specs.model import Digest, SpecFile, State, Stub, TestRef
from pytest_compiled_ai.specs.options import data_globs
from pytest_compiled_ai.specs.places import spec_bases, spec_paths

if TYPE_CHECKING:
    from pytest_compiled_ai.artifacts.foreign import Foreign
    from pytest_compiled_ai.compiler.salvage import Salvage
    from pytest_compiled_ai.gates.base import Subject
    from pytest_compiled_ai.templates.modules.catalogue import Helper

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What reading a text as Python may raise, whatever is in it."""


class Standing(NamedTuple):
    """Where a spec stands, by its id: its state, and which inputs changed since its body was made."""

    spec: str
    state: State
    digest: Digest
    changed: tuple[str, ...] = ()


class Project:
    """The specs of one project, read once; files that a run writes are read anew when they are asked for."""

    def __init__(self, config: Config) -> None:
        self.config = config
        found = discover(config)
        self.files, self.problems = found.files, found.problems
        self._graph = Graph(config, self.files)
        self.reading = threading.RLock()
        """Held while its specs' graph is read: what was found once is remembered, and that by one thread at a time."""

    def find(self, wanted: str) -> tuple[SpecFile, Stub]:
        """Return the spec that a user means by an id, by `money.parse_amount` or by `parse_amount`.

        Raises:
            SpecError: none, or more than one, fits.
        """
        fits = [
            (file, stub)
            for file in self.files
            for stub in file.stubs
            if wanted in {stub.id, stub.name, f"{file.target_module}.{stub.name}"}
            or f"{file.target_module}.{stub.name}".endswith(f".{wanted}")
        ]
        if len(fits) != 1:
            known = ", ".join(stub.id for file in self.files for stub in file.stubs) or "none"
            raise SpecError(f"{wanted!r} names {len(fits)} specs; the specs are: {known}.")
        return fits[0]

    def tests(self, file: SpecFile, stub: Stub) -> tuple[TestRef, ...]:
        """Return the tests that gate a stub."""
        return tests_of(stub, file, self._graph)

    def has_body(self, spec: str) -> bool:
        """Return whether a spec, by its id, has a body; one that nobody knows has none."""
        file = next((file for file in self.files if file.relative == spec.partition("::")[0]), None)
        artifact = self.artifact(file) if file else None
        return artifact is not None and artifact.section(spec.partition("::")[2]) is not None

    def looked_at(self) -> frozenset[Path]:
        """Return every path whose file, folder or absence decided where the specs stand, as far as they were asked."""
        from pytest_compiled_ai.asking.replies import replies_path

        replies = (replies_path(file) for file in self.files if any(stub.options.runtime_model for stub in file.stubs))
        own = (*(file.target for file in self.files), *spec_paths(self.config), *replies)
        return self._graph.sources.looked_at() | frozenset(own)

    def globs(self) -> frozenset[str]:
        """Return the globs of all data files that specs name."""
        stubs = (stub for file in self.files for stub in file.stubs)
        return frozenset(glob for stub in stubs for glob in data_globs(stub.node.decorator_list[0]))

    def standing(self, file: SpecFile, stub: Stub, text: str | None = None) -> Standing:
        """Return a stub's state; `text` is its artifact's, where that was just read.

        Raises:
            SpecError: a project file that the spec depends on cannot be read.
        """
        digest = digest_of(stub, file, self._graph)
        text = read_artifact(file) if text is None else text
        artifact = _parse_artifact(text, file)
        section = artifact.section(stub.name) if artifact else None
        if text is None or artifact is None:
            return Standing(spec=stub.id, state=self._state_in_broken(file, stub), digest=digest)
        if section is None:
            return Standing(spec=stub.id, state="missing", digest=digest)
        node = section_nodes(text)[stub.name]
        is_edited = hash_section(artifact, section, node) != section.body_hash
        is_stale = section.digest != digest.value
        state: State = (
            "conflict" if is_edited and is_stale else "edited" if is_edited else "stale" if is_stale else "fresh"
        )
        changed = self._changed(file, stub, section, digest) if is_stale else ()
        return Standing(spec=stub.id, state=state, digest=digest, changed=changed)

    def artifact(self, file: SpecFile) -> ArtifactModule | None:
        """Return a spec file's artifact as it is on disk, None where there is none or it is no Python any more."""
        return _parse_artifact(read_artifact(file), file)

    def salvaged(self, file: SpecFile) -> Salvage | None:
        """Return what can be read of an artifact that is no Python any more, None where no file is there."""
        from pytest_compiled_ai.compiler.salvage import salvage

        try:
            text = file.target.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        wanted = []
        for stub in file.stubs:
            with suppress(SpecError):
                wanted.append(digest_of(stub, file, self._graph).value)
        return salvage(text, file.relative, wanted)

    def blank(self, file: SpecFile) -> ArtifactModule:
        """Return an artifact with nothing in it."""
        future = any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in file.tree.body)
        return ArtifactModule(spec_path=file.relative, future=future, constants={})

    def subject(self, file: SpecFile, stub: Stub) -> Subject:
        """Return what a body for a stub may use.

        Raises:
            SpecError: its signature needs a name that an artifact cannot have.
        """
        from pytest_compiled_ai.gates.base import Subject
        from pytest_compiled_ai.specs.namespace import namespace_of

        space = namespace_of(file, stub, self.files)
        imports = tuple(Import(module=i.module, name=i.name or None, bound=i.bound) for i in space.imports)
        target = file.target.relative_to(self.config.root).as_posix()
        constants = {constant.name: constant.source for constant in space.constants}
        helpers: tuple[Helper, ...] = ()
        if stub.options.template:
            from pytest_compiled_ai.compiler.helpers import find_helpers

            helpers = find_helpers(self.config, file, stub, self.artifact(file))
        if stub.options.runtime_model:
            from pytest_compiled_ai.asking.helpers import find_asked

            helpers += find_asked(file, stub, self.files)
        constants |= {helper.name: helper.text for helper in helpers}
        paths = tuple(dict.fromkeys((file.relative, *stub.options.tests)))
        used = tuple(other for each in self.files for other in each.stubs if other.id in stub.options.uses)
        return Subject(
            file=file, stub=stub, target=target, imports=imports, constants=constants, used=used, test_paths=paths,
            helpers=helpers,
        )  # fmt: skip

    def check_circle(self, file: SpecFile, stub: Stub, artifact: ArtifactModule) -> None:
        """Make sure that the artifact can be imported first: nothing that it imports imports it.

        Raises:
            SpecError: something does.
        """
        from pytest_compiled_ai.specs.circles import find_circle

        circle = find_circle(file, [item.module for item in artifact.imports], self._graph.sources)
        if circle:
            way = ", which imports ".join((file.target_module, *circle))
            raise SpecError(
                f"{file.relative}:{stub.line}: circular import: {way}. Move what {stub.name} needs into a module that "
                "imports no generated code."
            )

    def _state_in_broken(self, file: SpecFile, stub: Stub) -> State:
        found = self.salvaged(file)
        if found is None:
            return "missing"
        if not found.is_merge:
            return "edited"
        if not found.is_whole:
            return "conflict"
        # A body of either side is judged again before the file is written anew.
        return "stale" if found.module.section(stub.name) else "missing"

    def _changed(self, file: SpecFile, stub: Stub, section: Section, digest: Digest) -> tuple[str, ...]:
        from pytest_compiled_ai.artifacts.provenance import read_records, record_path

        record = read_records(record_path(file.target)).get(stub.name, {})
        if record.get("digest") != section.digest:
            return ()
        before = dict(record.get("inputs", {}))
        return tuple(sorted(k for k in {*before, *digest.parts} if before.get(k) != digest.parts.get(k)))


def hash_section(artifact: ArtifactModule, section: Section, node: Definition | None = None) -> str:
    """Return the hash of a section's function and scaffold, with the imports, constants and helpers they use.

    `node` is the section's own, where it is at hand.
    """
    scaffold = [item for text in section.scaffold for item in ast.parse(text).body]
    return hash_definition(artifact, node or section.node, scaffold)


def hash_definition(artifact: ArtifactModule, node: Definition, scaffold: Sequence[ast.stmt] = ()) -> str:
    """Return the hash of a definition with the imports, constants and helpers of an artifact that it uses.

    Of a helper all counts that it needs in turn, and of what stands around the definition as a scaffold.
    """
    used = names_shared(node).union(*map(names_used, scaffold))
    helpers = [names_in(text) for name, text in artifact.constants.items() if name in used and is_helper(text)]
    used = used.union(*(with_constants(names, artifact.constants) for names in helpers))
    imports = [_statement(item.line) for item in artifact.imports if item.bound in used]
    constants = [ast.parse(text).body[0] for name, text in artifact.constants.items() if name in used]
    return body_hash(node, imports, [*constants, *scaffold])


def read_artifact(file: SpecFile) -> str | None:
    """Return the text of a spec file's artifact, None where none can be read."""
    try:
        return file.target.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _parse_artifact(text: str | None, file: SpecFile) -> ArtifactModule | None:
    try:
        return None if text is None else parse_module(text, file.relative)
    except UNREADABLE:
        return None


def find_orphans(config: Config, files: tuple[SpecFile, ...]) -> tuple[Path, ...]:
    """Return the artifacts that no spec file stands behind; one that cannot be read may stand behind its own still."""
    targets = {file.target for file in files}
    found = sorted(config.generated_root.rglob("*.py")) if config.generated_root.is_dir() else []
    strangers = [path for path in found if path.name != "__init__.py" and path not in targets]
    return tuple(path for path in strangers if not _may_have_specs(config, path))


def find_foreign_code(file: SpecFile) -> list[Foreign]:
    """Return what stands in a spec file's artifact and would run, and no spec stands behind it."""
    from pytest_compiled_ai.artifacts.foreign import find_foreign

    try:
        return find_foreign(file.target.read_text(encoding="utf-8"), {stub.name for stub in file.stubs})
    except (OSError, *UNREADABLE):
        return []


def describe_foreign(file: SpecFile, root: Path, foreign: Foreign) -> str:
    """Return a line about it, with what to do."""
    place = f"{file.target.relative_to(root).as_posix()}:{foreign.line}"
    if foreign.is_orphan:
        return f"{place} is orphaned: {foreign.what}; run `compiled-ai prune`"
    return f"{place} is code of no spec: {foreign.what}; move it into a module of your own"


def _may_have_specs(config: Config, artifact: Path) -> bool:
    below = artifact.relative_to(config.generated_root)
    paths = [path for base in spec_bases(config) if (path := config.root / base / below).is_file()]
    try:
        return any(read_spec_file(path, config).stubs for path in paths)
    except SpecError:
        return True


def _statement(line: str) -> ast.Import | ast.ImportFrom:
    node = ast.parse(line).body[0]
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return node
