from __future__ import annotations

import json
import time
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest
from codegen_sets import BODIES, write_sets
from doubles import NoMypy

from benchmarks import decoding
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.providers.embedded import EmbeddedProvider
from pytest_compiled_ai.testing import make_reply


class Slow:
    """A client that takes its time over a right answer."""

    def complete(self, request, on_token=None):
        time.sleep(0.02)
        # The header stands in the reply before the server is asked.
        return make_reply(dedent(BODIES["thrice"]).strip().partition("\n")[2] + "\n```")

    def close(self):
        pass


@pytest.fixture
def clients(monkeypatch):
    found = [Slow(), Slow()]

    def start(self):
        self._clients = found
        return found

    monkeypatch.setattr(EmbeddedProvider, "_start", start)
    monkeypatch.setattr(decoding, "find_model", lambda _: (SimpleNamespace(name="m"), Path("m.gguf")))
    return found


def test_only_the_time_of_questions_counts_that_of_failed_ones_too(clients, monkeypatch):
    provider = decoding.TimedProvider(model="m", path=Path("m.gguf"))
    request = Request(messages=(Message(role="user", content="q"),))
    provider.complete(request)
    assert 0.02 <= provider.asking < 1
    before = provider.asking

    def fail(*_):
        raise ProviderError("gone")

    clients[0].complete = fail
    provider._time(clients[0])
    with pytest.raises(ProviderError):
        provider.complete(request)
    assert provider.asking > before


def test_a_set_is_compiled_and_the_share_is_told_and_written(clients, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    data = write_sets(tmp_path / "sets")
    assert decoding.main(["--data", str(data), "--out", str(tmp_path), "--specs", "1"]) == 0
    told = json.loads((tmp_path / "decoding.json").read_text(encoding="utf-8"))
    assert (told["specs"], told["compiled"], told["attempts"]) == (1, 1, 1)
    assert told["share"] == told["asking"] / told["seconds"] < 1
    assert "1 of 1 specs in" in capsys.readouterr().out
