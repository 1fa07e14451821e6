"""The built-in providers, and the plugins that add to them."""

from __future__ import annotations

from collections.abc import Mapping

import pluggy

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.config import EMBEDDED, Config
from pytest_compiled_ai.errors import ModelFileError, ProviderError
from pytest_compiled_ai.providers.base import Provider


class BuiltinProviders:
    """The embedded model, and any OpenAI-compatible endpoint that the configuration names."""

    @hookspecs.hookimpl(trylast=True)
    def compiled_ai_create_provider(self, name: str, config: Config, environ: Mapping[str, str]) -> Provider:
        """Create the provider; its SDK is imported here, and in no run that compiles nothing."""
        if name == EMBEDDED:
            from pytest_compiled_ai.providers.embedded import create_embedded

            return create_embedded(config.model)
        from pytest_compiled_ai.providers.openai_compatible import create_openai

        return create_openai(name, config.settings_of(name), environ)


def load_extensions() -> pluggy.PluginManager:
    """Return the plugin manager with the built-in parts and every installed `compiled_ai` plugin."""
    manager = pluggy.PluginManager(hookspecs.NAME)
    manager.add_hookspecs(hookspecs)
    manager.register(BuiltinProviders())
    manager.load_setuptools_entrypoints(hookspecs.NAME)
    return manager


def create_providers(manager: pluggy.PluginManager, config: Config, environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Return the configured providers, in turn; with none configured the embedded model, if it is there.

    Raises:
        ProviderError: one cannot be used, or nothing is configured and nothing is there.
    """
    return tuple(_create(manager, name, config, environ) for name in config.ladder)


def _create(manager: pluggy.PluginManager, name: str, config: Config, environ: Mapping[str, str]) -> Provider:
    try:
        provider: Provider = manager.hook.compiled_ai_create_provider(name=name, config=config, environ=environ)
    except ModelFileError as error:
        if config.provider is not None:
            raise
        raise ProviderError(
            f'no model to ask: {error} Or name an endpoint: set provider = "openai", model and api_key_env in '
            "[tool.compiled-ai]; a key alone sends nothing anywhere."
        ) from None
    return provider
