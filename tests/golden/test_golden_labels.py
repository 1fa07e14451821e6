"""Which labelled examples are held out, and what a model may know of the others."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.golden.labels import find_golden, is_held, list_examples, read_labels
from pytest_compiled_ai.golden.showing import choose_shown, write_row, write_shown
from pytest_compiled_ai.testing import write_project

SPEC = '''
    import os

    from pytest_compiled_ai import spec

    @spec(OPTIONS)
    def f(n: int, *, loud: bool = False) -> str:
        """Return n in words.

        >>> f(1000)
        'many'
        >>> f(len(os.sep))
        'one'
        >>> f({2})
        'odd'
        """
'''
GOLDEN = 'golden="data/*.jsonl", metric="text", threshold=0.5'


def lines(numbers, label="few"):
    return "".join(json.dumps({"input": n, "expected": label}) + "\n" for n in numbers)


def made(tmp_path, *, options=GOLDEN, data=None, spec=SPEC, name="f"):
    files = {
        "data/a.jsonl": lines(range(40)) if data is None else data,
        "specs/it.py": spec.replace("OPTIONS", options),
    }
    project = Project(load_config(write_project(tmp_path / "example", files)))
    return project.config, project.subject(*project.find(name))


def read(tmp_path, **given):
    config, subject = made(tmp_path, **given)
    return read_labels(config.root, subject)


def test_about_half_is_held_out_and_what_is_added_changes_nothing(tmp_path):
    few, many = read(tmp_path / "few"), read(tmp_path / "many", data=lines(range(30, 400)) + lines(range(40), "other"))
    assert (few.metric, few.threshold) == ("text", 0.5)
    assert len(few.held) + len(few.visible) == 40
    assert 10 < len(few.held) < 30
    assert 160 < len(many.held) < 240
    assert {row.key for row in few.held} <= {row.key for row in many.held}
    assert not {row.key for row in many.held} & {row.key for row in many.visible}


@given(st.text(), st.text())
def test_a_part_follows_from_the_spec_and_the_input_alone(spec, key):
    assert is_held(spec, key) == is_held(spec, key)


def test_without_a_threshold_all_must_be_right(tmp_path):
    labels = read(tmp_path, options='golden="data/a.jsonl"')
    assert (labels.metric, labels.threshold) == ("exact", 1.0)


def test_what_the_tests_know_is_in_neither_part(tmp_path):
    labels = read(tmp_path, data=lines([*range(20), 1000]) + '{"input": {"n": 1000, "loud": false}, "expected": "x"}\n')
    inputs = [row.arguments or row.keywords for row in (*labels.visible, *labels.held)]
    assert (1000,) not in inputs
    assert {"n": 1000, "loud": False} in inputs


def test_without_golden_there_are_none(tmp_path):
    config, subject = made(tmp_path, options="")
    assert read_labels(config.root, subject) is None
    assert {example.expected for example in list_examples(config.root, subject)} == {"many", "one", "odd"}
    assert find_golden(config) == frozenset()


CLASS = '''
    from pytest_compiled_ai import spec

    @spec(golden="data/*.jsonl")
    class f:
        """Count."""

        def up(self) -> int:
            """Count one up."""
'''


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"options": "threshold=0.0"},
            'specs/it.py:6: metric and threshold are for labelled examples; name them: golden="',
        ),
        ({"options": 'metric="text"'}, "are for labelled examples"),
        ({"options": GOLDEN + ', depends=["data/a.jsonl"]'}, "specs/it.py:6: data/a.jsonl is in golden and in depends"),
        ({"spec": CLASS}, "golden examples are for functions; f is a class."),
        ({"data": lines([*range(9), 8, 8])}, "golden has 9 different inputs beside those of the tests"),
        ({"data": ""}, "golden has 0 different inputs beside those of the tests, 0 of them held out; 10 and 1 are"),
        ({"data": lines(["x"]) + '{"input": 1}'}, "data/a.jsonl:2: is no labelled example"),
    ],
)
def test_what_cannot_be_used_is_an_error(tmp_path, given, said):
    with pytest.raises(SpecError) as caught:
        read(tmp_path, **given)
    assert said in str(caught.value)


def test_ten_rows_that_are_all_visible_are_no_measure(tmp_path):
    shown = [n for n in range(200) if not is_held("specs/it.py::f", json.dumps({"n": n}))][:12]
    with pytest.raises(SpecError, match="12 different inputs beside those of the tests, 0 of them held out"):
        read(tmp_path, data=lines(shown))


def test_what_a_body_must_not_know_by_heart_is_what_a_model_may_see(tmp_path):
    config, subject = made(tmp_path)
    labels = read_labels(config.root, subject)
    known = [example for example in list_examples(config.root, subject) if example.expected == "few"]
    assert [example.arguments for example in known] == [row.arguments for row in labels.visible]
    assert find_golden(config) == {"data/a.jsonl"}


def test_a_prompt_shows_three_short_visible_rows_of_different_labels(tmp_path):
    rows = [
        {"input": {"n": n, "loud": n % 2 == 0}, "expected": ["few", "many", "long" * 100][n % 3]} for n in range(60)
    ]
    labels = read(tmp_path, data="".join(json.dumps(row) + "\n" for row in rows))
    shown = choose_shown(labels)
    assert {row.expected for row in shown[:2]} == {"few", "many"}
    assert len(shown) == 3
    assert set(map(id, shown)) <= set(map(id, labels.visible))
    text = write_shown(labels, "f")
    assert text.splitlines()[0] == "# Labelled examples, values as in JSON; 57 more like these are scored (text):"
    assert text.splitlines()[1:] == [f"# {write_row(row, 'f')}" for row in shown]
    assert (
        write_row(shown[0], "f")
        == f"f(n={shown[0].keywords['n']}, loud={shown[0].keywords['loud']}) -> {shown[0].expected!r}"
    )


def test_rows_that_are_all_too_long_are_not_shown(tmp_path):
    assert write_shown(read(tmp_path, data=lines(range(40), "x" * 300)), "f") == ""
