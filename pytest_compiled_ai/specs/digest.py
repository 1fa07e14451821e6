"""Digest `v1` of a spec, and the tests that gate it, by the rule that `Graph` states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pytest_compiled_ai.specs.canonical import hash_of
from pytest_compiled_ai.specs.definitions import Module
from pytest_compiled_ai.specs.depends import hash_data
from pytest_compiled_ai.specs.doctests import docstrings_in
from pytest_compiled_ai.specs.graph import Graph, Reach
from pytest_compiled_ai.specs.model import Digest, SpecFile, Stub, TestRef

VERSION = "v1"


class Asked(NamedTuple):
    """What a body may ask a model: all that the question depends on, and its own inputs."""

    reach: Reach
    parts: dict[str, str]


def tests_of(stub: Stub, file: SpecFile, graph: Graph) -> tuple[TestRef, ...]:
    """Return the tests that gate a stub: its docstring's examples, then the tests in source order.

    A test counts if it is in the spec file, or in a file of `@spec(tests=...)`, and reaches the stub: directly, or
    through helpers, fixtures and project modules. One that reaches no stub at all (as far as its text tells) counts
    for every stub of its spec file, or for the stubs that name its file.

    Raises:
        SpecLineError: a project file that the tests need cannot be parsed.
    """
    return tuple(ref for ref, _ in _gating(stub, file, graph))


def digest_of(stub: Stub, file: SpecFile, graph: Graph) -> Digest:
    """Return what a spec means, as one hash for each input and one over them all.

    The inputs are its signature, docstring, options and scaffold; everything of the project that its tests or its
    signature reach; the constants of the spec file that its docstring names; signature and docstring of any other stub
    that the tests reach or that it uses; the data files that it names; and, with a `runtime_model`, the question that
    its body may ask, with the replies that are recorded. No artifact, no format, no comment is among
    them. A class's signature is all of its code but the bodies that are to be written, and its docstring includes those
    of its methods.

    Raises:
        SpecLineError: a project file that the spec depends on cannot be read or parsed.
        SpecError: one of these files holds syntax that digest v1 does not know.
    """
    parts = dict(_own_parts(stub, graph.module_of(file.path), graph))
    reached = [_outside(stub, file, graph), *(reach for _, reach in _gating(stub, file, graph))]
    if stub.options.runtime_model:
        asked = _asked(file, graph)
        reached, parts = [*reached, asked.reach], {**parts, **asked.parts}
    for item in frozenset().union(*(reach.definitions for reach in reached)):
        if item.kind != "signature":
            parts[f"{item.kind} {item.key}"] = graph.hash_of(item)
    for used in frozenset(stub.options.uses).union(*(reach.stubs for reach in reached)) - {stub.id}:
        parts[f"spec {used}"] = _summary(used, graph)
    for name in sorted({*stub.options.depends, *stub.options.golden}):
        parts[f"data {name}"] = hash_data(graph.root, name)
    parts = dict(sorted(parts.items()))
    lines = "\n".join(f"{name} {value}" for name, value in parts.items())
    return Digest(value=f"{VERSION}:{hash_of(lines.encode())}", parts=parts)


def _asked(file: SpecFile, graph: Graph) -> Asked:
    """Return the question that the bodies of a file may ask, what it reaches, and what is recorded for it."""
    from pytest_compiled_ai.asking.declaration import read_question
    from pytest_compiled_ai.asking.replies import replies_name, replies_path

    question, name = read_question(file), replies_name(file)
    parts = {f"data {name}": hash_data(graph.root, name)} if replies_path(file).is_file() else {}
    if question is None:
        return Asked(Reach(frozenset(), frozenset()), parts)
    reach = graph.reach(graph.module_of(file.path).definitions[question.name], None)
    return Asked(reach, parts | {f"question {question.stub.id}": question.hash})


def _own_parts(stub: Stub, module: Module, graph: Graph) -> Iterator[tuple[str, str]]:
    options = stub.options
    yield "signature", graph.hash_of(graph.signature(stub, module))
    yield "docstring", hash_of(_said(stub).encode("utf-8", "surrogatepass"))
    # An option that came later counts where it is given, so that older digests stand.
    later = [sorted(options.imports)] if options.imports else []
    named = {
        name: given
        for name, given in (
            ("template", options.template),
            ("policies", sorted(options.policies)),
            ("metric", options.metric),
            ("threshold", options.threshold),
            ("runtime_model", options.runtime_model),
        )
        if given not in ("", [], None)
    }
    chosen = (sorted(options.tests), sorted(options.uses), options.isolation, *later, *([named] if named else []))
    yield "options", hash_of(ascii(chosen).encode())
    if options.template:
        from pytest_compiled_ai.templates.scaffold import hash_scaffold

        yield from (("scaffold", given) for given in (hash_scaffold(stub),) if given)


def _said(stub: Stub) -> str:
    """Return a stub's docstring, of a class with its methods' ones, each under its name."""
    methods = [f"\0{item.name}\0{item.text}" for item in docstrings_in(stub.node) if item.name != stub.name]
    return "".join([stub.docstring, *methods])


def _outside(stub: Stub, file: SpecFile, graph: Graph) -> Reach:
    """Return what the signature needs, and the constants that the docstring speaks of."""
    module = graph.module_of(file.path)
    words = set(re.findall(r"\w+", _said(stub)))
    named = [item for name, item in module.definitions.items() if item.kind == "data" and name in words]
    reached = [graph.reach(item, None) for item in (graph.signature(stub, module), *named)]
    return Reach(
        definitions=frozenset().union(*(reach.definitions for reach in reached)),
        stubs=frozenset().union(*(reach.stubs for reach in reached)),
    )


def _gating(stub: Stub, file: SpecFile, graph: Graph) -> Iterator[tuple[TestRef, Reach]]:
    module = graph.module_of(file.path)
    for docstring in docstrings_in(stub.node):
        if ">>>" in docstring.text:
            reach = graph.reach(graph.examples(docstring, module), module)
            name = f"{file.relative}::{docstring.name}"
            yield TestRef(id=name, kind="doctest", reaches=reach.stubs | {stub.id}), reach
    for path in dict.fromkeys((file.path, *(graph.root / name for name in stub.options.tests))):
        for test, reach in graph.tests(path):
            if stub.id in reach.stubs or not reach.stubs:
                yield TestRef(id=test.key, kind="test", reaches=reach.stubs), reach


def _summary(used: str, graph: Graph) -> str:
    """Return the hash of what another spec may know of a stub: its signature and its docstring."""
    file = graph.files.get(used.partition("::")[0])
    for stub in file.stubs if file else ():
        if stub.id == used and file:
            parts = dict(_own_parts(stub, graph.module_of(file.path), graph))
            return hash_of(f"{parts['signature']} {parts['docstring']}".encode())
    return hash_of(b"")
