from __future__ import annotations

import json
from pathlib import Path

import pytest
from report_projects import DOUBLE, SHOUT

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.model import RunReport, SpecResult
from pytest_compiled_ai.reports.run_report import begin_report


def test_the_tree_after_a_run_is_compared_with_that_before_it(sample):
    # What git knows is no matter: the first body was changed by hand, and is that before the run.
    sample.edit("src/generated/numbers.py", "n * 2", "n + n")
    pending = begin_report(sample.project(), Path("report.json"))
    sample.write_body("double", "    return 2 * n\n")
    sample.write_body("shout", "    return text\n")
    compiled = SpecResult(id=DOUBLE, before="edited", outcome="compiled", prompt_tokens=7, completion_tokens=3)
    failed = SpecResult(id=SHOUT, before="missing", outcome="failed", message="no body passed")
    pending.write(RunReport(results=(compiled, failed)))
    document = json.loads((sample.root / "report.json").read_text("utf-8"))
    double, shout = document["specs"]
    assert (document["base"], document["tokens"]) == ("before this run", 10)
    assert (double["outcome"], double["kind"]) == ("compiled", "changed")
    assert "return n + n" in double["body"]["old"]
    assert "return 2 * n" in double["body"]["new"]
    assert (shout["outcome"], shout["message"]) == ("failed", "no body passed")


def test_a_run_with_nothing_to_do_says_so(sample):
    pending = begin_report(sample.project(), sample.root / "report.md")
    pending.write(RunReport(results=(SpecResult(id=DOUBLE, before="fresh", outcome="fresh"),)))
    assert "No spec changed." in (sample.root / "report.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "said"), [("report.txt", "end its name in one of"), ("/proc/report.md", "cannot be written")]
)
def test_a_report_that_cannot_be_written_is_said_before_the_run(sample, path, said):
    with pytest.raises(ConfigError, match=said):
        begin_report(sample.project(), Path(path))
