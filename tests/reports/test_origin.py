from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.artifacts.module import Section
from pytest_compiled_ai.config import Config, ProviderSettings
from pytest_compiled_ai.reports.changes import Choice, GateLine, Origin
from pytest_compiled_ai.reports.origin import read_origin

CONFIG = Config(root=Path("/"), price=(1.0, 10.0), providers={"free": ProviderSettings()})
SECTION = Section(name="f", text="", digest="v1:0", body_hash="1")
ABOUT = {"digest": "v1:0", "body_hash": "1"}
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
FIELDS = [*Origin.__dataclass_fields__, "ambiguity"]


def test_a_record_is_read():
    origin = read_origin(
        {
            **ABOUT,
            "provider": "openai", "model": "m", "attempt": 2, "attempts": 8, "temperature": 0.5, "seed": 3,
            "prompt_tokens": 1_000_000, "completion_tokens": 100_000, "tier": "jailed: landlock v7",
            "gates": ["mypy", {"gate": "tests", "tests": "3"}], "tests": ["a"], "held_out": ["a"], "changes": ["f(1)"],
            "ambiguity": {"call": "f(0)", "choices": [{"answer": "is 1", "bodies": 2, "test": "t"}, "?"]},
            "based_on": "old",
        },
        SECTION,
        CONFIG,
    )  # fmt: skip
    assert origin == Origin(
        provider="openai", model="m", attempt=2, attempts=8, temperature=0.5, seed=3, prompt_tokens=1_000_000,
        completion_tokens=100_000, cost=2.0, tier="jailed", tests=("a",), held_out=("a",), changes=("f(1)",),
        gates=(GateLine(gate="mypy", evidence={}), GateLine(gate="tests", evidence={"tests": "3"})),
        call="f(0)", choices=(Choice(answer="is 1", bodies=2, test="t"),), based_on="old",
    )  # fmt: skip
    assert origin.tokens == 1_100_000


@pytest.mark.parametrize("record", [{}, {"digest": "v1:0"}, {**ABOUT, "body_hash": "2"}, {**ABOUT, "digest": "v1:1"}])
def test_a_record_about_another_body_says_nothing(record):
    assert read_origin(record, SECTION, CONFIG) is None


def test_no_body_has_no_origin():
    assert read_origin(ABOUT, None, CONFIG) is None


@pytest.mark.parametrize("provider", ["embedded", "free", "gone", None])
def test_without_a_price_there_is_no_cost(provider):
    origin = read_origin({**ABOUT, "provider": provider, "prompt_tokens": 5}, SECTION, CONFIG)
    assert origin is not None
    assert origin.cost is None


def test_changes_that_are_one_text_are_one_line():
    origin = read_origin({**ABOUT, "changes": "f(1) is 2"}, SECTION, CONFIG)
    assert origin is not None
    assert origin.changes == ("f(1) is 2",)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_whatever_stands_in_a_record_can_be_read(record):
    origin = read_origin({**record, **ABOUT}, SECTION, CONFIG)
    assert origin is not None
    assert all(isinstance(text, str) for text in (origin.model, origin.tier, *origin.tests, *origin.changes))
