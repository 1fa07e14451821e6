from __future__ import annotations

import random
import string

import pytest

from pytest_compiled_ai.screens.secrets import find_secrets

ANY = string.ascii_letters + string.digits


def drawn(length, alphabet=ANY):
    """Tokens are drawn here, so that no file of the project looks as if it held one."""
    return "".join(random.Random(length).choices(alphabet, k=length))


TOKENS = {
    "an AWS access key": "AKIA" + drawn(16, string.ascii_uppercase),
    "a GitHub token": "ghp_" + drawn(36),
    "a GitLab token": "glpat-" + drawn(20),
    "a Slack token": "xoxb-" + drawn(24),
    "a Stripe key": "sk_live_" + drawn(24),
    "a model provider's key": "sk-proj-" + drawn(40),
    "a Google key": "AIza" + drawn(35),
    "a package index token": "npm_" + drawn(36),
    "a SendGrid key": f"SG.{drawn(22)}.{drawn(43)}",
    "a Twilio key": "SK" + drawn(32, "0123456789abcdef"),
    "a DigitalOcean token": "dop_v1_" + drawn(64, "0123456789abcdef"),
    "a Telegram token": "123456789:AA" + drawn(33),
    "an Azure storage key": f"AccountKey={drawn(86)}==",
    "a JSON web token": f"eyJ{drawn(20)}.eyJ{drawn(30)}.{drawn(43)}",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a bearer token": f"Authorization: Bearer {drawn(24)}7",
}


@pytest.mark.parametrize(("what", "token"), TOKENS.items())
def test_an_issued_token_is_found_and_not_repeated(what, token):
    (hit,) = find_secrets(f"Use {token} here.")
    assert hit.what.startswith(what)
    assert not hit.weak
    assert token[-8:] not in hit.what or what == "a private key"


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("postgresql://app:{}@db.shop.de/orders", False),
        ("postgresql://app:{}@localhost/orders", True),
        ("postgresql://app:{}@127.0.0.1/orders", True),
        ("https://app:{}@[broken/x", False),
        ("https://app:{}@git.example.com/x", True),
        ("https://app:{}@foo.org/x", True),
        ('password = "{}4b7K2"', False),
        ("api_key: '{}4b7K2'", False),
    ],
)
def test_a_password_is_found(text, weak):
    (hit,) = find_secrets(text.format(drawn(15)))
    assert hit.weak is weak
    assert drawn(15) not in hit.what


def test_a_placeholder_is_uncertain():
    (key,) = find_secrets("AKIA" + "IOSFODNN7EXAMPLE")
    (url,) = find_secrets("https://user:password@git.firma.de/x")
    assert key.weak
    assert url.weak


@pytest.mark.parametrize(
    "text",
    [
        "connect('postgresql://user:password@localhost/test')",
        "password: the password to hash, as bytes",
        "password = getpass.getpass()",
        "token = tokens[index]",
        "api_key = settings.API_KEY_2",
        "secret='correct-horse-battery'",
        "Bearer of good news",
        "a sk-prefix, an AKIA prefix",
        "https://example.com:8080/a@b",
    ],
)
def test_ordinary_code_passes(text):
    assert list(find_secrets(text)) == []
