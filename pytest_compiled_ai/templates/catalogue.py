"""The templates by name: ours, and those that plugins add."""

from __future__ import annotations

from typing import Final

import pluggy

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.specs.model import SpecLineError, Stub
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.classifier import CLASSIFIER
from pytest_compiled_ai.templates.extractor import EXTRACTOR
from pytest_compiled_ai.templates.function import FUNCTION
from pytest_compiled_ai.templates.normalizer import NORMALIZER
from pytest_compiled_ai.templates.scaffolded import BATCH, HANDLER, STREAM
from pytest_compiled_ai.templates.tool_call import TOOL_CALL
from pytest_compiled_ai.templates.validator import VALIDATOR

BUILTIN: Final = (FUNCTION, TOOL_CALL, EXTRACTOR, CLASSIFIER, NORMALIZER, VALIDATOR, HANDLER, STREAM, BATCH)


def list_templates(manager: pluggy.PluginManager) -> dict[str, Template]:
    """Return all templates by name.

    Raises:
        ConfigError: two have the same name.
    """
    found: dict[str, Template] = {}
    for template in (*BUILTIN, *(each for given in manager.hook.compiled_ai_templates() for each in given)):
        if template.name in found:
            raise ConfigError(f"two templates have the name {template.name!r}; the plugin's needs another one.")
        found[template.name] = template
    return found


def find_template(name: str, manager: pluggy.PluginManager) -> Template | None:
    """Return the template of a name, None where there is none."""
    return list_templates(manager).get(name)


def template_of(stub: Stub) -> Template:
    """Return the template that a stub names; `function` where it names none.

    Raises:
        SpecLineError: there is none of that name.
        ConfigError: two templates have the same name.
    """
    name = stub.options.template
    if not name:
        return FUNCTION
    manager = load_extensions()
    found = find_template(name, manager)
    if found is None:
        known = ", ".join(list_templates(manager))
        relative = stub.id.partition("::")[0]
        raise SpecLineError(relative, stub.line, f"there is no template {name!r}; the templates are: {known}.")
    return found
