"""Nothing fetched: where a body's imports come from."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping

from pytest_compiled_ai.artifacts.module import Import, read_imports
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_nodes
from pytest_compiled_ai.policies.policy import Policy


class Imports:
    """Refuses imports from anywhere but the standard library, what the spec imports, and what the policy names.

    A declared dependency may be imported, in all its parts, where the spec file imports a part of it.

    Args:
        declared: import names of the project's declared and installed dependencies. Nothing is ever installed.
        policy: the project's policy.
    """

    name = "imports"
    stage = Stage.SECURITY

    def __init__(self, declared: frozenset[str], policy: Policy) -> None:
        self._declared, self._policy = declared, policy

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at the imports beside the function and inside it."""
        policy = self._policy.widened(subject.stub.options.imports)
        allowed = {item.module for item in subject.imports}
        packages = {module.partition(".")[0] for module in allowed} & self._declared
        for item in (*candidate.imports, *_inner_imports(candidate)):
            top = item.module.partition(".")[0]
            if item.module in allowed or top in sys.stdlib_module_names or top in packages or policy.names(item.module):
                continue
            where = f"`{item.module}`" if item.module else "a relative import"
            told = f"{where} is neither in the standard library nor imported by the spec; do without it."
            return failing(self, told)
        return passing(self)


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


def _inner_imports(candidate: Candidate) -> Iterator[Import]:
    for inner in own_nodes(candidate):
        if isinstance(inner, ast.ImportFrom) and inner.level:
            yield Import(module="", name=None, bound="")
        elif isinstance(inner, ast.Import | ast.ImportFrom):
            yield from read_imports(inner)
