"""Requests over HTTP that are tried again where that helps, on urllib3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

__all__ = ["fetch_json", "fetch_text", "post_json"]


def fetch_text(url: str, headers: Mapping[str, str] | None = None) -> str:
    """Return the text at an address: ("https://example.com/terms").

    What fails for a reason that passes (no connection, 429, 500, 502, 503, 504) is tried up to four times, with pauses.

    Raises:
        OSError: it cannot be had; an answer of 400 or more is told with its status.
    """
    return _request("GET", url, None, headers)


def fetch_json(url: str, headers: Mapping[str, str] | None = None) -> Any:
    """Return what the JSON at an address holds: ("https://example.com/rates").

    It is tried again as `fetch_text` does.

    Raises:
        OSError: it cannot be had.
        ValueError: it is no JSON.
    """
    return json.loads(_request("GET", url, None, headers))


def post_json(url: str, value: Any, headers: Mapping[str, str] | None = None) -> str:
    """Send a value as JSON to an address, and return the answer: ("https://example.com/orders", {"id": 7}).

    It is sent again only where the server cannot have taken it: no connection, 429, 503.

    Raises:
        OSError: it cannot be sent.
    """
    return _request("POST", url, value, headers)


def _request(method: str, url: str, value: Any, headers: Mapping[str, str] | None) -> str:
    try:
        answer = _pool().request(method, url, json=value, headers=dict(headers or {}), retries=_retries(method))
    except HTTPError as error:
        raise OSError(f"{method} {url} failed: {error}") from error
    if answer.status >= 400:
        raise OSError(f"{method} {url} was answered with status {answer.status}")
    return answer.data.decode("utf-8", errors="replace")


def _retries(method: str) -> Retry:
    is_safe = method == "GET"
    return Retry(
        connect=3,
        read=3 if is_safe else 0,
        other=0,
        redirect=5,
        status=3,
        status_forcelist=(429, 500, 502, 503, 504) if is_safe else (429, 503),
        allowed_methods=None,
        backoff_factor=0.5,
        raise_on_status=False,
    )


@cache
def _pool() -> PoolManager:
    return PoolManager(timeout=Timeout(connect=5, read=30))
