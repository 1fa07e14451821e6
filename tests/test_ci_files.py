"""The action, the GitLab template and what the pages about CI advise: run with a stand-in for the command."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hook_repositories import ROOT, Repository, commit_all

from pytest_compiled_ai.cli import parse
from pytest_compiled_ai.context import SIGNS

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("ci.md", "pre-commit.md")}
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
VARIABLE = re.compile(r"\$\{\{.*?\}\}", re.S)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[page], re.S | re.M)


class Runner:
    """Runs shell lines in a repository as a service would; every program that it has writes down its arguments."""

    def __init__(self, folder: Path) -> None:
        (folder / "root").mkdir()
        self.repository = Repository(root=folder / "root", home=folder / "home")
        (folder / "root" / "README.md").touch()
        commit_all(self.repository)
        self.log = folder / "log"
        self.bin = folder / "bin"
        self.bin.mkdir()

    def put(self, name: str) -> Runner:
        program = self.bin / name
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*" >> "{self.log}"\necho said\n', encoding="utf-8")
        program.chmod(0o755)
        return self

    def run(self, script: str, *, shell: str = "bash -eo pipefail", **environ: str) -> list[str]:
        known = {**self.repository.environ(), "GITHUB_ACTION_PATH": "/action"}
        path = os.pathsep.join([str(self.bin), "/usr/bin", "/bin"])
        done = subprocess.run(
            [*shlex.split(shell), "-c", script], cwd=self.repository.root, env={**known, "PATH": path, **environ},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.is_file() else []


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def check_calls(lines: list[str]) -> None:
    """Parse each call of our command as the command itself does."""
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "compiled-ai"
        parse(words[1:])


def test_the_action_has_the_shape_of_a_composite_one() -> None:
    assert ACTION.keys() == {"name", "description", "inputs", "runs"}
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step and step["shell"] == "bash")
        assert step.keys() <= {"name", "id", "if", "uses", "with", "shell", "working-directory", "env", "run"}
    assert all({"description", "default"} == set(entry) for entry in ACTION["inputs"].values())


def test_every_input_is_used_and_none_is_pasted_into_a_script() -> None:
    text = str(ACTION["runs"])
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    assert [step["name"] for step in STEPS.values() if VARIABLE.search(step.get("run", ""))] == []


def test_verify_has_no_condition_that_an_input_or_a_variable_could_turn() -> None:
    assert "if" not in STEPS["compiled-ai check"]
    condition = STEPS["compiled-ai verify"]["if"]
    assert "inputs" not in condition
    assert "env" not in condition
    assert not [step for step in STEPS.values() if "continue-on-error" in step]


@pytest.mark.parametrize(("require", "call"), [("sealed", "verify --require sealed"), ("", "verify ")])
def test_the_action_checks_and_verifies(runner: Runner, require: str, call: str) -> None:
    runner.put("compiled-ai")
    runner.run(STEPS["compiled-ai check"]["run"])
    lines = runner.run(STEPS["compiled-ai verify"]["run"], REQUIRE=require)
    assert [line.strip() for line in lines] == ["compiled-ai check", f"compiled-ai {call}".strip()]
    check_calls(lines)
    assert ACTION["inputs"]["require"]["default"] == "sealed"


def test_the_action_reports_against_a_base_that_is_there(runner: Runner) -> None:
    lines = runner.put("compiled-ai").run(STEPS["compiled-ai report"]["run"], BASE="main")
    assert lines == ["compiled-ai report --base main --format github"]
    check_calls(lines)


def test_the_action_fetches_a_base_that_is_not_there(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    far = Repository(root=tmp_path / "far", home=tmp_path / "home")
    (far.root / "more").touch()
    commit_all(far)
    wanted = far.git("rev-parse", "HEAD")
    far.git("branch", "release")
    runner.repository.git("remote", "add", "origin", str(far.root))
    runner.put("compiled-ai")
    for base in (wanted, "release"):
        lines = runner.run(STEPS["compiled-ai report"]["run"], BASE=base)
        assert lines[-1] == f"compiled-ai report --base {wanted} --format github"


def test_the_action_installs_the_project_and_itself_where_that_brings_no_command(runner: Runner) -> None:
    script = STEPS["Install"]["run"]
    runner.put("pip").put("python")
    assert runner.run(script, INSTALL="pip install .") == [
        "pip install .",
        "python -m pip install --quiet /action",
    ]
    runner.log.unlink()
    runner.put("compiled-ai")
    assert runner.run(script, INSTALL="") == []


def test_the_template_checks_verifies_and_keeps_a_page(runner: Runner) -> None:
    assert GITLAB.keys() == {"compiled-ai"}
    job = GITLAB["compiled-ai"]
    runner.put("compiled-ai")
    lines: list[str] = []
    for line in [*job["script"], *job["after_script"]]:
        lines = runner.run(line, shell="sh -e", CI_MERGE_REQUEST_DIFF_BASE_SHA="main")
    assert lines == [
        "compiled-ai check",
        "compiled-ai verify --require sealed",
        "compiled-ai report --base main --format html",
    ]
    check_calls(lines)
    assert (runner.repository.root / job["artifacts"]["paths"][0]).read_text(encoding="utf-8") == "said\n"
    assert job["artifacts"]["when"] == "always"
    assert not {"allow_failure", "when"} & job.keys()


def test_the_template_reports_nothing_without_a_merge_request(runner: Runner) -> None:
    (line,) = GITLAB["compiled-ai"]["after_script"]
    assert runner.put("compiled-ai").run(line, shell="sh -e") == []


def test_neither_asks_a_model() -> None:
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("action.yml", "templates/gitlab-ci.yml"))
    assert not re.findall(r"--compile-ai|compiled-ai (?:compile|demo|model)|API_KEY|secrets\.", text)


def test_a_wrong_call_would_be_found() -> None:
    with pytest.raises(SystemExit):
        check_calls(["compiled-ai verify --require trust"])


def test_the_pages_show_yaml_that_loads_hooks_that_exist_and_inputs_that_exist() -> None:
    (hooks,) = (yaml.safe_load(text) for text in blocks("pre-commit.md", "yaml"))
    assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == [hook["id"] for hook in HOOKS]
    workflow, include = (yaml.safe_load(text) for text in blocks("ci.md", "yaml"))
    steps: list[dict[str, Any]] = workflow["jobs"]["test"]["steps"]
    (used,) = (step for step in steps if "compiled-ai" in step.get("uses", ""))
    assert used["with"].keys() <= ACTION["inputs"].keys()
    assert include["include"][0]["remote"].endswith("/templates/gitlab-ci.yml")
    assert include.keys() - {"include"} == GITLAB.keys()
    assert set(re.findall(r"^\| `([\w-]+)` \|", PAGES["ci.md"], re.M)) == ACTION["inputs"].keys()


def test_the_page_names_every_variable_that_decides() -> None:
    assert [sign.variable for sign in SIGNS if f"`{sign.variable}`" not in PAGES["ci.md"]] == []


def test_the_advice_for_gitattributes_does_what_it_says(runner: Runner) -> None:
    (advice,) = (text for text in blocks("ci.md", "text") if "linguist" in text)
    repository = runner.repository
    (repository.root / ".gitattributes").write_text(advice, encoding="utf-8")

    def attributes(path: str) -> list[str]:
        said = repository.git("check-attr", "linguist-generated", "merge", "diff", "--", path)
        return [line.rpartition(": ")[2] for line in said.splitlines()]

    assert attributes("src/generated/money.py") == ["false", "unspecified", "unspecified"]
    for name in ("money", "deep/er/money"):
        assert attributes(f"src/generated/{name}.provenance.json") == ["true", "unspecified", "unspecified"]
    assert attributes("src/app.py") == ["unspecified", "unspecified", "unspecified"]
