from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.artifacts.module import Import, render_imports
from pytest_compiled_ai.specs.model import Options, Stub
from pytest_compiled_ai.templates import scaffold as module
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.catalogue import BUILTIN, list_templates
from pytest_compiled_ai.templates.scaffold import (
    SCAFFOLDS,
    declared_in,
    hash_scaffold,
    named_after,
    render_scaffold,
    scaffold_around,
    scaffold_nodes,
    scaffold_of,
)

READ = '''
@spec(template="batch")
def read_row(line: str, /, *, width: int = 3) -> "list[int]":
    """Read.

    Raises:
        ValueError: no number
            or: another
        csv.Error: no row

    Returns:
        Nothing: at all
    """
'''


def function(text: str) -> ast.FunctionDef:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def stub(text: str, template: str) -> Stub:
    node = ast.parse(text).body[0]
    return Stub(
        id="specs/x.py::f",
        name="f",
        line=1,
        is_async=False,
        header="",
        docstring="",
        docstring_source="",
        options=Options(template=template),
        node=node,
    )


def program(name: str, text: str, body: str) -> str:
    """Return a module with a function and its scaffold."""
    around = render_scaffold(SCAFFOLDS[name], function(f"{text} ..."))
    return "\n".join([*render_imports(around.imports), f"{text}\n    {body}", *around.definitions.values()])


@pytest.mark.parametrize(
    ("name", "of", "becomes"),
    [
        ("hole_batch", "read_row", "read_row_batch"),
        ("_hole_json", "read_row", "_read_row_json"),
        ("HoleBatch", "read_row", "ReadRowBatch"),
        ("HoleBatch", "_read", "_ReadBatch"),
        ("hole_batch", "_read", "_read_batch"),
        ("HoleBatch", "readRow2", "ReadRow2Batch"),
    ],
)
def test_names_are_made_of_the_functions(name, of, becomes):
    assert named_after(name, of) == becomes


def test_declared_exceptions_stand_in_the_docstring():
    assert declared_in(function(READ)) == ("ValueError", "csv.Error")
    assert declared_in(function("def f(): ...")) == ()
    assert declared_in(function("def f():\n    'It raises: nothing'")) == ()


@pytest.mark.parametrize("name", SCAFFOLDS)
def test_a_scaffold_is_its_module_in_other_words(name):
    scaffold = SCAFFOLDS[name]
    around = render_scaffold(
        scaffold, function("def hole(item: Item) -> Result: 'Do.\\n\\nRaises:\\n    ValueError: no'")
    )
    text = "\n".join(around.definitions.values())
    for item in around.imports:
        assert item.bound.startswith("_")
    private = {item.bound: item.bound[1:] for item in around.imports}
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = private.get(node.id, node.id)
    wanted = "\n".join(ast.unparse(node) for node in scaffold.definitions)
    assert ast.unparse(tree).replace("(ValueError,)", "DECLARED") == ast.unparse(ast.parse(wanted))
    assert (
        len(text.splitlines())
        == sum(1 + d.end_lineno - d.lineno for d in scaffold.definitions) + len(around.definitions) - 1
    )


@pytest.mark.parametrize("name", SCAFFOLDS)
def test_it_needs_the_standard_library_alone(name):
    assert {item.module.partition(".")[0] for item in SCAFFOLDS[name].imports} <= sys.stdlib_module_names
    assert "pytest_compiled_ai" not in program(name, "def f(number: int) -> int:", "return 3")


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_it_runs_as_a_plain_program(tmp_path, future):
    body, head = "return len(text) // (3 - len(text))", "def size(text: str) -> int | None:"
    texts = [program(name, head, body) for name in SCAFFOLDS]
    calls = (
        "print(size_handler({'text': 'ab'}), size_handler({'text': 3}).status)\n"
        "print(list(size_stream(['ab', 'abc'], print)))\n"
        "print(size_batch(['ab', 'abc'], 'out'))\n"
    )
    (tmp_path / "run.py").write_text(future + "\n".join(texts) + "\n" + calls, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "SizeResponse(status=200, value=2, error='') 400",
        "SizeFailure(position=1, item='abc', error=ZeroDivisionError('integer division or modulo by zero'))",
        "[2]",
        "SizeBatch(answered=1, failed=1, resumed=0)",
    ]


def test_what_has_no_annotation_is_anything():
    around = render_scaffold(SCAFFOLDS["stream"], function("def f(a): ..."))
    assert "items: _Iterable[_Any]" in around.definitions["f_stream"]
    assert Import(module="typing", name="Any", bound="_Any") in around.imports
    around = render_scaffold(SCAFFOLDS["stream"], function("def f(a: int) -> int: ..."))
    assert "_Any" not in {item.bound for item in around.imports}


WORDS = st.text("abcxyz_", min_size=1, max_size=8).filter(str.isidentifier)


@given(WORDS)
def test_every_name_is_of_the_function(name):
    around = render_scaffold(SCAFFOLDS["batch"], function(f"def {name}(number: int) -> int: ..."))
    for key, text in around.definitions.items():
        (node,) = ast.parse(text).body
        assert node.name == key
        assert "hole" not in key.lower().replace(name.lower().replace("_", ""), "")


def test_only_the_ones_with_a_scaffold_have_one():
    assert {template.name for template in BUILTIN if template.scaffold} == set(SCAFFOLDS)
    for template in BUILTIN:
        assert scaffold_of(template.name) is template.scaffold
    assert scaffold_of("") is None


def test_a_plugins_template_brings_its_own(monkeypatch, tmp_path):
    (tmp_path / "twice.py").write_text("def hole_twice(item: Item) -> Result:\n    return hole(hole(item))\n", "utf-8")
    twice = module.Scaffold("twice", tmp_path / "twice.py")

    class Plugin:
        @hookspecs.hookimpl
        def compiled_ai_templates(self) -> list[Template]:
            return [Template(name="twice", summary="a thing, twice", scaffold=twice)]

    from pytest_compiled_ai import extensions

    load = extensions.load_extensions

    def load_more():
        manager = load()
        manager.register(Plugin())
        return manager

    monkeypatch.setattr(extensions, "load_extensions", load_more)
    scaffold_of.cache_clear()
    try:
        assert scaffold_of("twice") is twice
        assert scaffold_of("thrice") is None
        assert "twice" in list_templates(load_more())
        around = scaffold_around(stub("def f(number: int) -> int: ...", "twice"))
    finally:
        scaffold_of.cache_clear()
    assert around.definitions == {"f_twice": "def f_twice(item: int) -> int:\n    return f(f(item))\n"}


def test_what_is_no_function_has_nothing_around_it():
    for text in ("class f: ...", "async def f(x: int) -> int: ..."):
        assert scaffold_around(stub(text, "batch")).definitions == {}
        assert hash_scaffold(stub(text, "batch")) == ""
    assert scaffold_around(stub("def f(x: int) -> int: ...", "")).definitions == {}


def test_its_hash_is_of_what_it_means(monkeypatch, tmp_path):
    source = SCAFFOLDS["stream"].source
    for name, text in (("same", source.replace("# ", "#  ")), ("other", source.replace("(position, item", "(0, item"))):
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        monkeypatch.setitem(SCAFFOLDS, name, module.Scaffold(name, tmp_path / f"{name}.py"))
    text = "def f(x: int) -> int: ..."
    assert hash_scaffold(stub(text, "same")) == hash_scaffold(stub(text, "stream"))
    assert hash_scaffold(stub(text, "other")) != hash_scaffold(stub(text, "stream"))


def test_its_names_are_known_before_there_is_an_artifact():
    nodes = [
        *ast.parse(READ).body,
        *ast.parse("@spec\ndef f(a: int) -> int: ...\n@spec(template=T)\ndef g(): ...").body,
    ]
    found = scaffold_nodes(nodes)
    assert {"read_row_batch", "ReadRowBatch"} <= found.keys()
    assert all("read_row" in name.lower() or "readrow" in name.lower() for name in found)
    assert {node.lineno for node in found.values()} == {3}
    assert scaffold_nodes(ast.parse('@spec(template="batch")\nasync def f(a): ...').body) == {}


def test_the_sources_are_ascii_and_shadow_nothing_of_theirs():
    for scaffold in SCAFFOLDS.values():
        assert scaffold.source.isascii()
        names = {node.name for node in scaffold.definitions} | {item.bound for item in scaffold.imports}
        assert not names & (scaffold.reserved - scaffold.builtins)
        assert Path(scaffold.path).is_file()
