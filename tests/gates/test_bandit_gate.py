from __future__ import annotations

import pytest

from pytest_compiled_ai.gates import bandit
from pytest_compiled_ai.gates.bandit import Bandit
from pytest_compiled_ai.policies.policy import Policy

HASHES = '''
    from pytest_compiled_ai import spec

    @spec
    def f(n: int) -> int:
        """Return the first digit of the {} hash of n."""
'''


@pytest.mark.parametrize(
    ("body", "before", "test"),
    [
        ("return int(eval(str(n)))", "", "B307"),
        ("exec(str(n))\nreturn n", "", "B102"),
        ("import subprocess\nsubprocess.run('ls', shell=True)\nreturn n", "", "B404"),
        ("import pickle\nreturn int(pickle.loads(b''))", "", "B403"),
        ("return int(eval(str(n)))  # nosec", "", "B307"),
        ("return int(pickle.loads(b''))", "import pickle\n", "B403"),
    ],
)
def test_what_bandit_knows_is_refused_and_nosec_does_not_help(cut, body, before, test):
    verdict = Bandit(Policy()).check(*cut(body, before=before))
    assert not verdict.passed
    assert verdict.message.startswith(f"bandit {test} (")


def test_a_quiet_body_and_its_asserts_pass_and_the_spec_s_own_lines_are_not_judged(cut):
    assert Bandit(Policy()).check(*cut("assert n\nreturn n")).passed
    spec = """
        import pickle
        from pytest_compiled_ai import spec

        @spec
        def f(n: int = hash(eval("1"))) -> int:
            ...
    """
    assert Bandit(Policy()).check(*cut("return len(pickle.__name__)", spec=spec)).passed


@pytest.mark.parametrize(("level", "passes"), [("low", False), ("medium", True), ("high", True)])
def test_the_policy_says_which_severity_refuses(cut, level, passes):
    assert Bandit(Policy(bandit=level)).check(*cut("import random\nreturn random.choice([n])")).passed == passes


@pytest.mark.parametrize(("asked", "passes"), [("MD5", True), ("md-5", True), ("SHA-1", False), ("", False)])
def test_a_weak_hash_is_refused_unless_the_spec_asks_for_it(cut, asked, passes):
    body = "import hashlib\nreturn int(hashlib.md5(b'').hexdigest()[0], 16)"
    assert Bandit(Policy()).check(*cut(body, spec=HASHES.format(asked))).passed == passes


def test_what_bandit_cannot_read_is_refused(cut, monkeypatch):
    unread = bandit.run_bandit("def f(:\n")
    monkeypatch.setattr(bandit, "run_bandit", lambda _: unread)
    verdict = Bandit(Policy()).check(*cut())
    assert verdict.message.startswith("bandit could not read the candidate: syntax error")
