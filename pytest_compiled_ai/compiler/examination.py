"""What a compile and a verification share about one spec: its baseline, and the gates in their order."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, replace

from pytest_compiled_ai.artifacts.foreign import Foreign
from pytest_compiled_ai.artifacts.module import ArtifactModule, read_imports
from pytest_compiled_ai.asking.fitting import fit_question, note_question
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, write_raising
from pytest_compiled_ai.compiler.baseline import Baseline, take_baseline
from pytest_compiled_ai.compiler.bench import Bench
from pytest_compiled_ai.compiler.held_out import hold_out
from pytest_compiled_ai.compiler.project import Project, Standing, describe_foreign, find_foreign_code
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Candidate, Subject, Verdict
from pytest_compiled_ai.policies.packs.fitting import fit_packs
from pytest_compiled_ai.reports.model import Watcher
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.templates.fitting import fit_template
from pytest_compiled_ai.templates.scaffolded import check_scaffold


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One stub on the bench. `waiting` are the ids of the other specs that have no body yet."""

    project: Project
    file: SpecFile
    stub: Stub
    standing: Standing
    shop: Bench
    watcher: Watcher
    waiting: frozenset[str] = frozenset()

    def begin(self) -> tuple[Baseline, ArtifactModule]:
        """Return the baseline of the spec, and its artifact as it is.

        Raises:
            SpecError: the spec cannot be compiled as it stands, or its artifact holds what would be lost.
        """
        with self.project.reading:
            subject, blank, artifact = self._prepare()
        baseline = take_baseline(subject, blank, self.shop)
        held, notes = hold_out(self.project.config, baseline.subject), (*baseline.notes, *note_question(subject))
        return replace(baseline, subject=held, notes=notes), artifact

    def _prepare(self) -> tuple[Subject, Candidate, ArtifactModule]:
        if absent := sorted(self.waiting.intersection(self.stub.options.uses)):
            raise SpecError(f"it uses {absent[0]}, which has no body yet; compile that first.")
        if lost := [found for found in find_foreign_code(self.file) if not found.is_kept and not self._is_left(found)]:
            raise SpecError(f"{describe_foreign(self.file, self.project.config.root, lost[0])}.")
        refs = [ref for ref in self.project.tests(self.file, self.stub) if not ref.reaches & self.waiting]
        subject = replace(self.project.subject(self.file, self.stub), tests=tuple(ref.id for ref in refs))
        fit_template(self.project.config, subject)
        fit_packs(self.project.config, subject)
        fit_question(self.project.config, subject)
        check_scaffold(self.file, self.stub)
        artifact = self._read_artifact()
        self.watcher.gate_started("baseline")
        raising = write_raising(subject)
        unwritten = assemble(artifact, subject, raising, self.standing.digest.value)
        self.project.check_circle(self.file, self.stub, unwritten)
        return subject, cut_candidate(unwritten, subject, raising), artifact

    def _is_left(self, found: Foreign) -> bool:
        """Tell whether it is an import as a compile writes it, for a body that is gone: it is dropped with no loss."""
        nodes = [node for node in self.file.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        known = {item.module for node in nodes for item in read_imports(node)} | sys.stdlib_module_names
        return bool(known & {found.module, found.module.partition(".")[0]})

    def _read_artifact(self) -> ArtifactModule:
        if found := self.project.artifact(self.file):
            return found
        salvaged = self.project.salvaged(self.file)
        return salvaged.module if salvaged else self.project.blank(self.file)

    def judge(self, candidate: Candidate, subject: Subject) -> tuple[Verdict, ...]:
        """Return the verdicts of all gates, up to the first that says no."""
        return self.confirm(candidate, subject, self.try_out(candidate, subject))

    def try_out(self, candidate: Candidate, subject: Subject) -> tuple[Verdict, ...]:
        """Return the verdicts of all gates but the last, up to the first that says no."""
        return self.shop.try_out(candidate, subject, self.watcher.gate_started)

    def confirm(self, candidate: Candidate, subject: Subject, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """Return the verdicts with that of the last gate, where all of them say yes."""
        if not all(verdict.passed for verdict in verdicts):
            return verdicts
        return (*verdicts, *self.shop.ask_last(candidate, subject, self.watcher.gate_started))
