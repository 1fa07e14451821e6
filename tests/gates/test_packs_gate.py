from __future__ import annotations

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Stage
from pytest_compiled_ai.gates.packs import Packs, is_asked
from pytest_compiled_ai.gates.size import Size
from pytest_compiled_ai.policies.policy import Policy

PURE = """
    from pytest_compiled_ai import spec

    @spec(policies=["pure"])
    def f(n: int) -> int: ...
"""


def test_a_spec_with_no_pack_is_not_asked_about(cut, tmp_path):
    candidate, subject = cut("print(n)\nreturn n")
    gate = Packs(Config(root=tmp_path))
    assert gate.stage == Stage.SECURITY
    assert not is_asked(gate, subject)
    assert is_asked(Size(Policy()), subject)
    assert gate.check(candidate, subject).passed


def test_the_packs_of_the_spec_and_of_the_project_hold_together(cut, tmp_path):
    candidate, subject = cut("print(n)\nreturn n / 2", spec=PURE)
    own, both = Packs(Config(root=tmp_path)), Packs(Config(root=tmp_path, policies=("pci-style", "pure")))
    assert is_asked(own, subject)
    verdict = own.check(candidate, subject)
    assert verdict.evidence == {"packs": "pure", "rule": "no-output", "line": "2"}
    assert (
        verdict.message
        == "no-output: `print` says something to others than the caller (line 2): return the result only."
    )
    verdict = both.check(candidate, subject)
    assert verdict.evidence["packs"] == "pci-style, pure"
    assert verdict.faults == (
        "`print` says something to others than the caller: return the result only.",
        "`/` of whole numbers makes a float: compute with `Decimal`, or with whole cents.",
    )


def test_a_right_body_passes_with_the_packs_named(cut, tmp_path):
    verdict = Packs(Config(root=tmp_path)).check(*cut("return n", spec=PURE))
    assert verdict.passed
    assert verdict.evidence == {"packs": "pure"}


def test_the_model_is_told_of_the_first_three_breaches(cut, tmp_path):
    body = "import random\nimport socket\nimport tempfile\nimport secrets\nreturn n"
    feedback = Packs(Config(root=tmp_path)).check(*cut(body, spec=PURE)).feedback
    told = [line.partition(" ")[0] for line in feedback.splitlines()]
    assert told == ["`random`", "`socket`", "`tempfile`"]
