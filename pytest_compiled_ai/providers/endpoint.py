"""Where a model is served, what may be shown of it, and the connection to it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import openai

from pytest_compiled_ai.providers.pacing import Pacer

OPENAI_HOST = "api.openai.com"
OPENAI_URL = f"https://{OPENAI_HOST}/v1"
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model is served. `key_env` is the NAME of the variable that holds the key.

    Raises:
        ValueError: `url` is not an http(s) URL with a host.
    """

    name: str
    url: str
    model: str
    key_env: str
    shown: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError(self.url)

    @property
    def host(self) -> str:
        """The host's name, in lower case."""
        return urlsplit(self.url).hostname or ""

    @property
    def where(self) -> str:
        """The host, and the port where the URL names one: what a user is shown, without user names and paths."""
        port = urlsplit(self.url).port
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.shown or (f"{host}:{port}" if port else host)

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def open_client(endpoint: Endpoint, api_key: str, read_seconds: float, retries: int) -> openai.OpenAI:
    """Return the SDK's client; it asks again up to `retries` times, and waits `read_seconds` for each piece."""
    headers: dict[str, Any] = {"Authorization": f"Bearer {api_key}"}
    if endpoint.host != OPENAI_HOST:
        # The SDK would take these from the shell and send them to whatever host is configured.
        headers |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    timeout = openai.Timeout(read_seconds, connect=CONNECT_SECONDS)
    pacer = Pacer()
    return openai.OpenAI(
        api_key=api_key,
        base_url=endpoint.url,
        timeout=timeout,
        max_retries=retries,
        default_headers=headers,
        http_client=openai.DefaultHttpxClient(
            timeout=timeout,
            trust_env=not endpoint.is_loopback,
            event_hooks={"request": [pacer.hold], "response": [pacer.note]},
        ),
    )
