"""Any function: what a spec is without a template."""

from __future__ import annotations

from pytest_compiled_ai.templates.base import Template

FUNCTION = Template(name="function", summary="any function; nothing is added")
