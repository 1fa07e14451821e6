"""A class in its artifact: what of it is a candidate's own, and how it is read back."""

from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.compiler.assembly import RAISING, assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.testing import fenced, make_reply

SPEC = '''
    from dataclasses import dataclass, field
    from decimal import Decimal

    from app.types import Money
    from pytest_compiled_ai import spec

    LIMIT = 3

    @spec
    @dataclass
    class Purse:
        """Hold coins."""

        coins: list[Decimal] = field(default_factory=list)

        def put(self, coin: Decimal) -> None:
            """Put one in."""

        def is_full(self) -> bool:
            return len(self.coins) >= LIMIT

        @property
        def total(self) -> Decimal: ...

    def test_put() -> None:
        Purse().put(Decimal(1))
'''
REPLY = fenced("""
    import math
    class Purse:
        coins: list[Decimal] = field(default_factory=list)
        def put(self, coin: Decimal) -> None:
            self.coins.append(coin)
        @property
        def total(self) -> Decimal:
            # all of them
            return sum(self.coins, Decimal(math.floor(0)))
""")


@pytest.fixture
def made(bench):
    return bench({"specs/it.py": SPEC})


def put_together(made):
    project, subject = made.project(), made.subject("Purse")
    body = read_reply(make_reply(REPLY), subject.stub)
    return assemble(project.blank(subject.file), subject, body, "v1:0"), subject, body


def test_the_whole_class_is_a_section_with_what_it_needs(made):
    module = put_together(made)[0]
    assert [item.line for item in module.imports] == [
        "from dataclasses import dataclass",
        "from dataclasses import field",
        "from decimal import Decimal",
        "import math",
    ]
    assert dict(module.constants) == {"LIMIT": "LIMIT = 3"}
    (section,) = module.sections
    assert section.text.startswith('@dataclass\nclass Purse:\n    """Hold coins."""\n')
    assert "    def is_full(self) -> bool:\n        return len(self.coins) >= LIMIT\n" in section.text
    assert section.body_hash == hash_section(module, section)


def test_only_the_bodies_are_the_candidate_s_own(made):
    module, subject, body = put_together(made)
    candidate = cut_candidate(module, subject, body)
    lines = candidate.function.splitlines()
    own = [line.strip() for number, line in enumerate(lines, 1) if candidate.owns(number)]
    assert own == [
        "self.coins.append(coin)", "# all of them", "return sum(self.coins, Decimal(math.floor(0)))"
    ]  # fmt: skip
    assert candidate.module.splitlines()[candidate.first_line - 1] == "@dataclass"
    assert isinstance(candidate.node, ast.ClassDef)


def test_a_raising_class_raises_in_every_method(made):
    project, subject = made.project(), made.subject("Purse")
    body = Body(text=RAISING, imports=())
    text = cut_candidate(assemble(project.blank(subject.file), subject, body, "v1:0"), subject, body).function
    assert text.count('        raise BaseException("compiled-ai: no body yet")\n') == 2
    assert "len(self.coins) >= LIMIT" in text


def test_a_body_is_read_back_and_judged_under_the_class_as_it_is_now(made):
    module, subject, body = put_together(made)
    assert read_body(module, subject) == body
    made.edit("specs/it.py", "Hold coins.", "Hold money.")
    made.edit("specs/it.py", "return len(self.coins) >= LIMIT", "return len(self.coins) > LIMIT")
    changed = made.subject("Purse")
    text = assemble(module, changed, body, "v1:1").sections[0].text
    assert "Hold money." in text
    assert "> LIMIT" in text
    assert "self.coins.append(coin)" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def total(self) -> Decimal: ...", "def total(self) -> Decimal: ...\n\n    def count(self) -> int: ..."),
        ("def put(self", "def add(self"),
    ],
)
def test_a_class_that_lacks_a_method_has_no_body(made, old, new):
    module, _, _ = put_together(made)
    made.edit("specs/it.py", old, new)
    assert read_body(module, made.subject("Purse")) is None


def test_a_function_is_no_body_of_a_class_nor_the_other_way_round(made):
    module, _, _ = put_together(made)
    made.write("specs/it.py", "from pytest_compiled_ai import spec\n\n@spec\ndef Purse() -> int: ...\n")
    assert read_body(module, made.subject("Purse")) is None
