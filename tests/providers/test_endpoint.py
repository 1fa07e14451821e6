from __future__ import annotations

import pytest

from pytest_compiled_ai.providers.endpoint import OPENAI_URL, Endpoint, open_client


def make(url: str, shown: str = "") -> Endpoint:
    return Endpoint(name="n", url=url, model="m", key_env="K", shown=shown)


@pytest.mark.parametrize(
    ("url", "where", "loopback"),
    [
        (OPENAI_URL, "api.openai.com", False),
        ("https://me:secret@Models.example.com:8443/v1", "models.example.com:8443", False),
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080", True),
        ("http://127.8.8.8/v1", "127.8.8.8", True),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("http://localhost:11434/v1", "localhost:11434", True),
        ("http://10.0.0.1", "10.0.0.1", False),
        ("http://localhost.example.com", "localhost.example.com", False),
    ],
)
def test_where_is_host_and_port_alone(url: str, where: str, loopback: bool) -> None:
    endpoint = make(url)
    assert (endpoint.where, endpoint.is_loopback) == (where, loopback)


def test_where_may_have_a_name() -> None:
    assert make("http://127.0.0.1:1/v1", shown="this machine").where == "this machine"


@pytest.mark.parametrize(
    "url", ["", "models.example.com", "ftp://host", "https://", "http://host:70000", "http://[::1"]
)
def test_refuses_what_is_no_url(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        make(url)


def test_openai_itself_gets_the_shells_organization(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "ours")
    with open_client(make(OPENAI_URL), "key", 1.0, 0) as client:
        assert client.default_headers["OpenAI-Organization"] == "ours"
