from __future__ import annotations

import ast
import re
from dataclasses import replace
from textwrap import dedent

import pytest

from pytest_compiled_ai.compiler.prompt import begin_reply, read_sources, write_prompt, write_repair, write_revision
from pytest_compiled_ai.templates.modules.catalogue import read_module

SPEC = '''
    import re
    from decimal import Decimal

    from pytest_compiled_ai import spec

    LIMIT = 3
    OTHER = 4

    @spec
    def half(n: int) -> int:
        """Return half
        of n.

        More.
        """

    @spec(uses=[half])
    def f(n: Decimal) -> int:
        """Return n, at most LIMIT."""
'''
TESTS = """\
@mark
def test_one():
    assert f(1)

class TestTwo:
    def test_in(self): ...

def helper(): ...
"""


@pytest.fixture
def subject(bench):
    return bench({"specs/it.py": SPEC}).subject("f")


def test_a_prompt_shows_the_stub_what_it_may_use_and_its_tests(subject):
    system, user = write_prompt(subject, ["def test_x(): ..."])
    assert (system.role, user.role) == ("system", "user")
    text = user.content
    assert "from decimal import Decimal" in text
    assert "import re" not in text
    assert "LIMIT = 3" in text
    assert "OTHER" not in text
    assert 'exists already: call it, do not define it\n    """Return half of n."""' in text
    assert 'def f(n: Decimal) -> int:\n    """Return n, at most LIMIT."""\n```' in text
    assert "It must pass these tests:\n\n```python\ndef test_x(): ...\n```" in text
    assert "Use the standard library only." in text


HELPERS = '''
__all__ = ["Box", "Name", "read_box"]
Box = tuple[int, int]
class Name(str):
    """One name."""
@cache
def read_box(text: str) -> Box:
    """Return the box of a text.

    Numbers in, numbers out.
    """
    return _parse(text)
def _parse(text: str) -> Box: ...
'''


def test_what_a_body_may_call_is_shown_without_its_inside(subject):
    helpers = tuple(read_module("boxes", HELPERS))
    text = write_prompt(replace(subject, helpers=helpers), [])[1].content
    assert (
        "# These exist already: use them, do not define or import them.\n"
        "Box = tuple[int, int]\n"
        'class Name(str):\n    """One name."""\n'
        'def read_box(text: str) -> Box:\n    """Return the box of a text."""\n'
    ) in text
    assert "_parse" not in text
    assert "# helper" not in text


def test_packages_that_the_spec_imports_are_named(bench):
    subject = bench({"specs/it.py": "from numpy.linalg import norm\nimport app\n" + dedent(SPEC)}).subject("f")
    assert "Use the standard library and `app`, `numpy` only." in write_prompt(subject, [])[1].content


def test_the_system_message_carries_a_marker_that_follows_from_the_stub(subject, bench):
    system = write_prompt(subject, [])[0].content
    marker = re.search(r"ref-[0-9a-f]{12}", system)[0]
    assert marker not in write_prompt(subject, [])[1].content
    assert write_prompt(bench({"specs/it.py": SPEC}).subject("f"), [])[0].content == system
    assert marker not in write_prompt(bench({"specs/it.py": SPEC}).subject("half"), [])[0].content


def test_tests_beyond_the_bound_are_left_out(subject):
    sources = ["# a" + "x" * 1000, "# b" + "x" * 9000, "# c"]
    text = write_prompt(subject, sources)[1].content
    assert "# a" in text
    assert "# b" not in text
    assert "# c" in text
    assert "It must pass" not in write_prompt(subject, [])[1].content


def test_the_source_of_named_tests_is_read_with_decorators():
    found = read_sources(ast.parse(TESTS), TESTS, ["test_one", "TestTwo::test_in"])
    assert found == ["@mark\ndef test_one():\n    assert f(1)", "class TestTwo:\n    def test_in(self): ..."]


@pytest.mark.parametrize(("reply", "said"), [("```\nx\n```", "```\nx\n```"), ("```\nx\n", "```\nx\n```")])
def test_a_repair_shows_the_reply_with_its_fence_closed_and_the_fault(subject, reply, said):
    first = write_prompt(subject, [])
    *before, answer, ask = write_repair(first, reply, "f(1) gave 2")
    assert tuple(before) == first
    assert (answer.role, answer.content) == ("assistant", said)
    assert "f(1) gave 2" in ask.content


def test_a_revision_shows_the_code_as_it_is_and_asks_for_a_small_change(subject):
    first = write_prompt(subject, [])
    *before, answer, ask = write_revision(first, "def f(): ...", "f(1) gave 2", "class")
    assert tuple(before) == first
    assert (answer.role, answer.content) == ("assistant", "```python\ndef f(): ...\n```")
    assert ask.content.startswith("That was right until the specification changed. Now it fails.\n\nf(1) gave 2\n\n")
    assert "the whole class. Change only what has to change" in ask.content


def test_a_reply_begins_with_what_the_spec_wrote(subject):
    assert begin_reply(subject.stub) == '```python\ndef f(n: Decimal) -> int:\n    """Return n, at most LIMIT."""\n'
