"""The public API of a module, as far as a body may use it."""

from __future__ import annotations

import functools
import importlib
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType

from pytest_compiled_ai.policies.modules import ALLOWED, WITHHELD


def is_standard(module: str) -> bool:
    """Tell whether a module is a part of the standard library."""
    return module.partition(".")[0] in sys.stdlib_module_names


@functools.cache
def public_names(module: str, *, whole: bool = False) -> frozenset[str]:
    """Return what a body may take from a module of the standard library; its submodules are not among it.

    `whole` is for a module that a policy names: all of its public API, whatever the default withholds.
    """
    if not whole and ALLOWED.get(module):
        return ALLOWED[module]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = importlib.import_module(module)
        except ImportError:
            return frozenset()
    return frozenset(_own_names(found)) - (frozenset() if whole else WITHHELD.get(module, frozenset()))


def _own_names(module: ModuleType) -> Iterator[str]:
    listed = getattr(module, "__all__", None)
    for name in listed if listed is not None else dir(module):
        value = getattr(module, name, None)
        # Without `__all__` a module also shows what it imported for itself.
        is_own = listed is not None or _home(value, module.__name__) == module.__name__
        if is_own and not name.startswith("_") and not isinstance(value, ModuleType):
            yield name


def _home(value: object, module: str) -> str:
    home = getattr(value, "__module__", None)
    # A module written in C has a name with an underscore, or none.
    return module if not isinstance(home, str) or home == "builtins" or home.startswith("_") else home
