from __future__ import annotations

import textwrap

import pytest

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.compiler.missing_imports import add_imports
from pytest_compiled_ai.compiler.reply import Body

SPEC = '''
    from decimal import Decimal

    from pytest_compiled_ai import spec

    LIMIT = 3

    @spec
    def g(n: int) -> int:
        """Do.

        >>> g(1)
        1
        """

    @spec(uses=[g])
    def f(n: int, math: str) -> Decimal:
        """Do.

        >>> f(1, "")
        Decimal('1')
        """
'''


@pytest.fixture(scope="module")
def complete(shared_bench):
    """Return a function that gives the imports that a body is completed with."""
    subject = shared_bench({"specs/number.py": SPEC}).subject("f")

    def complete(text, *imports):
        body = Body(text=textwrap.indent(text, "    "), imports=imports)
        found = add_imports(body, subject)
        assert found.text == body.text
        return [item.line for item in found.imports]

    return complete


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("return re.sub('a', 'b', str(n))", ["import re"]),
        ("return Counter(str(n))", ["from collections import Counter"]),
        ("def inner():\n    return [gcd(n, m) for m in range(n)]\nreturn inner()", ["from math import gcd"]),
        ("return datetime.datetime(n, 1, 1)", ["import datetime"]),
        ("return datetime.strptime(math, '%d')", ["from datetime import datetime"]),
        ("x: List[int] = []\nreturn x", ["from typing import List"]),
        ("return heapq.nlargest(n, string.digits)", ["import heapq", "import string"]),
    ],
)
def test_what_the_standard_library_has_under_that_name_is_imported(complete, text, lines):
    assert complete(text) == lines


@pytest.mark.parametrize(
    "text",
    [
        "return Decimal(g(LIMIT))",
        "return f(n - 1, math.upper())",
        "import re\nreturn re.sub('a', 'b', 'c')",
        "for re in range(n):\n    print(re)\nreturn n",
        "return math.sqrt(n)",
        "return re",
        "return os.path",
        "return re.no_such_thing(n)",
        "return _Feature(n)",
        "return nothing_of_the_kind(n)",
    ],
)
def test_all_else_stays_as_it_is(complete, text):
    assert complete(text) == []


def test_an_import_of_the_reply_is_kept_and_not_doubled(complete):
    own = Import(module="re", name=None, bound="re")
    assert complete("return re.sub('a', 'b', 'c')", own) == ["import re"]
