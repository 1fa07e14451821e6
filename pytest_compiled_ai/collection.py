"""How pytest collects a spec file: an ordinary module, under its name from the root, with its docstrings' examples."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from pytest_compiled_ai.binding import stubs_of
from pytest_compiled_ai.layout import spec_module
from pytest_compiled_ai.plugin import CONFIG

if TYPE_CHECKING:
    from pytest_compiled_ai.binding import BoundStub


class SpecModule(pytest.Module):
    """A spec file as a test module."""

    def _getobj(self) -> ModuleType:
        settings = self.config.stash[CONFIG]
        name, root = spec_module(settings, self.path), str(settings.root)
        if root not in sys.path:
            # As pytest does for a rootdir in its `prepend` mode.
            sys.path.insert(0, root)
        try:
            module = importlib.import_module(name)
        except pytest.skip.Exception:
            raise
        except Exception:
            shown = pytest.ExceptionInfo.from_current().getrepr(style="short")
            raise self.CollectError(f"the spec file {self.path} cannot be imported:\n{shown}") from None
        self.config.pluginmanager.consider_module(module)
        return module


def collect_examples(collector: pytest.Collector, name: str) -> list[pytest.Item] | None:
    """Return the item that runs a stub's examples, None where the name is no stub or has none."""
    assert isinstance(collector, SpecModule)
    stub = stubs_of(collector.path).get(name)
    if stub is None or ">>>" not in stub.docstring:
        return None
    return [_make_item(collector, stub)]


def _make_item(collector: SpecModule, stub: BoundStub) -> pytest.Item:
    import doctest

    from _pytest.doctest import DoctestItem, _get_checker, _get_continue_on_failure, _get_runner, get_optionflags

    examples = doctest.DocTestParser().get_doctest(
        stub.docstring, dict(collector.obj.__dict__), stub.name, stub.path, stub.line
    )
    runner = _get_runner(
        verbose=False,
        optionflags=get_optionflags(collector.config),
        checker=_get_checker(),
        continue_on_failure=_get_continue_on_failure(collector.config),
    )
    # Its parent is a plain module here: the examples stand under the file that holds the tests.
    parent: Any = collector
    return DoctestItem.from_parent(parent, name=stub.name, runner=runner, dtest=examples)
