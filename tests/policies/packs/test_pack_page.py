"""The page about packs says what the rules are, and each body that it shows breaks its rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_compiled_ai.policies.packs.catalogue import BUILTIN

PAGE = (Path(__file__).parents[3] / "docs" / "policy-packs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<rule>[a-z0-9-]+)` \| (?P<packs>[a-z0-9, ]+) \| (?P<explain>.+) \| (?P<body>`.+`) \|$", re.M)
ROWS = {row["rule"]: row for row in ROW.finditer(PAGE)}
RULES = {rule.name: rule for pack in BUILTIN for rule in pack.rules}
SIGNATURE = "f(text: str, n: int, rows: list[str], patient: Patient, pan: str, token: str, audit: Any) -> Any"


def test_every_pack_and_every_rule_is_on_the_page():
    assert list(ROWS) == list(RULES)
    for pack in BUILTIN:
        assert f"| `{pack.name}` | {pack.summary} |" in PAGE
    assert "no compliance" in PAGE


@pytest.mark.parametrize("name", RULES)
def test_the_body_that_it_shows_breaks_the_rule(court, name):
    row = ROWS[name]
    holding = [pack.name for pack in BUILTIN if RULES[name] in pack.rules]
    assert row["packs"].split(", ") == [pack.removesuffix("-style") for pack in holding]
    assert row["explain"] == RULES[name].explain
    body = row["body"].strip("`").replace("`<br>`", "\n").replace("; ", "\n")
    assert court.breaches(name, SIGNATURE, body, holding[0])
    verdict = court.judge(SIGNATURE, body, holding[0])
    assert not verdict.passed
    assert verdict.evidence["packs"] == holding[0]
