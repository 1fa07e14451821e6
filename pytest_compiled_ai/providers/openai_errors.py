"""What an endpoint's refusal means, in one line for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai

from pytest_compiled_ai.providers.pacing import TOO_MANY

if TYPE_CHECKING:
    from pytest_compiled_ai.providers.endpoint import Endpoint

LONGEST = 200
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes of a 429 that no waiting ends."""


def explain(error: openai.APIError, endpoint: Endpoint, api_key: str) -> str:
    """Return what to tell the user: who speaks, what happened, what to do; `api_key` never occurs in it."""
    return f"provider {endpoint.name!r}: {_meaning(error, endpoint)}".replace(api_key, "***")


def is_storm(error: openai.APIError, *, has_answered: bool) -> bool:
    """Tell whether an error is one that passes: the endpoint is too busy, or fails although it has answered before."""
    if not isinstance(error, openai.APIStatusError) or error.code in _SPENT:
        return False
    return error.status_code in TOO_MANY or (has_answered and error.status_code >= 500)


def _meaning(error: openai.APIError, endpoint: Endpoint) -> str:
    where, said = endpoint.where, _shorten(error)
    match error:
        case openai.AuthenticationError():
            # The server's own words are left out: they often quote a part of the key.
            return f"{where} refused the key (401); check the value of the environment variable {endpoint.key_env}."
        case openai.PermissionDeniedError():
            return f"{where} forbids this (403: {said}); check what the key in {endpoint.key_env} may use."
        case openai.NotFoundError():
            return f"{where} does not know the model {endpoint.model!r} (404); check model and base_url."
        case openai.RateLimitError():
            return f"{where} still says 429 after all retries ({said}); wait, or check the quota."
        case openai.APITimeoutError():
            return f"{where} did not answer in time; is the endpoint up, and base_url right?"
        case openai.APIConnectionError():
            return f"cannot reach {where} ({error.__cause__ or error}); is the endpoint up, and base_url right?"
        case openai.APIStatusError() if error.status_code >= 500:
            return f"{where} still fails with {error.status_code} after all retries ({said}); try again later."
        case openai.APIStatusError():
            return f"{where} refused the question with {error.status_code}: {said}"
        case _:
            return f"{where} broke off with an error: {said}"


def _shorten(error: openai.APIError) -> str:
    words = error.body.get("message") if isinstance(error.body, dict) else None
    line = " ".join(str(words or error.message).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."
