"""What a rule is, and what it says."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pytest_compiled_ai.policies.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One breach: `what` names it, `instead` tells a model what to do; `line` is the function's own (from 1, 0: above).

    Both are parts of one sentence.
    """

    rule: str
    what: str
    instead: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check of the nodes of some types."""

    types: tuple[type[ast.AST], ...]
    look: Callable[[Any, Scene], Iterator[Finding]]
