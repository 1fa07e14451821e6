"""One spec's way from stub to approved body: the gates on the body that is there, then the search."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.approval import keep_body, make_record, renew_record
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.attempts import Attempt, best_of
from pytest_compiled_ai.compiler.baseline import Baseline
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.kept import drop_failure, keep_failure
from pytest_compiled_ai.compiler.question import make_prompt, screen_feedback, screen_question
from pytest_compiled_ai.compiler.reply import Refusal, read_reply
from pytest_compiled_ai.compiler.search import Question, Strategy, next_question
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict
from pytest_compiled_ai.gates.leakage import find_leak
from pytest_compiled_ai.providers.base import Provider, Reply, Request
from pytest_compiled_ai.reports.model import SpecResult
from pytest_compiled_ai.specs.model import Stub

SEED = 1
Examined = tuple[Candidate | None, ArtifactModule | None, tuple[Verdict, ...]]
"""A candidate, the artifact with it, and the verdicts; the first two are None where a reply held no function."""


@dataclass(slots=True, kw_only=True)
class Compilation:
    """The compilation of one stub.

    `attempts` grows as the search goes on; it may be read after a run that raised.
    """

    exam: Examination
    provider: Provider
    ask: Strategy = next_question
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
        keep_body(self.exam.project.config, self.exam.file, self.exam.stub, module, record)
        return True

    def _search(self, artifact: ArtifactModule, baseline: Baseline, base: SpecResult) -> SpecResult:
        config, subject = self.exam.project.config, baseline.subject
        notes = screen_question(config, subject, self.provider.where)
        base = replace(base, notes=(*base.notes, *notes))
        first = make_prompt(config, subject)
        while self._asked < config.attempts and (question := self.ask(first, self.attempts, SEED, self.exam.stub)):
            attempt, proposed = self._attempt(question, artifact, subject)
            self.attempts.append(attempt)
            if attempt.passed and proposed:
                self._approve(proposed, baseline)
                notes = (*base.notes, *_coverage_notes(attempt.verdicts))
                return replace(base, outcome="compiled", notes=notes, verdicts=attempt.verdicts)
            assert attempt.failure
            self.exam.watcher.attempt_failed(attempt.number, attempt.failure.message)
        keep_failure(config.root, subject, self.attempts)
        return replace(base, message=_why_none(self.attempts, self.exam.stub))

    @property
    def _asked(self) -> int:
        """Return how often a model was asked: what an earlier run paid for uses up no attempt of this one."""
        return sum(not attempt.replayed for attempt in self.attempts)

    def _approve(self, module: ArtifactModule, baseline: Baseline) -> None:
        config = self.exam.project.config
        record = make_record(
            module,
            baseline.subject,
            self.exam.standing.digest,
            self.attempts,
            self.provider,
            allowed=config.attempts,
            tier=baseline.tier,
        )
        keep_body(config, self.exam.file, self.exam.stub, module, record)
        drop_failure(config.root, self.exam.stub.id)

    def _attempt(
        self, question: Question, artifact: ArtifactModule, subject: Subject
    ) -> tuple[Attempt, ArtifactModule | None]:
        number = len(self.attempts) + 1
        kind = "ask" if question.repairs is None else "repair"
        self.exam.watcher.attempt_started(number, self.exam.project.config.attempts, kind)
        screen_feedback(self.exam.project.config, question.request, self.provider.where)
        reply = self.provider.complete(question.request, self.exam.watcher.token_came)
        leak = _find_leak(reply, question.request)
        # What leaked is repeated nowhere: not in a repair, not in what is kept.
        reply = replace(reply, text="") if leak else reply
        candidate, module, verdicts = _refused(leak, "leakage") if leak else self._examine(reply, artifact, subject)
        attempt = Attempt(
            number=number,
            request=question.request,
            reply=reply.text,
            candidate=candidate,
            verdicts=verdicts,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=reply.seconds,
            repairs=question.repairs,
            replayed=reply.replayed,
        )
        return attempt, module

    def _examine(self, reply: Reply, artifact: ArtifactModule, subject: Subject) -> Examined:
        try:
            body = read_reply(reply, subject.stub, _echoes(subject))
        except Refusal as refusal:
            return _refused(str(refusal))
        module = assemble(artifact, subject, body, self.exam.standing.digest.value)
        candidate = cut_candidate(module, subject, body)
        twin = next((a for a in self.attempts if a.candidate and _same(a.candidate, candidate)), None)
        return candidate, module, twin.verdicts if twin else self.exam.judge(candidate, subject)


def _refused(reason: str, gate: str = "reply") -> Examined:
    return None, None, (Verdict(gate=gate, stage=Stage.OUTPUT, passed=False, message=reason, feedback=reason),)


def _find_leak(reply: Reply, request: Request) -> str:
    system, *said = [message.content for message in request.messages]
    leak = find_leak(reply.text.removeprefix(request.prefill), system, said)
    return f"the reply talks about the request: {leak}. Answer with the function alone." if leak else ""


def _echoes(subject: Subject) -> frozenset[str]:
    bound = {getattr(node, "name", "") for node in subject.file.tree.body}
    return frozenset(bound - {subject.stub.name})


def _same(one: Candidate, other: Candidate) -> bool:
    return ast.dump(one.node) == ast.dump(other.node) and one.imports == other.imports


def _why_none(attempts: Sequence[Attempt], stub: Stub) -> str:
    best = best_of(attempts)
    said = best.failure.message if best and best.failure else ""
    hint = f"`compiled-ai explain {stub.id}` shows the best try"
    return f"no body passed in {len(attempts)} attempts: {said} {hint}"


def _coverage_notes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    evidence = verdicts[-1].evidence
    if evidence.get("unreached"):
        yield f"no test reaches line {evidence['unreached']} of the body ({evidence['coverage']})"
