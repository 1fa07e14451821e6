"""Objects of a project's classes, known by name alone, through the codec and back."""

from __future__ import annotations

import copy
import dataclasses
import enum
from typing import NamedTuple

import pytest

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.changes import Watch, apply_change
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.values import decode, encode
from pytest_compiled_ai.templates.objects import OpenClasses, fields_of


class Kind(enum.Enum):
    A = 1


class Mode(enum.Flag):
    X = 1


@dataclasses.dataclass
class Item:
    name: str
    tags: list[str]


class Point(NamedTuple):
    x: int
    y: int


THEIRS = Classes.of([Kind, Mode, Item, Point])
VALUES = [
    (Kind.A, "Kind.A", {}),
    (Mode.X, "Mode(1)", {}),
    (Item("a", ["b"]), "Item(name='a', tags=['b'])", {"name": "a", "tags": ["b"]}),
    (Point(1, 2), "Point(1, 2)", {"0": 1, "1": 2}),
]


@pytest.mark.parametrize(("value", "text", "fields"), VALUES)
def test_objects_come_and_go_without_their_classes(value, text, fields):
    ours = OpenClasses()
    found = decode(encode([value, value], THEIRS), ours)
    assert (repr(found[0]), fields_of(found[0]), found[0] == found[1]) == (text, fields, True)
    assert decode(encode(found, ours), THEIRS) == [value, value]
    assert copy.deepcopy(found) == found
    assert len({*found}) == 1
    assert (found[0].name.rpartition(".")[2], found[0] == value) == (type(value).__name__, False)


def test_what_was_changed_there_is_changed_here():
    ours = OpenClasses()
    theirs = Item("a", ["b"])
    watch = Watch(([theirs],), THEIRS)
    theirs.tags.append("c")
    theirs.name = "z"
    mine = ([ours.make(f"{__name__}.Item", "record", ["name", "a", "tags", ["b"]])],)
    apply_change(mine, watch.encode_changes(), ours)
    assert repr(mine[0][0]) == "Item(name='z', tags=['b', 'c'])"


def test_a_model_has_its_fields_behind_its_state():
    made = OpenClasses().make("app.Model", "model", [{}, "total", 3])
    assert (repr(made), fields_of(made), fields_of(3)) == ("Model(total=3)", {"total": 3}, {})


def test_other_kinds_are_refused():
    with pytest.raises(CodecError):
        decode(b'["weird","app.X",1]', OpenClasses())
