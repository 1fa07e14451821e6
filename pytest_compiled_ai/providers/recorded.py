"""Replies that were paid for once: a crash or a second run replays them from the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import platformdirs

from pytest_compiled_ai.artifacts.plan import write_atomically
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.providers.base import OnToken, Provider, Reply, Request
from pytest_compiled_ai.providers.lanes import concurrency_of, provider_at

FOLDER_VARIABLE = "COMPILED_AI_REPLIES"


def replies_folder() -> Path:
    """Return the folder that holds the replies."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser().absolute() if named else platformdirs.user_cache_path("compiled-ai") / "replies"


class RecordedProvider:
    """Answers from its folder what was asked before, and asks `inner` the rest.

    A file is named after the hash of the provider and the whole request; it holds the reply, and nothing of the
    question. A folder that cannot be read or written costs a question, never the run.

    Args:
        inner: who answers what is new.
        folder: where replies are kept.
    """

    def __init__(self, inner: Provider, folder: Path) -> None:
        self.name, self.model, self.where = inner.name, inner.model, inner.where
        self._inner, self._folder = inner, folder
        self._has_replayed = False
        self.concurrency = concurrency_of(inner)

    def at(self, lane: int) -> RecordedProvider:
        """Return what is asked in one lane of several."""
        return RecordedProvider(provider_at(self._inner, lane), self._folder)

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        """Answer one request; `replayed` tells whether it was paid for before.

        Raises:
            ProviderError: the model could not be asked, after all retries.
        """
        path = self._path_of(request)
        if reply := _read(path):
            self._has_replayed = True
            if on_token:
                on_token(reply.text)
            return reply
        # What was replayed is not in the prompt cache of a model that keeps one: it must not go on from another state.
        reply = self._inner.complete(replace(request, first=request.first or self._has_replayed), on_token)
        self._has_replayed = False
        _write(path, reply)
        return reply

    def close(self) -> None:
        """Close the provider that answers what is new."""
        self._inner.close()

    def _path_of(self, request: Request) -> Path:
        asked = {"provider": [self.name, self.model, self.where], **asdict(request)}
        key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.json"


def _read(path: Path) -> Reply | None:
    try:
        return Reply(**{**json.loads(path.read_text(encoding="utf-8")), "replayed": True})
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, reply: Reply) -> None:
    with suppress(ConfigError):
        write_atomically(path, json.dumps(asdict(reply)) + "\n")
