"""A body completed with the annotations that it lacks, where these are all that mypy misses."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from pytest_compiled_ai.compiler.annotating import renaming
from pytest_compiled_ai.compiler.annotating.helpers import find_helpers
from pytest_compiled_ai.compiler.annotating.returns import annotate_returns
from pytest_compiled_ai.compiler.annotating.sight import Sight
from pytest_compiled_ai.compiler.annotating.source import Edit, Source
from pytest_compiled_ai.compiler.annotating.types import Type, read_type
from pytest_compiled_ai.compiler.annotating.variables import find_stand_in, find_variables
from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.types import REVEALED, TypeFault, own_faults
from pytest_compiled_ai.specs.scopes import bound_names

CODES: Final = frozenset({renaming.CODE, "no-any-return", "no-untyped-call", "no-untyped-def", "var-annotated"})
"""What mypy calls the faults that an annotation, or another name, may mend; others may be gone with them."""
ErrorsOf = Callable[[str, Subject], list[TypeFault]]
ROUNDS: Final = 6
"""What is told in one round tells more in the next: a helper takes two, and one that calls itself three."""


def annotate(
    candidate: Candidate, subject: Subject, errors_of: ErrorsOf, rebuild: Callable[[str], Candidate]
) -> Candidate | None:
    """Return a candidate with the annotations that it lacks, None where these do not put mypy at rest.

    Args:
        candidate: one that mypy refuses.
        subject: the spec that it is for.
        errors_of: asks mypy about the text of a module.
        rebuild: makes a candidate of another text of the function.

    Raises:
        HarnessError: mypy itself failed.
    """
    for _ in range(ROUNDS):
        faults = own_faults(errors_of(candidate.module, subject), candidate)
        if not faults:
            return candidate
        if not any(fault.code in CODES for fault in faults) or any(fault.blocks for fault in faults):
            return None
        text = _Round(candidate=candidate, subject=subject, errors_of=errors_of, faults=tuple(faults)).mend()
        if text == candidate.function or not _is_whole(text):
            return None
        candidate = rebuild(text)
    return None


def _is_whole(text: str) -> bool:
    # A line that a backslash joins to the one before is no place for another statement.
    try:
        symtable.symtable(text, "body", "exec")
    except SyntaxError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One look at a candidate, and at what mypy has against it."""

    candidate: Candidate
    subject: Subject
    errors_of: ErrorsOf
    faults: tuple[TypeFault, ...]

    def mend(self) -> str:
        """Return the function with what can be told now."""
        source, offset = Source(self.candidate.function), self.candidate.first_line - 1
        faults = [replace(fault, line=fault.line - offset) for fault in self.faults]
        edits = list(renaming.rename_reused(source, faults))
        if edits or not any(fault.code in CODES - {renaming.CODE} for fault in faults):
            return source.edited(edits)
        edits = self._by_types(source, faults)
        if not edits:
            # A value that is `Any` now may be told when what it comes from is.
            taken = bound_names(*ast.parse(self.candidate.module).body)
            edits = list(annotate_returns(source, faults, taken))
        return source.edited(edits)

    def _by_types(self, source: Source, faults: list[TypeFault]) -> list[Edit]:
        lines = range(1, source.text.count("\n") + 2)
        helpers = list(find_helpers(source, frozenset(filter(self.candidate.owns, lines))))
        variables = list(find_variables(source, faults))
        see = Sight(source, lambda name: find_stand_in(source, variables, name))

        def tell() -> list[Edit]:
            found = [edit for helper in helpers for edit in helper.annotate(see)]
            return found + [edit for variable in variables for edit in variable.annotate(source, see)]

        edits = tell()
        if see.has_questions:
            see.learn(self._reveal(source.text, see.text()))
            edits = tell()
        return edits

    def _reveal(self, function: str, probed: str) -> dict[int, Type]:
        start = self.candidate.first_line - 1
        lines = self.candidate.module.split("\n")
        length = function.count("\n") + (not function.endswith("\n"))
        module = "\n".join([*lines[:start], *probed.removesuffix("\n").split("\n"), *lines[start + length :]])
        known = frozenset(f"{item.module}.{item.name}" for item in self.subject.imports if item.bound == item.name)
        shown: list[TypeFault] = []
        # Questions may be more than mypy can bear; without their answers the body stays as it is.
        with suppress(HarnessError):
            shown = [fault for fault in self.errors_of(module, self.subject) if fault.code == REVEALED]
        return {fault.line - start: read_type(fault.text, known) for fault in shown}
