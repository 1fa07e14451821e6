from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.provenance import Record, read_records, record_path, render_records


def record(**names: object) -> Record:
    given = dict.fromkeys(Record.__dataclass_fields__, "x") | {"inputs": {"b": "2", "a": "1"}, "tests": ("t",)} | names
    return Record(**given)


def test_a_record_lies_beside_its_artifact():
    assert record_path(Path("src/generated/money.py")) == Path("src/generated/money.provenance.json")


def test_records_are_sorted_and_read_back(tmp_path):
    text = render_records({"b": record(digest="v1:é"), "a": {"kept": [1]}})
    assert text == render_records({"a": {"kept": [1]}, "b": record(digest="v1:é", inputs={"a": "1", "b": "2"})})
    assert "é" in text
    assert text.endswith("}\n")
    assert json.loads(text)["version"] == 1
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    assert read_records(path)["a"] == {"kept": [1]}
    assert read_records(path)["b"]["tests"] == ["t"]


def test_calls_that_changed_are_recorded_and_a_record_need_not_have_any(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(render_records({"a": record(changes=("f(3): 4 -> 5",)), "b": {"digest": "v1:0"}}), encoding="utf-8")
    assert read_records(path)["a"]["changes"] == ["f(3): 4 -> 5"]
    assert read_records(path)["b"] == {"digest": "v1:0"}
    assert Record.__dataclass_fields__["changes"].default == ()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"specs": 3}', "\ud800"])
def test_a_damaged_record_is_none(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert read_records(path) == {}


def test_a_missing_record_is_none(tmp_path):
    assert read_records(tmp_path / "x.json") == {}
