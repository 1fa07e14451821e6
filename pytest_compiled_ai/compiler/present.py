"""The body that a stale spec has: judged under the spec as it is now, shown to a model, and kept where it can be."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from pytest_compiled_ai.artifacts.module import ArtifactModule, Import, render_imports
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.body import Body, splice
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.merge import merge_body
from pytest_compiled_ai.compiler.shown import show_stub
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Candidate, Subject, Verdict
from pytest_compiled_ai.providers.base import THIS_MACHINE
from pytest_compiled_ai.screens.gate import screen_prompt
from pytest_compiled_ai.screens.model import Part
from pytest_compiled_ai.specs.scopes import uses_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The body that a spec has, under its stub as it is now: the artifact with it, and what the gates say of it."""

    body: Body
    module: ArtifactModule
    candidate: Candidate
    verdicts: tuple[Verdict, ...]

    @property
    def failure(self) -> Verdict | None:
        """Return the verdict that refused it, or None."""
        return next((verdict for verdict in self.verdicts if not verdict.passed), None)


def read_present(exam: Examination, artifact: ArtifactModule, subject: Subject) -> Present | None:
    """Return the body that an artifact has for a spec, judged by every gate; None where it does not fit the stub.

    Raises:
        CompiledAIError: a tool failed; the body is not to blame.
    """
    body = read_body(artifact, subject)
    if body is None:
        return None
    module = assemble(artifact, subject, body, exam.standing.digest.value)
    candidate = cut_candidate(module, subject, body)
    return Present(body=body, module=module, candidate=candidate, verdicts=exam.judge(candidate, subject))


def write_present(present: Present, subject: Subject) -> str:
    """Return the body as a model would have replied it, without what the model must not see."""
    stub = show_stub(subject)
    brought = render_imports(present.body.imports)
    return "\n\n".join([*brought, splice(stub, present.body.text, present.body.methods).rstrip()])


def screen_present(config: Config, subject: Subject, present: Present, where: str) -> tuple[str, ...]:
    """Return why the present body must not be shown to a model, a line for each reason.

    Args:
        config: the project's; its `allow` names what may be sent.
        subject: the spec.
        present: the body.
        where: where prompts go.
    """
    part = Part(label=subject.target, text=write_present(present, subject))
    found = screen_prompt([part], remote=where != THIS_MACHINE, allow=config.allow)
    return tuple(f"its present body is not shown to {where}: {each.what}" for each in found if each.level == "refuse")


def reconcile(old: Body, new: Body, subject: Subject) -> Body:
    """Return a new body in the words of the old one, with the imports of the old one that it needs."""
    stub = subject.stub
    brought = _imports_for(old, new, subject)
    taken = frozenset({*subject.constants, *(item.bound for item in (*subject.imports, *brought))})
    if not stub.methods:
        (function,) = stub.functions
        return replace(new, text=merge_body(old.text, new.text, function, taken), imports=brought)
    methods = {
        method.label: merge_body(old.methods[method.label], new.methods[method.label], method.node, taken)
        for method in stub.methods
    }
    return replace(new, text="\n\n".join(methods.values()), imports=brought, methods=methods)


def _imports_for(old: Body, new: Body, subject: Subject) -> tuple[Import, ...]:
    bound = {item.bound for item in (*subject.imports, *new.imports)} | set(subject.constants)
    free = uses_of(ast.parse(splice(subject.stub, new.text, new.methods))).names - bound
    return (*new.imports, *(item for item in old.imports if item.bound in free))
