"""What a model is asked: short, since a small model reads about as slowly as it writes."""

from __future__ import annotations

import ast
import copy
import re
import sys
from collections.abc import Iterable

from pytest_compiled_ai.artifacts.module import names_used, render_imports
from pytest_compiled_ai.compiler.body import head_of, splice
from pytest_compiled_ai.compiler.yields import is_generator
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.gates.leakage import plant_canary
from pytest_compiled_ai.providers.base import Message
from pytest_compiled_ai.specs.doctests import docstrings_in
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.stub import signature_of
from pytest_compiled_ai.specs.syntax import Function, docstring_of
from pytest_compiled_ai.templates.relevance import choose_helpers

SYSTEM = (
    "You are a careful Python programmer. You complete one function so that it does what its docstring and its tests "
    "say. You answer with one ```python code block that holds the whole function, and nothing else."
)
_ASKED = ("Write this function", "Write the methods of this class that have `...` for a body")
SYSTEM_OF_CLASS = (
    "You are a careful Python programmer. You complete the methods of one class so that it does what its docstrings "
    "and its tests say. You answer with one ```python code block that holds the whole class, and nothing else."
)
_TESTS_SHOWN = 1600
"""Characters of test source in a prompt: what a 1.5B model on a laptop's CPU reads in about eight seconds."""


def write_prompt(subject: Subject, sources: Iterable[str], template: str = "") -> tuple[Message, ...]:
    """Return the first messages about a stub.

    Args:
        subject: the spec.
        sources: the source of its tests, most telling first; what exceeds the bound is left out.
        template: what its template says; the constants that it names are shown.
    """
    is_class = bool(subject.stub.methods)
    rules = [_kept(subject.stub), _allowed(subject), "Leave nothing out; do not repeat the tests."]
    shown = _fitting(sources)
    parts = [
        f"{_ASKED[is_class]}:\n\n```python\n{render_stub(subject, template)}\n```",
        template,
        "It must pass these tests:\n\n```python\n" + "\n\n".join(shown) + "\n```" if shown else "",
        " ".join(rules),
    ]
    begun = SYSTEM_OF_CLASS if is_class else SYSTEM
    system = plant_canary(begun, subject.stub.id)
    return (Message(role="system", content=system), Message(role="user", content="\n\n".join(p for p in parts if p)))


def write_repair(first: tuple[Message, ...], reply: str, feedback: str, what: str = "function") -> tuple[Message, ...]:
    """Return the messages that ask for a better version of a reply, with what was wrong about it."""
    ask = f"That is not right yet.\n\n{feedback}\n\nFind the cause, and answer with the whole corrected {what}."
    return (*first, Message(role="assistant", content=_closed(reply)), Message(role="user", content=ask))


def write_revision(first: tuple[Message, ...], code: str, feedback: str, what: str = "function") -> tuple[Message, ...]:
    """Return the messages that ask for a version of the present code that fits a changed spec."""
    ask = (
        f"That was right until the specification changed. Now it fails.\n\n{feedback}\n\nAnswer with the whole "
        f"{what}. Change only what has to change: keep all other lines, names and comments as they are."
    )
    said = f"```python\n{code}\n```"
    return (*first, Message(role="assistant", content=said), Message(role="user", content=ask))


def begin_reply(stub: Stub) -> str:
    """Return how a reply begins: what the spec wrote of the function need not be written again."""
    return f"```python\n{head_of(stub)}\n"


def render_stub(subject: Subject, template: str = "") -> str:
    """Return the stub as the model sees it: the names that it may use, signature and docstring.

    Of the spec file's constants those are shown that the docstring, the signature or the template's words name.
    """
    stub = subject.stub
    used = names_used(signature_of(stub))
    docstrings = "\n".join(item.text for item in docstrings_in(stub.node))
    words = set(re.findall(r"\w+", f"{docstrings}\n{template}")) | used
    own = [item for item in subject.imports if item.bound in words and item.bound not in {s.name for s in subject.used}]
    imports = "\n".join(render_imports(own))
    helpers = {helper.name for helper in subject.helpers}
    constants = "\n".join(text for name, text in subject.constants.items() if name in words - helpers)
    callable_ = "\n\n".join(_summary(used_stub) for used_stub in subject.used)
    asked = splice(stub, "...").rstrip() if stub.methods else head_of(stub)
    offered = _offered(subject, (docstrings, constants, stub.header), template)
    return "\n\n".join(part for part in (imports, constants, offered, callable_, asked) if part)


def read_sources(tree: ast.Module, source: str, names: Iterable[str]) -> list[str]:
    """Return the source of the named tests (`test_x`, `TestA::test_y`) of one file, decorators included."""
    wanted = {name.partition("::")[0] for name in names}
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name in wanted:
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found.append("\n".join(source.splitlines()[start - 1 : node.end_lineno]))
    return found


def _closed(reply: str) -> str:
    return reply if reply.count("```") % 2 == 0 else f"{reply.rstrip()}\n```"


def _summary(stub: Stub) -> str:
    if isinstance(stub.node, ast.ClassDef):
        return f"# exists already: use it, do not define it\n{outline_of(stub.node)}"
    first = stub.docstring.partition("\n\n")[0].replace("\n", " ")
    return f'{stub.header}  # exists already: call it, do not define it\n    """{first}"""\n    ...'


def _offered(subject: Subject, words: Iterable[str], template: str) -> str:
    """Return the helpers that the body may call: signature and first line, which shows an example."""
    shown = [_outline_of_helper(helper.node) for helper in choose_helpers(subject.helpers, words, template)]
    return "\n".join(["# These exist already: use them, do not define or import them.", *shown]) if shown else ""


def _outline_of_helper(node: ast.stmt) -> str:
    if isinstance(node, Function):
        outline = copy.copy(node)
        outline.decorator_list = []
        outline.body = [ast.Expr(ast.Constant((docstring_of(node.body) or "").partition("\n")[0]))]
        node = outline
    return ast.unparse(node)


def outline_of(node: ast.ClassDef) -> str:
    """Return a class as its users see it: its docstring's first line, attributes, and methods without bodies."""
    outline = copy.deepcopy(node)
    outline.decorator_list = node.decorator_list[1:]
    docstring = docstring_of(node.body)
    if docstring is not None:
        outline.body[0] = ast.Expr(ast.Constant(docstring.strip().partition("\n")[0]))
    for item in outline.body:
        if isinstance(item, Function):
            item.body = [ast.Expr(ast.Constant(...))]
    return ast.unparse(outline)


def _kept(stub: Stub) -> str:
    if stub.methods:
        return (
            "Keep all else of the class as it is, and add no method and no attribute to it. Put imports and helper "
            "functions inside the methods, with type annotations." + _yielding(stub)
        )
    told = "Keep the signature as it is. Put imports and helper functions inside the function, with type annotations."
    return told + _yielding(stub)


def _yielding(stub: Stub) -> str:
    names = [f"`{function.name}`" for function in stub.functions if is_generator(function)]
    return f" {' and '.join(names)} must `yield` values one by one." if names else ""


def _allowed(subject: Subject) -> str:
    tops = {item.module.partition(".")[0] for item in subject.imports} - sys.stdlib_module_names
    named = ", ".join(f"`{name}`" for name in sorted(tops))
    return f"Use the standard library{f' and {named}' if named else ''} only."


def _fitting(sources: Iterable[str]) -> list[str]:
    shown: list[str] = []
    for source in sources:
        if sum(map(len, shown)) + len(source) <= _TESTS_SHOWN:
            shown.append(source)
    return shown
