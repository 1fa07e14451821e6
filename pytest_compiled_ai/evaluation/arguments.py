"""The arguments of one call: as values, and as the text that a person reads."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_compiled_ai.evaluation.keys import key_of
from pytest_compiled_ai.evaluation.notation import read_value, write_value
from pytest_compiled_ai.gates.answers.values import UnknownValueError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Input:
    """What a function is called with; `text` is the source of it, as it stands between the parentheses."""

    arguments: tuple[Any, ...]
    keywords: tuple[tuple[str, Any], ...] = ()
    text: str

    def copies(self) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments to call with, which the call may change."""
        return copy.deepcopy((list(self.arguments), dict(self.keywords)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Input) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def make_input(arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Input | None:
    """Return an input; None where it holds what cannot be written as source and read back."""
    texts = [*map(write_value, arguments), *map(write_value, keywords.values())]
    try:
        values = zip(texts, (*arguments, *keywords.values()), strict=True)
        if any(key_of(read_value(text)) != key_of(value) for text, value in values):
            return None
    except UnknownValueError:
        return None
    labels = [*("" for _ in arguments), *(f"{name}=" for name in keywords)]
    text = ", ".join(label + value for label, value in zip(labels, texts, strict=True))
    return Input(arguments=tuple(arguments), keywords=tuple(keywords.items()), text=text)
