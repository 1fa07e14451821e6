from __future__ import annotations

from pathlib import Path

import pytest
from report_projects import make_full_report, make_report, make_spec

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.changes import Finding
from pytest_compiled_ai.reports.github import PER_KIND, SUMMARY_LIMIT, render_commands, write_summary


def finding(number: int, level="error", message="said"):
    return Finding(rule="failed", level=level, path="specs/a.py", line=number, subject="", message=message)


def test_a_finding_is_a_command_at_its_place():
    lines = render_commands(make_full_report()).splitlines()
    assert "::error file=src/generated/old.py,line=1,title=compiled-ai%3A stray-code::gone" in lines
    assert (
        "::notice file=src/generated/numbers.py,line=6,title=compiled-ai%3A new-body::the body of double is new, by large"
        in lines
    )
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 2 + ["::warning"] * 3 + ["::notice"] * 2


def test_paths_are_those_of_the_repository():
    said = render_commands(make_report(make_spec(), prefix="packages/app/"))
    assert said.startswith("::notice file=packages/app/src/generated/numbers.py,line=6,")


def test_texts_are_escaped_as_the_runner_reads_them():
    bad = Finding(
        rule="failed", level="error", path="a,b:c%.py", line=1, subject="", message="50%\r\n::error::mine, and: yours"
    )
    (line,) = render_commands(make_report(stray=(bad,))).splitlines()
    assert line.startswith("::error file=a%2Cb%3Ac%25.py,line=1,title=")
    assert line.endswith("::50%25%0D%0A::error::mine, and: yours")


@pytest.mark.parametrize("count", [0, 1, PER_KIND, PER_KIND + 1, 60])
def test_no_kind_has_more_than_are_shown(count):
    levels = ("error", "warning", "note")
    stray = tuple(finding(n + 1, level) for n in range(count) for level in levels)
    lines = render_commands(make_report(stray=stray)).splitlines()
    assert len(lines) == 3 * min(count, PER_KIND) <= 50
    told = [line for line in lines if "more; the summary of this step" in line]
    assert len(told) == (3 if count > PER_KIND else 0)
    assert all(
        line.endswith(f"::{count - PER_KIND + 1} more; the summary of this step has all of them") for line in told
    )


def test_the_summary_is_added_to_what_is_there(tmp_path):
    path = tmp_path / "summary"
    path.write_text("before\n", encoding="utf-8")
    write_summary(make_full_report(), path)
    assert path.read_text(encoding="utf-8").startswith("before\n## Compiled specs of example\n")


@pytest.mark.parametrize("used", [0, SUMMARY_LIMIT // 2 - 1, SUMMARY_LIMIT // 2, SUMMARY_LIMIT])
def test_the_summary_never_outgrows_its_limit(tmp_path, used):
    path = tmp_path / "summary"
    path.write_text("x" * used, encoding="utf-8")
    write_summary(make_report(*[make_spec(id=f"specs/numbers.py::f{n}") for n in range(1000)]), path)
    assert path.stat().st_size <= SUMMARY_LIMIT
    assert (path.stat().st_size > used) == (used < SUMMARY_LIMIT // 2)


def test_a_summary_that_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"the step's summary .* cannot be written"):
        write_summary(make_full_report(), tmp_path)
