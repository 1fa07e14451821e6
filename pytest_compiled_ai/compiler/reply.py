"""The output gate: from a model's reply to the body of exactly one definition, or to the reason why there is none."""

from __future__ import annotations

import ast
import re
import textwrap

from pytest_compiled_ai.artifacts.module import Definition, Import, read_imports
from pytest_compiled_ai.compiler.body import (
    Body,
    Refusal,
    head_of,
    methods_in,
    parameters_in,
    slice_body,
    splice,
    statements_of,
)
from pytest_compiled_ai.compiler.methods import cut_methods
from pytest_compiled_ai.compiler.yields import check_yield
from pytest_compiled_ai.providers.base import Reply
from pytest_compiled_ai.specs.class_stub import is_method_stub
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.syntax import Function

__all__ = ["Body", "Refusal", "check_splice", "extract_code", "head_of", "read_reply", "slice_body", "splice"]

_FENCE = re.compile(r"^[ \t]*```[\w+-]*[ \t]*\n(.*?)^[ \t]*```", re.S | re.M)
_OPEN_FENCE = re.compile(r"^[ \t]*```[\w+-]*[ \t]*\n(.*)\Z", re.S | re.M)


def read_reply(reply: Reply, stub: Stub, echoes: frozenset[str] = frozenset()) -> Body:
    """Return the body that a reply holds for a stub; definitions of the names in `echoes` are passed over.

    Raises:
        Refusal: the reply is empty, cut off, not code, or does not define exactly what was asked for.
    """
    code = extract_code(reply, stub.name)
    try:
        tree = ast.parse(code)
        # Some errors are found behind the parser: `import *` within a function, a `return` outside of one.
        compile(tree, "<reply>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise Refusal(f"the reply is not valid Python: {getattr(error, 'msg', error)} (line {line}).") from None
    node = _only_definition(tree, stub, echoes)
    brought = [item for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) for item in _absolute(n)]
    imports = tuple(item for item in brought if item.module != "__future__")
    if isinstance(node, ast.ClassDef):
        methods = cut_methods(code, node, stub)
        return Body(text="\n\n".join(methods.values()), imports=imports, methods=methods)
    text = slice_body(code, node)
    check_splice(text, node, stub)
    return Body(text=text, imports=imports)


def extract_code(reply: Reply, name: str) -> str:
    """Return the code of a reply: the fenced block that defines `name`, or the whole text where nothing is fenced."""
    if not reply.text.strip():
        raise Refusal("the reply is empty.")
    if reply.finish == "length":
        raise Refusal("the reply was cut off before its end; write it shorter.")
    blocks = _FENCE.findall(reply.text)
    if not blocks and (cut := _OPEN_FENCE.search(reply.text)):
        blocks = [cut[1]]
    defining = [block for block in blocks if re.search(rf"^\s*((async\s+)?def|class)\s+{name}\b", block, re.M)]
    if blocks and not defining:
        raise Refusal(f"the reply does not define `{name}`.")
    return textwrap.dedent(defining[0]) if defining else reply.text


def check_splice(text: str, function: Function, stub: Stub) -> None:
    """Make sure that the body means under the stub's header what it meant in the reply."""
    try:
        node = ast.parse(splice(stub, text)).body[0]
    except SyntaxError as error:
        raise Refusal(f"the body does not fit under the signature ({error.msg}); indent it by four spaces.") from None
    assert isinstance(node, Function)
    if statements_of(node) != statements_of(function):
        raise Refusal("indent the body by four spaces.")
    (wanted,) = stub.functions
    expected, given = parameters_in(wanted), parameters_in(function)
    if expected != given:
        raise Refusal(f"the parameters of `{stub.name}` are {', '.join(expected)}, not {', '.join(given) or 'none'}.")
    check_yield(function, wanted)


def _only_definition(tree: ast.Module, stub: Stub, echoes: frozenset[str]) -> Function | ast.ClassDef:
    place, defined = _place(stub), [node for node in tree.body if isinstance(node, Definition)]
    # A model likes to repeat the question: the stub without a body, the tests, the functions it may call.
    said = [node for node in defined if node.name not in echoes and not _is_bare(node)]
    # Where only the stub was repeated, what is missing is its body.
    named = [node for node in (*said, *defined) if node.name == stub.name and _is_class(node) == bool(stub.methods)]
    if not named:
        raise Refusal(f"the reply does not define `{stub.name}`.")
    if len(said) > 1:
        others = ", ".join(f"`{node.name}`" for node in said if node is not named[0])
        raise Refusal(f"the reply defines {others} beside `{stub.name}`; put helpers inside the {place}.")
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            raise Refusal(f"`{ast.unparse(node)[:60]}` stands outside the {place}; put it inside.")
    return named[0]


def _place(stub: Stub) -> str:
    return "methods" if stub.methods else "function"


def _is_class(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef)


def _is_bare(node: Definition) -> bool:
    if isinstance(node, ast.ClassDef):
        methods = methods_in(node).values()
        return bool(methods) and all(is_method_stub(method) for method in methods)
    return len(node.body) == 1 and ast.get_docstring(node) is not None


def _absolute(node: ast.Import | ast.ImportFrom) -> list[Import]:
    if isinstance(node, ast.ImportFrom) and node.level:
        raise Refusal("relative imports cannot be used; import from the standard library.")
    if any(alias.name == "*" for alias in node.names):
        raise Refusal("`import *` cannot be used; name what you import.")
    return read_imports(node)
