"""No weak hash, no weak cipher, and no comparison of secrets that takes longer the more of them is right."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.sources import secrets
from pytest_compiled_ai.policies.packs.taint import Taint
from pytest_compiled_ai.policies.packs.words import names_in
from pytest_compiled_ai.policies.rules.finding import Finding

WEAK, TIMING = "weak-crypto", "constant-time"
_HASHES = frozenset({"md4", "md5", "md5-sha1", "ripemd160", "sha", "sha1"})
_NAMED_BY = frozenset({"hashlib.new", "hashlib.pbkdf2_hmac", "hashlib.file_digest", "hmac.new", "hmac.digest"})
_CIPHERS = names_in("ARC2 ARC4 Blowfish CAST CAST5 DES DES3 ECB IDEA MODE_ECB RC2 RC4 SEED TripleDES XOR")
_LIBRARIES = frozenset({"Crypto", "Cryptodome", "cryptography", "nacl"})
_EQUALS = frozenset({"operator.eq", "operator.ne"})
_MAKES_SECRETS = frozenset({"digest", "hexdigest"})


def _check_weak(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    for node in reading.nodes:
        if isinstance(node, ast.Attribute | ast.Name | ast.Call):
            names = read_calls(reading).origins(node)
            if weak := sorted(name for name in names if _is_weak(name)):
                what = f"`{weak[0]}` is weak"
                yield Finding(rule=WEAK, what=what, instead="use `hashlib.sha256`, or AES-GCM", line=node.lineno)
        if isinstance(node, ast.Call) and read_calls(reading).origins(node.func) & _NAMED_BY:
            yield from _check_named(node)


def _is_weak(name: str) -> bool:
    top, *rest = name.split(".")
    if top == "hashlib":
        return bool(rest) and rest[0].lower() in _HASHES
    return top in _LIBRARIES and bool(rest) and rest[-1] in _CIPHERS


def _check_named(call: ast.Call) -> Iterator[Finding]:
    """Judge a hash that is named by text: the name has to be there to be read."""
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if weak := [text for text in texts if text.lower().replace("_", "-") in _HASHES]:
        yield Finding(rule=WEAK, what=f"`{weak[0]}` is weak", instead='write "sha256"', line=call.lineno)
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "new" and not texts and not _names_a_hash(call):
        what = "a hash is chosen by a name that is not written out"
        yield Finding(rule=WEAK, what=what, instead="use `hashlib.sha256`", line=call.lineno)


def _names_a_hash(call: ast.Call) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr.startswith(("sha", "blake")) for node in ast.walk(call))


def _check_timing(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    taint = secrets(reading)
    for node in reading.nodes:
        if any(_is_secret(value, taint) for value in _compared(node, reading)):
            what, instead = "a secret is compared with `==`", "use `hmac.compare_digest(a, b)`"
            yield Finding(rule=TIMING, what=what, instead=instead, line=getattr(node, "lineno", 0))


def _compared(node: ast.AST, reading: Reading) -> list[ast.expr]:
    """Return what is compared at a node, but for a comparison with None, a number or an empty text."""
    if isinstance(node, ast.Compare):
        values = [node.left, *node.comparators]
        asks = any(isinstance(operator, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for operator in node.ops)
        return values if asks and not any(map(_is_plain, values)) else []
    if isinstance(node, ast.Match):
        return [node.subject]
    if isinstance(node, ast.Call) and read_calls(reading).origins(node.func) & _EQUALS:
        return node.args
    return []


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value in (None, "", b"") or isinstance(node.value, int))


def _is_secret(node: ast.expr, taint: Taint) -> bool:
    if taint.carries(node):
        return True
    values = [node]
    if isinstance(node, ast.Name):
        values = [*taint.reading.given.get(taint.reading.key(node), ())]
    return any(_makes_secret(value) for value in values)


def _makes_secret(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MAKES_SECRETS


WEAK_CRYPTO = PackRule(
    name=WEAK,
    explain="No MD4, MD5, SHA-1, RIPEMD-160, DES, RC2, RC4, Blowfish, CAST, IDEA, SEED, nor ECB.",
    check=_check_weak,
)
CONSTANT_TIME = PackRule(
    name=TIMING,
    explain="Digests, and parameters named as secrets, are compared by `hmac.compare_digest`.",
    check=_check_timing,
)
