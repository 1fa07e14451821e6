"""What mypy says of expressions: asked for all at once, by `reveal_type` put around each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from pytest_compiled_ai.compiler.annotating.source import Edit, Source
from pytest_compiled_ai.compiler.annotating.types import ANY, Type

_MARK: Final = "\nreveal_type("

Span = tuple[int, int]


class _Probe(NamedTuple):
    """What is put before and behind an expression, or, where it is `replaced`, in its place; it asks `asked` times."""

    before: str
    behind: str
    replaced: bool
    asked: int = 1


class Sight:
    """Answers what type an expression has.

    What looks through it is run twice: the first time nothing is known, and each question is noted; then mypy is asked,
    and the second time the answers are there.

    Args:
        source: where the expressions stand.
        stand_in: tells for a name of a new collection, whose items are unknown, the text that makes one. Put in the
            place of the name, it takes its type from where it is used.
    """

    def __init__(self, source: Source, stand_in: Callable[[ast.Name], str | None]) -> None:
        self._source = source
        self._stand_in = stand_in
        self._probes: dict[Span, _Probe] = {}
        self._answers: dict[Span, list[Type]] = {}

    def __call__(self, node: ast.expr) -> Type:
        """Return the type of an expression, `ANY` where it is unknown."""
        text = self._stand_in(node) if isinstance(node, ast.Name) else None
        # Taken out of a list it is looked at for itself: an untyped function makes `Any` of what it is given.
        probe = _Probe(f"({_MARK}{text}))", "", True) if text else _Probe(f"([{_MARK}(", "))][0])", False)
        return self._ask(node, probe)[0]

    def passed(self, node: ast.Name, count: int) -> list[Type]:
        """Return the types of the arguments that a function is called with where it is passed on by its name."""
        given = [f"given_{number}" for number in range(count)]
        marked = ", ".join(f"{_MARK}{name})" for name in given)
        probe = _Probe(f"(lambda {', '.join(given)}: {node.id}({marked}))", "", True, count)
        return self._ask(node, probe)

    @property
    def has_questions(self) -> bool:
        """Tell whether there is anything to ask."""
        return bool(self._probes)

    def text(self) -> str:
        """Return the source with all the questions in it."""
        opened = [Edit(span[0], self._stop(span), self._probes[span].before) for span in self._outer_first()]
        closed = [Edit(span[1], span[1], self._probes[span].behind) for span in reversed(self._outer_first())]
        # Where one ends and another starts, the end comes first.
        return self._source.edited([*closed, *opened])

    def learn(self, revealed: Mapping[int, Type]) -> None:
        """Take what mypy reveals, by the lines of `text`, for answers."""
        lines = [number for number, line in enumerate(self.text().split("\n"), 1) if line.startswith(_MARK.strip())]
        types = iter([revealed.get(line, ANY) for line in lines])
        for span in self._outer_first():
            self._answers[span] = [next(types) for _ in range(self._probes[span].asked)]

    def _outer_first(self) -> list[Span]:
        return sorted(self._probes, key=lambda span: (span[0], -span[1]))

    def _stop(self, span: Span) -> int:
        return span[1] if self._probes[span].replaced else span[0]

    def _ask(self, node: ast.expr, probe: _Probe) -> list[Type]:
        span, unknown = self._source.span(node), [ANY] * probe.asked
        # Where one place is asked about in two ways, the first has it.
        is_asked = self._probes.setdefault(span, probe) == probe
        return self._answers.get(span, unknown) if is_asked else unknown
