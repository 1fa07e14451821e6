from __future__ import annotations

import re

import pytest

from pytest_compiled_ai.config import (
    Budget,
    ProviderSettings,
    load_config,
)
from pytest_compiled_ai.errors import ConfigError


@pytest.fixture
def load(tmp_path):
    def write_and_load(text="", **flags):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        return load_config(tmp_path, **flags)

    return write_and_load


def table(text: str) -> str:
    return f"[tool.compiled-ai]\n{text}\n"


def test_an_empty_project_has_the_defaults(load, tmp_path):
    config = load()
    assert (config.specs, config.generated, config.provider) == (("specs",), "src/generated", None)
    assert (config.attempts, config.timeout, config.isolation) == (8, 10.0, "auto")
    assert config.generated_root == tmp_path / "src/generated"


def test_several_providers_are_asked_in_turn(load):
    assert load().ladder == ("embedded",)
    assert load(table('provider = "openai"')).ladder == ("openai",)
    text = table('provider = ["embedded", "big"]\n[tool.compiled-ai.providers.big]\nmodel = "m"\nprice = [1, 4.5]')
    config = load(text)
    assert config.ladder == ("embedded", "big")
    assert config.settings_of("big").price == (1.0, 4.5)
    assert load(text, provider="big").ladder == ("big",)


def test_what_a_plugins_provider_costs_is_not_asked(load):
    assert load(table('provider = "mine"') + "[tool.compiled-ai.budget]\ncost = 1").budget.cost == 1


def test_a_budget_is_read(load):
    text = "[tool.compiled-ai.budget]\ntokens = 100\ncost = 0.5\nseconds = 60\n"
    config = load(table('provider = "openai"\nprice = [0.4, 1.6]') + text)
    assert (config.budget, config.settings_of("openai").price) == (Budget(100, 0.5, 60), (0.4, 1.6))
    assert load().budget == Budget(None, None, None)


def test_the_time_that_a_run_is_given_wins_over_the_table(load):
    text = table("") + "[tool.compiled-ai.budget]\ntokens = 100\nseconds = 60\n"
    assert load(text, max_time=1.5).budget == Budget(tokens=100, seconds=1.5)
    assert load(text, max_time=None).budget == Budget(tokens=100, seconds=60)


@pytest.mark.parametrize(("seconds", "said"), [(0.0, "0"), (-2.5, "-2.5"), (float("nan"), "nan")])
def test_a_run_without_time_is_refused(load, seconds, said):
    with pytest.raises(ConfigError, match=f"--compile-ai-max-time must be more than 0 seconds, not {said}.$"):
        load(max_time=seconds)


def test_who_judges_and_how_many_are_under_way_is_read(load):
    assert (load().concurrency, load().executor, load().scheduler) == (8, "local", None)
    text = table('executor = "dask"\nscheduler = "tcp://there:1"\nconcurrency = 1') + (
        "[tool.compiled-ai.providers.big]\nconcurrency = 3\n"
    )
    config = load(text)
    assert (config.executor, config.scheduler) == ("dask", "tcp://there:1")
    assert (config.settings_of("openai").concurrency, config.settings_of("big").concurrency) == (1, 3)


def test_packs_that_hold_for_every_spec_are_read(load):
    assert load(table('policies = ["hipaa", "pci"]')).policies == ("hipaa", "pci")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (table("provider = []"), "provider must name at least one provider"),
        (table('provider = ["embedded", ""]'), "provider must name at least one provider"),
        (table("price = [1]"), "price must be two numbers"),
        (table("confirm_samples = -1"), "confirm_samples must be 0 or more, not -1"),
        (table('ambiguity = "ask"'), "ambiguity must be 'note' or 'error', not 'ask'"),
        (table("price = [1, -1]"), "price must be two numbers"),
        (table("price = [1, true]"), "price must be two numbers"),
        (table('[tool.compiled-ai.providers.big]\nprice = ["1", 2]'), "providers.big] price must be two numbers"),
        ("[tool.compiled-ai.budget]\ntokens = 0", "tokens must be more than 0"),
        ("[tool.compiled-ai.budget]\ntoken = 1", "did you mean 'tokens'"),
        (
            table('provider = ["mine", "openai"]') + "[tool.compiled-ai.budget]\ncost = 1",
            "what 'openai' costs: set price",
        ),
    ],
)
def test_what_is_wrong_with_providers_and_budgets_is_said(load, text, said):
    with pytest.raises(ConfigError, match=re.escape(said)):
        load(text)


def test_a_quarter_is_held_out_unless_the_project_says_otherwise(load):
    assert load().held_out == 0.25
    assert load(table("held_out = 0")).held_out == 0


def test_kinds_that_may_be_sent_are_read(load):
    assert load(table('allow = ["email", "secret"]')).allow == ("email", "secret")


def test_a_table_is_read_and_a_flag_that_is_given_wins(load):
    text = table('specs = ["a", "b/*.py"]\nprovider = "openai"\nattempts = 3\ntimeout = 2\nmodel = "m"')
    config = load(text, attempts=5, provider=None)
    assert (config.specs, config.provider, config.attempts, config.timeout) == (("a", "b/*.py"), "openai", 5, 2)
    assert config.settings_of("openai") == ProviderSettings(model="m")


@pytest.mark.parametrize(
    ("generated", "package", "import_root"),
    [
        ("src/generated", "generated", "src"),
        ("app/gen", "app.gen", "."),
        ("src", "src", "."),
        ("src/app/gen", "app.gen", "src"),
    ],
)
def test_the_import_name_follows_from_the_path(load, tmp_path, generated, package, import_root):
    config = load(table(f'generated = "{generated}"'))
    assert config.package == package
    assert config.import_root == tmp_path / import_root


def test_a_named_provider_has_its_own_settings(load):
    config = load(table("[tool.compiled-ai.providers.big]\nbase_url = 'https://m.example/v1'\napi_key_env = 'BIG'"))
    assert config.settings_of("big") == ProviderSettings(base_url="https://m.example/v1", api_key_env="BIG")
    with pytest.raises(ConfigError, match="'bog' is not configured; known: embedded, openai, big"):
        config.settings_of("bog")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("atempts = 3", r"unknown key 'atempts' in \[tool.compiled-ai\]; did you mean 'attempts'"),
        ("zzz = 3", "known keys: specs, generated"),
        ("attempts = '3'", "attempts must be a int, not '3'"),
        ("attempts = true", "attempts must be a int, not True"),
        ("timeout = 'x'", "timeout must be a int or float"),
        ("attempts = 0", "attempts must be at least 1"),
        ("timeout = 0", "timeout must be a positive number"),
        ("timeout = nan", "timeout must be a positive number"),
        ("held_out = 0.6", "held_out must be a share between 0 and 0.5, not 0.6"),
        ("held_out = -0.1", "held_out must be a share between 0 and 0.5"),
        ("held_out = nan", "held_out must be a share between 0 and 0.5"),
        ("held_out = 'x'", "held_out must be a int or float"),
        ("concurrency = 0", "concurrency must be at least 1"),
        ("providers = {big = {concurrency = 0}}", "concurrency must be at least 1"),
        ("executor = 'ray'", "executor must be 'local' or 'dask', not 'ray'"),
        ("policies = [1]", r"policies must be a list of names, not \[1\]"),
        ("isolation = 'open'", "isolation must be 'auto' or 'sealed'"),
        ("specs = []", "at least one folder"),
        ("specs = [1]", "a list of folders or globs"),
        ("specs = ['/etc']", "'/etc' must be a path inside the project"),
        ("specs = ['../x']", "must be a path inside the project"),
        ("generated = ''", "must be a path inside the project"),
        ("generated = 'src/my-code'", "each folder must be a Python name"),
        ("providers = {big = 3}", r"\[tool.compiled-ai.providers.big\] must be a table"),
        ("providers = {big = {baseurl = 'x'}}", "unknown key 'baseurl' in .*did you mean 'base_url'"),
        ("providers = {big = {model = 3}}", "model must be a str"),
        ("policy = 3", "policy must be a dict, not 3"),
        ("a =", "not readable as TOML"),
    ],
)
def test_a_bad_setting_is_said_in_one_line(load, text, said):
    with pytest.raises(ConfigError, match=said) as caught:
        load(table(text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["tool = 3  # compiled-ai", "[tool]\ncompiled-ai = 3"])
def test_what_should_be_a_table_is_said_if_it_is_none(load, text):
    with pytest.raises(ConfigError, match="must be a table"):
        load(text)


def test_settings_cannot_be_changed(load):
    config = load()
    with pytest.raises(AttributeError):
        config.attempts = 3
    with pytest.raises(TypeError):
        load_config(config.root).policy["x"] = 1


def test_the_policy_is_kept_as_written(load):
    assert load(table("policy = {imports = ['numpy'], nonsense = 1}")).policy == {"imports": ["numpy"], "nonsense": 1}


def test_a_review_is_required_by_a_yes_or_a_no(load):
    assert load().require_review is False
    assert load(table("require_review = true")).require_review is True
    with pytest.raises(ConfigError, match="require_review must be a bool, not 'yes'"):
        load(table('require_review = "yes"'))
    with pytest.raises(ConfigError, match="require_review must be a bool, not 1"):
        load(table("require_review = 1"))
    with pytest.raises(ConfigError, match="attempts must be a int, not True"):
        load(table("attempts = true"))
