from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.templates.scaffold import SCAFFOLDS
from pytest_compiled_ai.templates.scaffolded import BATCH, HANDLER, STREAM, check_scaffold, find_misfit

HEAD = "from pytest_compiled_ai import spec\nfrom app.types import Point\n"
ITEM = "one parameter without a default"
NAMED = "parameters that can be given by name"


def check(project_of, stub: str, template: str = "batch", head: str = HEAD) -> None:
    project = project_of(f'{head}\n@spec(template="{template}")\n{stub}\n    """Do."""\n')
    (file,) = project.files
    check_scaffold(file, file.stubs[0])


@pytest.mark.parametrize("template", ["batch", "stream", "handler", "function", "extractor"])
def test_a_plain_function_fits(project_of, template):
    check(project_of, "def make(point: Point, *, by: int = 2) -> Point | None:", template)


@pytest.mark.parametrize(
    ("stub", "misfit"),
    [
        ("async def make(point: int) -> int:", "a plain function, neither async nor a class"),
        ("def make(point: int) -> Iterator[int]:", "is no generator"),
        ("def make(point: int) -> collections.abc.Generator[int, None, None]:", "is no generator"),
        ("def make(point: int) -> None:", "a function that returns something"),
        ("def make() -> int:", ITEM),
        ("def make(a: int = 1) -> int:", ITEM),
        ("def make(a: int, b: int) -> int:", ITEM),
        ("def make(a: int, *, b: int) -> int:", ITEM),
        ("def make(*, a: int) -> int:", ITEM),
        ("def make(*a: int) -> int:", ITEM),
        ("def make(a: 'int') -> int:", "annotations without quotes, and 'int' has some"),
        ("def make(a: int, *, b: 'str' = '') -> int:", "annotations without quotes"),
        ("def make(a: int) -> 'int':", "annotations without quotes"),
        ("def position(a: int) -> int:", "another name for position, which it uses itself"),
        ("def enumerate(a: int) -> int:", "another name for enumerate"),
    ],
)
def test_another_one_does_not(project_of, stub, misfit):
    with pytest.raises(SpecLineError, match=r"^specs/it\.py:\d+: template 'batch' wants .*: see \w+\.$") as raised:
        check(project_of, stub)
    assert misfit in str(raised.value)


@pytest.mark.parametrize("stub", ["def f(a: int, /) -> int:", "def f(*a: int) -> int:", "def f(**a: int) -> int:"])
def test_a_handler_gives_arguments_by_name(project_of, stub):
    with pytest.raises(SpecLineError, match=NAMED):
        check(project_of, stub, "handler")
    check(project_of, "def f() -> int:", "handler")
    check(project_of, "def f(a: int, b: str = '', *, c) -> int:", "handler")


def test_a_generic_function_does_not():
    (node,) = ast.parse("def make(a: T) -> T: ...").body
    node.type_params = [ast.Name("T")]
    assert find_misfit(SCAFFOLDS["stream"], node) == "a function without type parameters"


def test_a_literal_is_no_quoted_annotation(project_of):
    check(project_of, "def make(a: Literal['x']) -> list['Point']:")


@pytest.mark.parametrize(
    ("line", "name"),
    [("from app.types import Point as MakeBatch", "MakeBatch"), ("make_batch = 3", "make_batch"), ("len = 3", "len")],
)
def test_the_names_of_the_scaffold_are_free(project_of, line, name):
    with pytest.raises(SpecLineError, match=f"template 'batch' needs the name {name} for the code around make"):
        check(project_of, "def make(a: int) -> int:", head=f"{HEAD}{line}\n")


def test_a_spec_file_may_import_what_is_made_of_it(project_of):
    check(project_of, "def make(a: int) -> int:", head=f"{HEAD}from generated.it import make_batch\n")


def test_the_templates_say_what_they_are_for():
    for template in (BATCH, HANDLER, STREAM):
        assert template.summary
        assert template.prompt.endswith(".")
        assert template.scaffold is not None
        assert template.scaffold.name == template.name
