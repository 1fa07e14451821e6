from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.artifacts.approvals import approvals_path, read_approvals, render_approvals

HASH = "ca359d9a2f467725580e778f9f9be1a2"


def write(folder, text):
    folder.mkdir(exist_ok=True)
    approvals_path(folder).write_text(text, encoding="utf-8")
    return read_approvals(folder)


def test_without_a_file_nothing_is_approved_and_nothing_is_wrong(tmp_path):
    assert read_approvals(tmp_path / "generated") == ({}, "")


@given(bodies=st.dictionaries(st.text(), st.text(), max_size=4))
def test_what_is_written_is_read_back(tmp_path_factory, bodies):
    assert write(tmp_path_factory.mktemp("g"), render_approvals(bodies)) == (bodies, "")


def test_the_order_of_approvals_is_not_in_the_file_and_nothing_but_hashes_is():
    text = render_approvals({"b.py::b": HASH, "a.py::a": HASH})
    assert text == render_approvals({"a.py::a": HASH, "b.py::b": HASH})
    approved = {"a.py::a": {"body": HASH}, "b.py::b": {"body": HASH}}
    assert json.loads(text) == {"version": 1, "approved": approved}
    assert list(json.loads(text)["approved"]) == ["a.py::a", "b.py::b"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "{}", '{"version": 1}', '{"version": 2, "approved": {}}', '{"approved": {}}',
        '{"version": 1, "approved": []}', '{"version": 1, "approved": {"a": "x"}}',
        '{"version": 1, "approved": {"a": {"body": 3}}}', '{"version": 1, "approved": {"a": {}}}',
        f"<<<<<<< ours\n{render_approvals({'a': HASH})}",
    ],
)  # fmt: skip
def test_a_damaged_file_approves_nothing_and_is_told(tmp_path, text):
    found = write(tmp_path / "generated", text)
    assert found.bodies == {}
    assert found.problem == (
        "generated/approvals.json is damaged, so it approves nothing; restore it, or delete it and approve anew"
    )


def test_a_file_that_is_no_text_or_no_file_approves_nothing(tmp_path):
    path = approvals_path(tmp_path)
    path.write_bytes(b"\xff\xfe")
    assert read_approvals(tmp_path).problem
    path.unlink()
    path.mkdir()
    assert read_approvals(tmp_path).problem


def test_two_branches_that_approve_neighbours_merge(tmp_path):
    base = {"a::a": "1", "a::b": "1", "a::c": "1"}
    for name, bodies in {"base": base, "ours": {**base, "a::a": "2"}, "theirs": {**base, "a::b": "2"}}.items():
        (tmp_path / name).write_text(render_approvals(bodies), encoding="utf-8")
    command = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == render_approvals({**base, "a::a": "2", "a::b": "2"})
