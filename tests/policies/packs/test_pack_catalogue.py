from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.gates.packs import Packs
from pytest_compiled_ai.policies.packs import catalogue
from pytest_compiled_ai.policies.packs.base import Pack, PackRule
from pytest_compiled_ai.policies.packs.catalogue import BUILTIN, list_packs, packs_of, packs_of_project
from pytest_compiled_ai.policies.packs.fitting import describe_packs, fit_packs
from pytest_compiled_ai.policies.rules.finding import Finding
from pytest_compiled_ai.specs.model import SpecLineError


def check_short(candidate, subject):
    if candidate.body.count("\n") > 2:
        yield Finding(rule="short", what="the body is long", instead="write less", line=candidate.header_lines + 3)


SHORT = Pack(
    name="short",
    summary="bodies of two lines",
    prompt="Write two lines at most.",
    rules=(PackRule(name="short", explain="No more than two lines.", check=check_short),),
)


class Plugin:
    def __init__(self, *packs: Pack) -> None:
        self._packs = list(packs)

    @hookspecs.hookimpl
    def compiled_ai_policies(self):
        return self._packs


@pytest.fixture
def plugged(monkeypatch):
    def plug(*packs: Pack) -> None:
        manager = load_extensions()
        manager.register(Plugin(*packs))
        monkeypatch.setattr(catalogue, "load_extensions", lambda: manager)

    return plug


def test_a_project_names_its_packs_and_none_by_default(tmp_path):
    assert packs_of_project(Config(root=tmp_path)) == ()
    named = packs_of_project(Config(root=tmp_path, policies=("pure", "pci-style", "pure")))
    assert [pack.name for pack in named] == ["pure", "pci-style"]


def test_a_pack_that_is_not_known_is_an_error_that_lists_the_known(court, tmp_path):
    known = "known: hipaa-style, pci-style, soc2-style, pure."
    with pytest.raises(ConfigError, match="names 'gdpr', which is no policy pack; ") as caught:
        packs_of_project(Config(root=tmp_path, policies=("gdpr",)))
    assert str(caught.value).endswith(known)
    project, subject = court.subject("f(n: int) -> int", "pure", "hippa-style")
    with pytest.raises(SpecLineError, match=r"^specs/it.py:\d+: policies names 'hippa-style'") as wrong:
        packs_of(project.config, subject.stub)
    assert str(wrong.value).endswith(known)


@pytest.mark.parametrize(
    ("written", "said"), [('"pure"', "policies must be a list"), ("[1]", "policies must be a list of names")]
)
def test_the_setting_is_a_list_of_names(tmp_path, written, said):
    (tmp_path / "pyproject.toml").write_text(f"[tool.compiled-ai]\npolicies = {written}\n")
    with pytest.raises(ConfigError, match=said):
        load_config(tmp_path)


def test_the_setting_is_read(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.compiled-ai]\npolicies = ["pure"]\n')
    assert load_config(tmp_path).policies == ("pure",)


def test_a_plugin_adds_a_pack(court, plugged):
    plugged(SHORT)
    assert court.judge("f(n: int) -> int", "return n", "short").evidence == {"packs": "short"}
    verdict = court.judge("f(n: int) -> int", "n += 1\nn += 1\nreturn n", "short")
    assert verdict.evidence == {"packs": "short", "rule": "short", "line": "4"}
    assert verdict.feedback == "the body is long: write less."


def test_a_plugin_s_pack_has_a_name_of_its_own(plugged):
    plugged(BUILTIN[0])
    with pytest.raises(ConfigError, match="two policy packs have the name 'hipaa-style'"):
        packs_of_project(Config(root=None, policies=("pure",)))


def test_every_pack_has_words_for_people_and_for_the_model():
    packs = list_packs(load_extensions()).values()
    assert [pack.name for pack in packs] == ["hipaa-style", "pci-style", "soc2-style", "pure"]
    for pack in packs:
        assert 10 < len(pack.summary) <= 90
        assert len(pack.prompt) <= 260, "a small model reads slowly"
        assert len({rule.name for rule in pack.rules}) == len(pack.rules) >= 5
        assert all(rule.explain.endswith(".") for rule in pack.rules)
    rules = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        assert rules.setdefault(rule.name, rule) is rule, "one name, one rule"


@pytest.mark.parametrize(
    ("pack", "signature", "lack"),
    [
        (
            "soc2-style",
            "f(n: int) -> int",
            "has nothing to leave an audit record with; add a parameter `audit: Callable",
        ),
        ("pci-style", "f(amount: float) -> int", "takes money as a float (amount); write Decimal, or int for cents."),
        ("pci-style", "total_price(n: int) -> float", "returns money as a float; write Decimal, or int for cents."),
    ],
)
def test_a_spec_that_no_body_could_be_right_for_is_refused_first(court, pack, signature, lack):
    project, subject = court.subject(signature, pack)
    with pytest.raises(SpecLineError) as caught:
        fit_packs(project.config, subject)
    assert f"{pack} holds for {subject.stub.name}, which {lack}" in str(caught.value)
    assert "\n" not in str(caught.value)


def refusal_of(project, subject):
    """What is said of a spec that does not fit, empty where it does."""
    try:
        fit_packs(project.config, subject)
    except SpecLineError as error:
        return str(error)
    return ""


def test_a_pack_demands_nothing_of_a_spec_unless_it_says_so(court):
    project, subject = court.subject("f(n: float) -> float", "hipaa-style")
    assert refusal_of(project, subject) == ""


@pytest.mark.parametrize("signature", ["f(n: float, audit: Any) -> float", "total(amount: int, audit: Any) -> Decimal"])
def test_a_spec_that_is_fit_is_let_through(court, signature):
    project, subject = court.subject(signature, "soc2-style", "pci-style", "pure")
    assert refusal_of(project, subject) == ""


def test_pure_and_a_model_at_run_time_exclude_each_other(court):
    project, subject = court.subject("f(n: int) -> int", "pure")
    stub = subject.stub._replace(options=subject.stub.options._replace(runtime_model="big"))
    with pytest.raises(SpecLineError, match=r"pure holds for f, which asks a model while it runs \(runtime_model\)"):
        fit_packs(project.config, replace(subject, stub=stub))


def test_an_imported_audit_function_will_do(court):
    project, subject = court.subject("f(n: int) -> int", "soc2-style", more="from app.records import audit")
    assert refusal_of(project, subject) == ""


def test_the_prompt_has_a_line_for_each_pack(court):
    project, subject = court.subject("f(n: int) -> int", "pure", "pci-style")
    lines = describe_packs(project.config, subject).splitlines()
    assert [line[:14] for line in lines] == ["Rule: Compute ", "Rule: Never re"]
    project, subject = court.subject("f(n: int) -> int")
    assert describe_packs(project.config, subject) == ""


def test_a_body_that_is_no_python_after_all_is_refused(court):
    candidate, subject = court.cut("f(n: int) -> int", "return n", "pure")
    broken = replace(candidate, function="def f(n: int) -> int:\n    return (")
    verdict = Packs(court.subject("f(n: int) -> int", "pure")[0].config).check(broken, subject)
    assert verdict.message.startswith("the body is not valid Python")
