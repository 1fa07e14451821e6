"""One spec's way from stub to approved body: the gates on the body that is there, then the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.approval import Keep, keep_body, make_record, renew_record
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.attempts import Attempt, best_of
from pytest_compiled_ai.compiler.baseline import Baseline
from pytest_compiled_ai.compiler.budget import Account
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.kept import drop_failure, keep_failure
from pytest_compiled_ai.compiler.question import make_prompt, screen_question
from pytest_compiled_ai.compiler.search import Strategy, ask_another, next_question
from pytest_compiled_ai.compiler.selection import Ambiguity, select
from pytest_compiled_ai.compiler.shown import show_stub
from pytest_compiled_ai.compiler.trial import Trial
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Verdict
from pytest_compiled_ai.providers.base import Provider
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
        if state == "stale" and self._restamp(artifact, baseline):
            return replace(base, outcome="restamped")
        return self._search(artifact, baseline, base)

    def _restamp(self, artifact: ArtifactModule, baseline: Baseline) -> bool:
        subject, digest = baseline.subject, self.exam.standing.digest
        old = read_body(artifact, subject)
        if old is None:
            return False
        module = assemble(artifact, subject, old, digest.value)
        verdicts = self.exam.judge(cut_candidate(module, subject, old), subject)
        if not all(verdict.passed for verdict in verdicts):
            return False
        record = renew_record(module, subject, digest, verdicts, tier=baseline.tier)
        self.keep(self.exam.project.config, self.exam.file, self.exam.stub, module, record)
        return True

    def _search(self, artifact: ArtifactModule, baseline: Baseline, base: SpecResult) -> SpecResult:
        config, subject = self.exam.project.config, baseline.subject
        trial = Trial(exam=self.exam, artifact=artifact, subject=subject, account=self.account, attempts=self.attempts)
        for provider in self.providers:
            notes = screen_question(config, subject, provider.where)
            base = replace(base, notes=(*base.notes, *notes))
            if found := self._ask_one(provider, trial, baseline):
                notes = (*base.notes, *_coverage_notes(found.verdicts), *found.notes)
                return replace(base, outcome="compiled", notes=notes, verdicts=found.verdicts)
        keep_failure(config.root, subject, self.attempts)
        return replace(base, message=self.account.explain_end() or _why_none(self.attempts, self.exam.stub))

    def _ask_one(self, provider: Provider, trial: Trial, baseline: Baseline) -> Found | None:
        """Return what one provider wrote and was approved, or None."""
        before, stub = len(self.attempts), show_stub(trial.subject)
        first = make_prompt(self.exam.project.config, trial.subject)
        while self._may_ask(before) and (question := self.ask(first, self.attempts[before:], SEED, stub)):
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

    def _may_ask(self, before: int) -> bool:
        return not self.account.explain_end() and _count_asked(self.attempts[before:]) < self._allowed

    def _choose(self, passed: list[Attempt], trial: Trial, baseline: Baseline, provider: Provider) -> Found | None:
        """Return the body that is approved: of those that pass, the first of the largest group that is confirmed."""
        config, stub = self.exam.project.config, self.exam.stub
        modules = [trial.modules[attempt.number] for attempt in passed]
        order, ambiguity = select(modules, trial.subject, self.exam.shop.runner, config.root)
        if ambiguity and config.ambiguity == "error":
            keep_failure(config.root, trial.subject, self.attempts, ambiguity.record())
            raise SpecError(f"{ambiguity}; add a test that decides: `compiled-ai explain {stub.id}` has one for each.")
        for number in order:
            confirmed = trial.confirm(passed[number])
            if confirmed.passed:
                self._approve(confirmed, trial.modules[confirmed.number], baseline, provider, ambiguity)
                advice = f"`compiled-ai explain {stub.id}` has a test for each"
                return Found(confirmed.verdicts, (f"{ambiguity}; {advice}",) if ambiguity else ())
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
        )
        self.keep(config, self.exam.file, self.exam.stub, module, record)
        drop_failure(config.root, self.exam.stub.id)


def _count_asked(attempts: Sequence[Attempt]) -> int:
    """Return how often a model was asked: what an earlier run paid for uses up no attempt of this one."""
    return sum(not attempt.replayed for attempt in attempts)


def _why_none(attempts: Sequence[Attempt], stub: Stub) -> str:
    best = best_of(attempts)
    said = best.failure.message if best and best.failure else ""
    hint = f"`compiled-ai explain {stub.id}` shows the best try"
    return f"no body passed in {len(attempts)} attempts: {said} {hint}"


def _coverage_notes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    evidence = verdicts[-1].evidence
    if evidence.get("unreached"):
        yield f"no test reaches line {evidence['unreached']} of the body ({evidence['coverage']})"
