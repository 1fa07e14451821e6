"""The process that knows the types of a question: it writes what is asked, and reads what is answered."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any


def main() -> None:
    """Read the orders from standard input, and write what came of each to standard output."""
    orders = json.load(sys.stdin)
    sys.path[:0] = orders["path"]
    print(json.dumps(carry_out(orders)))


def carry_out(orders: Mapping[str, Any]) -> list[Any]:
    """Return the messages for each of the arguments under `given`, or what each of the `texts` says.

    `program` is an artifact's text with the question under `name`. An answer is `{"reply": ...}`, or `{"problem": ...}`
    where it does not fit.
    """
    module = types.ModuleType("question")
    sys.modules[module.__name__] = module
    exec(compile(orders["program"], "question", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 (the spec's own)
    space: dict[str, Any] = module.__dict__
    question = space[orders["name"]]
    if "given" in orders:
        return [space["_ask_messages"](question, given) for given in orders["given"]]
    return [_read(space["_ask_read"], question, text) for text in orders["texts"]]


def _read(read: Callable[..., object], question: object, text: str) -> dict[str, Any]:
    from pydantic import TypeAdapter, ValidationError

    try:
        return {"reply": TypeAdapter(Any).dump_python(read(question, text), mode="json")}
    except ValidationError as error:
        return {"problem": error.errors()[0]["msg"]}


if __name__ == "__main__":
    main()
