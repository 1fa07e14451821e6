"""Which of several bodies that pass: one that behaves as most of them do. Where they part, the spec leaves it open."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from pytest_compiled_ai.artifacts.module import ArtifactModule, render_module
from pytest_compiled_ai.evaluation.behaviour import Answer, Cluster, cluster, find_difference
from pytest_compiled_ai.evaluation.inputs import Input, make_inputs
from pytest_compiled_ai.evaluation.known_inputs import rows_of
from pytest_compiled_ai.evaluation.suggestion import write_tests
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.specs.syntax import Function, parse_source, read_source

_INPUTS = 60
"""Inputs that bodies are compared on: made in 10 ms, and answered in 20."""
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of two answers that the spec leaves open: how many bodies give it, and a test that asks for it."""

    answer: str
    bodies: int
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """The shortest call that tells bodies apart which pass every test, and what each side answers; chosen first."""

    call: str
    choices: tuple[Choice, Choice]

    def __str__(self) -> str:
        """Return it in one line."""
        chosen, other = self.choices
        return (
            f"ambiguous: {self.call} {chosen.answer} in {chosen.bodies} of the bodies that pass, and "
            f"{other.answer} in {other.bodies}"
        )

    def record(self) -> dict[str, Any]:
        """Return it as the record beside the artifact holds it."""
        return {"call": self.call, "choices": [asdict(choice) for choice in self.choices]}


class Answerer(Protocol):
    """Whatever calls a body in a sealed worker."""

    def answer(self, module: str, inputs: Sequence[Input]) -> tuple[Answer, ...]:
        """Return what an artifact's function answers; nothing where it cannot be called from outside."""
        ...


def select(
    modules: Sequence[ArtifactModule], subject: Subject, answerer: Answerer, root: Path
) -> tuple[tuple[int, ...], Ambiguity | None]:
    """Return the numbers of bodies that pass, the best to take first, and what they disagree on.

    Args:
        modules: the artifacts with these bodies, in the order in which they came; equal ones count each.
        subject: the spec.
        answerer: calls them.
        root: the project's folder.
    """
    everything = tuple(range(len(modules)))
    inputs = inputs_for(subject, root) if len(modules) > 1 else ()
    programs = [render_module(module) for module in modules] if inputs else []
    answered = {program: answerer.answer(program, inputs) for program in dict.fromkeys(programs)}
    answers = [answered[program] for program in programs]
    if not any(answers):
        return everything, None
    clusters = cluster(answers)
    order = tuple(number for group in clusters for number in group.candidates)
    return order, _explain(subject, inputs, clusters)


def inputs_for(subject: Subject, root: Path) -> tuple[Input, ...]:
    """Return the inputs that bodies of a function are compared on, none of which its tests hold; none for a class."""
    node = subject.stub.node
    if not isinstance(node, Function):
        return ()
    paths = dict.fromkeys((subject.file.relative, *subject.test_paths))
    trees = [_tree(subject, root, path) for path in paths]
    return make_inputs(node, subject.imports, rows_of(root, subject), seed=_SEED, count=_INPUTS, tests=trees)


def _tree(subject: Subject, root: Path, path: str) -> ast.Module:
    return subject.file.tree if path == subject.file.relative else parse_source(read_source(root / path, path), path)


def _explain(subject: Subject, inputs: Sequence[Input], clusters: Sequence[Cluster]) -> Ambiguity | None:
    difference = find_difference(inputs, clusters)
    if difference is None:
        return None
    node = subject.stub.node
    assert isinstance(node, Function)
    tests = write_tests(node, difference, subject.imports)
    one, other = (
        Choice(answer=_cut(answer), bodies=len(group.candidates), test=test)
        for answer, group, test in zip(_tellable(difference.answers), clusters, tests, strict=False)
    )
    return Ambiguity(call=f"{node.name}({difference.input.text})", choices=(one, other))


def _tellable(answers: tuple[Answer, Answer]) -> Iterator[str]:
    """Yield the answers in words, with the arguments as they are afterwards where the answers alone are the same."""
    same = len({(answer.kind, answer.text) for answer in answers}) == 1
    for answer in answers:
        words = {"value": f"is {answer.text}", "raises": f"raises {answer.text}", "none": answer.text}[answer.kind]
        yield f"{words} and leaves its arguments as {answer.after[0]}" if same else words


def _cut(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:117]}..."
