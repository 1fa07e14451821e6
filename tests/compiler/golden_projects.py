"""A spec with labelled examples: which words are long. Of its rows those of `HELD` are the ones held out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pytest_compiled_ai.golden.labels import is_held
from pytest_compiled_ai.testing import fenced

SPEC_ID = "specs/words.py::weigh"
WORDS = [f"{letter * 3}{number:03}{'x' * (number % 9)}" for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz")]
SPEC = '''
    from pytest_compiled_ai import spec

    @spec(golden="data/*.jsonl"OPTIONS)
    def weigh(word: str) -> str:
        """Return "long" for a word of more than nine characters, else "short".

        >>> weigh("hi")
        'short'
        """

    def test_long() -> None:
        assert weigh("abcdefghijkl") == "long"
'''


def label(word: str) -> str:
    return "long" if len(word) > 9 else "short"


def key_of(word: str) -> str:
    return json.dumps({"word": word})


HELD = [word for word in WORDS if is_held(SPEC_ID, key_of(word))]
VISIBLE = [word for word in WORDS if word not in HELD]


def lines_of(rows: Sequence[tuple[object, object]]) -> str:
    return "".join(json.dumps({"input": given, "expected": expected}) + "\n" for given, expected in rows)


def files(options: str = ", threshold=0.9", **more: str) -> dict[str, str]:
    rows = lines_of([(word, label(word)) for word in WORDS])
    return {"specs/words.py": SPEC.replace("OPTIONS", options), "data/words.jsonl": rows, **more}


def say(body: str) -> str:
    return fenced("def weigh(word: str) -> str:\n    " + body.replace("\n", "\n    "))


RIGHT = say('return "long" if len(word) > 9 else "short"')
NEAR = say('return "long" if len(word) > 11 else "short"')
