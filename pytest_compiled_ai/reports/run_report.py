"""The report of one compile run: the tree after it against the tree before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_compiled_ai.artifacts.plan import check_writable, write_atomically
from pytest_compiled_ai.artifacts.provenance import record_path
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.reports.comparison import compare_trees
from pytest_compiled_ai.reports.model import RunReport
from pytest_compiled_ai.reports.sinks import FORMATS, choose_format
from pytest_compiled_ai.reports.trees import Snapshot, find_prefix, take_snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingReport:
    """A report that is written when its run is over."""

    project: Project
    path: Path
    form: str
    before: Snapshot

    def write(self, run: RunReport) -> None:
        """Write it.

        Raises:
            ConfigError: the file cannot be written.
        """
        results = {result.id: result for result in run.results}
        prefix = find_prefix(self.project.config.root)
        report = compare_trees(self.project, self.before, prefix=prefix, results=results)
        write_atomically(self.path, FORMATS[self.form](report))


def begin_report(project: Project, path: Path) -> PendingReport:
    """Note what is there before a run; the suffix of `path` tells the form.

    Raises:
        ConfigError: the suffix tells none, or no file can be made there.
    """
    form = choose_format(path)
    check_writable(path.absolute().parent)
    targets = {file.target for file in project.files}
    before = take_snapshot(project.config.root, {*targets, *map(record_path, targets)})
    return PendingReport(project=project, path=path.absolute(), form=form, before=before)
