"""Whole compiles of a spec with labelled examples; half of them are told to nobody."""

from __future__ import annotations

import json

import pytest
from golden_projects import HELD, NEAR, RIGHT, SPEC_ID, VISIBLE, WORDS, files, key_of, label, lines_of, say

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.commands.verify import verify_specs
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.kept import read_failure
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Stage, passing
from pytest_compiled_ai.golden.labels import is_held
from pytest_compiled_ai.testing import ScriptedProvider, fenced

pytestmark = pytest.mark.usefixtures("sealed", "untyped")
OTHER = """
from pytest_compiled_ai import spec

@spec(isolation="jailed")
def other(word: str) -> str:
    '''Return the word.

    >>> other("x")
    'x'
    '''
"""
RECORD = "src/generated/words.provenance.json"


class Lenient:
    """Stands for the gate that looks for answers in the code, so that the labels have their say."""

    name, stage = "hard-coding", Stage.SYNTAX

    def __init__(self, *_):
        pass

    def check(self, candidate, subject):
        return passing(self)


def texts_of(request):
    return [*(message.content for message in request.messages), request.prefill, request.note, request.opening,
            request.hint]  # fmt: skip


def verify(made):
    return verify_specs(load_config(made.root, timeout=240), made.watcher).results


def test_both_parts_have_something():
    assert len(HELD) > 5
    assert len(VISIBLE) > 5


def test_a_right_body_passes_and_its_record_has_both_scores(bench):
    made, provider = bench(files()), ScriptedProvider(RIGHT)
    assert made.compile(provider)["weigh"].outcome == "compiled"
    gates = {gate["gate"]: gate for gate in read_records(made.root / RECORD)["weigh"]["gates"]}
    assert gates["golden"] == {
        "gate": "golden",
        "metric": "exact",
        "threshold": "0.9",
        "visible": f"100.0% of {len(VISIBLE)} (77.2% to 100.0%)",
        "held_out": f"100.0% of {len(HELD)} (77.2% to 100.0%)",
    }
    prompt = provider.requests[0].messages[1].content
    assert sum(word in prompt for word in VISIBLE) == 3
    assert {f"-> {name!r}" in prompt for name in ("long", "short")} == {True}


def test_a_near_miss_is_told_its_worst_visible_cases_and_nothing_of_the_others(bench):
    made, provider = bench(files()), ScriptedProvider(NEAR)
    result = made.compile(provider, attempts=4)["weigh"]
    assert result.outcome == "failed"
    repair = provider.requests[3].messages[-1].content
    missed = [word for word in VISIBLE if 9 < len(word) < 12]
    assert f"weigh('{missed[0]}') gave 'short', expected 'long'" in repair
    assert "90.0% is wanted" in repair
    kept = read_failure(made.root, SPEC_ID)
    said = [text for request in provider.requests for text in texts_of(request)]
    said += [json.dumps(kept), str(result), *made.watcher.refusals, made.read(".compiled-ai/specs.words.py.weigh.json")]
    assert not [(word, text) for word in HELD for text in said if word in text]
    assert "held-out" in result.message


def test_a_table_of_visible_labels_is_refused_as_hard_coded(bench):
    table = {word: label(word) for word in VISIBLE[:4]}
    body = say(f"known = {table!r}\nreturn known.get(word, 'long' if len(word) > 9 else 'short')")
    made = bench(files())
    assert made.compile(ScriptedProvider(body), attempts=1)["weigh"].outcome == "failed"
    (refusal,) = made.watcher.refusals
    assert f"it treats {VISIBLE[0]!r}, {VISIBLE[1]!r}, {VISIBLE[2]!r} apart, as the tests have them" in refusal


def test_a_body_that_knows_the_visible_labels_is_refused_by_the_others(bench, monkeypatch):
    monkeypatch.setattr(workshop, "HardCoding", Lenient)
    table = {word: label(word) for word in VISIBLE}
    known = say(f"known = {table!r}\nreturn known.get(word, 'short' if len(word) < 3 else 'long')")
    made, provider = bench(files()), ScriptedProvider(known, RIGHT)
    assert made.compile(provider)["weigh"].outcome == "compiled"
    (refusal,) = made.watcher.refusals
    assert f"100.0% of {len(VISIBLE)}" in refusal
    assert "90.0% is wanted" in refusal
    assert "Follow the rules of the docstring" in provider.requests[1].note


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"options": ', isolation="jailed"'}, "specs/words.py:4: golden examples are for sealed bodies"),
        ({"options": ', metric="exakt"'}, "there is no metric 'exakt'; known are exact, fields, close, f1, text, or"),
        (
            {"data/more.jsonl": '{"input": "x", "expected": "short"}\n\n{"input": "y", "expected": 3}'},
            "data/more.jsonl:3: its label is no text.",
        ),
        ({"data/more.jsonl": "[]"}, "data/more.jsonl:1: is no labelled example"),
    ],
)
def test_what_cannot_be_scored_is_said_before_a_model_is_asked(bench, more, said):
    made, provider = bench(files(**more)), ScriptedProvider(RIGHT)
    result = made.compile(provider)["weigh"]
    assert (result.outcome, provider.requests) == ("failed", [])
    assert said in result.message


@pytest.mark.parametrize("reads", ['open("data/words.jsonl")', 'weigh(open("data/words.jsonl").read())'])
def test_no_test_sees_a_label(bench, reads):
    made = bench(files())
    made.edit("specs/words.py", "    assert weigh", f"    {reads}\n    assert weigh")
    result = made.compile(ScriptedProvider(RIGHT))["weigh"]
    assert "specs/words.py::test_long reads data/words.jsonl, which holds labels" in result.message


def test_labels_that_a_test_module_reads_are_said_to_be_none_of_its_business(bench):
    made = bench(files())
    made.edit("specs/words.py", "def test_long", 'ROWS = open("data/words.jsonl").read()\n\ndef test_long')
    message = made.compile(ScriptedProvider(RIGHT))["weigh"].message
    assert "a test module reads data/words.jsonl, which holds labels" in message


def test_a_jailed_body_finds_no_label(bench):
    look = "import os\nfound = [n for _, _, names in os.walk('..') for n in names if n.endswith('.jsonl')]\nassert not found\nreturn {}"
    made = bench(
        files(),
    )
    made.write("specs/other.py", OTHER)
    body = say(look.format("word")).replace("weigh(word: str) -> str", "other(word: str) -> str")
    result = made.compile(ScriptedProvider(body), only="other", policy={"imports": ["os"]})["other"]
    assert (result.outcome, result.message) == ("compiled", "")
    assert result.tier.startswith("jailed")


def test_a_committed_body_is_verified_against_the_labels_as_they_are(bench):
    made = bench(files())
    made.compile(ScriptedProvider(RIGHT))
    assert [result.outcome for result in verify(made)] == ["verified"]
    made.write("data/words.jsonl", lines_of([(word, "long") for word in WORDS]))
    (result,) = verify(made)
    assert result.message.startswith("its body is refused: golden: scores ")


def test_a_visible_row_with_personal_data_goes_to_no_remote_model(bench):
    found = [f"ann.miller@mail{n}.com" for n in range(40)]
    address = next(address for address in found if not is_held(SPEC_ID, key_of(address)))
    provider = ScriptedProvider(RIGHT)
    made = bench(
        files(
            **{
                "data/more.jsonl": lines_of([(address, "long")]),
                "data/words.jsonl": lines_of([(w * 8, "long") for w in WORDS]),
            }
        )
    )
    result = made.compile(provider)["weigh"]
    assert provider.requests == []
    assert "data/more.jsonl:1: an e-mail address" in result.message
    assert "miller" not in result.message


TYPED = '''
    from shop.sizes import Size

    from pytest_compiled_ai import spec

    @spec(golden="data/*.jsonl", threshold=0.9)
    def measure(word: str) -> Size:
        """Return LONG for a word of more than nine characters, else SHORT."""

    def test_long() -> None:
        assert measure("abcdefghijkl") is Size.LONG
'''
SIZES = """
    from enum import Enum

    class Size(Enum):
        LONG = "long"
        SHORT = "short"
"""


def test_labels_of_a_type_that_only_the_project_knows_are_built_in_its_shadow(bench):
    made = bench(
        {
            "specs/words.py": TYPED,
            "data/words.jsonl": lines_of([(word, label(word)) for word in WORDS]),
            "src/shop/__init__.py": "",
            "src/shop/sizes.py": SIZES,
        }
    )
    body = "def measure(word: str) -> Size:\n    return Size.LONG if len(word) > 9 else Size.SHORT"
    (result,) = made.compile(ScriptedProvider(fenced(body))).values()
    assert (result.outcome, result.message) == ("compiled", "")
