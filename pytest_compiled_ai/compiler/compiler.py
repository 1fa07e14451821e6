"""The loop: every spec that needs it goes from stub to approved body, one after the other."""

from __future__ import annotations

import ast
import hashlib
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from pytest_compiled_ai import __version__
from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.module import ArtifactModule, render_module
from pytest_compiled_ai.artifacts.plan import apply_changes, check_writable, plan_change
from pytest_compiled_ai.artifacts.provenance import Record, read_records, record_path, render_records
from pytest_compiled_ai.compiler.assembly import RAISING, assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.baseline import Baseline, take_baseline
from pytest_compiled_ai.compiler.kept import drop_failure, keep_failure
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.compiler.prompt import begin_reply, read_sources, write_prompt
from pytest_compiled_ai.compiler.reply import Body, Refusal, read_reply
from pytest_compiled_ai.compiler.search import Attempt, next_request
from pytest_compiled_ai.compiler.workshop import Workshop, open_workshop
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import CompiledAIError, SpecError
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict
from pytest_compiled_ai.providers.base import Message, Provider, Request
from pytest_compiled_ai.reports.model import RunReport, SpecResult, Watcher
from pytest_compiled_ai.sandbox.tier import detect_tier
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.order import compile_order

SEED = 1
_PACKAGE = '"""Compiled from specs; see the header of each module."""\n'
_SECONDS = {"this machine": 30.0}
"""What a spec takes on average, for the first line: the embedded model on two cores; a remote one is faster."""


class Compiler:
    """Compiles the specs of a project.

    Args:
        project: the specs.
        provide: opens the configured provider; called once, and only where there is work.
        watcher: is told what happens.
    """

    def __init__(self, project: Project, provide: Callable[[], Provider], watcher: Watcher) -> None:
        self._project, self._provide, self._watcher = project, provide, watcher
        self._config = project.config
        self._results: dict[str, SpecResult] = {}

    def compile(self, *, only: str | None = None, force: bool = False) -> RunReport:
        """Compile what is missing or stale, and return what became of every spec.

        Args:
            only: a glob over spec ids, or a name; other specs are left as they are.
            force: compile fresh and hand-edited specs anew, too.

        Raises:
            ConfigError: the project's folders cannot be written.
            ProviderError: no model can be asked; nothing was begun.
        """
        chosen = [(f, s) for f, s in compile_order(self._project.files) if only is None or fits(s.id, only)]
        with warnings.catch_warnings():
            # A project's warning filters are for its tests: no reading of code and no import of ours goes by them.
            warnings.simplefilter("ignore")
            return self._compile(chosen, force)

    def _compile(self, chosen: Sequence[tuple[SpecFile, Stub]], force: bool) -> RunReport:
        if not self._todo(chosen, force):
            return self._ended()
        check_writable(self._config.generated_root)
        with hold_lock(self._config.root, lambda: self._watcher.waiting("another compile of this project is running")):
            # Whoever held the lock may have compiled them meanwhile.
            todo = self._todo(chosen, force)
            if todo:
                self._compile_all(todo, len(chosen) - len(todo))
        return self._ended()

    def _todo(self, chosen: Sequence[tuple[SpecFile, Stub]], force: bool) -> list[tuple[SpecFile, Stub, Standing]]:
        self._results.clear()
        todo = []
        for file, stub in chosen:
            try:
                standing = self._project.standing(file, stub)
            except CompiledAIError as error:
                self._results[stub.id] = SpecResult(id=stub.id, before="missing", outcome="failed", message=str(error))
                continue
            if force or standing.state in {"missing", "stale"}:
                todo.append((file, stub, standing))
            else:
                self._results[stub.id] = _left_alone(stub, standing)
        return todo

    def _compile_all(self, todo: list[tuple[SpecFile, Stub, Standing]], rest: int) -> None:
        with ExitStack() as stack:
            provider = self._provide()
            stack.callback(provider.close)
            expected = _SECONDS.get(provider.where, 8.0) * len(todo)
            self._watcher.run_started(provider.where, provider.model, len(todo), rest, expected)
            shop = stack.enter_context(open_workshop(self._project.config))
            waiting = {stub.id for _, stub, standing in todo if standing.state == "missing"}
            for number, (file, stub, standing) in enumerate(todo, 1):
                self._watcher.spec_started(stub.id, number, len(todo))
                try:
                    result = self._compile_one(file, stub, standing, provider, shop, frozenset(waiting - {stub.id}))
                except KeyboardInterrupt:
                    self._results |= {left.id: _interrupted(left, where) for _, left, where in todo[number - 1 :]}
                    self._ended()
                    raise
                if result.outcome in {"compiled", "restamped"}:
                    waiting.discard(stub.id)
                self._results[stub.id] = result
                self._watcher.spec_ended(result)

    def _compile_one(
        self,
        file: SpecFile,
        stub: Stub,
        standing: Standing,
        provider: Provider,
        shop: Workshop,
        waiting: frozenset[str],
    ) -> SpecResult:
        started = time.monotonic()
        attempts: list[Attempt] = []
        result = SpecResult(id=stub.id, before=standing.state, outcome="failed")
        try:
            result = self._search(file, stub, standing, provider, shop, waiting, attempts)
        except CompiledAIError as error:
            result = replace(result, message=str(error))
        finally:
            shop.restore(self._project.config.root, file)
        return replace(
            result,
            attempts=len(attempts),
            prompt_tokens=sum(attempt.prompt_tokens for attempt in attempts),
            completion_tokens=sum(attempt.completion_tokens for attempt in attempts),
            seconds=time.monotonic() - started,
        )

    def _search(
        self,
        file: SpecFile,
        stub: Stub,
        standing: Standing,
        provider: Provider,
        shop: Workshop,
        waiting: frozenset[str],
        attempts: list[Attempt],
    ) -> SpecResult:
        if stub.options.isolation == "sealed":
            raise SpecError(f'it asks for isolation="sealed", and its tests can only run {detect_tier()}.')
        if absent := sorted(waiting.intersection(stub.options.uses)):
            raise SpecError(f"it uses {absent[0]}, which has no body yet; compile that first.")
        refs = [ref for ref in self._project.tests(file, stub) if not ref.reaches & waiting]
        subject = replace(self._project.subject(file, stub), tests=tuple(ref.id for ref in refs))
        artifact = self._project.artifact(file) or self._project.blank(file)
        digest = standing.digest.value
        self._watcher.gate_started("baseline")
        raising = Body(text=RAISING, imports=())
        unwritten = assemble(artifact, subject, raising, digest)
        self._project.check_circle(file, stub, unwritten)
        blank = cut_candidate(unwritten, subject, raising)
        baseline = take_baseline(subject, blank, shop.runner, shop.types)
        subject = baseline.subject
        base = SpecResult(id=stub.id, before=standing.state, outcome="failed", tier=baseline.tier, notes=baseline.notes)
        if standing.state == "stale" and (old := read_body(artifact, subject)):
            module = assemble(artifact, subject, old, digest)
            verdicts = self._judge(cut_candidate(module, subject, old), subject, shop)
            if all(verdict.passed for verdict in verdicts):
                self._write(
                    file, stub, module, self._restamped(file, stub, module, standing, verdicts, subject, baseline)
                )
                return replace(base, outcome="restamped")
        first = make_prompt(self._config, file, subject)
        while len(attempts) < self._config.attempts:
            attempt, proposed = self._attempt(first, attempts, artifact, subject, digest, provider, shop)
            attempts.append(attempt)
            if attempt.passed and proposed:
                record = self._record(proposed, stub, standing, attempts, provider, subject, baseline)
                self._write(file, stub, proposed, record)
                drop_failure(self._config.root, stub.id)
                notes = (*base.notes, *_coverage_notes(attempt.verdicts))
                return replace(base, outcome="compiled", notes=notes)
            assert attempt.failure
            self._watcher.attempt_failed(attempt.number, attempt.failure.message)
        keep_failure(self._config.root, subject, attempts)
        failure = max(attempts, key=lambda a: a.merit).failure
        hint = f"`compiled-ai explain {stub.id}` shows the best try"
        return replace(
            base, message=f"no body passed in {len(attempts)} attempts: {failure.message if failure else ''} {hint}"
        )

    def _attempt(
        self,
        first: tuple[Message, ...],
        attempts: Sequence[Attempt],
        artifact: ArtifactModule,
        subject: Subject,
        digest: str,
        provider: Provider,
        shop: Workshop,
    ) -> tuple[Attempt, ArtifactModule | None]:
        request = next_request(first, attempts, SEED, begin_reply(subject.stub))
        number = len(attempts) + 1
        self._watcher.attempt_started(number, self._config.attempts, "repair" if len(request.messages) > 2 else "ask")
        reply = provider.complete(request, self._watcher.token_came)
        module: ArtifactModule | None = None
        candidate: Candidate | None = None
        try:
            body = read_reply(reply, subject.stub, _echoes(subject))
            module = assemble(artifact, subject, body, digest)
            candidate = cut_candidate(module, subject, body)
            twin = next((a for a in attempts if a.candidate and _same(a.candidate, candidate)), None)
            verdicts = twin.verdicts if twin else self._judge(candidate, subject, shop)
        except Refusal as refusal:
            verdicts = (
                Verdict(gate="reply", stage=Stage.OUTPUT, passed=False, message=str(refusal), feedback=str(refusal)),
            )
        attempt = Attempt(
            number=number,
            request=request,
            reply=reply.text,
            candidate=candidate,
            verdicts=verdicts,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=reply.seconds,
        )
        return attempt, module

    def _judge(self, candidate: Candidate, subject: Subject, shop: Workshop) -> tuple[Verdict, ...]:
        verdicts: list[Verdict] = []
        for gate in shop.gates:
            self._watcher.gate_started(gate.name)
            started = time.monotonic()
            verdict = gate.check(candidate, subject)
            verdicts.append(replace(verdict, seconds=time.monotonic() - started))
            if not verdict.passed:
                break
        return tuple(verdicts)

    def _record(
        self,
        module: ArtifactModule,
        stub: Stub,
        standing: Standing,
        attempts: Sequence[Attempt],
        provider: Provider,
        subject: Subject,
        baseline: Baseline,
    ) -> Record:
        last, section = attempts[-1], module.section(stub.name)
        assert section is not None
        return Record(
            digest=standing.digest.value,
            body_hash=section.body_hash,
            inputs=standing.digest.parts,
            provider=provider.name,
            model=provider.model,
            prompt=_hash_prompt(last.request),
            seed=last.request.seed,
            temperature=last.request.temperature,
            attempt=last.number,
            attempts=self._config.attempts,
            prompt_tokens=sum(attempt.prompt_tokens for attempt in attempts),
            completion_tokens=sum(attempt.completion_tokens for attempt in attempts),
            gates=tuple(verdict.gate for verdict in last.verdicts),
            tests=subject.tests,
            tier=baseline.tier,
            coverage=last.verdicts[-1].evidence.get("coverage", ""),
            compiler=__version__,
        )

    def _restamped(
        self,
        file: SpecFile,
        stub: Stub,
        module: ArtifactModule,
        standing: Standing,
        verdicts: Sequence[Verdict],
        subject: Subject,
        baseline: Baseline,
    ) -> dict[str, object]:
        section = module.section(stub.name)
        assert section is not None
        return {
            **read_records(record_path(file.target)).get(stub.name, {}),
            "digest": standing.digest.value,
            "body_hash": section.body_hash,
            "inputs": standing.digest.parts,
            "gates": [verdict.gate for verdict in verdicts],
            "tests": list(subject.tests),
            "tier": baseline.tier,
            "coverage": verdicts[-1].evidence.get("coverage", ""),
            "compiler": __version__,
        }

    def _write(self, file: SpecFile, stub: Stub, module: ArtifactModule, record: Record | dict[str, object]) -> None:
        path = record_path(file.target)
        names = {other.name for other in file.stubs}
        records = {name: old for name, old in read_records(path).items() if name in names}
        # The record first: a crash between the two leaves the old artifact, and its stamp is what counts.
        changes = [plan_change(path, render_records({**records, stub.name: record}))]
        packages = [folder / "__init__.py" for folder in _packages(file.target, self._config.generated_root)]
        changes += [plan_change(init, _PACKAGE) for init in packages if not init.exists()]
        apply_changes([*changes, plan_change(file.target, render_module(module))])

    def _ended(self) -> RunReport:
        report = RunReport(
            results=tuple(self._results.values()), problems=tuple(p.message for p in self._project.problems)
        )
        self._watcher.run_ended(report)
        return report


def make_prompt(config: Config, file: SpecFile, subject: Subject) -> tuple[Message, ...]:
    """Return the first messages about a stub, with the source of the tests that gate it."""
    names = dict.fromkeys(
        test.partition("[")[0].partition("::")[2] for test in subject.tests if not is_example(subject, test)
    )
    sources = read_sources(file.tree, file.source, names)
    for path in subject.test_paths[1:]:
        text = (config.root / path).read_text(encoding="utf-8")
        sources += read_sources(ast.parse(text), text, names)
    return write_prompt(subject, sources)


def is_example(subject: Subject, test: str) -> bool:
    """Return whether a test is the examples of the stub's own docstring, which stand in the prompt anyway."""
    return test == subject.stub.id


def first_prompt(project: Project, file: SpecFile, stub: Stub) -> tuple[Message, ...]:
    """Return what would be asked first about a stub, without opening a workshop.

    Raises:
        SpecError: the stub cannot be compiled as it stands.
    """
    subject = project.subject(file, stub)
    subject = replace(subject, tests=tuple(ref.id for ref in project.tests(file, stub)))
    return make_prompt(project.config, file, subject)


def _left_alone(stub: Stub, standing: Standing) -> SpecResult:
    if standing.state == "fresh":
        return SpecResult(id=stub.id, before="fresh", outcome="fresh")
    message = "its body was edited by hand and is kept; --compile-ai-force writes a new one."
    if standing.state == "conflict":
        message = (
            "its spec changed and its body was edited by hand; --compile-ai-force writes a new body over the edit."
        )
        return SpecResult(id=stub.id, before="conflict", outcome="failed", message=message)
    return SpecResult(id=stub.id, before=standing.state, outcome="kept", message=message)


def _interrupted(stub: Stub, standing: Standing) -> SpecResult:
    return SpecResult(
        id=stub.id, before=standing.state, outcome="interrupted", message="interrupted; run again to go on."
    )


def fits(spec: str, only: str) -> bool:
    """Return whether a spec's id, its name or its file fits a glob."""
    return fnmatch(spec, only) or fnmatch(spec.partition("::")[2], only) or fnmatch(spec.partition("::")[0], only)


def _echoes(subject: Subject) -> frozenset[str]:
    bound = {getattr(node, "name", "") for node in subject.file.tree.body}
    return frozenset(bound - {subject.stub.name})


def _same(one: Candidate, other: Candidate) -> bool:
    return ast.dump(one.node) == ast.dump(other.node) and one.imports == other.imports


def _hash_prompt(request: Request) -> str:
    text = "\0".join(f"{message.role}\0{message.content}" for message in request.messages)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _coverage_notes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    evidence = verdicts[-1].evidence
    if evidence.get("unreached"):
        yield f"no test reaches line {evidence['unreached']} of the body ({evidence['coverage']})"


def _packages(target: Path, root: Path) -> list[Path]:
    return [folder for folder in target.parents if folder.is_relative_to(root)]
