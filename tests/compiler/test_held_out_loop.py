"""Whole compiles of specs with something held out; the rows and examples above 6000 are the ones that are."""

from __future__ import annotations

import pytest
from compiler_scripts import LAX, RECORD

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.kept import read_failure
from pytest_compiled_ai.gates.base import Stage, passing
from pytest_compiled_ai.testing import ScriptedProvider, fenced

SHOWN, HELD = (1, 169, 367, 316, 209, 136, 195, 144, 56), (7280, 7544, 9946)
SHOWN_EXAMPLES, HELD_EXAMPLES = (1, 292, 227, 353, 180, 11), (8944, 9271)
ROWS = '''
    import pytest

    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n."""

    @pytest.mark.parametrize(
        ("n", "twice"),
        [
            ROWS
        ],
    )
    def test_rows(n: int, twice: int) -> None:
        assert double(n) == twice
'''.replace("ROWS", "\n            ".join(f"({n}, {2 * n})," for n in (*SHOWN[:4], *HELD, *SHOWN[4:])))
EXAMPLES = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        EXAMPLES
        """
'''.replace(
    "EXAMPLES",
    "\n        ".join(
        f">>> double({n})\n        {2 * n}" for n in (*SHOWN_EXAMPLES[:3], *HELD_EXAMPLES, *SHOWN_EXAMPLES[3:])
    ),
)
BODIES = (
    "return 2 * n if n < 6000 else 2 * n + 1",
    "if n > 6000:\n    raise ValueError(f'no {n}')\nreturn 2 * n",
    "if n > 6000:\n    class Odd(Exception):\n        pass\n    raise Odd(f'{n} {2 * n}')\nreturn 2 * n",
    "if n > 6000:\n    return lambda: n\nreturn 2 * n",
    "import os\nif n > 6000:\n    os.abort()\nreturn 2 * n",
    "import os\nif n > 6000:\n    os.fork()\nreturn 2 * n",
    "def deeper(n: int) -> int:\n    return deeper(n + 1)\nreturn 2 * n if n < 6000 else deeper(n)",
)


def say(body):
    return fenced("def double(n: int) -> int:\n    " + body.replace("\n", "\n    "))


class Lenient:
    """Stands for the gate that looks for answers in the code, so that the tests have their say."""

    name, stage = "hard-coding", Stage.SYNTAX

    def __init__(self, *_):
        pass

    def check(self, candidate, subject):
        return passing(self)


def texts_of(request):
    return [*(message.content for message in request.messages), request.prefill, request.note, request.opening,
            request.hint]  # fmt: skip


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("source", "held", "shown"), [(ROWS, HELD, SHOWN), (EXAMPLES, HELD_EXAMPLES, SHOWN_EXAMPLES)], ids=["rows", "doc"]
)
def test_no_request_of_a_compile_holds_what_is_held_out(bench, source, held, shown):
    made, provider = bench({"specs/number.py": source}), ScriptedProvider(*map(say, BODIES))
    result = made.compile(provider, attempts=len(BODIES), policy=LAX)["double"]
    assert (result.outcome, len(provider.requests)) == ("failed", len(BODIES))
    said = [text for request in provider.requests for text in texts_of(request)]
    secrets = [str(m) for n in held for m in (n, 2 * n, 2 * n + 1)]
    assert not [(secret, text) for text in said for secret in secrets if secret in text]
    assert all(str(n) in provider.requests[0].messages[1].content for n in shown)
    told = [text for text in said if "a held-out test fails: " in text]
    assert any("a held-out test fails: ValueError" in text for text in told)
    assert any(request.note.count("a held-out test") for request in provider.requests)
    assert [r for r in made.watcher.refusals if not any(str(n) in r for n in held)] == []
    kept = read_failure(made.root, "specs/number.py::double")
    assert kept is not None
    assert kept["prompt"][1]["content"] == provider.requests[0].messages[1].content
    assert made.tree() == {}


@pytest.mark.parametrize(
    ("run", "source", "shown", "names"),
    [
        ("untyped", ROWS, SHOWN, [f"specs/number.py::test_rows[{n}-{2 * n}]" for n in HELD]),
        ("near", EXAMPLES, SHOWN_EXAMPLES, [f"specs/number.py::double >>> double({n})" for n in HELD_EXAMPLES]),
    ],
    ids=["rows", "doc"],
)
def test_a_body_that_knows_what_was_shown_is_refused_and_a_right_one_is_kept_whole(
    request, monkeypatch, bench, run, source, shown, names
):
    request.getfixturevalue(run)
    made = bench({"specs/number.py": source})
    monkeypatch.setattr(workshop, "HardCoding", Lenient, raising=False)
    known = {n: 2 * n for n in shown}
    provider = ScriptedProvider(say(f"known = {known}\nreturn known.get(n, 0)"), say("return n + n"))
    result = made.compile(provider, policy=LAX)["double"]
    assert result.outcome == "compiled"
    assert any("a held-out test fails: " in text for text in texts_of(provider.requests[1]))
    record = read_records(made.root / RECORD)["double"]
    assert record["held_out"] == sorted(names)
    artifact = made.read("src/generated/number.py")
    assert artifact.count(">>>") == source.count(">>>")
    assert "held" not in artifact


@pytest.mark.usefixtures("near")
def test_a_restamp_keeps_what_was_held_out_when_the_body_was_made(bench):
    made = bench({"specs/number.py": EXAMPLES})
    made.compile(ScriptedProvider(say("return n + n")))
    before = read_records(made.root / RECORD)["double"]["held_out"]
    made.edit("specs/number.py", "Return twice n.", "Return n, twice.")
    assert made.compile(ScriptedProvider(""))["double"].outcome == "restamped"
    assert read_records(made.root / RECORD)["double"]["held_out"] == before != []
