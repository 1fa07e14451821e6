"""A git clone that pre-commit takes our hooks from, and a project with a compiled spec that uses them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.testing import ScriptedProvider, fenced, write_project

ROOT = Path(__file__).parents[1]
SHIPPED = (".pre-commit-hooks.yaml", "hooks", "pytest_compiled_ai", "pyproject.toml", "README.md", "LICENSE")
SPEC = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """
    '''
BODY = "def double(n: int) -> int:\n    return n * 2"
USE = """
    repos:
      - repo: {repo}
        rev: {rev}
        hooks:
          - id: compiled-ai-check
          - id: compiled-ai-verify
    """


@dataclass(frozen=True)
class Repository:
    """A working tree under git, in an environment that reaches no network and no settings of this machine."""

    root: Path
    home: Path

    def environ(self) -> dict[str, str]:
        nowhere = "http://127.0.0.1:9"
        person = {f"GIT_{who}_{what}": f"a@{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        return {
            "PATH": os.pathsep.join([str(self.home / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "PRE_COMMIT_HOME": str(self.home / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **person,
            **dict.fromkeys(("PIP_INDEX_URL", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere),
        }

    def call(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environ(), text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def git(self, *arguments: str) -> str:
        done = self.call("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.call(sys.executable, "-m", "pre_commit", *arguments)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def make_hooks(folder: Path) -> Repository:
    """Return a repository with what a clone of this one has, as the working tree has it now."""
    root = folder / "hooks-repository"
    root.mkdir(parents=True)
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, root / name)
    return commit_all(Repository(root=root, home=folder / "home"))


def make_project(folder: Path, hooks: Repository) -> Repository:
    """Return a repository of a project whose one spec is compiled, and which uses the hooks."""
    root = write_project(folder / "project", {"specs/doubling.py": SPEC, ".gitignore": "__pycache__/\n"})
    write_project(root, {".pre-commit-config.yaml": USE.format(repo=hooks.root, rev=hooks.git("rev-parse", "HEAD"))})
    with (folder / "log").open("w", encoding="utf-8") as log, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        settings = load_config(root, timeout=60)
        provider = ScriptedProvider(fenced(BODY))
        report = Compiler(Project(settings), lambda: (provider,), TerminalWatcher(log)).compile()
    assert not report.failed, (folder / "log").read_text(encoding="utf-8")
    return commit_all(Repository(root=root, home=folder / "home"))


def commit_all(repository: Repository) -> Repository:
    """Put a tree under git, or commit what changed in it, without running hooks."""
    (repository.home / "bin").mkdir(parents=True, exist_ok=True)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--no-verify", "--message", "All")
    return repository
