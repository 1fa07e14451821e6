from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.compiler.annotating.endings import falls_through

ENDS = [
    "return 1",
    "raise ValueError",
    "if a:\n    return 1\nelse:\n    raise ValueError",
    "while True:\n    a()",
    "while 1:\n    for b in c:\n        break\n    while a:\n        break\n    def g():\n        pass",
    "with a:\n    return 1",
    "try:\n    return 1\nexcept ValueError:\n    return 2",
    "try:\n    a()\nexcept ValueError:\n    return 2\nelse:\n    return 1",
    "try:\n    a()\nfinally:\n    return 2",
    "match a:\n    case 1:\n        return 1\n    case _:\n        return 2",
    "return 1\nprint(2)",
]
GOES_ON = [
    "a()",
    "if a:\n    return 1",
    "if a:\n    return 1\nelse:\n    b()",
    "while a:\n    return 1",
    "while True:\n    if a:\n        break",
    "while True:\n    for b in c:\n        pass\n    else:\n        break",
    "while 0:\n    a()",
    "for a in b:\n    return 1",
    "with a:\n    b()",
    "try:\n    return 1\nexcept ValueError:\n    pass",
    "match a:\n    case 1:\n        return 1",
    "match a:\n    case 1:\n        pass\n    case _:\n        return 2",
    "match a:\n    case _ if b:\n        return 1",
    "match a:\n    case int() as c:\n        return 1",
]


@pytest.mark.parametrize("text", ENDS)
def test_what_leaves_on_all_ways_has_no_end(text):
    assert not falls_through(ast.parse(text).body)


@pytest.mark.parametrize("text", GOES_ON)
def test_what_may_go_on_has_one(text):
    assert falls_through(ast.parse(text).body)
