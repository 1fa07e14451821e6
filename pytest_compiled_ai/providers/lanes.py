"""What a provider says of being asked in several lanes at a time; one that says nothing is asked in one."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pytest_compiled_ai.providers.base import Provider


@runtime_checkable
class Laned(Protocol):
    """A provider that is asked in each lane through an object of that lane's own."""

    def at(self, lane: int) -> Provider:
        """Return what is asked in a lane, by its number from 0."""
        ...


def concurrency_of(provider: Provider) -> int:
    """Return about how many specs a provider may be asked at a time."""
    return int(getattr(provider, "concurrency", 1))


def provider_at(provider: Provider, lane: int) -> Provider:
    """Return what is asked in a lane."""
    return provider.at(lane) if isinstance(provider, Laned) else provider
