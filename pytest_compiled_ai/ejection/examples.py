"""Docstring examples that a compiled module cannot run by itself: they lean on names of the spec file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.doctests import docstrings_in, examples_in
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.specs.scopes import bound_names, uses_of


def find_strangers(file: SpecFile, module: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each stub whose examples need names that `module`, the text of its plain module, does not bind."""
    known = bound_names(*ast.parse(module).body) | BUILTIN_NAMES
    for stub in file.stubs:
        examples = [statement for item in docstrings_in(stub.node) for statement in examples_in(item.text)]
        if names := sorted(uses_of(*examples).names - bound_names(*examples) - known):
            yield stub.name, tuple(names)
