"""The forms that a report can take, by the names that `--format` and the suffixes of files give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.changes import ChangeReport
from pytest_compiled_ai.reports.github import render_commands
from pytest_compiled_ai.reports.html_page import render_page
from pytest_compiled_ai.reports.json_document import render_json
from pytest_compiled_ai.reports.markdown import render_markdown
from pytest_compiled_ai.reports.sarif import render_sarif

FORMATS: Mapping[str, Callable[[ChangeReport], str]] = MappingProxyType(
    {
        "markdown": render_markdown,
        "github": render_commands,
        "sarif": render_sarif,
        "json": render_json,
        "html": render_page,
    }
)
SUFFIXES = MappingProxyType({".md": "markdown", ".sarif": "sarif", ".json": "json", ".html": "html"})


def choose_format(path: Path) -> str:
    """Return the form of a report that goes into this file.

    Raises:
        ConfigError: its suffix stands for none.
    """
    if path.suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise ConfigError(f"the report {path} has no form that is known by its suffix; end its name in one of {known}.")
    return SUFFIXES[path.suffix]
