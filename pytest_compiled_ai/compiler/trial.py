"""One question, its reply, and what the gates say of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.annotating.completion import annotate
from pytest_compiled_ai.compiler.annotating.rebuilding import complete_body
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.budget import Account
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.missing_imports import add_imports
from pytest_compiled_ai.compiler.present import Present, reconcile
from pytest_compiled_ai.compiler.question import screen_feedback
from pytest_compiled_ai.compiler.reply import Refusal, read_reply
from pytest_compiled_ai.compiler.search import Question
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict
from pytest_compiled_ai.gates.leakage import find_leak
from pytest_compiled_ai.gates.types import Types
from pytest_compiled_ai.providers.base import Provider, Reply, Request

Examined = tuple[Candidate | None, tuple[Verdict, ...]]
"""A candidate, None where a reply held no function, and the verdicts."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """Candidates for one spec before the gates; `modules` are the artifacts with them, by the attempt's number.

    Where the spec has a `present` body, they are put into its words first.
    """

    exam: Examination
    artifact: ArtifactModule
    subject: Subject
    account: Account
    attempts: list[Attempt]
    present: Present | None = None
    modules: dict[int, ArtifactModule] = field(default_factory=dict)

    def ask(self, provider: Provider, question: Question) -> Attempt:
        """Ask a provider, and judge what it replies; all but the last gate, which is for the body that is chosen.

        Raises:
            CompiledAIError: there is no answer, or a tool failed.
        """
        config, number = self.exam.project.config, len(self.attempts) + 1
        kind = "ask" if question.repairs is None else "repair"
        self.exam.watcher.attempt_started(number, config.attempts, kind)
        screen_feedback(config, question.request, provider.where)
        reply = provider.complete(question.request, self.exam.watcher.token_came)
        self.account.charge(reply)
        leak = _find_leak(reply, question.request)
        # What leaked is repeated nowhere: not in a repair, not in what is kept.
        reply = replace(reply, text="") if leak else reply
        candidate, verdicts = _refused(leak, "leakage") if leak else self._examine(reply, number)
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
            cost=reply.cost,
        )
        return self._keep(attempt)

    def confirm(self, attempt: Attempt) -> Attempt:
        """Return the attempt with the verdict of the last gate."""
        assert attempt.candidate
        verdicts = self.exam.confirm(attempt.candidate, self.subject, attempt.verdicts)
        return self._keep(replace(attempt, verdicts=verdicts))

    def _keep(self, attempt: Attempt) -> Attempt:
        self.attempts[attempt.number - 1 : attempt.number] = [attempt]
        if attempt.failure:
            self.exam.watcher.attempt_failed(attempt.number, attempt.failure.message)
        return attempt

    def _examine(self, reply: Reply, number: int) -> Examined:
        try:
            body = read_reply(reply, self.subject.stub, _echoes(self.subject))
        except Refusal as refusal:
            return _refused(str(refusal))
        if self.present is None:
            return self._judge(body, number)
        merged = reconcile(self.present.body, body, self.subject)
        found = self._judge(merged, number)
        # It may be a comment of the old body that a gate refuses.
        return self._judge(body, number) if merged.text != body.text and _is_refused_as_text(found[1]) else found

    def _judge(self, body: Body, number: int) -> Examined:
        body = add_imports(body, self.subject)
        candidate, verdicts = found = self._try_out(body, number)
        if candidate is None or verdicts[-1].passed or verdicts[-1].gate != Types.name:
            return found
        completed = annotate(candidate, self.subject, self.exam.shop.errors_of, lambda text: self._complete(body, text))
        return self._try_out(complete_body(body, completed.function, self.subject), number) if completed else found

    def _complete(self, body: Body, text: str) -> Candidate:
        return self._put_in(complete_body(body, text, self.subject))[1]

    def _try_out(self, body: Body, number: int) -> Examined:
        self.modules[number], candidate = self._put_in(body)
        judged: list[Attempt | Present] = [self.present] if self.present else []
        twin = next((each for each in (*judged, *self.attempts) if _is_judged_by(candidate, each)), None)
        return candidate, twin.verdicts if twin else self.exam.try_out(candidate, self.subject)

    def _put_in(self, body: Body) -> tuple[ArtifactModule, Candidate]:
        module = assemble(self.artifact, self.subject, body, self.exam.standing.digest.value)
        return module, cut_candidate(module, self.subject, body)


def _refused(reason: str, gate: str = "reply") -> Examined:
    verdict = Verdict(gate=gate, stage=Stage.OUTPUT, passed=False, message=reason, feedback=reason, faults=(reason,))
    return None, (verdict,)


def _find_leak(reply: Reply, request: Request) -> str:
    system, *said = [message.content for message in request.messages]
    leak = find_leak(reply.text.removeprefix(request.prefill), system, said)
    return f"the reply talks about the request: {leak}. Answer with the function alone." if leak else ""


def _echoes(subject: Subject) -> frozenset[str]:
    bound = {getattr(node, "name", "") for node in subject.file.tree.body}
    return frozenset(bound - {subject.stub.name})


def _is_judged_by(candidate: Candidate, judged: Attempt | Present) -> bool:
    """Tell whether the verdicts on another candidate are those on this one.

    They are where both are the same code and were run; what reads texts may say another thing of another comment.
    """
    other = judged.candidate
    if other is None or ast.dump(other.node) != ast.dump(candidate.node) or other.imports != candidate.imports:
        return False
    has_failed = judged.failure is not None and not _is_refused_as_text(judged.verdicts)
    return has_failed or other.function == candidate.function


def _is_refused_as_text(verdicts: Sequence[Verdict]) -> bool:
    return any(not verdict.passed and verdict.stage < Stage.EXECUTION for verdict in verdicts)
