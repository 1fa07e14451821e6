"""How pytest collects a spec file: an ordinary module, under its name from the root, with its docstrings' examples."""

from __future__ import annotations

import functools
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.doctest import DoctestItem, _get_checker, _get_continue_on_failure, _get_runner, get_optionflags

from pytest_compiled_ai.binding import stubs_of
from pytest_compiled_ai.layout import spec_module
from pytest_compiled_ai.placeholder import read_class_nodes, read_stub_nodes
from pytest_compiled_ai.plugin import CONFIG

if TYPE_CHECKING:
    from pytest_compiled_ai.binding import BoundStub
    from pytest_compiled_ai.specs.doctests import Documented


class SpecModule(pytest.Module):
    """A spec file as a test module."""

    @functools.cached_property
    def has_examples(self) -> bool:
        """Whether a docstring of the file may hold examples; without any its stubs need not be looked up in it."""
        return b">>>" in self.path.read_bytes()

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


class ExamplesItem(DoctestItem):
    """A docstring's examples as a test that an IDE finds: at the definition's line, and under its own name."""

    line: int
    # What shuffles tests by module keeps the examples with the tests beside them.
    module: ModuleType

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place, the line from 0, and the name; PyCharm runs a test again by what the name says."""
        return self.path, self.line, self.name


def collect_examples(collector: pytest.Collector, name: str) -> list[pytest.Item] | None:
    """Return the items that run a stub's examples, of a class its methods' ones too; None where there are none."""
    assert isinstance(collector, SpecModule)
    stub = stubs_of(collector.path).get(name)
    # Without pytest's own plugin there are no options and fixtures to run an example with.
    if stub is None or not collector.config.pluginmanager.hasplugin("doctest"):
        return None
    if not collector.has_examples:
        return None
    return [_make_item(collector, item) for item in _documented(stub) if ">>>" in item.text] or None


def _documented(stub: BoundStub) -> tuple[Documented, ...]:
    # From the source, as the tests of a spec are told: an instance's attributes hide some methods, and a function
    # knows the line of its first decorator alone.
    from pytest_compiled_ai.specs.doctests import Documented, docstrings_in

    path = Path(stub.path)
    node = read_stub_nodes(path).get(stub.name) or read_class_nodes(path).get(stub.name)
    return docstrings_in(node) if node else (Documented(stub.name, stub.line, stub.docstring, stub.line),)


def _make_item(collector: SpecModule, item: Documented) -> pytest.Item:
    import doctest

    examples = doctest.DocTestParser().get_doctest(
        item.text, dict(collector.obj.__dict__), item.name, str(collector.path), item.text_line - 1
    )
    runner = _get_runner(
        verbose=False,
        optionflags=get_optionflags(collector.config),
        checker=_get_checker(),
        continue_on_failure=_get_continue_on_failure(collector.config),
    )
    # Its parent is a plain module here: the examples stand under the file that holds the tests.
    parent: Any = collector
    made = ExamplesItem.from_parent(parent, name=item.name, runner=runner, dtest=examples)
    made.line, made.module = item.line - 1, collector.obj
    return made
