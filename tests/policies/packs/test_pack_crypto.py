"""Hashes, ciphers, and comparisons of secrets."""

from __future__ import annotations

import pytest

SIGNATURE = "f(data: bytes, token: str, name: str, given: str, flag: bool) -> Any"
WEAK = [
    ("return hashlib.md5(data).hexdigest()", "return hashlib.sha256(data).hexdigest()"),
    ("return hashlib.sha1(data, usedforsecurity=False).digest()", "return hashlib.sha512(data).digest()"),
    ("h = hashlib.md5\nreturn h(data).hexdigest()", "h = hashlib.sha3_256\nreturn h(data).hexdigest()"),
    ("return getattr(hashlib, 'md5')(data)", "return getattr(hashlib, 'sha256')(data)"),
    ("from hashlib import sha1 as good\nreturn good(data)", "from hashlib import sha256 as sha1\nreturn sha1(data)"),
    ("return hashlib.new('MD5', data)", "return hashlib.new('sha256', data)"),
    ("return hashlib.new(name, data)", "return hmac.new(data, data, hashlib.sha256)"),
    ("return hmac.new(data, data, 'md5')", "return hmac.new(data, data, 'sha256')"),
    ("return hmac.new(data, data, hashlib.sha1)", "return hmac.digest(data, data, 'sha256')"),
    ("return hashlib.pbkdf2_hmac('sha1', data, data, 9)", "return hashlib.pbkdf2_hmac('sha256', data, data, 9)"),
    ("from Crypto.Cipher import DES3\nreturn DES3.new(data)", "from Crypto.Cipher import AES\nreturn AES.new(data)"),
    ("from Crypto.Cipher import AES\nreturn AES.new(data, AES.MODE_ECB)", "from Crypto.Cipher import AES\nreturn AES.new(data, AES.MODE_GCM)"),
    ("from cryptography.hazmat.primitives.ciphers import modes\nreturn modes.ECB()", "ECB = 'shape'\nreturn ECB"),
]  # fmt: skip
TIMING = [
    ("return token == given", "return hmac.compare_digest(token, given)"),
    ("return given != token", "return not hmac.compare_digest(token, given)"),
    ("return token in {given}", "return token is None"),
    ("return token.strip() == given", "return len(token) == 3"),
    ("mine = token\nreturn mine == given", "mine = given\nreturn mine == name"),
    ("return hashlib.sha256(data).hexdigest() == given", "return hmac.compare_digest(hashlib.sha256(data).hexdigest(), given)"),
    ("made = hmac.new(data, data, 'sha256').digest()\nreturn made == data", "made = hmac.new(data, data, 'sha256').digest()\nreturn made == b''"),
    ("import operator\nreturn operator.eq(token, given)", "import operator\nreturn operator.eq(name, given)"),
    ("return all(a == b for a, b in zip(token, given))", "return all(a == b for a, b in zip(name, given))"),
    ("match token:\n    case 'abc':\n        return True\nreturn False", "match name:\n    case 'abc':\n        return True\nreturn False"),
    ("return flag if token < given and token == given else 0", "return flag if token == '' else 0"),
]  # fmt: skip


@pytest.mark.parametrize(("breaking", "right"), WEAK)
def test_weak_hashes_and_ciphers_are_refused_under_any_name(court, breaking, right):
    assert court.breaches("weak-crypto", SIGNATURE, breaking, "pci-style")
    assert court.breaches("weak-crypto", SIGNATURE, right, "hipaa-style") == []


@pytest.mark.parametrize(("breaking", "right"), TIMING)
def test_secrets_are_compared_in_constant_time(court, breaking, right):
    assert court.breaches("constant-time", SIGNATURE, breaking, "pci-style")
    assert court.breaches("constant-time", SIGNATURE, right, "soc2-style") == []
