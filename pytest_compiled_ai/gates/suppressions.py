"""Nothing silenced: a body is judged as it is."""

from __future__ import annotations

import ast
import re
import tokenize

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_nodes, own_tokens

_SUPPRESSION = re.compile(
    r"#.*?(type:\s*ignore|mypy:|nosec|noqa|pragma:|pylint:|pyright:|ruff:|fmt:|isort:|flake8|nosemgrep|ty:\s*ignore|"
    r"pyrefly:|zuban:|bandit:|codespell:|yapf:|skipcq|NOSONAR|lgtm|pragma\s+no)",
    re.I,
)
_COOKIE = re.compile(r"#.*?coding[:=]", re.I)
_STEERING = frozenset({"MYPY", "PY2", "PY3", "TYPE_CHECKING"})
"""Names whose value mypy takes for granted, so that it leaves a branch unread."""


class Suppressions:
    """Refuses comments and names that tell a checker to look away, and encoding cookies."""

    name = "suppressions"
    stage = Stage.SECURITY

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at every comment, at decorators that turn checking off, and at names that hide a branch."""
        for token in own_tokens(candidate):
            if token.type == tokenize.COMMENT and _SUPPRESSION.search(token.string):
                return failing(
                    self, f"the comment {token.string.strip()!r} silences a checker; leave such comments out."
                )
            if token.type == tokenize.COMMENT and _COOKIE.search(token.string):
                return failing(self, f"the comment {token.string.strip()!r} names an encoding; leave it out.")
        for node in own_nodes(candidate):
            name = _named(node)
            if name == "no_type_check":
                return failing(self, "`no_type_check` silences the type checker; leave it out.")
            if name in _STEERING:
                return failing(self, f"`{name}` hides a branch from the type checker; leave it out.")
        return passing(self)


def _named(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else node.name if isinstance(node, ast.alias) else ""
