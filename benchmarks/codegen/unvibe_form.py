"""A problem as unvibe wants it: a module with a function marked `@ai`, and a `unittest` class of the same asserts."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path

from benchmarks.codegen.asserts import find_function
from benchmarks.codegen.problems import Problem
from benchmarks.codegen.project import write_files

SOURCE, TESTS = "problem.py", "test_problem.py"
CONFIG = """[ai]
provider = "openai"
base_url = "{url}"
api_key = "none"
model = "local"
max_tokens = 1024

[search]
"""
"""Its own defaults for the search; the bound of a reply is the one that its documentation shows."""
_BUILTIN = {"Any": "object", "List": "list", "Dict": "dict", "Tuple": "tuple", "Set": "set"}
_OURS = {"pytest", "pytest_compiled_ai"}


def write_form(problem: Problem, folder: Path, url: str) -> None:
    """Write a problem and its configuration to a folder, to be compiled by the model at `url`."""
    tree = ast.parse(problem.spec)
    stub = find_function(tree, problem.entry)
    docstring = ast.get_source_segment(problem.spec, stub.body[0])
    stub.decorator_list = []
    header = ast.unparse(_Annotations().visit(stub)).partition("\n")[0]
    module = f"{write_imports(problem)}\nfrom unvibe import ai\n\n\n@ai\n{header}\n    {docstring}\n    pass\n"
    (folder / SOURCE).write_text(module, encoding="utf-8")
    (folder / TESTS).write_text(_write_class(problem, tree), encoding="utf-8")
    (folder / ".unvibe.toml").write_text(CONFIG.format(url=url), encoding="utf-8")
    write_files(folder, problem)


def write_imports(problem: Problem) -> str:
    """Return the imports of a problem's module, without those that are for our tests."""
    nodes = [node for node in ast.parse(problem.spec).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(node) for node in nodes if not _is_ours(node))


def _write_class(problem: Problem, tree: ast.Module) -> str:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    tests = [node for node in functions if node.name.startswith("test_")]
    # What a set's tests define besides their functions, they use.
    rest = [
        ast.unparse(node)
        for node in tree.body
        if node not in tests and getattr(node, "name", "") != problem.entry and not _is_ours(node)
    ]
    methods = "\n\n".join(textwrap.indent(_write_method(test), "    ") for test in tests)
    header = "\n".join(["import unvibe", *rest, f"from problem import {problem.entry}"])
    return f"{header}\n\n\nclass Tests(unvibe.TestCase):\n{methods}\n"


def _write_method(test: ast.FunctionDef) -> str:
    statements = _expand_rows(test) if test.decorator_list else test.body
    body = [ast.unparse(ast.fix_missing_locations(_Asserts().visit(node))) for node in statements]
    return f"def {test.name}(self):\n{textwrap.indent(chr(10).join(body), '    ')}"


def _expand_rows(test: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Yield an assert for each row of a parametrized test."""
    match test.decorator_list[0], test.body[0]:
        case (
            ast.Call(args=[_, ast.List(elts=rows)]),
            ast.Assert(test=ast.Compare(left=ast.Call(func=called))),
        ):
            for row in rows:
                assert isinstance(row, ast.Tuple)
                call = ast.Call(func=called, args=row.elts[:-1], keywords=[])
                yield ast.Assert(test=ast.Compare(left=call, ops=[ast.Eq()], comparators=row.elts[-1:]))


class _Annotations(ast.NodeTransformer):
    """Spells annotations without imports: unvibe executes a function outside of its module."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(_BUILTIN.get(node.id, node.id), node.ctx)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        inner = self.visit(node.slice)
        if ast.unparse(node.value) == "Optional":
            return ast.BinOp(inner, ast.BitOr(), ast.Constant(None))
        return ast.Subscript(self.visit(node.value), inner, node.ctx)


class _Asserts(ast.NodeTransformer):
    """Turns asserts into calls, which unvibe counts."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        match node.test:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                name, arguments = "assertEqual", [left, right]
            case _:
                name, arguments = "assertTrue", [node.test]
        function = ast.Attribute(value=ast.Name("self", ast.Load()), attr=name, ctx=ast.Load())
        return ast.Expr(ast.Call(func=function, args=arguments, keywords=[]))


def _is_ours(node: ast.stmt) -> bool:
    match node:
        case ast.Import(names=[ast.alias(name=name)]) | ast.ImportFrom(module=str(name)):
            return name.partition(".")[0] in _OURS
    return False
