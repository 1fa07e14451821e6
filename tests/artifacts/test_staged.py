from __future__ import annotations

import json

import pytest

from pytest_compiled_ai.artifacts.staged import Staged, drop_staged, find_staged, read_staged, write_staged

SPEC = "specs/number.py::double"
ARTIFACT = "# Compiled from specs/number.py\n\nimport math\n\n\n# spec v1:ab body cd\ndef double(n: int) -> int:\n    return 2 * n\n"
STAGED = Staged(spec=SPEC, replaces="ef", artifact=ARTIFACT, record={"model": "m", "tests": ["a"]})


def damage(root, change):
    (path,) = (root / ".compiled-ai/staged").iterdir()
    loaded = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(loaded)), encoding="utf-8")
    return path


def test_what_is_staged_is_read_back_and_hidden_from_git(tmp_path):
    write_staged(tmp_path, STAGED)
    assert read_staged(tmp_path, SPEC) == STAGED
    assert find_staged(tmp_path) == ([STAGED], [])
    assert (STAGED.section.name, STAGED.section.digest, STAGED.section.body_hash) == ("double", "v1:ab", "cd")
    assert [item.module for item in STAGED.module.imports] == ["math"]
    assert STAGED.module.spec_path == "specs/number.py"
    assert (tmp_path / ".compiled-ai/.gitignore").read_text(encoding="utf-8").endswith("*\n")


def test_looking_for_what_is_staged_writes_nothing(tmp_path):
    assert read_staged(tmp_path, SPEC) is None
    assert find_staged(tmp_path) == ([], [])
    drop_staged(tmp_path, SPEC)
    assert list(tmp_path.iterdir()) == []


def test_a_later_body_takes_the_place_of_an_earlier_one(tmp_path):
    write_staged(tmp_path, STAGED)
    other = Staged(spec=SPEC, replaces="", artifact=ARTIFACT, record={})
    write_staged(tmp_path, other)
    assert find_staged(tmp_path) == ([other], [])
    drop_staged(tmp_path, SPEC)
    assert find_staged(tmp_path) == ([], [])


@pytest.mark.parametrize(
    "change",
    [
        lambda _: [],
        lambda found: {**found, "version": 2},
        lambda found: {key: found[key] for key in found if key != "version"},
        lambda found: {key: found[key] for key in found if key != "record"},
        lambda found: {**found, "more": 1},
        lambda found: {**found, "replaces": 1},
        lambda found: {**found, "record": "x"},
        lambda found: {**found, "artifact": "def double(:"},
        lambda found: {**found, "artifact": "x = 1\n"},
        lambda found: {**found, "artifact": ARTIFACT.replace("def double", "def other")},
        lambda found: {**found, "artifact": None},
    ],
)
def test_a_damaged_file_is_no_body_and_is_found(tmp_path, change):
    write_staged(tmp_path, STAGED)
    path = damage(tmp_path, change)
    assert read_staged(tmp_path, SPEC) is None
    assert find_staged(tmp_path) == ([], [path])


def test_a_file_about_another_spec_is_none_of_this_one(tmp_path):
    write_staged(tmp_path, STAGED)
    damage(tmp_path, lambda found: {**found, "spec": "specs/other.py::double"})
    assert read_staged(tmp_path, SPEC) is None
