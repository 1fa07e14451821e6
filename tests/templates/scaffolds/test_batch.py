from __future__ import annotations

import json
import multiprocessing
import uuid
from collections import namedtuple
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.templates.scaffolds import batch
from pytest_compiled_ai.templates.scaffolds.batch import HoleBatch, hole_batch

Pair = namedtuple("Pair", "left right")


class Colour(Enum):
    RED = "red"


@dataclass
class Row:
    name: str
    total: Decimal


def double(number: int) -> int:
    if number == 13:
        raise ValueError("unlucky")
    return 2 * number


@pytest.fixture(autouse=True)
def _filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "hole", double)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.jsonl"


def records(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_each_item_has_one_line(file):
    assert hole_batch([1, 13, 2], file) == HoleBatch(answered=2, failed=1, resumed=0)
    first, second, third = records(file)
    assert (first["position"], first["value"]) == (0, 2)
    assert (second["position"], second["error"]) == (1, "ValueError: unlucky")
    assert third["value"] == 4
    assert len({first["item"], second["item"], third["item"]}) == 3


def test_what_is_done_is_not_done_again(file, monkeypatch):
    hole_batch([1, 13], file)
    before = file.read_bytes()
    asked = []
    monkeypatch.setattr(batch, "hole", lambda number: asked.append(number) or 2 * number)
    assert hole_batch(iter([1, 13, 5]), str(file)) == HoleBatch(answered=1, failed=0, resumed=2)
    assert asked == [5]
    assert file.read_bytes().startswith(before)
    assert hole_batch([1, 13, 5], file) == HoleBatch(0, 0, 3)


def test_nothing_to_do_is_an_empty_file(file):
    assert hole_batch([], file) == HoleBatch(0, 0, 0)
    assert file.read_bytes() == b""


@given(st.lists(st.integers(0, 20), max_size=8), st.data())
@settings(max_examples=60)
def test_a_file_that_was_cut_anywhere_becomes_whole(tmp_path_factory, numbers, data):
    folder = tmp_path_factory.mktemp("cut")
    hole_batch(numbers, folder / "whole")
    whole = (folder / "whole").read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    (folder / "cut").write_bytes(whole[:cut])
    done = hole_batch(numbers, folder / "cut")
    assert (folder / "cut").read_bytes() == whole
    assert done.resumed == whole[:cut].count(b"\n")
    assert sum(done) == len(numbers)


@pytest.mark.parametrize("torn", [b"\0\0\0\0", b'{"position": 1', b"\xff\xfe\n", b"[]\n", b"3\n"])
def test_a_torn_last_line_is_dropped(file, torn):
    hole_batch([1, 2], file)
    whole = file.read_bytes()
    file.write_bytes(whole.splitlines(keepends=True)[0] + torn)
    assert hole_batch([1, 2], file).resumed == 1
    assert file.read_bytes() == whole


def test_damage_above_the_last_line_is_told_and_left(file):
    hole_batch([1, 2, 3], file)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], b"{}}\n", lines[2]]))
    before = file.read_bytes()
    with pytest.raises(ValueError, match="line 2 of the checkpoint is damaged"):
        hole_batch([1, 2, 3], file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("items", [[1, 3], [2, 1], [3]])
def test_other_items_are_told(file, items):
    hole_batch([1, 2], file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match="is of another item"):
        hole_batch(items, file)
    assert file.read_bytes() == before


def test_fewer_items_are_told(file):
    hole_batch([1, 2], file)
    with pytest.raises(ValueError, match="holds more items than there are"):
        hole_batch([1], file)


def test_an_item_that_is_no_data_is_told(file):
    with pytest.raises(TypeError, match="not JSON serializable"):
        hole_batch([object()], file)


def test_an_answer_that_is_no_data_is_a_failure(file, monkeypatch):
    monkeypatch.setattr(batch, "hole", lambda _: object())
    assert hole_batch([1], file) == HoleBatch(0, 1, 0)
    assert "not JSON serializable" in str(records(file)[0]["error"])


def test_an_item_in_flight_is_done_again_after_an_interrupt(file, monkeypatch):
    def interrupt(number: int) -> int:
        if number == 2:
            raise KeyboardInterrupt
        return 2 * number

    monkeypatch.setattr(batch, "hole", interrupt)
    with pytest.raises(KeyboardInterrupt):
        hole_batch([1, 2], file)
    monkeypatch.setattr(batch, "hole", double)
    assert hole_batch([1, 2], file) == HoleBatch(1, 0, 1)


def hold(file: Path, ready: multiprocessing.synchronize.Event, free: multiprocessing.synchronize.Event) -> None:
    def items():
        ready.set()
        free.wait(60)
        yield from ()

    hole_batch(items(), file)


def test_two_at_once_are_told(file):
    context = multiprocessing.get_context("spawn")
    ready, free = context.Event(), context.Event()
    other = context.Process(target=hold, args=(file, ready, free))
    other.start()
    assert ready.wait(60)
    with pytest.raises(BlockingIOError):
        hole_batch([1], file)
    free.set()
    other.join(60)
    assert hole_batch([1], file).answered == 1


def test_another_system_has_no_lock(file, monkeypatch):
    monkeypatch.setattr(batch.sys, "platform", "win32")
    assert hole_batch([1], file).answered == 1


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (Row("pen", Decimal("1.50")), {"name": "pen", "total": "1.50"}),
        (Pair(1, Colour.RED), {"left": 1, "right": "red"}),
        ({Colour.RED: (1, None), 2: True}, {"red": [1, None], "2": True}),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        (
            [date(2024, 2, 29), datetime(2024, 2, 29, 1, 2), time(3, 4)],
            ["2024-02-29", "2024-02-29T01:02:00", "03:04:00"],
        ),
        ([PurePosixPath("a/b"), uuid.UUID(int=0)], ["a/b", "00000000-0000-0000-0000-000000000000"]),
        ("\ud800", "\ud800"),
        (1.5, 1.5),
    ],
)
def test_data_as_json(file, monkeypatch, value, data):
    monkeypatch.setattr(batch, "hole", lambda item: item)
    hole_batch([value], file)
    assert records(file)[0]["value"] == data


def test_a_class_is_no_record(file):
    with pytest.raises(TypeError):
        hole_batch([Row], file)
