"""Stands where no provider can be used: a stale body that still passes needs none, and any question tells why."""

from __future__ import annotations

from typing import NoReturn

from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers.base import OnToken, Request


class AbsentProvider:
    """Raises at the first question what kept the configured providers from being opened."""

    name = "absent"
    model = "no model is there"
    where = "nobody"

    def __init__(self, error: ProviderError) -> None:
        self._error = error

    def complete(self, request: Request, on_token: OnToken | None = None) -> NoReturn:
        """Say why there is no answer.

        Raises:
            ProviderError: always.
        """
        raise self._error

    def close(self) -> None:
        """Hold nothing, and give nothing back."""
