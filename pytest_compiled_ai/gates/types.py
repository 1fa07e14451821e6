"""The type gate: a body is held to mypy's strict mode, by the annotations that the spec gives."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.mypy_process import Answer

OLDEST: Final = (3, 11)
"""The oldest Python that a body is checked for: what this package runs on, and mypy still knows."""

_ERROR = re.compile(r"^<string>:(?P<line>\d+): error: (?P<text>.*?)(?:  \[(?P<code>[a-z-]+)\])?$", re.M)
_REVEALED = re.compile(r'^<string>:(?P<line>\d+): note: Revealed type is "(?P<text>.*)"$', re.M)
REVEALED: Final = "revealed"
"""The code of what is no error: the type that a `reveal_type` asked for."""
_SETTING = re.compile(r"^# mypy:", re.M)
_HINTS = {
    "None": "A value that may be None has to be kept in a variable and used only where `is not None` holds.",
    "Need type annotation": "Annotate the variable where it is first assigned, as in `names: list[str] = []`.",
}
"""What a small model needs to be told beside mypy's own words."""
_CONSEQUENCES = frozenset({"no-any-return", "no-untyped-call"})
"""Often all that is left of another error: what mypy could not make sense of is `Any` to it."""
_UNTYPED = frozenset({"no-untyped-def", "no-any-unimported", "no-any-explicit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFault:
    """One error of mypy's, by its line in the artifact. One that `blocks` kept mypy from looking at the rest."""

    line: int
    text: str
    code: str
    blocks: bool = False


class Mypy(Protocol):
    """Whatever runs mypy."""

    def run(self, text: str) -> Answer:
        """Return what mypy says of a module with that text."""
        ...


@runtime_checkable
class Beginner(Protocol):
    """A mypy that can begin before it is asked."""

    def begin(self, text: str) -> None:
        """Begin to check a text that `run` will be asked about, and return at once."""
        ...


class Types:
    """Holds a body to mypy's strict mode, given the stub's own annotations."""

    name = "mypy"
    stage = Stage.SYNTAX

    def __init__(self, mypy: Mypy) -> None:
        self._mypy = mypy

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run mypy over the artifact; what the spec wrote, or an older body of the file, is not the candidate's."""
        found = own_faults(self.errors_of(candidate.module, subject), candidate)
        own = sorted(found, key=lambda fault: fault.code in _CONSEQUENCES)
        if not own:
            return passing(self)
        lines = candidate.module.splitlines()
        told = [f"{e.text} [{e.code}], in: {lines[e.line - 1].strip()}" for e in own[:4]]
        told += [hint for sign, hint in _HINTS.items() if any(sign in fault.text for fault in own)]
        message, feedback = f"mypy: {own[0].text} [{own[0].code}]", "mypy --strict says:\n" + "\n".join(told)
        return failing(self, message, feedback, faults=tuple(told))

    def begin(self, candidate: Candidate, subject: Subject) -> None:
        """Let mypy begin to read the artifact."""
        if isinstance(self._mypy, Beginner):
            self._mypy.begin(_without_settings(candidate.module))

    def abandon(self) -> None:
        """Leave it: mypy has no more to do than what it has begun, and its next question waits for that."""

    def errors_of(self, module: str, subject: Subject) -> list[TypeFault]:
        """Return mypy's errors in an artifact of that text, then what each `reveal_type` in it shows.

        Raises:
            HarnessError: mypy itself failed.
        """
        answer = self._mypy.run(_without_settings(module))
        faults = [
            TypeFault(line=int(m["line"]), text=m["text"], code=m["code"] or "", blocks=answer.status > 1)
            for m in _ERROR.finditer(answer.output)
        ]
        if answer.status and not faults:
            said = (answer.errors or answer.output).strip().splitlines()
            raise HarnessError(
                f"mypy could not check {subject.file.relative}: {said[-1] if said else 'it failed silently'}"
            )
        shown = _REVEALED.finditer(answer.output)
        return faults + [TypeFault(line=int(m["line"]), text=m["text"], code=REVEALED) for m in shown]


def _without_settings(module: str) -> str:
    # mypy obeys such a line even inside of a string, where no tokenizer sees a comment.
    return _SETTING.sub("# mypy;", module)


def is_untyped(fault: TypeFault) -> bool:
    """Tell whether a fault is that the spec gives no type: its stub is compiled all the same."""
    # The same code stands for too many arguments, as in `list[str, str]`, and that is wrong.
    is_bare = fault.code == "type-arg" and fault.text.startswith(("Missing type arguments", "Missing type parameters"))
    return is_bare or fault.code in _UNTYPED


def own_faults(faults: Iterable[TypeFault], candidate: Candidate) -> list[TypeFault]:
    """Return the errors that a candidate is to blame for, of those in its module."""
    return [fault for fault in faults if fault.code != REVEALED and _is_own(fault, candidate)]


def _is_own(fault: TypeFault, candidate: Candidate) -> bool:
    lines = range(candidate.first_line, candidate.first_line + candidate.function.count("\n") + 1)
    if fault.blocks or fault.line not in lines:
        return fault.blocks
    # A missing `return` is told at the header, as is a `yield` too many; the header itself was found right before.
    return candidate.owns(fault.line - candidate.first_line + 1) or not is_untyped(fault)


def find_python(requires: str) -> str:
    """Return the oldest Python of a `requires-python` (`>=3.12,<4` -> `3.12`), else the one that runs."""
    match = re.search(r"(?:>=|~=|==)\s*3\.(\d+)", requires)
    major, minor = max(OLDEST, (3, int(match[1]))) if match else sys.version_info[:2]
    return f"{major}.{minor}"
