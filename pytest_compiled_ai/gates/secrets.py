"""Nothing secret: keys, tokens and passwords that a model remembers, or was told."""

from __future__ import annotations

import ast
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_nodes

_KINDS: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "an AWS access key": re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"),
    "a Google API key": re.compile(r"AIza[\w-]{35}"),
    "a Slack token": re.compile(r"xox[abeoprs]-[\w-]{10,}"),
    "a Stripe key": re.compile(r"[rs]k_(?:live|test)_\w{16,}"),
    "a model provider's key": re.compile(r"sk-(?:ant-|proj-)?[\w-]{20,}"),
    "a GitHub token": re.compile(r"github_pat_\w{22,}"),
    "a PyPI token": re.compile(r"pypi-AgE[\w-]{40,}"),
    "a GitLab token": re.compile(r"glpat-[\w-]{20,}"),
    "a SendGrid key": re.compile(r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    "a JSON web token": re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+"),
    "a password in a URL": re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@{}]+:[^/\s:@{}]+@"),
}
_CHECKED = re.compile(r"(?:gh[opsur]|npm)_(?P<body>[0-9A-Za-z]{30})(?P<check>[0-9A-Za-z]{6})(?![0-9A-Za-z])")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OPAQUE = re.compile(r"[A-Za-z0-9+/_=-]{24,}")
_NAMED = re.compile(r"(?:^|_)(?:pass(?:word|wd|phrase)|secret|token|(?:api|access|private)_?key|credential)s?$", re.I)
_LEAST_BITS = 4.0
"""A character of an opaque token carries more than that on average; of words and of hexadecimal digests, less."""


class Secrets:
    """Refuses string literals of the body that look like keys; what stands in the spec file is the spec's."""

    name = "secrets"
    stage = Stage.SECURITY

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at every literal, those that are put together from parts included."""
        nodes = list(own_nodes(candidate))
        for text in dict.fromkeys(_texts(nodes)):
            kind = None if not text.strip() or text in subject.file.source else find_secret(text)
            if kind:
                return failing(self, f"a string looks like {kind}; take such values as parameters.")
        for name, text in _assigned(nodes):
            if _NAMED.search(name) and len(text) >= 6 and text.split() == [text] and text not in subject.file.source:
                return failing(self, f"`{name}` is written into the code; take it as a parameter.")
        return passing(self)


def find_secret(text: str) -> str | None:
    """Return what kind of secret a text holds, or None."""
    for kind, pattern in _KINDS.items():
        if pattern.search(text):
            return kind
    if any(_is_checked(match) for match in _CHECKED.finditer(text)):
        return "an access token"
    return "a key" if any(_is_opaque(match[0]) for match in _OPAQUE.finditer(text)) else None


def _is_checked(match: re.Match[str]) -> bool:
    """Tell whether a token's last six characters are the checksum of the rest, as its issuers make them."""
    value = 0
    for char in match["check"]:
        value = value * 62 + _BASE62.index(char)
    return value == zlib.crc32(match["body"].encode())


def _is_opaque(text: str) -> bool:
    kinds = [any(map(test, text)) for test in (str.isupper, str.islower, str.isdigit)]
    # An alphabet is no key: each of its characters follows its neighbour.
    steps = sum(ord(b) - ord(a) == 1 for a, b in pairwise(text))
    return all(kinds) and steps < len(text) / 4 and _bits(text) > _LEAST_BITS


def _bits(text: str) -> float:
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _texts(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.BinOp | ast.Constant | ast.Call):
            text = _folded(node)
            if text is not None:
                yield text


def _folded(node: ast.AST) -> str | None:
    """Return the text that an expression of literals makes: a literal, a sum, a join."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _folded(node.left), _folded(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        glue, given = _folded(node.func.value), node.args[0] if node.args else None
        if glue is not None and isinstance(given, ast.List | ast.Tuple):
            parts = [_folded(item) for item in given.elts]
            return None if None in parts else glue.join(part for part in parts if part is not None)
    return None


def _assigned(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        pairs: list[tuple[ast.expr | str | None, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.keyword):
            pairs = [(node.arg, node.value)]
        for target, value in pairs:
            name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", target)
            text = _folded(value) if value is not None else None
            if isinstance(name, str) and text:
                yield name, text
