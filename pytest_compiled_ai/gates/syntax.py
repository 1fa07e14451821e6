"""The syntax stage: a whole body, of the types that the spec gives."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing

_ELISION = re.compile(
    r"#\s*(\.\.\.|todo|fixme|rest of|remaining|your code|implement|implementation|add (your|code)|"
    r"same as (before|above)|existing code|placeholder|omitted|unchanged)",
    re.I,
)
_ERROR = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+): error: (?P<text>.*?)(?:  \[(?P<code>[a-z-]+)\])?$", re.M)

_HINTS = {
    "None": "A value that may be None has to be kept in a variable and used only where `is not None` holds.",
    "Need type annotation": "Annotate the variable where it is first assigned, as in `names: list[str] = []`.",
}
"""What a small model needs to be told beside mypy's own words."""


class Elision:
    """Refuses a body that leaves its work out: `...`, a lone `pass`, "rest of the code"."""

    name = "elision"
    stage = Stage.SYNTAX

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look for statements that stand for missing code, and for comments that say so."""
        missing = next(_missing_parts(candidate.node), None)
        if missing:
            return failing(self, f"the body is not whole: {missing}. Write every line of it.")
        for token in tokenize.generate_tokens(io.StringIO(candidate.function).readline):
            if (
                token.type == tokenize.COMMENT
                and token.start[0] > candidate.header_lines
                and _ELISION.match(token.string)
            ):
                return failing(
                    self, f"the comment {token.string!r} stands for missing code. Write every line of the body."
                )
        return passing(self)


def _missing_parts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if all(isinstance(node, ast.Pass) for node in body):
        yield "nothing stands in it" if not body else "`pass` is all there is"
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...:
            yield "`...` stands for missing code"
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc):
            yield "it raises NotImplementedError"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFault:
    """One error of mypy's, by its line in the artifact."""

    line: int
    text: str
    code: str


class Types:
    """Holds a body to mypy's strict mode, given the stub's own annotations.

    Args:
        root: the shadow tree that holds the artifact.
        python: the oldest Python that the project supports, as in `3.11`.
        cache: a folder for mypy's cache.
    """

    name = "mypy"
    stage = Stage.SYNTAX

    def __init__(self, root: Path, python: str, cache: Path) -> None:
        self._root, self._python, self._cache = root, python, cache

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run mypy over the artifact; errors on the lines that the spec wrote are not the candidate's."""
        errors = self.errors_of(candidate.module, subject)
        last = candidate.first_line + candidate.function.count("\n")
        own = [e for e in errors if candidate.first_line + candidate.header_lines <= e.line <= last]
        if not own:
            return passing(self)
        lines = candidate.module.splitlines()
        told = [f"{e.text} [{e.code}], in: {lines[e.line - 1].strip()}" for e in own[:4]]
        told += [hint for sign, hint in _HINTS.items() if any(sign in fault.text for fault in own)]
        return failing(self, f"mypy: {own[0].text} [{own[0].code}]", "mypy --strict says:\n" + "\n".join(told))

    def errors_of(self, module: str, subject: Subject) -> list[TypeFault]:
        """Return mypy's errors in an artifact of that text.

        Raises:
            HarnessError: mypy itself failed.
        """
        target = self._root / subject.target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(module, encoding="utf-8")
        done = subprocess.run(
            self._command(subject.target),
            capture_output=True,
            text=True,
            cwd=self._root,
            env=self._environment(),
            check=False,
        )
        if done.returncode not in {0, 1}:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise HarnessError(
                f"mypy could not check {subject.file.relative}: {said[-1] if said else 'it died silently'}"
            )
        found = _ERROR.finditer(done.stdout)
        return [
            TypeFault(line=int(m["line"]), text=m["text"], code=m["code"] or "")
            for m in found
            if Path(m["path"]).as_posix() == subject.target
        ]

    def _command(self, target: str) -> list[str]:
        return [
            sys.executable, "-I", "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={self._cache}",
            f"--python-version={self._python}", "--namespace-packages", "--explicit-package-bases",
            "--ignore-missing-imports", "--follow-imports=silent", "--no-error-summary", "--no-pretty",
            "--no-color-output", "--show-error-codes", "--hide-error-context", target,
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        bases = [path for path in (self._root / "src", self._root) if path.is_dir()]
        return {"MYPYPATH": os.pathsep.join(map(str, bases)), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}


def find_python(requires: str) -> str:
    """Return the oldest Python of a `requires-python` (`>=3.11,<4` -> `3.11`), else the one that runs."""
    match = re.search(r">=\s*(3\.\d+)", requires)
    return match[1] if match else f"{sys.version_info.major}.{sys.version_info.minor}"
