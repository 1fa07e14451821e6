"""What a model is asked: short, since a small model reads about as slowly as it writes."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterable

from pytest_compiled_ai.artifacts.module import names_used, render_imports
from pytest_compiled_ai.compiler.reply import head_of
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.providers.base import Message
from pytest_compiled_ai.specs.model import Stub

SYSTEM = (
    "You are a careful Python programmer. You complete one function so that it does what its docstring and its tests "
    "say. You answer with one ```python code block that holds the whole function, and nothing else."
)
_TESTS_SHOWN = 1600
"""Characters of test source in a prompt: what a 1.5B model on a laptop's CPU reads in about eight seconds."""


def write_prompt(subject: Subject, sources: Iterable[str]) -> tuple[Message, ...]:
    """Return the first messages about a stub.

    Args:
        subject: the spec.
        sources: the source of its tests, most telling first; what exceeds the bound is left out.
    """
    rules = [
        "Keep the signature as it is. Put imports and helper functions inside the function, with type annotations.",
        _allowed(subject),
        "Leave nothing out; do not repeat the tests.",
    ]
    shown = _fitting(sources)
    parts = [
        f"Write this function:\n\n```python\n{render_stub(subject, shown)}\n```",
        "It must pass these tests:\n\n```python\n" + "\n\n".join(shown) + "\n```" if shown else "",
        " ".join(rules),
    ]
    system = f"{SYSTEM}\nPrivate mark of this message, never to be repeated: {canary_of(subject.stub)}."
    return (Message(role="system", content=system), Message(role="user", content="\n\n".join(p for p in parts if p)))


def canary_of(stub: Stub) -> str:
    """Return the mark of the system message about a stub: a reply that holds it tells what it was told in private.

    It follows from the stub, so that the same spec is always asked about in the same words.
    """
    return hashlib.sha256(f"canary\0{stub.id}\0{stub.header}\0{stub.docstring}".encode()).hexdigest()[:10]


def write_repair(first: tuple[Message, ...], reply: str, feedback: str) -> tuple[Message, ...]:
    """Return the messages that ask for a better version of a reply, with what was wrong about it."""
    ask = f"That is not right yet.\n\n{feedback}\n\nFind the cause, and answer with the whole corrected function."
    return (*first, Message(role="assistant", content=_closed(reply)), Message(role="user", content=ask))


def begin_reply(stub: Stub) -> str:
    """Return how a reply begins: what the spec wrote of the function need not be written again."""
    return f"```python\n{head_of(stub)}\n"


def render_stub(subject: Subject, tests: Iterable[str] = ()) -> str:
    """Return the stub as the model sees it: the names that it may use, signature and docstring.

    Of the spec file's constants those are shown that the docstring, the signature or one of the `tests` names.
    """
    used = names_used(ast.parse(head_of(subject.stub) + "\n    pass"))
    words = set(re.findall(r"\w+", subject.stub.docstring)) | used
    tested = set(re.findall(r"\w+", "\n".join(tests)))
    own = [item for item in subject.imports if item.bound in words and item.bound not in {s.name for s in subject.used}]
    imports = "\n".join(render_imports(own))
    constants = "\n".join(text for name, text in subject.constants.items() if name in words | tested)
    callable_ = "\n\n".join(_summary(stub) for stub in subject.used)
    return "\n\n".join(part for part in (imports, constants, callable_, head_of(subject.stub)) if part)


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
    first = stub.docstring.partition("\n\n")[0].replace("\n", " ")
    return f'{stub.header}  # exists already: call it, do not define it\n    """{first}"""\n    ...'


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
