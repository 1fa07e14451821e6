"""Stubs as the parts of the evaluation get them."""

from __future__ import annotations

import ast
import textwrap

from pytest_compiled_ai.artifacts.module import read_imports
from pytest_compiled_ai.specs.imports import plain_imports


def parse(text):
    """Return the function of a module, and its imports."""
    tree = ast.parse(textwrap.dedent(text))
    imports = [each for node in plain_imports(tree) for each in read_imports(node)]
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)), imports
