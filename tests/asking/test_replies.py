from __future__ import annotations

import json

import pytest
from asked_projects import files
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.asking.replies import (
    Entry,
    Recording,
    merge,
    read_recording,
    render_recording,
    replies_name,
    replies_path,
    with_replies,
)
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.testing import write_project

TEXTS = st.text(max_size=4)
JSON = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
ARGUMENTS = st.dictionaries(TEXTS, JSON, max_size=2)
ENTRIES = st.builds(Entry, ARGUMENTS, JSON, TEXTS, st.just(False)) | st.builds(
    Entry, ARGUMENTS, st.none(), TEXTS, st.just(True)
)


@pytest.fixture
def file(write):
    return Project(write()).files[0]


def test_replies_stand_beside_the_spec(file):
    assert replies_name(file) == "specs/mail.replies.json"
    assert replies_path(file).is_file()
    assert [(entry.reply, entry.model, entry.is_open) for entry in read_recording(file).entries] == [
        ("delivery", "", False),
        ("billing", "", False),
    ]


def test_nothing_is_recorded_where_no_file_is(write):
    assert read_recording(Project(write(replies=None)).files[0]) == Recording()


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    return Project(load_config(write_project(tmp_path_factory.mktemp("replies"), files()))).files[0]


@given(st.lists(ENTRIES, max_size=3), TEXTS)
def test_what_is_written_reads_back(spec, entries, question):
    recording = Recording(question, merge(entries))
    replies_path(spec).write_text(render_recording(recording), encoding="utf-8")
    assert {entry.key: entry for entry in read_recording(spec).entries} == {e.key: e for e in recording.entries}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"replies": 1}',
        '{"replies": [1]}',
        '{"replies": [{}]}',
        '{"replies": [{"arguments": 1}]}',
        "[" * 100000,
    ],
)
def test_a_damaged_file_is_told_in_a_line(file, text):
    replies_path(file).write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=r"specs/mail.replies.json holds no recorded replies: it must be JSON"):
        read_recording(file)


def test_an_open_entry_gives_way_to_one_with_a_reply():
    open_, full, other = Entry({"x": 1}, is_open=True), Entry({"x": 1}, 2), Entry({"x": 2}, 3)
    assert merge([open_, full, other, open_]) == (full, other)
    assert merge([open_]) == (open_,)


def test_a_program_is_given_its_replies(file):
    space = {}
    exec(with_replies("x = 1\n", file), space)
    assert space["x"] == 1
    assert space["_ask_recorded"]("any") == {
        '{"text": "My parcel never came"}': "delivery",
        '{"text": "You charged me twice"}': "billing",
    }


def test_an_open_entry_is_no_reply(file):
    replies_path(file).write_text(json.dumps({"replies": [{"arguments": {"text": "x"}}]}), encoding="utf-8")
    space = {}
    exec(with_replies("", file), space)
    assert space["_ask_recorded"]("any") == {}
