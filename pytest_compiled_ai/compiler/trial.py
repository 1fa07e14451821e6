"""One question, its reply, and what the gates say of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.budget import Account
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.missing_imports import add_imports
from pytest_compiled_ai.compiler.question import screen_feedback
from pytest_compiled_ai.compiler.reply import Refusal, read_reply
from pytest_compiled_ai.compiler.search import Question
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict
from pytest_compiled_ai.gates.leakage import find_leak
from pytest_compiled_ai.providers.base import Provider, Reply, Request

Examined = tuple[Candidate | None, tuple[Verdict, ...]]
"""A candidate, None where a reply held no function, and the verdicts."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """Candidates for one spec before the gates; `modules` are the artifacts with them, by the attempt's number."""

    exam: Examination
    artifact: ArtifactModule
    subject: Subject
    account: Account
    attempts: list[Attempt]
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
            body = add_imports(read_reply(reply, self.subject.stub, _echoes(self.subject)), self.subject)
        except Refusal as refusal:
            return _refused(str(refusal))
        module = assemble(self.artifact, self.subject, body, self.exam.standing.digest.value)
        candidate = cut_candidate(module, self.subject, body)
        self.modules[number] = module
        twin = next((a for a in self.attempts if a.candidate and _same(a.candidate, candidate)), None)
        return candidate, twin.verdicts if twin else self.exam.try_out(candidate, self.subject)


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


def _same(one: Candidate, other: Candidate) -> bool:
    return ast.dump(one.node) == ast.dump(other.node) and one.imports == other.imports
