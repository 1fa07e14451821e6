"""How pytest collects a spec file: an ordinary module, under its name from the root, with its docstrings' examples."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from pytest_compiled_ai.binding import stubs_of
from pytest_compiled_ai.layout import spec_module
from pytest_compiled_ai.placeholder import read_class_nodes
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
    """Return the items that run a stub's examples, of a class its methods' ones too; None where there are none."""
    assert isinstance(collector, SpecModule)
    stub = stubs_of(collector.path).get(name)
    if stub is None:
        return None
    documented = (stub, *_documented_methods(stub))
    return [_make_item(collector, item) for item in documented if ">>>" in item.docstring] or None


def _documented_methods(stub: BoundStub) -> Iterator[BoundStub]:
    # From the source, as the tests of a spec are told: an instance's attributes hide some of them.
    from pytest_compiled_ai.specs.doctests import docstrings_in

    node = read_class_nodes(Path(stub.path)).get(stub.name)
    for item in docstrings_in(node)[1:] if node else ():
        yield stub._replace(name=item.name, line=item.line, docstring=item.text)


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
