"""The gate that holds a body to its template's free properties."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Protocol

from pytest_compiled_ai.compiler.held_out import read_tests, show_file
from pytest_compiled_ai.compiler.shown import show_stub
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.evaluation.known_inputs import inputs_of
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.examples_of_tests import found_constants, read_docstring, read_examples
from pytest_compiled_ai.gates.hard_coding import read_prose
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.specs.syntax import Function
from pytest_compiled_ai.templates.declared import declared_errors
from pytest_compiled_ai.templates.fitting import Fit, fit_template
from pytest_compiled_ai.templates.inputs import make_property_inputs
from pytest_compiled_ai.templates.objects import OpenClasses
from pytest_compiled_ai.templates.properties import PROPERTIES, Case

_TOLD = 3


class Caller(Protocol):
    """Whatever calls a body in a sealed worker."""

    @property
    def is_sealed(self) -> bool:
        """Tell whether it can."""
        ...

    def answer(self, module: str, inputs: Sequence[Input], *, hash_seed: int, classes: Classes) -> tuple[Answer, ...]:
        """Return what an artifact's function answers, in a worker of that hash seed."""
        ...


class Properties:
    """Refuses a body for which one of its template's properties does not hold.

    Args:
        config: the project.
        caller: calls the body; one that is jailed is not called, and the verdict says so.
        hash_seed: the second worker's.
    """

    name = "properties"
    stage = Stage.ACCURACY

    def __init__(self, config: Config, caller: Caller, hash_seed: int) -> None:
        self._config, self._caller, self._hash_seed = config, caller, hash_seed

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Call the body with many arguments, in workers of both seeds, and look at every answer."""
        fit = fit_template(self._config, subject)
        names = fit.template.properties if fit else ()
        if fit is None or not names:
            return passing(self, held="nothing: the template has no properties")
        if not self._caller.is_sealed:
            return passing(self, held="nothing: the body was not run from outside")
        cases = [case for case in self._ask(candidate, subject, fit) if case.is_answered]
        found = {name: _shortest(name, cases, subject.stub.name) for name in names}
        told = [f"{fault}. {PROPERTIES[name].advice}" for name, (fault, _) in found.items() if fault][:_TOLD]
        if not told:
            return passing(self, held=", ".join(names), calls=str(len(cases)))
        broken = next(name for name, (fault, _) in found.items() if fault)
        bad = set(chain.from_iterable(inputs for _, inputs in found.values()))
        message = f"it is not {broken}: {found[broken][0]}."
        return failing(self, message, "\n".join(told), 1 - len(bad) / len(cases), tuple(told))

    def _ask(self, candidate: Candidate, subject: Subject, fit: Fit) -> list[Case]:
        classes, files = OpenClasses(), [show_file(file, subject) for file in read_tests(self._config, subject)]
        inputs = make_property_inputs(fit.form, self._rows(subject), classes)
        first = self._caller.answer(candidate.module, inputs, hash_seed=0, classes=classes)
        # Backwards, as an answer must not hang on the calls before it.
        backwards = self._caller.answer(candidate.module, inputs[::-1], hash_seed=self._hash_seed, classes=classes)
        trees = [file.tree for file in files]
        declared = declared_errors(subject.stub.docstring, trees, subject.stub.name)
        known = read_prose(subject)
        return [
            Case(form=fit.form, input=each, answer=answer, again=again, declared=declared, known=known)
            for each, answer, again in zip(inputs, first, backwards[::-1], strict=True)
        ]

    def _rows(self, subject: Subject) -> tuple[Input, ...]:
        """Return what the tests call the function with, without what no model is told."""
        node, names = subject.stub.node, frozenset({subject.stub.name})
        assert isinstance(node, Function)
        files = [show_file(file, subject) for file in read_tests(self._config, subject)]
        examples = [example for file in files for example in read_examples(file.tree, names)]
        constants = found_constants(subject.file.tree)
        return inputs_of([*examples, *read_docstring(show_stub(subject).docstring, names, constants)], node)


def _shortest(name: str, cases: Sequence[Case], function: str) -> tuple[str, list[Input]]:
    """Return what is wrong about the shortest call that breaks a property, or "", and all inputs that break it."""
    faults = [(case.input, fault) for case in cases if (fault := PROPERTIES[name].find_fault(case))]
    if not faults:
        return "", []
    each, fault = min(faults, key=lambda item: (len(item[0].text), item[0].text))
    return f"{function}({each.text}) {fault}", [given for given, _ in faults]
