"""The output gate: from a model's reply to the body of exactly one function, or to the reason why there is none."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass

from pytest_compiled_ai.artifacts.module import Import, read_imports
from pytest_compiled_ai.providers.base import Reply
from pytest_compiled_ai.specs.model import Stub

_FENCE = re.compile(r"^[ \t]*```[\w+-]*[ \t]*\n(.*?)^[ \t]*```", re.S | re.M)
_OPEN_FENCE = re.compile(r"^[ \t]*```[\w+-]*[ \t]*\n(.*)\Z", re.S | re.M)
_INDENT = "    "
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Refusal(Exception):
    """A reply that no candidate can be made of; the message says why, to people and to the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the model wrote: the statements, at the indentation of a module-level function, and imports beside them."""

    text: str
    imports: tuple[Import, ...]


def read_reply(reply: Reply, stub: Stub, echoes: frozenset[str] = frozenset()) -> Body:
    """Return the body that a reply holds for a stub; definitions of the names in `echoes` are passed over.

    Raises:
        Refusal: the reply is empty, cut off, not code, or does not define exactly the function that was asked for.
    """
    code = extract_code(reply, stub.name)
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise Refusal(f"the reply is not valid Python: {getattr(error, 'msg', error)} (line {line}).") from None
    function = _only_function(tree, stub, echoes)
    text = slice_body(code, function)
    check_splice(text, function, stub)
    imports = [item for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) for item in _absolute(node)]
    return Body(text=text, imports=tuple(item for item in imports if item.module != "__future__"))


def extract_code(reply: Reply, name: str) -> str:
    """Return the code of a reply: the fenced block that defines `name`, or the whole text where nothing is fenced."""
    if not reply.text.strip():
        raise Refusal("the reply is empty.")
    if reply.finish == "length":
        raise Refusal("the reply was cut off before its end; write a shorter function.")
    blocks = _FENCE.findall(reply.text)
    if not blocks and (cut := _OPEN_FENCE.search(reply.text)):
        blocks = [cut[1]]
    defining = [block for block in blocks if re.search(rf"^\s*(async\s+)?def\s+{name}\b", block, re.M)]
    if blocks and not defining:
        raise Refusal(f"the reply does not define `{name}`.")
    return textwrap.dedent(defining[0]) if defining else reply.text


def slice_body(code: str, function: Function) -> str:
    """Return the source of a function's statements after its docstring, comments included, indented by four."""
    lines = code.splitlines()
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not statements:
        raise Refusal(f"`{function.name}` has a docstring and no code. Write the body.")
    first, before = statements[0], function.body[0] if statements is not function.body else None
    if before is not None and (before.end_lineno or 0) < first.lineno:
        start = before.end_lineno or 0
    else:
        start = first.lineno - 1
        while start > function.lineno and lines[start - 1].strip().startswith("#"):
            start -= 1
    chosen = lines[start : function.end_lineno]
    if start == first.lineno - 1:
        chosen[0] = " " * first.col_offset + lines[start].encode()[first.col_offset :].decode()
    return _indented("\n".join(chosen).strip("\n"), first.col_offset)


def check_splice(text: str, function: Function, stub: Stub) -> None:
    """Make sure that the body means under the stub's header what it meant in the reply."""
    try:
        node = ast.parse(splice(stub, text)).body[0]
    except SyntaxError as error:
        raise Refusal(f"the body does not fit under the signature ({error.msg}); indent it by four spaces.") from None
    assert isinstance(node, Function)
    if _statements(node) != _statements(function):
        raise Refusal("indent the body by four spaces.")
    expected, given = _parameters(stub.node), _parameters(function)
    if expected != given:
        raise Refusal(f"the parameters of `{stub.name}` are {', '.join(expected)}, not {', '.join(given) or 'none'}.")


def splice(stub: Stub, body: str) -> str:
    """Return the whole function: the spec's decorators, signature and docstring, and the body."""
    return "".join(f"{part}\n" for part in (head_of(stub), body))


def head_of(stub: Stub) -> str:
    """Return the part of a function that the spec wrote, without a line end."""
    docstring = f"\n{_INDENT}{stub.docstring_source}" if stub.docstring_source else ""
    return stub.header + docstring


def _only_function(tree: ast.Module, stub: Stub, echoes: frozenset[str]) -> Function:
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    # A model likes to repeat the question: the stub without a body, the tests, the functions it may call.
    said = [node for node in defined if node.name not in echoes and not _is_bare(node)]
    # Where only the stub was repeated, what is missing is its body.
    named = [node for node in (*said, *defined) if node.name == stub.name and isinstance(node, Function)]
    if not named:
        raise Refusal(f"the reply does not define `{stub.name}`.")
    if len(said) > 1:
        others = ", ".join(f"`{node.name}`" for node in said if node is not named[0])
        raise Refusal(f"the reply defines {others} beside `{stub.name}`; put helpers inside the function.")
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            raise Refusal(f"`{ast.unparse(node)[:60]}` stands outside the function; put it inside.")
    function = named[0]
    assert isinstance(function, Function)
    return function


def _is_bare(node: ast.AST) -> bool:
    return isinstance(node, Function) and len(node.body) == 1 and ast.get_docstring(node) is not None


def _absolute(node: ast.Import | ast.ImportFrom) -> list[Import]:
    if isinstance(node, ast.ImportFrom) and node.level:
        raise Refusal("relative imports cannot be used; import from the standard library.")
    if any(alias.name == "*" for alias in node.names):
        raise Refusal("`import *` cannot be used; name what you import.")
    return read_imports(node)


def _indented(text: str, column: int) -> str:
    if column == len(_INDENT):
        return text
    return textwrap.indent(textwrap.dedent(text), _INDENT)


def _statements(node: Function) -> list[str]:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return [ast.dump(statement) for statement in body]


def _parameters(node: Function) -> list[str]:
    spelled = node.args
    starred = [f"*{arg.arg}" for arg in (spelled.vararg,) if arg] + [f"**{arg.arg}" for arg in (spelled.kwarg,) if arg]
    return [arg.arg for arg in (*spelled.posonlyargs, *spelled.args, *spelled.kwonlyargs)] + starred
