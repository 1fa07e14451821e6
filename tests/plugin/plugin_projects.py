"""Projects under pytester, and what their specs and replies are."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_compiled_ai.testing import PYPROJECT, Endpoint, fenced, serve_replies, write_project

QUIET = ("-p", "no:randomly", "-p", "no:asyncio", "-p", "no:cacheprovider")
NUMBERS = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """


    @spec
    def negate(n: int) -> int:
        """Return a number with the other sign."""


    def test_double_of_zero() -> None:
        assert double(0) == 0


    def test_negate() -> None:
        assert negate(3) == -3
    '''
DOUBLING = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """


    def test_double_of_zero() -> None:
        assert double(0) == 0
    '''
BODY = "def double(n: int) -> int:\n    return n * 2\n"
DOUBLE = fenced("def double(n: int) -> int:\n    return n * 2")
NEGATE = fenced("def negate(n: int) -> int:\n    return -n")
WRONG = fenced("def negate(n: int) -> int:\n    return n")
NOISE = (
    ".hypothesis/", "runpytest-", "stdout", "stderr", ".compiled-ai/lock", ".compiled-ai/.gitignore", ".compiled-ai/mypy/",
)  # fmt: skip


def make_settings(url: str = "http://127.0.0.1:9/v1", table: str = "") -> str:
    """Return a pyproject.toml; `table` is more TOML for our table. A busy machine gets time enough."""
    return dedent(PYPROJECT.format(url=url)).replace("[tool.pytest", f"timeout = 60\n{table}\n\n[tool.pytest")


@dataclass
class Sandbox:
    """A project under pytester, and the endpoint that it asks."""

    pytester: pytest.Pytester
    stack: ExitStack
    endpoint: Endpoint = field(default_factory=lambda: Endpoint([]))

    @property
    def root(self) -> Path:
        return self.pytester.path

    @property
    def generated(self) -> Path:
        return self.root / "src" / "generated"

    @property
    def asked(self) -> int:
        return len(self.endpoint.requests)

    def write(self, files: dict[str, str], *replies: str | int, table: str = "") -> Sandbox:
        """Write the files; with replies the project asks an endpoint that says them. `table` is TOML for our table."""
        if replies:
            self.endpoint = self.stack.enter_context(serve_replies(*replies))
        url = self.endpoint.url or "http://127.0.0.1:9/v1"
        write_project(self.root, {"pyproject.toml": make_settings(url, table), **files})
        return self

    def run(self, *arguments: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess(*QUIET, *arguments)

    def run_apart(self, *arguments: str) -> pytest.RunResult:
        return self.pytester.runpytest_subprocess(*QUIET, *arguments)

    def tree(self) -> dict[str, bytes]:
        """Return all files, without bytecode and pytest's own folders."""
        files = (path for path in self.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        named = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files}
        return {name: text for name, text in named.items() if not name.startswith(NOISE)}

    def adopt(self, other: Path) -> Sandbox:
        """Take over a project that was compiled before."""
        shutil.copytree(other, self.root, dirs_exist_ok=True)
        return self

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
