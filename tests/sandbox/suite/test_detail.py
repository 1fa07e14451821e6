from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.suite.detail import LONGEST, detail_of, shortened

ASSERTION = """\
tests/test_x.py:3: in test_x
    assert f(1) == 2
\x1b[1m\x1b[31mE   assert 1 == 2\x1b[0m
E    +  where 1 = f(1)
E   Falsifying example: test_x(
E       x=1,
E   )
E
E   You can reproduce this example by temporarily adding @reproduce_failure('6', b'AA') as a decorator
"""

NOT_RAISED = """\
specs/x.py:9: in test_bad
    f(text)
E   Failed: DID NOT RAISE ValueError
"""

DOCTEST = """\
004 Read a number.
005
006 >>> f("1")
007 >>> f("2")
Expected:
    2
Got:
    3

/shadow/specs/x.py:7: DocTestFailure
"""


def test_the_assertion_and_the_falsifying_example() -> None:
    expected = "assert 1 == 2\n+  where 1 = f(1)\nFalsifying example: test_x(\n    x=1,\n)"
    assert detail_of(ASSERTION, {}).replace("\n +", "\n+") == expected


def test_what_the_row_of_a_test_was() -> None:
    failure = "Failed: DID NOT RAISE ValueError"
    assert detail_of(NOT_RAISED, {}) == failure
    assert detail_of(NOT_RAISED, {}, {"text": "-126", "n": 1}) == f"{failure}\nin: f(text)\nwith: text = '-126', n = 1"
    assert detail_of(NOT_RAISED, {}, {"text": "x" * 900}).endswith("text = '" + "x" * 199)


def test_the_line_that_raised() -> None:
    text = "x.py:9: in test_a\n    f([])\nx.py:3: in f\n    return words[0]\nE   IndexError: out of range\n"
    assert detail_of(text, {}) == "IndexError: out of range"
    text = text.replace("x.py:3", "src/generated/x.py:3")
    assert detail_of(text, {}) == "IndexError: out of range\nraised at: return words[0]"


def test_the_expected_and_the_got() -> None:
    expected = '>>> f("2")\nExpected:\n    2\nGot:\n    3\n\nspecs/x.py:7: DocTestFailure'
    assert detail_of(DOCTEST, {"/shadow/": ""}) == expected


def test_a_doctest_s_traceback_leads_through_the_machine_and_is_left_out() -> None:
    text = '007 >>> f("2")\nUNEXPECTED EXCEPTION: IndexError()\nTraceback (most recent call last):\n  File "/lib/doctest.py"\n'
    assert detail_of(text, {}) == '>>> f("2")\nUNEXPECTED EXCEPTION: IndexError()'


def test_anything_else_is_taken_as_it_is() -> None:
    assert detail_of("  fixture 'x' not found in /shadow  ", {"/shadow": "."}) == "fixture 'x' not found in ."
    assert detail_of("Expected:\n1", {}) == "Expected:\n1"


@given(st.text(max_size=3 * LONGEST))
def test_it_is_bounded_and_keeps_both_ends(text) -> None:
    short = shortened(text)
    assert len(short) <= LONGEST
    assert (short == text) == (len(text) <= LONGEST)
    assert text.startswith(short[:500])
    assert text.endswith(short[-500:])
