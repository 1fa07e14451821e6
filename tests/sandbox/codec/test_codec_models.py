from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Generic, TypeVar

import pytest

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.changes import Watch, apply_change
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.collection import collect_classes
from pytest_compiled_ai.sandbox.codec.values import decode, encode

pydantic = pytest.importorskip("pydantic", minversion="2")

T = TypeVar("T")


class Address(pydantic.BaseModel):
    street: str
    numbers: list[int] = pydantic.Field(default_factory=list)


class Person(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow", validate_assignment=True)

    name: str = pydantic.Field(min_length=2)
    born: dt.date | None = None
    home: Address | None = None
    _seen: list[int] = pydantic.PrivateAttr(default_factory=list)

    @pydantic.field_validator("name")
    @classmethod
    def refuse_nobody(cls, name: str) -> str:
        assert name != "nobody"
        return name

    @pydantic.computed_field
    @property
    def initial(self) -> str:
        return self.name[0]


class Page(pydantic.BaseModel, Generic[T]):
    items: list[T]


class Tags(pydantic.RootModel[list[str]]):
    pass


CLASSES = collect_classes([Person, Page[int], Tags])


def test_a_model_arrives_with_its_private_and_extra_state() -> None:
    person = Person(name="Ada", home=Address(street="S", numbers=[1]), hobby="engines")
    person._seen.append(3)
    arrived = decode(encode(person, CLASSES), CLASSES)
    assert type(arrived) is Person
    assert arrived == person
    assert arrived.model_fields_set == {"name", "home", "hobby"}
    assert (arrived.hobby, arrived._seen, arrived.initial) == ("engines", [3], "A")


def test_no_validator_runs() -> None:
    nobody = Person.model_construct(name="nobody")
    assert decode(encode(nobody, CLASSES), CLASSES).name == "nobody"


@pytest.mark.parametrize("model", [Page[int](items=[1]), Tags(["a"])])
def test_generic_and_root_models(model: pydantic.BaseModel) -> None:
    arrived = decode(encode(model, CLASSES), CLASSES)
    assert (type(arrived), arrived) == (type(model), model)


def test_the_fields_types_are_found() -> None:
    assert {Person, Address, Page[int], Tags} <= set(CLASSES.by_name.values())
    assert {each.__module__ for each in CLASSES.by_name.values()} == {__name__}


def test_the_place_in_a_model() -> None:
    person = Person.model_construct(name="Ada", born=[{1: object()}])
    with pytest.raises(CodecError, match=r"at `\.born\[0\]\[1\]` has the type `object`"):
        encode(person, CLASSES)


@pytest.mark.parametrize(
    "tree",
    [
        b'["model","test_codec_models.Person"]',
        b'["model","test_codec_models.Person",5]',
        b'["model","test_codec_models.Person",["d"],"refuse_nobody",1]',
        b'["model","test_codec_models.Person",["d"],["l"],1]',
        b'["record","test_codec_models.Person",["d"]]',
    ],
)
def test_a_message_that_fits_no_model_is_refused(tree: bytes) -> None:
    with pytest.raises(CodecError):
        decode(tree, CLASSES)


def test_a_model_is_changed_in_place() -> None:
    person = Person(name="Ada", home=Address(street="S"))
    home, seen = person.home, person._seen
    copy = decode(encode(person, CLASSES), CLASSES)
    watch = Watch(copy, CLASSES)
    assert watch.encode_changes() is None
    copy.born = dt.date(1815, 12, 10)
    copy.home.numbers.append(12)
    copy._seen.append(1)
    data = watch.encode_changes()
    assert data is not None
    apply_change(person, data, CLASSES)
    assert person == copy
    assert person.home is home
    assert (home.numbers, seen, person._seen) == ([12], seen, [1])


def test_pydantic_is_not_imported_for_the_question() -> None:
    program = (
        "import sys, dataclasses\n"
        "from pytest_compiled_ai.sandbox.codec.classes import Classes\n"
        "Classes.of([dataclasses.make_dataclass('A', ['x'])])\n"
        "print(sorted({'pydantic', 'hypothesis', 'pytest', 'openai', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_class_that_only_looks_like_a_model() -> None:
    look = type("BaseModel", (), {"__module__": "pydantic.main"})
    with pytest.raises(CodecError, match="no enum, named tuple, dataclass, model or exception"):
        Classes.of([type("Look", (look,), {})])
