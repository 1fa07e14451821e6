"""What a prompt says of a template, and what the input gate sees of it."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.compiler.question import first_prompt, screen_question
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.templates.block import describe_template, find_sketch

HEAD = "from typing import Any\nfrom app.types import Call, Item, Kind\nfrom pytest_compiled_ai import spec\n\n"


@pytest.fixture
def block_of(project_of):
    def describe(template, signature, constants="", **more):
        spec = f'{HEAD}{constants}\n@spec(template="{template}")\ndef f{signature}:\n    """Do.\n\n    >>> f\n    1\n    """\n'
        project = project_of(spec, **more)
        file, stub = project.find("f")
        block = describe_template(project.config, project.subject(file, stub))
        text = first_prompt(project, file, stub)[1].content
        assert f"\n\n{block}\n\n" in text
        return block, text

    return describe


def test_members_and_fields_of_the_types_are_shown(block_of):
    block, _ = block_of("normalizer", "(item: Item) -> Call")
    assert block.splitlines()[1:] == [
        "The types, which exist already:",
        "- `Item(name: str, tags: list[str] = field(default_factory=list), kind: Kind = Kind.OTHER)`",
        "- `Kind.INVOICE` = 'invoice', `Kind.RECEIPT` = 'receipt', `Kind.OTHER` = 'other'",
        "- `Call`, a dict: 'city': str, 'days': NotRequired[int]",
    ]


def test_the_schema_and_the_fallback_are_named_and_shown(block_of):
    schema = 'SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}\n'
    block, text = block_of("tool_call", "(text: str) -> dict[str, Any]", schema)
    assert "each of the keys of `SCHEMA`; do not loop" in block
    assert schema.strip() in text
    assert "each of the keys of its return type;" in block_of("tool_call", "(text: str) -> Call")[0]
    block, text = block_of("validator", "(text: str) -> int", "FALLBACK = 8080\nOTHER = 9090\n")
    assert "return `FALLBACK`, by its name" in block
    assert ("FALLBACK = 8080" in text, "OTHER = 9090" in text) == (True, False)


def test_a_plain_function_is_told_nothing(project_of):
    project = project_of(f'{HEAD}@spec\ndef f(x: int) -> int:\n    """Do.\n\n    >>> f\n    1\n    """\n')
    file, stub = project.find("f")
    assert describe_template(project.config, project.subject(file, stub)) == ""


def test_what_the_types_say_is_screened_before_it_leaves(project_of):
    key = "AKIA" + "QYLPMN5HFIQR7BBD"
    types = f'from enum import Enum\n\nclass Kind(Enum):\n    A = "{key}"\n\nCall = Item = int\n'
    project = project_of(
        f'{HEAD}@spec(template="classifier")\ndef f(text: str) -> Kind:\n    """Do.\n\n    >>> f\n    1\n    """\n',
        types,
    )
    file, stub = project.find("f")
    subject = project.subject(file, stub)
    with pytest.raises(SpecError, match=r"specs/it\.py"):
        screen_question(project.config, subject, "https://models.example.com")


TOOL = """
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}

@spec(template="tool_call")
def read(text: str) -> dict[str, Any]:
    \"\"\"Read a request, by `SCHEMA`.

    >>> read("A trip to Bonn for 3 days.")
    {'city': 'Bonn', 'days': 3}
    \"\"\"


@pytest.mark.parametrize(("text", "call"), [("A trip to New York for 5 days.", {"city": "New York", "days": 5})])
def test_read(text: str, call: dict[str, Any]) -> None:
    assert read(text) == call


def test_mood() -> None:
    assert read("A trip to Rome.") == {"city": "Rome"}
"""


@pytest.fixture
def prompt_of(project_of):
    def write(spec):
        project = project_of(f"import pytest\n{HEAD}{spec}")
        return first_prompt(project, *project.find("read"))[1].content

    return write


def test_a_body_is_sketched_by_the_examples_that_are_shown(prompt_of):
    prompt = prompt_of(TOOL)
    sketch = find_sketch(prompt)
    assert sketch.startswith("    result: dict[str, Any] = {}\n    city = text_")
    assert "    days = quantity_in(text, 'days')\n" in sketch
    assert "return" not in sketch
    assert f"```python\n{sketch}    return result\n```\n\nThese lines read all values of the tests below" in prompt
    assert "def quantity_in(" in prompt
    assert "def text_" in prompt


def test_keys_that_the_sketch_does_not_read_are_named(prompt_of):
    mood = TOOL.replace('"city": "Rome"', '"mood": "sad"').replace('"days": {', '"mood": {"type": "string"}, "days": {')
    prompt = prompt_of(mood)
    assert "These lines do not read `mood` in all tests: write others for that" in prompt
    assert "mood" not in find_sketch(prompt)
    both = mood.replace('"city": "Bonn"', '"city": "Cork"').replace("'city': 'Bonn'", "'city': 'Cork'")
    assert "These lines do not read `city` and `mood` in all tests" in prompt_of(both)


def test_without_examples_nothing_is_said_of_tests(prompt_of):
    prompt = prompt_of(TOOL[: TOOL.index("    >>>")] + '    """\n\n\ndef test_it() -> None:\n    assert read("")\n')
    assert find_sketch(prompt)
    assert "These lines" not in prompt


def test_a_typed_dict_and_a_schema_without_properties_have_no_sketch(prompt_of):
    assert not find_sketch(prompt_of(TOOL.replace('-> dict[str, Any]:\n    """Read', '-> Call:\n    """Read')))
    bare = '{"type": "object", "additionalProperties": True}'
    assert not find_sketch(prompt_of(TOOL.replace(TOOL[TOOL.index("{") : TOOL.index("\n\n@")], bare)))
    assert not find_sketch("```python\n    return 1\n```")
