"""The attributes that lead out of data, into the interpreter."""

from __future__ import annotations

from typing import Final

_INTERNAL = """
ag_await ag_code ag_frame ag_running co_code co_consts co_names co_varnames cr_await cr_code cr_frame cr_origin f_back
f_builtins f_code f_generator f_globals f_lineno f_locals f_trace func_closure func_code func_globals gi_code gi_frame
gi_running gi_yieldfrom mro tb_frame tb_lasti tb_lineno tb_next with_traceback
"""
INTERNAL: Final = frozenset(_INTERNAL.split())
"""Frames, code, tracebacks and generators: they lead to the globals of whoever calls."""

READABLE_DUNDERS: Final = frozenset({"__class__", "__init__", "__name__", "__qualname__"})
"""Dunder attributes that may be read, and lead nowhere by themselves."""

DEFINABLE_DUNDERS: Final = frozenset(
    {"__init__", "__iter__", "__lt__", "__next__", "__post_init__", "__repr__", "__slots__", "__str__"}
)
"""Dunder names that a class may define; those that answer `==`, `hash`, `bool` or `isinstance` could lie to a test."""

NAMEDTUPLE: Final = frozenset({"_asdict", "_fields", "_field_defaults", "_make", "_replace"})
"""Public in spite of their underscore."""

_MUTATORS = """
add append appendleft cache_clear clear difference_update discard extend extendleft heapify heappop heappush
heappushpop heapreplace iadd iand iconcat ifloordiv ilshift imatmul imod imul insert insort insort_left insort_right
intersection_update ior ipow irshift isub itruediv ixor move_to_end pop popitem popleft register remove reverse rotate
setdefault shuffle sort subtract symmetric_difference_update update write
"""
MUTATORS: Final = frozenset(_MUTATORS.split())
"""Methods, and functions of their first argument, that change an object in place."""


def is_dunder(name: str) -> bool:
    """Tell whether a name is one of the language's own, as `__class__`."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def is_private(name: str) -> bool:
    """Tell whether a name begins with an underscore, and is not the language's own nor a named tuple's."""
    return name.startswith("_") and not is_dunder(name) and name not in NAMEDTUPLE
