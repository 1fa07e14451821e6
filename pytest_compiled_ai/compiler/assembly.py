"""Putting a body into its artifact: the whole file as it would be, and a candidate cut out of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Definition,
    Import,
    Section,
    names_in,
    names_used,
    parse_module,
    render_module,
    with_section,
)
from pytest_compiled_ai.asking.helpers import asked_in
from pytest_compiled_ai.compiler.body import Body, Refusal, column_of, head_of, methods_in, slice_body, splice
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.specs.headers import first_line
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.stub import signature_of
from pytest_compiled_ai.templates.scaffold import scaffold_around

RAISING = '    raise BaseException("compiled-ai: no body yet")'
"""A body that every test which needs the function fails on; no `except Exception` of a test swallows it."""
RAISED = "BaseException"


def write_raising(subject: Subject) -> Body:
    """Return that body; where one may ask a model, it names the question, so that this is looked at as well."""
    asked = asked_in(subject.helpers)
    return Body(text="\n".join([*([f"    {asked.name}"] if asked else []), RAISING]), imports=())


def assemble(artifact: ArtifactModule, subject: Subject, body: Body, digest: str) -> ArtifactModule:
    """Return the artifact with a body for the subject's stub, stamped with its digest and its hash."""
    stub = subject.stub
    text = splice(stub, body.text, body.methods)
    constants = used_constants(subject, names_used(ast.parse(text)))
    around = scaffold_around(stub)
    written = ast.parse("\n".join([text, *around.definitions.values()]))
    needed = frozenset().union(names_used(written), *map(names_in, constants.values()))
    brought = {item.bound for item in body.imports}
    given = [item for item in subject.imports if item.bound in needed and item.bound not in brought]
    signature = names_used(signature_of(stub))
    # An import of the reply must not take the place of one that the signature needs.
    given += [item for item in subject.imports if item.bound in signature and item not in given]
    section = Section(
        name=stub.name, text=text, digest=digest, body_hash="", scaffold=tuple(around.definitions.values())
    )
    order = [other.name for other in subject.file.stubs]
    # A helper's own imports come first: what else has a name of theirs moves into the function.
    helping = [item for helper in subject.helpers if helper.name in constants for item in helper.imports]
    imports = [*around.imports, *helping, *given, *(item for item in body.imports if item not in given)]
    module = with_section(artifact, section, imports, constants, order)
    return _stamped(module, stub.name)


def used_constants(subject: Subject, names: frozenset[str]) -> Mapping[str, str]:
    """Return the constants and helpers that `names` need, with those that they need in turn, in source order."""
    wanted, grown = set(names), -1
    while grown != len(wanted):
        grown = len(wanted)
        for name, text in subject.constants.items():
            if name in wanted:
                wanted |= names_in(text)
    return {name: text for name, text in subject.constants.items() if name in wanted}


def cut_candidate(module: ArtifactModule, subject: Subject, body: Body) -> Candidate:
    """Return the candidate as the gates see it."""
    section = module.section(subject.stub.name)
    assert section is not None
    text = render_module(module)
    node = next(n for n in ast.parse(text).body if getattr(n, "name", "") == subject.stub.name)
    assert isinstance(node, Definition)
    return Candidate(
        function=section.text,
        header_lines=head_of(subject.stub).count("\n") + 1,
        body=body.text,
        imports=tuple(item for item in body.imports if item in module.imports),
        module=text,
        first_line=first_line(node),
        methods=frozenset(method.label for method in subject.stub.methods),
    )


def read_body(module: ArtifactModule, subject: Subject) -> Body | None:
    """Return the body that an artifact has for a stub, to be judged under the stub as it is now, or None."""
    section = module.section(subject.stub.name)
    if section is None:
        return None
    own = names_used(section.node)
    known = set(subject.imports)
    imports: tuple[Import, ...] = tuple(i for i in module.imports if i.bound in own and i not in known)
    try:
        return cut_body(section, subject.stub, imports)
    except Refusal:
        return None


def cut_body(section: Section, stub: Stub, imports: tuple[Import, ...]) -> Body | None:
    """Return the body that a section has for a stub, None where the one is a class and the other is not.

    Raises:
        Refusal: there are no statements in it.
    """
    node = section.node
    if isinstance(node, ast.ClassDef) != bool(stub.methods):
        return None
    if not isinstance(node, ast.ClassDef):
        return Body(text=slice_body(section.text, node), imports=imports)
    given = methods_in(node)
    if any(method.label not in given for method in stub.methods):
        return None
    methods = {m.label: slice_body(section.text, given[m.label], column_of(m)) for m in stub.methods}
    return Body(text="\n\n".join(methods.values()), imports=imports, methods=methods)


def _stamped(module: ArtifactModule, name: str) -> ArtifactModule:
    # Hashed as it will be read back, so that a stamp is right to the letter.
    read = parse_module(render_module(module), module.spec_path)
    sections = tuple(
        replace(old, body_hash=hash_section(read, new)) if old.name == name else old
        for old, new in zip(module.sections, read.sections, strict=True)
    )
    return replace(module, sections=sections)
