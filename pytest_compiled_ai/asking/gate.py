"""Bounded: a body asks its one question at most once in a call, and goes no other way to a model."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.asking.declaration import read_question
from pytest_compiled_ai.asking.helpers import MODULE, asked_in
from pytest_compiled_ai.gates.base import Candidate, Gate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_statements

_AGAIN = (
    ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda,
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip
"""What may run more than once in a call."""


class Asking:
    """Refuses a body that could ask more often than once in a call, or use more of the runtime than its question."""

    name = "asking"
    stage = Stage.SECURITY

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at every place where the question, the runtime, or the function itself is named."""
        asked = asked_in(subject.helpers)
        question = asked.name if asked else ""
        inner = {helper.name for helper in subject.helpers if helper.module == MODULE} - {question}
        calls = 0
        for name, is_called, is_again in _names_in(candidate):
            if name in inner:
                return failing(self, f"`{name}` is not for a body; call `{question}`.")
            if name == subject.stub.name:
                return failing(self, f"`{name}` calls itself, and would ask more than once; write it without that.")
            if name == question:
                calls += 1
                if calls > 1 or is_again or not is_called:
                    return failing(self, f"call `{name}` at one place of the body, outside of loops and functions.")
        declared = read_question(subject.file) if calls else None
        if declared is None:
            return passing(self)
        return passing(self, asks=question, of=subject.stub.options.runtime_model, fallback=declared.fallback)


def is_bounded(gate: Gate, subject: Subject) -> bool:
    """Tell whether a gate is asked about a spec's bodies: this one only where they may ask a model."""
    return not isinstance(gate, Asking) or bool(subject.stub.options.runtime_model)


def _names_in(candidate: Candidate) -> Iterator[tuple[str, bool, bool]]:
    """Yield the names that a body reads, whether each is what a call calls, and whether it may be more than once."""
    pending: list[tuple[ast.AST, bool, bool]] = [(node, False, False) for node in own_statements(candidate)]
    while pending:
        node, is_called, is_again = pending.pop(0)
        if isinstance(node, ast.Name):
            yield node.id, is_called, is_again
        called = node.func if isinstance(node, ast.Call) else None
        again = is_again or isinstance(node, _AGAIN)
        pending += [(child, child is called, again) for child in ast.iter_child_nodes(node)]
