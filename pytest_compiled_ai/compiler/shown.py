"""A stub as a model sees it: without the examples of its docstring that are held out."""

from __future__ import annotations

import ast
import copy
import doctest
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.specs.doctests import examples_in
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.scopes import bound_names, uses_of
from pytest_compiled_ai.specs.syntax import clean_docstring, docstring_of


class DocExample(NamedTuple):
    """One example of a docstring that shows a result: where it stands, its first line as written, and its text.

    `is_free` tells that the docstring reads and runs as well without it: it binds no name, and takes none from examples
    before it but imported ones.
    """

    lines: range
    first: str
    text: str
    is_free: bool


def find_examples(stub: Stub) -> tuple[DocExample, ...]:
    """Return the examples of a function's docstring; those of a class depend on each other too often to be taken."""
    text = docstring_of(stub.node.body)
    if text is None or stub.methods:
        return ()
    try:
        return tuple(_read(text, doctest.DocTestParser().get_examples(text)))
    except ValueError:
        return ()


def _read(text: str, found: Sequence[doctest.Example]) -> Iterator[DocExample]:
    lines, made = text.split("\n"), frozenset[str]()
    times = Counter(" ".join(lines[example.lineno].split()) for example in found)
    for example in found:
        first, own = " ".join(lines[example.lineno].split()), _parse(example)
        if example.want and not example.options.get(doctest.SKIP):
            end = example.lineno + example.source.count("\n") + example.want.count("\n")
            is_alone = bool(own) and not bound_names(*own) and not uses_of(*own).names & made
            is_free = is_alone and times[first] == 1
            yield DocExample(range(example.lineno, end), first, example.source + example.want, is_free)
        made |= bound_names(*(node for node in own if not isinstance(node, ast.Import | ast.ImportFrom)))


def show_stub(subject: Subject) -> Stub:
    """Return the stub with a docstring that leaves the held-out examples out; its other parts stay as they are."""
    return _without(subject.stub, subject.held.examples) or subject.stub


def can_leave_out(stub: Stub, numbers: Collection[int]) -> bool:
    """Tell whether a docstring can be written without those of its examples."""
    return _without(stub, numbers) is not None


def _without(stub: Stub, numbers: Collection[int]) -> Stub | None:
    text = docstring_of(stub.node.body)
    if text is None or not numbers:
        return None
    examples, values, sources = find_examples(stub), text.split("\n"), stub.docstring_source.split("\n")
    dropped = {line for number in numbers for line in _lines_of(examples[number], values)}
    literal = "\n".join(line for number, line in enumerate(sources) if number not in dropped)
    shown = "\n".join(line for number, line in enumerate(values) if number not in dropped)
    # Where escapes or quotes make the literal's lines others than the text's, nothing is left out.
    if _value_of(literal) != shown:
        return None
    node = copy.copy(stub.node)
    node.body = [ast.Expr(ast.Constant(shown)), *stub.node.body[1:]]
    return stub._replace(docstring=clean_docstring(shown), docstring_source=literal, node=node)


def _lines_of(example: DocExample, lines: Sequence[str]) -> range:
    """Return the lines of an example, with the blank one before it where another follows."""
    start, end = example.lines.start, example.lines.stop
    is_apart = not lines[start - 1].strip() and (end == len(lines) or not lines[end].strip())
    return range(start - is_apart, end)


def _parse(example: doctest.Example) -> tuple[ast.stmt, ...]:
    return examples_in(">>> " + example.source.rstrip("\n").replace("\n", "\n... "))


def _value_of(literal: str) -> object:
    try:
        return ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return None
