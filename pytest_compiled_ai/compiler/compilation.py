"""One spec's way from stub to approved body: baseline, the gates on the body that is there, then the search."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.approval import keep_body, make_record, renew_record
from pytest_compiled_ai.compiler.assembly import RAISING, assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.baseline import Baseline, take_baseline
from pytest_compiled_ai.compiler.kept import drop_failure, keep_failure
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.compiler.question import make_prompt
from pytest_compiled_ai.compiler.reply import Body, Refusal, read_reply
from pytest_compiled_ai.compiler.search import Attempt, Question, next_question
from pytest_compiled_ai.compiler.workshop import Workshop
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict
from pytest_compiled_ai.providers.base import Provider, Reply
from pytest_compiled_ai.reports.model import SpecResult, Watcher
from pytest_compiled_ai.sandbox.tier import detect_tier
from pytest_compiled_ai.specs.model import SpecFile, Stub

SEED = 1


@dataclass(slots=True, kw_only=True)
class Compilation:
    """The compilation of one stub.

    `waiting` are the ids of the other specs that have no body yet. `attempts` grows as the search goes on; it may be
    read after a run that raised.
    """

    project: Project
    file: SpecFile
    stub: Stub
    standing: Standing
    provider: Provider
    shop: Workshop
    watcher: Watcher
    waiting: frozenset[str]
    attempts: list[Attempt] = field(default_factory=list)

    def run(self) -> SpecResult:
        """Return what became of the spec; what passes is written.

        Raises:
            CompiledAIError: the spec cannot be compiled, or a tool failed; nothing was written.
        """
        baseline, artifact = self._begin()
        base = SpecResult(
            id=self.stub.id, before=self.standing.state, outcome="failed", tier=baseline.tier, notes=baseline.notes
        )
        if self.standing.state == "stale" and self._restamp(artifact, baseline):
            return replace(base, outcome="restamped")
        return self._search(artifact, baseline, base)

    def _begin(self) -> tuple[Baseline, ArtifactModule]:
        if self.stub.options.isolation == "sealed":
            raise SpecError(f'it asks for isolation="sealed", and its tests can only run {detect_tier()}.')
        if absent := sorted(self.waiting.intersection(self.stub.options.uses)):
            raise SpecError(f"it uses {absent[0]}, which has no body yet; compile that first.")
        refs = [ref for ref in self.project.tests(self.file, self.stub) if not ref.reaches & self.waiting]
        subject = replace(self.project.subject(self.file, self.stub), tests=tuple(ref.id for ref in refs))
        artifact = self.project.artifact(self.file) or self.project.blank(self.file)
        self.watcher.gate_started("baseline")
        raising = Body(text=RAISING, imports=())
        unwritten = assemble(artifact, subject, raising, self.standing.digest.value)
        self.project.check_circle(self.file, self.stub, unwritten)
        blank = cut_candidate(unwritten, subject, raising)
        return take_baseline(subject, blank, self.shop.runner, self.shop.types), artifact

    def _restamp(self, artifact: ArtifactModule, baseline: Baseline) -> bool:
        subject, digest = baseline.subject, self.standing.digest
        old = read_body(artifact, subject)
        if old is None:
            return False
        module = assemble(artifact, subject, old, digest.value)
        verdicts = self._judge(cut_candidate(module, subject, old), subject)
        if not all(verdict.passed for verdict in verdicts):
            return False
        record = renew_record(module, subject, digest, verdicts, tier=baseline.tier)
        keep_body(self.project.config, self.file, self.stub, module, record)
        return True

    def _search(self, artifact: ArtifactModule, baseline: Baseline, base: SpecResult) -> SpecResult:
        config, subject = self.project.config, baseline.subject
        first = make_prompt(config, subject)
        while len(self.attempts) < config.attempts:
            attempt, proposed = self._attempt(next_question(first, self.attempts, SEED, self.stub), artifact, subject)
            self.attempts.append(attempt)
            if attempt.passed and proposed:
                self._approve(proposed, baseline)
                return replace(base, outcome="compiled", notes=(*base.notes, *_coverage_notes(attempt.verdicts)))
            assert attempt.failure
            self.watcher.attempt_failed(attempt.number, attempt.failure.message)
        keep_failure(config.root, subject, self.attempts)
        return replace(base, message=_why_none(self.attempts, self.stub))

    def _approve(self, module: ArtifactModule, baseline: Baseline) -> None:
        config = self.project.config
        record = make_record(
            module,
            baseline.subject,
            self.standing.digest,
            self.attempts,
            self.provider,
            allowed=config.attempts,
            tier=baseline.tier,
        )
        keep_body(config, self.file, self.stub, module, record)
        drop_failure(config.root, self.stub.id)

    def _attempt(
        self, question: Question, artifact: ArtifactModule, subject: Subject
    ) -> tuple[Attempt, ArtifactModule | None]:
        number = len(self.attempts) + 1
        kind = "ask" if question.repairs is None else "repair"
        self.watcher.attempt_started(number, self.project.config.attempts, kind)
        reply = self.provider.complete(question.request, self.watcher.token_came)
        candidate, module, verdicts = self._examine(reply, artifact, subject)
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
        )
        return attempt, module

    def _examine(
        self, reply: Reply, artifact: ArtifactModule, subject: Subject
    ) -> tuple[Candidate | None, ArtifactModule | None, tuple[Verdict, ...]]:
        try:
            body = read_reply(reply, subject.stub, _echoes(subject))
        except Refusal as refusal:
            said = str(refusal)
            no = Verdict(gate="reply", stage=Stage.OUTPUT, passed=False, message=said, feedback=said)
            return None, None, (no,)
        module = assemble(artifact, subject, body, self.standing.digest.value)
        candidate = cut_candidate(module, subject, body)
        twin = next((a for a in self.attempts if a.candidate and _same(a.candidate, candidate)), None)
        return candidate, module, twin.verdicts if twin else self._judge(candidate, subject)

    def _judge(self, candidate: Candidate, subject: Subject) -> tuple[Verdict, ...]:
        verdicts: list[Verdict] = []
        for gate in self.shop.gates:
            self.watcher.gate_started(gate.name)
            started = time.monotonic()
            verdict = gate.check(candidate, subject)
            verdicts.append(replace(verdict, seconds=time.monotonic() - started))
            if not verdict.passed:
                break
        return tuple(verdicts)


def _echoes(subject: Subject) -> frozenset[str]:
    bound = {getattr(node, "name", "") for node in subject.file.tree.body}
    return frozenset(bound - {subject.stub.name})


def _same(one: Candidate, other: Candidate) -> bool:
    return ast.dump(one.node) == ast.dump(other.node) and one.imports == other.imports


def _why_none(attempts: Sequence[Attempt], stub: Stub) -> str:
    failure = max(attempts, key=lambda attempt: attempt.merit).failure
    said = failure.message if failure else ""
    hint = f"`compiled-ai explain {stub.id}` shows the best try"
    return f"no body passed in {len(attempts)} attempts: {said} {hint}"


def _coverage_notes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    evidence = verdicts[-1].evidence
    if evidence.get("unreached"):
        yield f"no test reaches line {evidence['unreached']} of the body ({evidence['coverage']})"
