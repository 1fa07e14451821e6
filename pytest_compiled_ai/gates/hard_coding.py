"""No answers of the tests in the code: what is right for a test's values alone is no function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from pytest_compiled_ai.gates.answers.commonplace import is_named
from pytest_compiled_ai.gates.answers.documented import prose_of
from pytest_compiled_ai.gates.answers.flow import read_flow
from pytest_compiled_ai.gates.answers.pretences import find_pretence
from pytest_compiled_ai.gates.answers.suspicion import Found, find_answers
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.examples_of_tests import Example, found_constants
from pytest_compiled_ai.gates.own import own_body, own_functions
from pytest_compiled_ai.specs.doctests import docstrings_in
from pytest_compiled_ai.specs.model import Stub

_ADVICE = (
    "No value of a test may stand in the code. Compute the result from the arguments, so that it is right for any "
    "other arguments, too."
)


class HardCoding:
    """Refuses a body that gives single rows of the tests their answers, or pretends to equal any answer.

    Args:
        read: returns the examples that a spec's tests and docstring hold.
    """

    name = "hard-coding"
    stage = Stage.SYNTAX

    def __init__(self, read: Callable[[Subject], Sequence[Example]]) -> None:
        self._read = read

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Compare the literals that steer the result with the rows of the tests."""
        examples = self._read(subject)
        try:
            found = next(_find_faults(candidate, subject, examples), None)
        except RecursionError:
            return failing(self, "its expressions are nested too deeply to be read; write it flatter.")
        if found is None:
            return passing(self, examples=str(len(examples)))
        message = f"line {found.line}: {found.what}; where that is a rule, the docstring should say so."
        return failing(self, message, f"Line {found.line}: {found.what}. {_ADVICE}")


def _find_faults(candidate: Candidate, subject: Subject, examples: Sequence[Example]) -> Iterator[Found]:
    prose = read_prose(subject)
    constants = found_constants(ast.parse("\n".join(subject.constants.values())))
    for function in own_functions(candidate):
        flow = read_flow(function, tuple(own_body(function, candidate)), constants)
        name = function.name
        yield from find_answers(flow, [example for example in examples if example.function == name], prose)
        for what, line in find_pretence(flow.nodes, examples):
            yield Found(what, line)


def read_prose(subject: Subject) -> str:
    """Return what a spec says in words: signature, docstrings without examples, and the constants that these name."""
    stub = subject.stub
    names = [stub.name, *(method.node.name for method in stub.methods)]
    texts = [_signature(stub), *(prose_of(item.text, names) for item in docstrings_in(stub.node))]
    words = " ".join(texts)
    texts += [text for name, text in subject.constants.items() if is_named(name, words)]
    return "\n".join(texts)


def _signature(stub: Stub) -> str:
    parts: list[ast.AST | None] = [part for node in stub.functions for part in (node.args, node.returns)]
    # A class's own attributes are words of the spec, too.
    parts += [item for item in stub.node.body if isinstance(item, ast.Assign | ast.AnnAssign)]
    return "\n".join(ast.unparse(part) for part in parts if part)
