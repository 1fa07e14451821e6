"""What a template wants of a stub, said before the first prompt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.compiler.question import first_prompt
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.templates import catalogue
from pytest_compiled_ai.templates.base import Template, fits_any
from pytest_compiled_ai.templates.catalogue import BUILTIN, find_template, list_templates, template_of
from pytest_compiled_ai.templates.contract import find_fallback, find_schemas
from pytest_compiled_ai.templates.fitting import fit_template

HEAD = """
from typing import Any, Literal
from app.types import Call, Item, Kind, Point, Receipt, Tone
from pytest_compiled_ai import spec

"""


def write(template, signature, constants="", words="Do it."):
    return f'{HEAD}{constants}\n\n@spec(template="{template}")\ndef f{signature}:\n    """{words}\n\n    >>> f\n    1\n    """\n'


@pytest.fixture
def fit(project_of):
    def find(template, signature, **more):
        project = project_of(write(template, signature, **more))
        (file,) = project.files
        return fit_template(project.config, project.subject(file, file.stubs[0]))

    return find


SCHEMA = 'SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}'
TOOL = 'TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}'
GOOD = [
    ("function", "(*args: int) -> None", ""),
    ("classifier", "(text: str) -> Kind", ""),
    ("classifier", "(text: str, strict: bool = False) -> Literal['a', 'b']", ""),
    ("classifier", "(text: str) -> Tone", ""),
    ("extractor", "(text: str) -> Receipt", ""),
    ("extractor", "(lines: list[Item]) -> Point | None", ""),
    ("extractor", "(text: str) -> list[Call]", ""),
    ("normalizer", "(item: Item) -> Item", ""),
    ("normalizer", "(item: dict[str, str]) -> Receipt", ""),
    ("tool_call", "(text: str) -> Call", ""),
    ("tool_call", "(text: str) -> dict[str, Any]", SCHEMA),
    ("validator", "(text: str) -> int", "FALLBACK = 1"),
    ("validator", "(text: str, fallback: int) -> int", ""),
]


@pytest.mark.parametrize(("template", "signature", "constants"), GOOD)
def test_stubs_that_fit(fit, template, signature, constants):
    assert fit(template, signature, constants=constants).template.name == template


ENUM = "a return type that is an Enum of a project module, or a Literal of strings"
RECORD = "a return type that is a dataclass, NamedTuple or TypedDict of a project module"
BAD = [
    ("classifier", "(text: bytes) -> Kind", "", "one parameter of type str"),
    ("classifier", "(text: str, other: str) -> Kind", "", "one parameter of type str"),
    ("classifier", "() -> Kind", "", "one parameter of type str"),
    ("classifier", "(text: str) -> str", "", ENUM),
    ("classifier", "(text: str) -> Literal['a', 1]", "", ENUM),
    ("extractor", "(text: dict[str, str]) -> Receipt", "", "one parameter of type str or list[...]"),
    ("extractor", "(text: str) -> dict[str, str]", "", RECORD),
    ("extractor", "(text: str) -> list[str]", "", RECORD),
    ("normalizer", "(text: str) -> Item", "", "one parameter that is a dataclass, NamedTuple or TypedDict of a project module, or a dict"),
    ("normalizer", "(item: Item) -> str", "", f"{RECORD}, or a dict"),
    ("tool_call", "(text: bytes) -> Call", "", "one parameter of type str"),
    ("tool_call", "(text: str) -> Receipt", "", "the return type dict[str, Any], or a TypedDict of a project module"),
    ("tool_call", "(text: str) -> dict[str, Any]", "", "a JSON schema: a constant SCHEMA = {...}, or one that the docstring names"),
    ("tool_call", "(text: str) -> dict[str, Any]", 'SCHEMA = {"type": "object", "oneOf": []}', "a JSON schema that can be checked, and oneOf of SCHEMA cannot"),
    ("validator", "() -> int", "", "a parameter: the value to validate"),
    ("validator", "(text: str) -> int", "", "a fallback: a parameter `fallback`, or a constant FALLBACK of the spec file"),
    ("validator", "(text: str) -> int", 'FALLBACK = "1"', "a FALLBACK of the return type, and it is str, not int"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "signature", "constants", "wanted"), BAD)
def test_stubs_that_do_not_fit_are_told_what_is_wanted(fit, template, signature, constants, wanted):
    with pytest.raises(SpecLineError) as caught:
        fit(template, signature, constants=constants)
    summary = next(each.summary for each in BUILTIN if each.name == template)
    assert str(caught.value).startswith("specs/it.py:")
    assert str(caught.value).endswith(f": f is no {template} ({summary}): it needs {wanted}.")
    assert "\n" not in str(caught.value)


def test_of_several_schemas_the_docstring_names_the_one_that_counts(fit):
    both = f"{SCHEMA}\n{TOOL}\nOTHER = {{'x': 1}}"
    assert list(find_schemas(fit("tool_call", "(text: str) -> Call", constants=both).form)) == ["SCHEMA"]
    found = find_schemas(fit("tool_call", "(text: str) -> Call", constants=both, words="Read it for TOOL.").form)
    assert found == {"TOOL": {"type": "object", "properties": {}}}
    with pytest.raises(SpecLineError, match="one JSON schema, and the docstring names SCHEMA and TOOL"):
        fit("tool_call", "(text: str) -> Call", constants=both, words="Read it for TOOL or SCHEMA.")
    assert find_schemas(fit("function", "(text: str) -> int", constants=SCHEMA).form) == {}


def test_the_fallback_is_a_parameter_or_a_constant(fit):
    named = "PORT_FALLBACK = 1\nOTHER_FALLBACK = 2"
    form = fit("validator", "(text: str) -> int", constants=named, words="Read it, else OTHER_FALLBACK.").form
    assert find_fallback(form) == "OTHER_FALLBACK"
    assert find_fallback(fit("validator", "(text: str, fallback: str) -> int", constants=named).form) == "fallback"


def test_a_class_has_no_template(project_of):
    spec = f'{HEAD}@spec(template="extractor")\nclass Box:\n    """A box."""\n\n    def get(self) -> int:\n        """Return."""\n'
    project = project_of(spec)
    (file,) = project.files
    with pytest.raises(SpecLineError, match="template 'extractor' is for functions, and Box is a class"):
        fit_template(project.config, project.subject(file, file.stubs[0]))


def test_an_unknown_name_is_told_the_known_ones(project_of):
    project = project_of(write("extracter", "(text: str) -> Receipt"))
    with pytest.raises(
        SpecLineError, match=r"specs/it.py:\d+: there is no template 'extracter'; .*: function, tool_call, extractor"
    ):
        first_prompt(project, *project.find("f"))


def test_a_stub_without_a_template_is_a_plain_function(project_of):
    project = project_of(write("function", "(text: str) -> str").replace('(template="function")', ""))
    file, stub = project.find("f")
    assert template_of(stub).name == "function"
    assert fit_template(project.config, project.subject(file, stub)) is None


class Mine:
    def __init__(self, *templates):
        self.templates = templates

    @hookspecs.hookimpl
    def compiled_ai_templates(self):
        return list(self.templates)


def test_a_plugin_adds_a_template(project_of, monkeypatch):
    shouter = Template(
        name="shouter", summary="text -> loud text", prompt="Write it in upper case.", properties=("total",),
        find_misfit=lambda form: "" if form.first else "a parameter",
    )  # fmt: skip
    manager = load_extensions()
    manager.register(Mine(shouter))
    monkeypatch.setattr(catalogue, "load_extensions", lambda: manager)
    assert find_template("shouter", manager) is shouter
    project = project_of(write("shouter", "(text: str) -> str"))
    assert "\n\nWrite it in upper case.\n\n" in first_prompt(project, *project.find("f"))[1].content
    file, stub = project.find("f")
    bare = replace(project.subject(file, stub), stub=project_of(write("shouter", "() -> str")).find("f")[1])
    with pytest.raises(SpecLineError, match=r"f is no shouter \(text -> loud text\): it needs a parameter\."):
        fit_template(project.config, bare)


def test_two_templates_of_one_name_are_refused():
    manager = load_extensions()
    manager.register(Mine(Template(name="extractor", summary="another")))
    with pytest.raises(ConfigError, match="two templates have the name 'extractor'"):
        list_templates(manager)


def test_every_template_says_what_it_is():
    assert {each.name for each in BUILTIN} >= {
        "function",
        "tool_call",
        "extractor",
        "classifier",
        "normalizer",
        "validator",
    }
    assert all(each.summary for each in BUILTIN)
    assert fits_any(None) == ""
