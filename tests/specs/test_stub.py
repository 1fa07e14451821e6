from __future__ import annotations

import ast
from typing import Any

import pytest

from pytest_compiled_ai.specs.model import Options, Stub
from pytest_compiled_ai.specs.stub import build_stub, signature_of


def stub_of(code: str) -> Stub:
    source = f"@spec\n{code}\n"
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return build_stub(node, Options(), source, "specs/a.py")


@pytest.mark.parametrize(
    "header",
    [
        "def f():",
        "def f(  # the: start\n):",
        "def f(x: int, *, y: dict[str, int] = {'a': 1}) -> str:",
        "def f(x: str = ':') -> 'a:b':",
        "async def f(\n    x: int,  # a comment: one\n    /,\n    *args: int,  # more: one\n    **kw: str,\n) -> str:",
        "def f(é: str = 'ü:') -> 'ß':",
        "def f(x=lambda: 0) -> (lambda: 1):",
        "@functools.cache\n# between\n@other(\n    1,\n)\ndef f(x: int) -> int:",
        "def f(x: f'{1:>2}' = f'{2:>3}'):",
        "def f(\n    x,\n)  :",
        "def f(x) -> (\n    int  # : here\n):",
    ],
)
@pytest.mark.parametrize("body", ["\n    ...", " ...", "\n    # a: comment\n    '''Doc: this.'''", "\n    pass"])
def test_headers_are_kept_as_written(header: str, body: str) -> None:
    assert stub_of(header + body).header == header


def test_comments_before_the_function_are_no_header() -> None:
    assert stub_of("# why\n\ndef f(): ...").header == "def f():"


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "pass",
        "raise NotImplementedError",
        "raise NotImplementedError('x')",
        "'Doc.'",
        "'Doc.'\n    ...",
        "yield",
        "'Doc.'\n    raise NotImplementedError\n    yield",
    ],
)
def test_shapes_of_an_empty_body(body: str) -> None:
    assert stub_of(f"def f():\n    {body}").name == "f"


@pytest.mark.parametrize(
    "body",
    [
        "return 1",
        "'Doc.'\n    return",
        "...\n    ...",
        "yield\n    yield",
        "yield 1",
        "raise ValueError",
        "raise",
        "f'Doc.'",
        "1",
        "raise errors.NotImplementedError",
    ],
)
def test_a_body_is_refused(project: Any, body: str) -> None:
    made = project({"specs/a.py": f"from pytest_compiled_ai import spec\n\n@spec\ndef f():\n    {body}\n"})
    assert made.messages() == ["specs/a.py:4: f has a body already: move it out or remove @spec."]


def test_the_record() -> None:
    stub = stub_of('async def f(x):\n    """Do it.\n\n      More.\n    """')
    assert (stub.id, stub.name, stub.line, stub.is_async) == ("specs/a.py::f", "f", 2, True)
    assert stub.docstring == "Do it.\n\nMore."
    assert stub.docstring_source == '"""Do it.\n\n      More.\n    """'
    assert stub_of("def f(): ...").docstring_source == ""


def test_docstrings_in_brackets_keep_them() -> None:
    assert stub_of("def f():\n    ('a'\n     'b')").docstring_source == "('a'\n     'b')"


def test_a_signature_leaves_the_stub_as_it_is() -> None:
    stub = stub_of("@cache\ndef f(x: int) -> int:\n    'Doc.'")
    signature = signature_of(stub)
    assert [ast.unparse(item) for item in signature.decorator_list] == ["cache"]
    assert signature.body == []
    assert len(stub.node.decorator_list) == 2
    assert len(stub.node.body) == 1
