"""Where a run happens, which variable tells, and what that means for a `--compile-ai`."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.context import COMPILES, SIGNS, Context, detect_context, explain_hold, find_origin

CI_SIGNS = [sign.variable for sign in SIGNS if sign.place == "ci"]


@pytest.mark.parametrize("variable", CI_SIGNS)
def test_one_variable_is_enough_for_ci_and_is_named(variable: str) -> None:
    assert detect_context({variable: "1", "HOME": "/"}) == Context("ci", variable)


@pytest.mark.parametrize(("variable", "value"), list(product(["CI", "TF_BUILD"], ["", "0", "false", "False"])))
def test_a_variable_that_says_no_is_none(variable: str, value: str) -> None:
    assert detect_context({variable: value}) == Context("terminal")
    assert detect_context({variable: value, "GITHUB_ACTIONS": "true"}) == Context("ci", "GITHUB_ACTIONS")


def test_no_variable_is_a_terminal() -> None:
    assert detect_context({}) == Context("terminal", "")


def test_pycharm_is_an_ide_although_it_sets_what_teamcity_sets() -> None:
    pycharm = {"TEAMCITY_VERSION": "LOCAL", "PYCHARM_HOSTED": "1"}
    assert detect_context(pycharm) == Context("ide", "PYCHARM_HOSTED")
    assert detect_context({"TEAMCITY_VERSION": "2026.1"}) == Context("ci", "TEAMCITY_VERSION")
    assert detect_context({**pycharm, "CI": "true"}) == Context("ci", "CI")


@pytest.mark.parametrize(
    ("arguments", "addopts", "origin"),
    [
        (["--compile-ai"], "", "given"),
        (["-q", Path("specs"), "--compile-ai"], "", "given"),
        ([], "-q --compile-ai", "given"),
        ([], "-k 'not slow' --compile-ai", "given"),
        ([], "", "configured"),
        (["--compile-ai-only", "money*"], "--compile-ai-force", "configured"),
        (["-o", "addopts=--compile-ai"], "", "configured"),
    ],
)
def test_given_is_on_the_command_line_or_in_addopts_of_the_environment(
    arguments: list[str], addopts: str, origin: str
) -> None:
    assert find_origin(arguments, {"PYTEST_ADDOPTS": addopts}) == origin


def test_in_ci_what_a_file_asks_for_is_held_with_the_variable_that_decided() -> None:
    line = explain_hold(["-q"], {"GITLAB_CI": "true"})
    assert line is not None
    assert "GITLAB_CI is set" in line
    assert "\n" not in line
    assert explain_hold(["--compile-ai"], {"GITLAB_CI": "true"}) is None
    assert explain_hold([], {"GITLAB_CI": "true", "PYTEST_ADDOPTS": "--compile-ai"}) is None


def test_an_ide_and_a_terminal_compile_what_a_file_asks_for() -> None:
    assert explain_hold([], {}) is None
    assert explain_hold([], {"TEAMCITY_VERSION": "LOCAL", "PYCHARM_HOSTED": "1"}) is None


def test_the_table_has_a_row_for_each_place_and_a_given_flag_counts_everywhere() -> None:
    assert set(COMPILES) == {sign.place for sign in SIGNS} | {detect_context({}).place}
    assert all("given" in origins for origins in COMPILES.values())


@given(st.dictionaries(st.sampled_from([*(sign.variable for sign in SIGNS), "HOME", "TERM"]), st.just("1")))
def test_a_hold_is_for_ci_alone_and_names_a_variable_that_is_there(environ: dict[str, str]) -> None:
    context = detect_context(environ)
    assert (context.variable in environ) is (context.place != "terminal")
    assert (explain_hold([], environ) is not None) is (context.place == "ci")
