from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from pytest_compiled_ai.config import Config, ProviderSettings, load_config
from pytest_compiled_ai.extensions import create_providers, load_extensions
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.testing import ScriptedProvider, fenced, make_reply, serve_replies, write_project

ASK = Request(messages=(Message(role="user", content="hello"),))


def test_a_scripted_provider_says_its_lines_the_last_again_and_raises_its_errors():
    provider, heard = ScriptedProvider("one", make_reply("two words", finish="length"), KeyboardInterrupt()), []
    assert provider.complete(ASK, heard.append).text == "one"
    second = provider.complete(ASK)
    assert (second.text, second.finish, second.completion_tokens) == ("two words", "length", 2)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            provider.complete(ASK)
    assert heard == ["one"]
    assert len(provider.requests) == 4
    provider.close()
    assert provider.is_closed


def test_fenced_code_is_dedented():
    assert fenced("\n    x = 1\n") == "```python\nx = 1\n```"


def test_an_endpoint_speaks_the_protocol_and_keeps_the_requests(tmp_path):
    with serve_replies("hello there") as endpoint:
        settings = ProviderSettings(base_url=endpoint.url, model="m", api_key_env="KEY")
        config = Config(root=tmp_path, provider="it", providers={"it": settings})
        (provider,) = create_providers(load_extensions(), config, {"KEY": "k"})
        reply = provider.complete(ASK)
        provider.close()
    assert (reply.text, reply.finish, reply.completion_tokens) == ("hello there", "stop", 2)
    assert endpoint.requests[0]["messages"] == [{"role": "user", "content": "hello"}]


def test_a_number_is_a_bare_status():
    with serve_replies(503, "ok") as endpoint:
        url = f"{endpoint.url}/chat/completions"
        with pytest.raises(urllib.error.HTTPError, match="503") as caught:
            urllib.request.urlopen(url, data=b"{}", timeout=5)
        caught.value.close()
        with urllib.request.urlopen(url, data=b"{}", timeout=5) as answer:
            assert b"ok" in answer.read()


def test_a_project_is_written_with_a_pyproject_of_its_own_or_the_standard_one(tmp_path):
    root = write_project(tmp_path / "a", {"specs/x.py": "\n    y = 1\n"}, url="http://127.0.0.1:1/v1")
    assert (root / "specs/x.py").read_text() == "y = 1\n"
    assert load_config(root).base_url == "http://127.0.0.1:1/v1"
    own = write_project(tmp_path / "b", {"pyproject.toml": "[tool.compiled-ai]\nattempts = 2\n"})
    assert load_config(own).attempts == 2
