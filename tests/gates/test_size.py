from __future__ import annotations

import pytest

from pytest_compiled_ai.gates.size import Size, measure
from pytest_compiled_ai.policies.policy import Policy

BODY = '''
# a comment

text = """two
lines"""
if n > 1 and n < 9:
    for i in [j for j in range(n) if j]:
        text += str(i) if i else ""
elif n:
    try:
        n += 1
    except ValueError:
        n = 2
match n:
    case 1:
        return 1
return n
'''


def test_a_body_is_measured(cut):
    candidate, _ = cut(BODY.strip("\n"))
    assert measure(candidate) == {
        "lines of code": 14,
        "statements": 11,
        "blocks inside blocks": 2,
        "ways through it": 9,
    }


def test_an_elif_is_no_block_inside_a_block(cut):
    lines = "\n".join(f"{'elif' if i else 'if'} n == {i}:\n    return {i}" for i in range(9))
    assert measure(cut(f"{lines}\nelse:\n    return n")[0])["blocks inside blocks"] == 1


@pytest.mark.parametrize(
    ("policy", "what"),
    [
        (Policy(max_lines=13), "14 lines of code"),
        (Policy(max_statements=10), "11 statements"),
        (Policy(max_nesting=1), "2 blocks inside blocks"),
        (Policy(max_complexity=8), "9 ways through it"),
    ],
)
def test_a_limit_of_the_policy_refuses(cut, policy, what):
    verdict = Size(policy).check(*cut(BODY.strip("\n")))
    assert not verdict.passed
    assert verdict.message.startswith(f"the body has {what}")


def test_the_default_limits_let_an_ordinary_body_pass_and_the_figures_are_kept(cut):
    verdict = Size(Policy()).check(*cut(BODY.strip("\n")))
    assert verdict.passed
    assert verdict.evidence["statements"] == "11"


def test_the_spec_s_own_lines_are_not_counted(cut):
    spec = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    '''" + "x\n" * 50 + "'''\n"
    assert Size(Policy(max_lines=1)).check(*cut("return n", spec=spec)).passed
