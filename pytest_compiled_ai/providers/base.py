"""The seam between the compiler and whatever answers a prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]
OnToken = Callable[[str], None]
THIS_MACHINE = "this machine"
"""A provider's `where`, if prompts do not leave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a chat."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model.

    `first` marks the first question about a spec: a provider that keeps a prompt cache must start from an empty one, so
    that a reply does not depend on what was asked about other specs. `max_tokens` bounds the reply, in tokens.
    `prefill` is how the reply has to begin, an opened code fence, and `opening` how it goes on: a provider that can
    continue a reply writes from there to the end of the function, and its reply's text includes both. In between it
    puts `note`, comment lines for the model alone. Any other provider adds `hint` and `note` to the last message.
    """

    messages: tuple[Message, ...]
    temperature: float = 0.0
    seed: int = 0
    max_tokens: int = 1024
    first: bool = False
    prefill: str = ""
    note: str = ""
    opening: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A model's answer. Token counts are the provider's own usage figures; `finish` is its finish reason.

    `replayed` tells that it was paid for in an earlier run; `cost` is in the unit of the configured price.
    """

    text: str
    finish: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    replayed: bool = False
    cost: float = 0.0


class Provider(Protocol):
    """Anything that answers prompts. `close` may be called twice.

    It is used from one thread, unless it has a `concurrency` of more than 1: then so many specs are asked about at a
    time, each in a thread of its own. One that has an `at(lane)` is asked in each of them through what that returns.
    """

    name: str
    """The name in the configuration, as in `embedded`."""
    model: str
    """The model's own name, for provenance."""
    where: str
    """Where prompts go, for the first line of a run: a host name, or `THIS_MACHINE`."""

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        """Answer one request, handing each piece of text to `on_token` as it comes.

        Raises:
            ProviderError: the model could not be asked, after all retries.
        """
        ...

    def close(self) -> None:
        """Give back what the provider holds: connections, a child process."""
        ...
