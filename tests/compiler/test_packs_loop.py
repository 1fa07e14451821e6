"""Policy packs from the first prompt to the verification of what was written."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import USAGE
from pytest_compiled_ai.commands.doctor import examine
from pytest_compiled_ai.commands.explain import explain_spec
from pytest_compiled_ai.commands.verify import verify_specs
from pytest_compiled_ai.testing import PYPROJECT, ScriptedProvider, fenced

SPEC = '''
    from collections.abc import Callable
    from pytest_compiled_ai import spec

    @spec({})
    def double(n: int{}) -> int:
        """Return twice n.

        >>> double(2)
        4
        """
'''
RECORD = "src/generated/number.provenance.json"
ROUGH = fenced("def double(n: int) -> int:\n    return int(n * 2.0)")
EXACT = fenced("def double(n: int) -> int:\n    return 2 * n")


def files(options: str = "", more: str = "", table: str = "") -> dict[str, str]:
    pyproject = PYPROJECT.format(url="http://127.0.0.1:9/v1")
    return {
        "specs/number.py": SPEC.format(options, more),
        "pyproject.toml": pyproject.replace("[tool.compiled-ai]", f"[tool.compiled-ai]\n    {table}"),
    }


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(("options", "table"), [('policies=["pci-style"]', ""), ("", 'policies = ["pci-style"]')])
def test_the_model_is_told_the_rules_and_what_it_broke(bench, options, table):
    where = bench(files(options, table=table))
    provider = ScriptedProvider(ROUGH, EXACT)
    assert where.compile(provider)["double"].outcome == "compiled"
    first, second = provider.requests
    assert "Rule: Never return, log or raise a card number" in first.messages[1].content
    assert "`2.0` is a float: compute with `Decimal`, or with whole cents." in second.note
    assert where.watcher.refusals == [
        "money-in-float: `2.0` is a float (line 7): compute with `Decimal`, or with whole cents."
    ]
    gates = {gate["gate"]: gate for gate in read_records(where.root / RECORD)["double"]["gates"]}
    assert gates["packs"] == {"gate": "packs", "packs": "pci-style"}


@pytest.mark.usefixtures("near")
def test_without_packs_nothing_is_different(bench):
    where = bench(files())
    provider = ScriptedProvider(ROUGH)
    assert where.compile(provider)["double"].outcome == "compiled"
    assert "Rule:" not in provider.requests[0].messages[1].content
    assert '"packs"' not in where.read(RECORD)


@pytest.mark.usefixtures("near")
def test_a_pack_that_comes_later_leaves_the_spec_fresh_and_verify_refuses_the_body(bench):
    where = bench(files())
    assert where.compile(ScriptedProvider(ROUGH))["double"].outcome == "compiled"
    where.edit("pyproject.toml", "[tool.compiled-ai]", '[tool.compiled-ai]\npolicies = ["pci-style"]')
    assert where.compile(ScriptedProvider(EXACT))["double"].outcome == "fresh"
    (result,) = verify_specs(where.project().config, where.watcher).results
    assert result.outcome == "failed"
    assert "its body is refused: packs: money-in-float: `2.0`" in result.message
    assert where.compile(ScriptedProvider(EXACT), force=True)["double"].outcome == "compiled"
    (result,) = verify_specs(where.project().config, where.watcher).results
    assert result.outcome == "verified"


@pytest.mark.usefixtures("near")
def test_a_pack_of_the_spec_makes_it_stale_and_its_body_is_judged_anew(bench):
    where = bench(files())
    assert where.compile(ScriptedProvider(ROUGH))["double"].outcome == "compiled"
    where.edit("specs/number.py", "@spec()", '@spec(policies=["pci-style"])')
    provider = ScriptedProvider(EXACT)
    assert where.compile(provider)["double"].outcome == "compiled"
    assert len(provider.requests) == 1


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ('policies=["soc2-style"]', "soc2-style holds for double, which has nothing to leave an audit record with"),
        ('policies=["gdpr"]', "policies names 'gdpr', which is no policy pack; known: hipaa-style, pci-style,"),
        ('policies=["pure"], runtime_model="big"', "pure holds for double, which asks a model while it runs"),
    ],
)
def test_a_spec_that_is_not_fit_costs_no_question(bench, options, said):
    where = bench(files(options))
    provider = ScriptedProvider(EXACT)
    result = where.compile(provider)["double"]
    assert result.outcome == "failed"
    assert result.message.startswith("specs/number.py:5: ")
    assert said in result.message
    assert provider.requests == []


@pytest.mark.parametrize("command", ["check", "compile", "doctor"])
def test_a_project_s_wrong_pack_stops_a_command_with_one_line(bench, monkeypatch, capsys, command):
    where = bench(files(table='policies = ["pure", "iso"]'))
    monkeypatch.chdir(where.root)
    assert main([command]) == USAGE
    assert "policies names 'iso', which is no policy pack; known: hipaa-style" in capsys.readouterr().err


def test_explain_and_doctor_name_the_packs(bench):
    where = bench(files('policies=["pci-style"]', table='policies = ["pure"]'))
    lines = list(explain_spec(where.project().config, "double"))
    assert [line.partition(":")[0] for line in lines if line.startswith("policy pack")] == [
        "policy pack pure", "policy pack pci-style",
    ]  # fmt: skip
    found = {finding.subject: finding for finding in examine(where.project().config)}
    assert found["policy packs"].text == "pure, for every spec"
    assert found["policy packs"].is_good
    plain = bench(files())
    assert "policy packs" not in {finding.subject for finding in examine(plain.project().config)}
