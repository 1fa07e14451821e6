from __future__ import annotations

import pluggy
import pytest

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.config import Config, ProviderSettings
from pytest_compiled_ai.errors import ModelFileError, ProviderError
from pytest_compiled_ai.extensions import create_providers, load_extensions
from pytest_compiled_ai.providers import embedded
from pytest_compiled_ai.providers.base import Request
from pytest_compiled_ai.testing import ScriptedProvider


class Absent:
    @hookspecs.hookimpl
    def compiled_ai_create_provider(self, name, config, environ):
        raise ModelFileError(f"{name}: the model's file is not there.")


def manager_with(plugin) -> pluggy.PluginManager:
    manager = load_extensions()
    manager.register(plugin)
    return manager


def test_a_plugin_goes_before_the_built_in_providers(tmp_path):
    class Mine:
        @hookspecs.hookimpl
        def compiled_ai_create_provider(self, name, config, environ):
            return ScriptedProvider("x") if name == "mine" else None

    manager = manager_with(Mine())
    assert create_providers(manager, Config(root=tmp_path, provider="mine"), {})[0].name == "scripted"
    with pytest.raises(ProviderError):
        create_providers(manager, Config(root=tmp_path, provider="openai", model="m"), {})


def test_each_rung_of_a_ladder_is_created_in_turn(tmp_path):
    class Any:
        @hookspecs.hookimpl
        def compiled_ai_create_provider(self, name, config, environ):
            return ScriptedProvider(name)

    made = create_providers(manager_with(Any()), Config(root=tmp_path, provider=("one", "two")), {})
    assert [provider.complete(Request(messages=())).text for provider in made] == ["one", "two"]


def test_a_configured_endpoint_is_made_with_the_key_that_it_names(tmp_path):
    big = ProviderSettings(base_url="http://127.0.0.1:9/v1", model="m", api_key_env="BIG")
    config = Config(root=tmp_path, provider="big", providers={"big": big})
    (provider,) = create_providers(load_extensions(), config, {"BIG": "key"})
    assert (provider.name, provider.model) == ("big", "m")
    provider.close()


def test_the_embedded_model_is_asked_for_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "create_embedded", lambda model: ScriptedProvider(str(model)))
    (provider,) = create_providers(load_extensions(), Config(root=tmp_path, model="small"), {})
    assert isinstance(provider, ScriptedProvider)


def test_with_nothing_configured_and_nothing_there_both_roads_are_named(tmp_path):
    with pytest.raises(ProviderError, match="the model's file is not there") as caught:
        create_providers(manager_with(Absent()), Config(root=tmp_path), {})
    assert not isinstance(caught.value, ModelFileError)
    assert 'provider = "openai"' in str(caught.value)


def test_a_configured_embedded_model_that_is_absent_is_its_own_error(tmp_path):
    with pytest.raises(ModelFileError, match="embedded: the model's file"):
        create_providers(manager_with(Absent()), Config(root=tmp_path, provider="embedded"), {})


def test_the_hooks_are_declared_and_gates_are_none_by_default(tmp_path):
    assert load_extensions().hook.compiled_ai_gates(config=Config(root=tmp_path)) == []
