"""One spec's way from stub to approved body: the gates on the body that is there, then the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.approval import Keep, keep_body, make_record, renew_record
from pytest_compiled_ai.compiler.attempts import Attempt, count_asked, explain_none
from pytest_compiled_ai.compiler.baseline import Baseline
from pytest_compiled_ai.compiler.budget import Account
from pytest_compiled_ai.compiler.changes import find_changes
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.kept import drop_failure, keep_failure
from pytest_compiled_ai.compiler.present import Present, read_present, screen_present, write_present
from pytest_compiled_ai.compiler.question import make_prompt, screen_question
from pytest_compiled_ai.compiler.search import Question, Strategy, ask_another, ask_to_revise, next_question
from pytest_compiled_ai.compiler.selection import Ambiguity, select
from pytest_compiled_ai.compiler.shown import show_stub
from pytest_compiled_ai.compiler.trial import Trial
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Verdict
from pytest_compiled_ai.providers.base import Message, Provider
from pytest_compiled_ai.reports.model import SpecResult
from pytest_compiled_ai.specs.model import Stub

SEED = 1


class Found(NamedTuple):
    """An approved body: the verdicts on it, and what a person should know."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Compilation:
    """The compilation of one stub.

    Each of the `providers` is asked where those before it found no body. `attempts` grows as the search goes on; it may
    be read after a run that raised.
    """

    exam: Examination
    providers: Sequence[Provider]
    account: Account
    ask: Strategy = next_question
    keep: Keep = keep_body
    attempts: list[Attempt] = field(default_factory=list)

    def run(self) -> SpecResult:
        """Return what became of the spec; what passes is written.

        Raises:
            CompiledAIError: the spec cannot be compiled, or a tool failed; nothing was written.
        """
        baseline, artifact = self.exam.begin()
        stub, state = self.exam.stub, self.exam.standing.state
        base = SpecResult(id=stub.id, before=state, outcome="failed", tier=baseline.tier, notes=baseline.notes)
        present = read_present(self.exam, artifact, baseline.subject) if state == "stale" else None
        if present and not present.failure:
            self._restamp(present, baseline)
            return replace(base, outcome="restamped")
        trial = Trial(
            exam=self.exam,
            artifact=artifact,
            subject=baseline.subject,
            account=self.account,
            attempts=self.attempts,
            present=present,
        )
        return self._search(trial, baseline, base)

    def _restamp(self, present: Present, baseline: Baseline) -> None:
        digest = self.exam.standing.digest
        record = renew_record(present.module, baseline.subject, digest, present.verdicts, tier=baseline.tier)
        self.keep(self.exam.project.config, self.exam.file, self.exam.stub, present.module, record)

    def _search(self, trial: Trial, baseline: Baseline, base: SpecResult) -> SpecResult:
        config, subject = self.exam.project.config, trial.subject
        for provider in self.providers:
            notes = screen_question(config, subject, provider.where)
            if trial.present:
                notes += screen_present(config, subject, trial.present, provider.where)
            base = replace(base, notes=(*base.notes, *notes))
            if found := self._ask_one(provider, trial, baseline):
                notes = (*base.notes, *_coverage_notes(found.verdicts), *found.notes)
                return replace(base, outcome="compiled", notes=notes, verdicts=found.verdicts)
        keep_failure(config.root, subject, self.attempts)
        return replace(base, message=self.account.explain_end() or explain_none(self.attempts, self.exam.stub.id))

    def _ask_one(self, provider: Provider, trial: Trial, baseline: Baseline) -> Found | None:
        """Return what one provider wrote and was approved, or None."""
        before, stub = len(self.attempts), show_stub(trial.subject)
        first = make_prompt(self.exam.project.config, trial.subject)
        begun = self._ask_to_revise(first, provider, trial, stub)
        while self._may_ask(before) and (question := begun or self.ask(first, self.attempts[before:], SEED, stub)):
            begun = None
            attempt = trial.ask(provider, question)
            if not attempt.passed:
                continue
            end = len(self.attempts) + self.exam.project.config.confirm_samples
            while len(self.attempts) < end and self._may_ask(before):
                trial.ask(provider, ask_another(first, self.attempts[before:], SEED, stub))
            passed = [each for each in self.attempts[attempt.number - 1 :] if each.passed]
            if found := self._choose(passed, trial, baseline, provider):
                return found
        return None

    def _ask_to_revise(
        self, first: tuple[Message, ...], provider: Provider, trial: Trial, stub: Stub
    ) -> Question | None:
        present, config = trial.present, self.exam.project.config
        if not present or not present.failure or screen_present(config, trial.subject, present, provider.where):
            return None
        return ask_to_revise(first, write_present(present, trial.subject), present.failure, SEED, stub)

    def _may_ask(self, before: int) -> bool:
        return not self.account.explain_end() and count_asked(self.attempts[before:]) < self._allowed

    def _choose(self, passed: list[Attempt], trial: Trial, baseline: Baseline, provider: Provider) -> Found | None:
        """Return the body that is approved: of those that pass, the first of the largest group that is confirmed."""
        config, stub = self.exam.project.config, self.exam.stub
        modules = [trial.modules[attempt.number] for attempt in passed]
        order, ambiguity = select(modules, trial.subject, self.exam.shop, config.root)
        if ambiguity and config.ambiguity == "error":
            keep_failure(config.root, trial.subject, self.attempts, ambiguity.record())
            raise SpecError(f"{ambiguity}; add a test that decides: `compiled-ai explain {stub.id}` has one for each.")
        for number in order:
            confirmed = trial.confirm(passed[number])
            if confirmed.passed:
                module = trial.modules[confirmed.number]
                changes = find_changes(trial.artifact, module, trial.subject, self.exam.shop, config.root)
                self._approve(confirmed, module, baseline, provider, ambiguity, changes)
                advice = f"`compiled-ai explain {stub.id}` has a test for each"
                notes = (f"{ambiguity}; {advice}",) if ambiguity else ()
                return Found(confirmed.verdicts, (*notes, *(f"for callers: {change}" for change in changes)))
        return None

    @property
    def _allowed(self) -> int:
        return self.exam.project.config.attempts

    def _approve(
        self,
        chosen: Attempt,
        module: ArtifactModule,
        baseline: Baseline,
        provider: Provider,
        ambiguity: Ambiguity | None,
        changes: tuple[str, ...],
    ) -> None:
        config = self.exam.project.config
        record = make_record(
            module,
            baseline.subject,
            self.exam.standing.digest,
            self.attempts,
            provider,
            chosen=chosen,
            allowed=self._allowed,
            tier=baseline.tier,
            ambiguity=ambiguity.record() if ambiguity else None,
            changes=changes,
        )
        self.keep(config, self.exam.file, self.exam.stub, module, record)
        drop_failure(config.root, self.exam.stub.id)


def _coverage_notes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    evidence = verdicts[-1].evidence
    if evidence.get("unreached"):
        yield f"no test reaches line {evidence['unreached']} of the body ({evidence['coverage']})"
