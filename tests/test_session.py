"""Compile and dry run, on a project that nothing has compiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_compiled_ai.checking import check_specs
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.session import compile_specs, show_plan
from pytest_compiled_ai.testing import fenced, serve_replies, write_project

SPEC = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """
    '''
BODY = "def double(n: int) -> int:\n    return n * 2\n"


@pytest.mark.parametrize(("only", "shown"), [(None, True), ("double", True), ("other", False)])
def test_a_plan_shows_where_a_prompt_would_go(tmp_path: Path, only: str | None, shown: bool) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC})
    lines: list[str] = []
    assert not show_plan(load_config(root, provider=None), only, lines.append).failed
    assert bool(lines) is shown
    if shown:
        assert lines[0].startswith(
            "specs/doubling.py::double (missing) -> src/generated/doubling.py; asks openai, about "
        )
        assert "def double" in lines[1]


def test_a_compile_of_nothing_writes_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_project(tmp_path, {"specs/readme.py": "x = 1\n"})
    assert not compile_specs(load_config(root)).failed
    assert capsys.readouterr().out == "compiled-ai: 0 specs, nothing to compile\n"


def test_a_mistake_in_the_policy_stops_a_check_and_a_compile_before_they_begin(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC})
    with (root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.compiled-ai.policy]\nimport = []\n")
    for run in (lambda: check_specs(load_config(root), print), lambda: compile_specs(load_config(root))):
        with pytest.raises(ConfigError, match=r"unknown key 'import' in .*policy.*did you mean 'imports'"):
            run()


def test_a_question_that_was_answered_once_is_asked_again_only_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPILED_AI_REPLIES", str(tmp_path / "replies"))
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    counts = []
    with serve_replies(fenced(BODY)) as endpoint, (tmp_path / "log").open("w", encoding="utf-8") as log:
        root = write_project(tmp_path / "project", {"specs/doubling.py": SPEC}, url=endpoint.url)
        for recall in (True, True, False):
            report = compile_specs(load_config(root, timeout=60), force=True, recall=recall, file=log)
            assert not report.failed
            counts.append((len(endpoint.requests), report.results[0].replayed))
    assert counts == [(1, 0), (1, 1), (2, 0)]
