from __future__ import annotations

import zlib

import pytest

from pytest_compiled_ai.gates import secrets
from pytest_compiled_ai.gates.secrets import Secrets, find_secret

RANDOM = "q9Zx7Lk2VbN4mT8wRc5Yd1Hs"


def checked(prefix: str) -> str:
    body, value, digits = "a1B2c3D4e5" * 3, zlib.crc32(b"a1B2c3D4e5" * 3), ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        digits = secrets._BASE62[digit] + digits
    return f"{prefix}_{body}{digits}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        ("AKIA" + "QWERTYUIOPASDFGH", "an AWS access key"),
        ("AIza" + "x" * 35, "a Google API key"),
        ("xoxb-" + "1" * 12, "a Slack token"),
        ("sk_live_" + "a" * 20, "a Stripe key"),
        ("sk-proj-" + "a" * 30, "a model provider's key"),
        ("github_pat_" + "a" * 30, "a GitHub token"),
        ("postgres://me:topsecret@db.example/x", "a password in a URL"),
        (checked("ghp"), "an access token"),
        (checked("npm"), "an access token"),
        (RANDOM, "a key"),
    ],
)
def test_keys_and_tokens_are_known(text, kind):
    assert find_secret(f"<{text}>") == kind


@pytest.mark.parametrize(
    "text",
    [
        "", "https://example.com/a/b?c=d", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "d41d8cd98f00b204e9800998ecf8427e", "a_rather_long_name_of_a_thing_in_code", "0123456789abcdefABCDEF0123456789",
        "%Y-%m-%dT%H:%M:%S.%f%z", "https://user@example.com", r"^(?P<year>\d{4})-(?P<month>\d{2})$",
    ],
)  # fmt: skip
def test_words_alphabets_and_digests_are_no_secrets(text):
    assert find_secret(text) is None


def test_a_token_with_a_wrong_checksum_is_none():
    token = checked("ghp")
    assert not secrets._is_checked(secrets._CHECKED.search(token[:-1] + ("0" if token[-1] != "0" else "1")))


@pytest.mark.parametrize(
    "expression",
    [
        f"'{RANDOM}'", f"b'{RANDOM}'", f"'{RANDOM[:9]}' + '{RANDOM[9:]}'", f"''.join(['{RANDOM[:9]}', '{RANDOM[9:]}'])",
        f"f'{RANDOM}{{n}}'",
    ],
)  # fmt: skip
def test_a_key_in_the_body_is_refused_however_it_is_put_together(cut, expression):
    verdict = Secrets().check(*cut(f"return len({expression})"))
    assert not verdict.passed
    assert RANDOM not in verdict.message


@pytest.mark.parametrize(
    "body",
    [
        "password = 'hunter22'\nreturn len(password)", "db_password: str = 'hunter22'\nreturn len(db_password)",
        "return len(str(dict(api_key='hunter22')))", "class A: ...\na = A()\na.secret = 'hunter22'\nreturn n",
    ],
)  # fmt: skip
def test_a_password_by_its_name_is_refused(cut, body):
    assert "is written into the code" in Secrets().check(*cut(body)).message


@pytest.mark.parametrize(
    "body",
    [
        "token = ''\nreturn len(token)", "token = 'two words'\nreturn n", "tokens = str(n).split()\nreturn n",
        "x = ' '.join(c for c in 'ab') + 'ab'\nreturn n", "y = ','.join(['a', str(n)]) + ''.join()\nreturn n",
        "keyword: str\nreturn n", "a = b = 'abcdefgh'\nreturn n",
    ],
)  # fmt: skip
def test_ordinary_strings_pass(cut, body):
    assert Secrets().check(*cut(body)).passed


def test_what_stands_in_the_spec_is_the_spec_s(cut):
    spec = f"from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    '''Not {RANDOM}.'''\n"
    assert Secrets().check(*cut(f"return len('{RANDOM}')", spec=spec)).passed
