"""The files of labelled examples: one JSON object a line; they are read, and nothing is run."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from pytest_compiled_ai.placeholder import read_signature
from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.specs.syntax import Function

_FORM = 'a line is one JSON object, {"input": ..., "expected": ...}'
_LISTS = "a list holds the positional arguments, an object the named ones"


class Row(NamedTuple):
    """One labelled example, by the line that it stands on; its values are JSON. `key` is the same for equal inputs."""

    path: str
    line: int
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    expected: Any
    key: str


def key_of_call(signature: inspect.Signature, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> str:
    """Return what a function is called with as one text, however it is passed.

    Raises:
        TypeError: it does not fit the parameters, or is not what JSON can hold.
    """
    return json.dumps(signature.bind(*arguments, **keywords).arguments, sort_keys=True)


def read_rows(root: Path, path: str, function: Function) -> tuple[Row, ...]:
    """Return the examples of one file; empty lines are passed over.

    Of a line's `input` a list holds the positional arguments and an object the named ones; any other value is the only
    argument. So a function of one list is given `[[1, 2]]`, and one of one dict `[{"a": 1}]`.

    Args:
        root: the project's folder.
        path: relative to it; UTF-8.
        function: the stub, whose parameters the inputs have to fit.

    Raises:
        SpecLineError: the file cannot be read, or a line is no example of the function. No value is repeated: it may
            be held out.
    """
    signature = read_signature(function)
    return tuple(
        _parse(path, number, line, signature) for number, line in _read_lines(root, path) if line and not line.isspace()
    )


def _read_lines(root: Path, path: str) -> Iterator[tuple[int, str]]:
    try:
        text = (root / path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SpecLineError(path, 1, f"cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SpecLineError(path, 1, "cannot be read: it is no UTF-8.") from None
    # Not splitlines(): JSON may hold other ends of lines in its strings.
    return enumerate(text.split("\n"), 1)


def _parse(path: str, number: int, line: str, signature: inspect.Signature) -> Row:
    def refuse(reason: str) -> NoReturn:
        raise SpecLineError(path, number, f"{reason}.")

    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        refuse(f"is no JSON: {getattr(error, 'msg', type(error).__name__)}; {_FORM}")
    if not isinstance(found, dict) or found.keys() != {"input", "expected"}:
        refuse(f"is no labelled example; {_FORM}")
    given = found["input"]
    arguments = tuple(given) if isinstance(given, list) else () if isinstance(given, dict) else (given,)
    keywords = given if isinstance(given, dict) else {}
    try:
        key = key_of_call(signature, arguments, keywords)
    except TypeError as error:
        refuse(f"its input does not fit the function: {error}; {_LISTS}")
    return Row(path, number, arguments, keywords, found["expected"], key)
