"""From a reply about a class to the bodies of its methods."""

from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.compiler.body import Body, Refusal, splice
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.testing import fenced, make_reply

SPEC = '''
    from collections.abc import AsyncIterator, Iterator

    from pytest_compiled_ai import spec

    @spec
    class Stack:
        """Hold items."""

        items: list[int]

        def push(self, item: int, /, *more: int, at: int = 0, **names: int) -> None:
            """Put it on."""

        def peek(self) -> int:
            return self.items[-1]

        @property
        def top(self) -> int: ...

        @top.setter
        def top(self, value: int) -> None: ...
'''
HEAD = "class Stack:\n    items: list[int]\n"
PUSH = "    def push(self, item: int, /, *more: int, at: int = 0, **names: int) -> None:\n        self.items.append(item)\n"
TOP = "    @property\n    def top(self) -> int:\n        return self.items[-1]\n"
SETTER = "    @top.setter\n    def top(self, value: int) -> None:\n        # as it is\n        self.items[-1] = value\n"
WHOLE = HEAD + PUSH + TOP + SETTER


@pytest.fixture
def stub(bench):
    return bench({"specs/it.py": SPEC}).subject("Stack").stub


@pytest.fixture
def read(stub):
    return lambda code, **names: read_reply(make_reply(f"```python\n{code}\n```"), stub, **names)


def test_the_bodies_of_the_stub_methods_are_cut_out(read, stub):
    body = read("import re\n" + WHOLE)
    assert body.methods == {
        "push": "        self.items.append(item)",
        "top": "        return self.items[-1]",
        "top.setter": "        # as it is\n        self.items[-1] = value",
    }
    assert body.text == "\n\n".join(body.methods.values())
    assert [item.line for item in body.imports] == ["import re"]
    text = splice(stub, body.text, body.methods)
    assert '        """Put it on."""\n        self.items.append(item)\n\n    def peek' in text
    assert text.endswith("    def top(self, value: int) -> None:\n        # as it is\n        self.items[-1] = value\n")


def test_the_author_s_methods_and_docstrings_stay(read, stub):
    changed = WHOLE.replace("    def push", "    def peek(self) -> int:\n        return 0\n    def push", 1)
    changed = changed.replace("-> None:\n        self", '-> None:\n        """Other."""\n        self', 1)
    body = read(changed)
    text = splice(stub, body.text, body.methods)
    assert "return self.items[-1]\n\n    @property" in text
    assert "Other" not in text
    assert body.methods["push"] == "        self.items.append(item)"


def test_one_text_stands_for_all_methods(stub):
    text = splice(stub, "    raise ValueError")
    assert text.count("        raise ValueError\n") == 3
    ast.parse(text)
    assert Body(text="x", imports=()).methods == {}


def test_other_indentation_is_made_the_spec_s(read):
    narrow = "class Stack:\n  items: list[int]\n" + (PUSH + TOP + SETTER).replace("    ", "  ")
    assert read(narrow).methods["push"] == "        self.items.append(item)"
    long = PUSH.replace("self.items.append(item)", 'self.items = [len("""\nab\n""")]')
    assert read(HEAD + long + TOP + SETTER).methods["push"] == '        self.items = [len("""\nab\n""")]'


def test_an_echo_of_the_class_is_passed_over(read):
    bare = HEAD + "    def push(self, item): ...\n\n"
    assert read(bare + WHOLE + "\ndef test_it(): ...\n", echoes=frozenset({"test_it"})).methods.keys() == {
        "push", "top", "top.setter",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def Stack(): return 1", "does not define `Stack`"),
        ("class Other: x = 1", "does not define `Stack`"),
        (HEAD + PUSH + TOP, r"leaves out `Stack\.top\.setter`; write all of the methods"),
        (HEAD + TOP + SETTER, r"leaves out `Stack\.push`"),
        (WHOLE + "    def _grow(self) -> None:\n        return\n", r"adds `_grow` to `Stack`; .*put helpers inside a method"),
        (WHOLE + "    @top.deleter\n    def top(self) -> None:\n        return\n", r"adds `top\.deleter` to `Stack`"),
        (WHOLE + "    def __eq__(self, other: object) -> bool:\n        return True\n", "adds `__eq__` to `Stack`"),
        (WHOLE + "    cache: dict[int, int] = {}\n", "adds `cache` to `Stack`; use the attributes that are there"),
        (WHOLE + "    class Node: ...\n", "adds `Node` to `Stack`"),
        (WHOLE + "\nclass Node:\n    x = 1\n", "defines `Node` beside `Stack`; put helpers inside the methods"),
        ("LIMIT = 1\n" + WHOLE, "`LIMIT = 1` stands outside the methods"),
        (WHOLE.replace("value: int", "number: int"), r"parameters of `Stack\.top\.setter` are self, value, not self, number"),
        (WHOLE.replace("(self, item: int, /, *more: int, at: int = 0, **names: int)", "()"), "not none"),
        (WHOLE.replace("        return self.items[-1]", "        ..."), r"`Stack\.top` has no code\. Write the body"),
        (WHOLE.replace("        return self.items[-1]", '        """Say."""'), r"`Stack\.top` has no code"),
        (HEAD + "    def push(self): ...\n    def top(self): ...\n", r"`Stack\.push` has no code"),
        (WHOLE.replace("  ", " ").replace("return self.items[-1]", 'x = """\n a"""\n    return 1'), "by four spaces"),
        (WHOLE.replace("  ", " ").replace("self.items.append(item)", 'x = """\na"""'), "does not fit under its"),
    ],
)  # fmt: skip
def test_a_reply_that_is_not_the_class_is_refused_in_words(read, code, said):
    with pytest.raises(Refusal, match=said):
        read(code)


GENERATORS = """
    from collections.abc import AsyncIterator, Iterator
    from pytest_compiled_ai import spec

    @spec
    async def later(n: int) -> AsyncIterator[int]: ...

    @spec
    def soon(n: int) -> Iterator[int]: ...

    @spec
    class Both:
        async def later(self) -> "AsyncIterator[int]": ...
"""


def test_an_async_generator_must_yield(bench):
    made = bench({"specs/it.py": GENERATORS})
    later, soon, both = (made.subject(name).stub for name in ("later", "soon", "Both"))
    head = "async def later(n: int) -> AsyncIterator[int]:\n"
    inner = head + "    def inner():\n        yield 1\n    return inner()"
    with pytest.raises(Refusal, match="the body of `later` must `yield` its values"):
        read_reply(make_reply(fenced(inner)), later)
    assert "yield" in read_reply(make_reply(fenced(head + "    yield n")), later).text
    assert read_reply(make_reply("def soon(n: int) -> Iterator[int]:\n    return iter([n])"), soon)
    with pytest.raises(Refusal, match="must `yield`"):
        read_reply(make_reply("class Both:\n    async def later(self):\n        return [1]\n"), both)
