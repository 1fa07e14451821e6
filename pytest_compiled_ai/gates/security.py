"""The security stage: nothing silenced, nothing fetched, nothing that bandit knows."""

from __future__ import annotations

import ast
import io
import logging
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.module import Import, read_imports
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing

_SUPPRESSION = re.compile(
    r"#.*?(type:\s*ignore|mypy:|nosec|noqa|pragma:|pylint:|pyright:|ruff:|fmt:|isort:|flake8|nosemgrep|ty:\s*ignore)",
    re.I,
)


class Suppressions:
    """Refuses comments that tell a checker to look away: a body is judged as it is."""

    name = "suppressions"
    stage = Stage.SECURITY

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at every comment, and at decorators that turn checking off."""
        for token in tokenize.generate_tokens(io.StringIO(candidate.function).readline):
            if (
                token.type == tokenize.COMMENT
                and token.start[0] > candidate.header_lines
                and _SUPPRESSION.search(token.string)
            ):
                return failing(
                    self, f"the comment {token.string.strip()!r} silences a checker; leave such comments out."
                )
        for node in ast.walk(candidate.node):
            if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("no_type_check"):
                return failing(self, "`no_type_check` silences the type checker; leave it out.")
        return passing(self)


class Imports:
    """Refuses imports from anywhere but the standard library, the spec's own imports and declared dependencies.

    Args:
        declared: import names of the project's declared and installed dependencies. Nothing is ever installed.
    """

    name = "imports"
    stage = Stage.SECURITY

    def __init__(self, declared: frozenset[str]) -> None:
        self._declared = declared

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at the imports beside the function and inside it."""
        allowed = {item.module for item in subject.imports}
        for item in (*candidate.imports, *_inner_imports(candidate.node)):
            top = item.module.partition(".")[0]
            if item.module in allowed or top in sys.stdlib_module_names or top in self._declared:
                continue
            where = f"`{item.module}`" if item.module else "a relative import"
            return failing(
                self, f"{where} is neither in the standard library nor a declared, installed dependency; do without it."
            )
        return passing(self)


class Bandit:
    """Refuses what bandit reports, of any severity, with its own suppression comments ignored."""

    name = "bandit"
    stage = Stage.SECURITY
    _skipped = frozenset({"B101"})
    """`assert` is a matter of taste in a function body, not of safety."""

    def __init__(self, scratch: Path) -> None:
        self._path = scratch / "candidate.py"

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run bandit's own tests over the candidate, in this process: it reads syntax trees, and runs nothing."""
        logging.getLogger("bandit").setLevel(logging.ERROR)
        self._path.write_text(candidate.module, encoding="utf-8")
        with warnings.catch_warnings():
            # Its own imports warn, which a project may have made an error.
            warnings.simplefilter("ignore")
            manager = _run_bandit(self._path)
        last = candidate.first_line + candidate.function.count("\n")
        for issue in manager.get_issue_list():
            if issue.test_id not in self._skipped and self._concerns(issue.lineno, candidate, last):
                return failing(self, f"bandit {issue.test_id} ({issue.severity.lower()}): {issue.text}")
        if manager.skipped:
            return failing(self, f"bandit could not read the candidate: {manager.skipped[0][1]}.")
        return passing(self)

    def _concerns(self, line: int, candidate: Candidate, last: int) -> bool:
        in_function = candidate.first_line + candidate.header_lines <= line <= last
        brought = {item.line for item in candidate.imports}
        return in_function or any(text == candidate.module.splitlines()[line - 1] for text in brought)


def _run_bandit(path: Path) -> Any:
    from bandit.core.config import BanditConfig
    from bandit.core.manager import BanditManager

    manager = BanditManager(BanditConfig(), "file", ignore_nosec=True, quiet=True)
    manager.discover_files([str(path)])
    manager.run_tests()
    return manager


def find_declared(dependencies: list[str], distributions: Mapping[str, list[str]]) -> frozenset[str]:
    """Return the import names of declared dependencies that are installed.

    Args:
        dependencies: requirement strings of `[project] dependencies`.
        distributions: import name -> distributions, as `importlib.metadata.packages_distributions()` gives it.
    """
    declared = {_normal(re.split(r"[^A-Za-z0-9._-]", text.strip(), maxsplit=1)[0]) for text in dependencies}
    names = {name for name, owners in distributions.items() if declared & {_normal(owner) for owner in owners}}
    return frozenset(names - {"pytest_compiled_ai", "pytest", "_pytest", "hypothesis"})


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _inner_imports(node: ast.AST) -> Iterator[Import]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.ImportFrom) and inner.level:
            yield Import(module="", name=None, bound="")
        elif isinstance(inner, ast.Import | ast.ImportFrom):
            yield from read_imports(inner)
