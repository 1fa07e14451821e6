"""Classes as stubs: their text, what they leave to be written, and what their digest covers."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from pytest_compiled_ai.specs.annotations import quoted_annotations
from pytest_compiled_ai.specs.class_stub import build_class, is_method_stub
from pytest_compiled_ai.specs.doctests import docstrings_in
from pytest_compiled_ai.specs.model import Options, Stub
from pytest_compiled_ai.specs.stub import signature_of

HEAD = "from pytest_compiled_ai import spec\n\n"
STACK = '''@spec(
    isolation="jailed",
)
# why
@final
class Stack(
    Base,  # of: all
):
    """Hold items.

    >>> Stack().push(1)
    """

    size: int = 0  # of all

    @deco
    def push(self, item: int) -> None:
        """Put it on.

        >>> 1
        1
        """
        raise NotImplementedError("x")

    # The author's own.
    def peek(self) -> int:
        return self.size

    @property
    def top(self) -> int: ...

    @top.setter
    def top(self, value: int) -> None: """Set it."""

    async def drain(self):
        """Yield."""
        raise NotImplementedError
        yield

    last = 1
'''


def stub_of(source: str) -> Stub:
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.ClassDef)
    return build_class(node, Options(), source, "specs/a.py")


def test_the_record_of_a_class() -> None:
    stub = stub_of(STACK)
    assert (stub.id, stub.name, stub.line, stub.is_async) == ("specs/a.py::Stack", "Stack", 6, False)
    assert stub.header == "@final\nclass Stack(\n    Base,  # of: all\n):"
    assert stub.docstring == "Hold items.\n\n>>> Stack().push(1)"
    assert [method.label for method in stub.methods] == ["push", "top", "top.setter", "drain"]
    assert [function.name for function in stub.functions] == ["push", "top", "top", "drain"]
    assert stub.methods[2].head.endswith('value: int) -> None:\n        """Set it."""')
    assert stub.rest == "\n    last = 1\n"


def test_its_text_is_the_author_s_to_the_letter() -> None:
    stub = stub_of(STACK)
    text = "".join(f"{method.before}{method.head}\n        pass\n" for method in stub.methods) + stub.rest
    expected = (
        STACK.partition("# why\n")[2]
        .replace('        raise NotImplementedError("x")', "        pass")
        .replace("-> int: ...", "-> int:\n        pass")
        .replace('None: """Set it."""', 'None:\n        """Set it."""\n        pass')
        .replace("        raise NotImplementedError\n        yield", "        pass")
    )
    assert text == expected


def test_a_signature_has_the_author_s_code_and_no_stub_s_body() -> None:
    stub = stub_of(STACK)
    signature = signature_of(stub)
    assert isinstance(signature, ast.ClassDef)
    assert [ast.unparse(item) for item in signature.decorator_list] == ["final"]
    bodies = {item.name: item.body for item in signature.body if isinstance(item, ast.FunctionDef)}
    assert bodies["push"] == []
    assert ast.unparse(bodies["peek"][0]) == "return self.size"
    assert stub.methods[0].node.body


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("def f(self): ...", True),
        ("def f(self): 'Doc.'", True),
        ("@overload\ndef f(self): ...", False),
        ("@abc.abstractmethod\ndef f(self): ...", False),
        ("def f(self): pass", False),
        ("def f(self):\n    'Doc.'\n    pass", False),
        ("def f(self): return", False),
        ("def f(self):\n    raise NotImplementedError\n    yield", True),
        ("def f(self):\n    yield 1", False),
    ],
)
def test_which_methods_are_to_be_written(code: str, wanted: bool) -> None:
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert is_method_stub(node) is wanted


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("    x = 1", 4, "A leaves nothing to write: give a method a docstring and no body, or remove @spec."),
        (
            "    def f(self): pass",
            4,
            "A leaves nothing to write: give a method a docstring and no body, or remove @spec.",
        ),
        ("    def f(self): ...\n    def f(self): return 1", 5, "A has f twice; remove one."),
        ("    def f(self): ...\n    def f(self): ...", 5, "A has f twice; remove one."),
    ],
)
def test_classes_that_cannot_be_compiled(project: Any, body: str, line: int, message: str) -> None:
    made = project({"specs/a.py": f"{HEAD}@spec\nclass A:\n{body}\n"})
    assert made.messages() == [f"specs/a.py:{line}: {message}"]


def test_an_overload_stands_beside_its_stub(project: Any) -> None:
    body = "    @overload\n    def f(self): ...\n    @overload\n    def f(self, x=1): ...\n    def f(self, x=1): ...\n"
    made = project({"specs/a.py": f"{HEAD}from typing import overload\n@spec\nclass A:\n{body}"})
    assert [method.label for method in made.stub("A")[1].methods] == ["f"]


def test_docstrings_are_named_as_their_examples_are() -> None:
    found = docstrings_in(stub_of(STACK).node)
    assert [(item.name, item.line) for item in found] == [
        ("Stack", 6), ("Stack.push", 17), ("Stack.top", 33), ("Stack.drain", 35),
    ]  # fmt: skip
    assert found[1].text == "Put it on.\n\n>>> 1\n1"
    function = ast.parse("def f(): 1").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert docstrings_in(function) == ()


def test_quoted_annotations_of_a_class() -> None:
    node = ast.parse("class A:\n    x: 'B'\n    y: int = 1\n    def f(self, z: 'C') -> 'list[D]': 'Doc'").body[0]
    assert isinstance(node, ast.ClassDef)
    assert [ast.unparse(item) for item in quoted_annotations(node)] == ["B", "list[D]", "C"]


SPEC = f'''{HEAD}LIMIT = 3


@spec
class Stack:
    """Hold up to LIMIT items."""

    size: int = LIMIT

    def push(self, item: int) -> None:
        """Put it on."""

    def peek(self) -> int:
        """Look."""
        return self.size


def test_push() -> None:
    Stack().push(1)
'''


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("return self.size", "return self.size + 1", "signature"),
        ("size: int = LIMIT", "size: int = 2 * LIMIT", "signature"),
        ("def push(self, item: int)", "def push(self, item: float)", "signature"),
        ("    def peek", "    @deco\n    def peek", "signature"),
        ("Put it on.", "Put it down.", "docstring"),
        ("Look.", "See.", "docstring"),
        ("Hold", "Have", "docstring"),
        ("@spec\n", "@spec(isolation='jailed')\n", "options"),
        ("LIMIT = 3", "LIMIT = 4", "data specs/a.py::LIMIT"),
        ("push(1)", "push(2)", "test specs/a.py::test_push"),
    ],
)
def test_what_makes_a_class_stale(project: Any, old: str, new: str, part: str) -> None:
    made = project({"specs/a.py": SPEC})
    before = made.digest("Stack")
    made.edit("specs/a.py", old, new)
    after = made.digest("Stack")
    assert before.value != after.value
    assert {key for key in before.parts if before.parts[key] != after.parts.get(key)} == {part}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Put it on."""', '"""Put it on."""\n        ...'),
        ('"""Put it on."""', '"""Put it on."""\n        raise NotImplementedError'),
        ("return self.size", "return (self.size)  # so"),
        ("    size: int", "    # How many.\n    size: int"),
    ],
)
def test_what_leaves_a_class_fresh(project: Any, old: str, new: str) -> None:
    made = project({"specs/a.py": SPEC})
    before = made.digest("Stack")
    made.edit("specs/a.py", old, new)
    assert made.digest("Stack") == before


def test_examples_of_methods_are_tests_of_the_class(project: Any) -> None:
    made = project({"specs/a.py": SPEC.replace("Put it on.", "Put it on.\n\n        >>> Stack().push(1)\n        ")})
    assert list(made.tests("Stack")) == ["specs/a.py::Stack.push", "specs/a.py::test_push"]
    assert made.tests("Stack")["specs/a.py::Stack.push"] == {"specs/a.py::Stack"}


def test_a_used_class_counts_by_its_code_and_docstrings(project: Any) -> None:
    user = "\n\n@spec(uses=[Stack])\ndef f(stack: Stack) -> int: ...\n\n\ndef test_f() -> None:\n    f(Stack())\n"
    made = project({"specs/a.py": SPEC + user})
    before = made.digest("f")
    assert "spec specs/a.py::Stack" in before.parts
    made.edit("specs/a.py", "return self.size", "return -self.size")
    assert made.digest("f").value != before.value


def test_a_class_names_what_its_file_gives_it(project: Any) -> None:
    made = project(
        {"specs/a.py": SPEC.replace("    size: int = LIMIT", "    one: int = 1\n    size: int = one + LIMIT")}
    )
    assert [item.name for item in made.namespace("Stack").constants] == ["LIMIT"]
    made.edit("specs/a.py", "return self.size", "return helper()")
    made.edit("specs/a.py", "LIMIT = 3", "LIMIT = 3\ndef helper(): return 1")
    with pytest.raises(Exception, match=r"Stack's signature names helper, a function that is defined in the spec file"):
        made.namespace("Stack")
