"""What every candidate of a run is judged with: the shadow tree, the runner and the gates, opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.lock import state_folder
from pytest_compiled_ai.asking.gate import Asking, is_bounded
from pytest_compiled_ai.compiler.asking import ask_gates
from pytest_compiled_ai.compiler.confirm import Confirm
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.compiler.runners import Runners
from pytest_compiled_ai.compiler.tiers import OTHER_SEED, TieredRunner
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.gates.allow_list import AllowList
from pytest_compiled_ai.gates.bandit import Bandit
from pytest_compiled_ai.gates.base import Candidate, Gate, Subject, Verdict
from pytest_compiled_ai.gates.characters import Characters
from pytest_compiled_ai.gates.determinism import Determinism
from pytest_compiled_ai.gates.execution import Tests
from pytest_compiled_ai.gates.golden import Golden
from pytest_compiled_ai.gates.hard_coding import HardCoding
from pytest_compiled_ai.gates.imports import Imports, find_declared
from pytest_compiled_ai.gates.mypy_process import MypyProcess
from pytest_compiled_ai.gates.packs import Packs, is_asked
from pytest_compiled_ai.gates.secrets import Secrets
from pytest_compiled_ai.gates.size import Size
from pytest_compiled_ai.gates.suppressions import Suppressions
from pytest_compiled_ai.gates.syntax import Elision
from pytest_compiled_ai.gates.types import TypeFault, Types, find_python
from pytest_compiled_ai.golden.labels import find_golden, list_examples
from pytest_compiled_ai.policies.policy import read_policy
from pytest_compiled_ai.pyproject import read_project_table
from pytest_compiled_ai.sandbox.jail.folder import clear_abandoned
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.templates.catalogue import list_templates
from pytest_compiled_ai.templates.gate import Properties
from pytest_compiled_ai.templates.own_gates import concerns, gates_of_templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The tools of one run; `golden` is for specs with labels, `confirm` is the last gate, for the chosen body."""

    shadow: Shadow
    runner: Runners
    types: Types
    gates: tuple[Gate, ...]
    golden: Golden
    confirm: Gate

    def gates_for(self, subject: Subject) -> tuple[Gate, ...]:
        """Return the gates that a spec's bodies pass, all but the last."""
        holding = (gate for gate in self.gates if concerns(gate, subject) and is_asked(gate, subject))
        gates = tuple(gate for gate in holding if is_bounded(gate, subject))
        return (*gates, self.golden) if subject.stub.options.golden else gates

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        """Return the first run of a spec's tests, against a body that only raises; its tier is chosen by it."""
        self.runner.turn_to(subject.stub.id)
        run = self.runner.begin(subject, raising)
        self.golden.prepare(subject, run)
        return run

    def errors_of(self, module: str, subject: Subject) -> list[TypeFault]:
        """Return mypy's errors in an artifact of that text."""
        return self.types.errors_of(module, subject)

    def try_out(self, candidate: Candidate, subject: Subject, started: Callable[[str], None]) -> tuple[Verdict, ...]:
        """Return the verdicts of all gates but the last, up to the first that says no."""
        return ask_gates(self.gates_for(subject), candidate, subject, started)

    def ask_last(self, candidate: Candidate, subject: Subject, started: Callable[[str], None]) -> tuple[Verdict, ...]:
        """Return the verdict of the last gate."""
        return ask_gates((self.confirm,), candidate, subject, started)

    def answer(self, module: str, inputs: Sequence[Input]) -> tuple[Answer, ...]:
        """Return what an artifact's function answers; nothing where it cannot be called from outside."""
        return self.runner.answer(module, inputs)

    def restore(self, root: Path, file: SpecFile) -> None:
        """End what ran for a spec, and put its artifact as the project has it in the place of the last candidate."""
        self.runner.end()
        packages = [folder / "__init__.py" for folder in file.target.parents if folder.is_relative_to(root)]
        for path in (file.target, *packages):
            relative = path.relative_to(root).as_posix()
            if path.is_file():
                self.shadow.put(relative, path.read_text(encoding="utf-8", errors="replace"))
            else:
                self.shadow.remove(relative)


@contextmanager
def open_workshop(config: Config, bench: int = 0) -> Iterator[Workshop]:
    """Copy the project to its shadow and make the gates ready; all of it is gone afterwards.

    `bench` numbers the workshops of one project that are open at a time.

    Raises:
        ConfigError: `isolation = "sealed"` asks for more than this machine gives.
    """
    if config.isolation == "sealed" and not (sealed := detect_sealed_tier()).verified:
        raise ConfigError(
            f'isolation = "sealed" cannot be had on this machine: {sealed.problem}; isolation = "auto" allows less.'
        )
    clear_abandoned()
    table: dict[str, Any] = read_project_table(config.root)
    declared, policy = declared_names(config), read_policy(config)
    python = find_python(str(table.get("requires-python", "")))
    # The cache stays from run to run: whoever compiles holds the project's lock, so nobody else is writing to it.
    cache = state_folder(config.root) / "mypy" / (f"bench-{bench}" if bench else "")
    with ExitStack() as stack:
        shadow = stack.enter_context(Shadow(config.root, without=find_golden(config)))
        mypy = stack.enter_context(MypyProcess(shadow.root, python, cache))
        types = Types(mypy)
        runner = Runners(lambda: TieredRunner(config, shadow, JailedRunner(shadow, config.timeout)))
        stack.callback(runner.end_all)
        own: list[Gate] = [
            Suppressions(), Characters(), AllowList(policy), Imports(declared, policy), Secrets(), Bandit(policy),
            Packs(config), Asking(), Elision(), Size(policy), HardCoding(partial(list_examples, config.root)), types,
            Tests(runner), Determinism(runner)
        ]  # fmt: skip
        manager = load_extensions()
        added = [gate for gates in manager.hook.compiled_ai_gates(config=config) for gate in gates]
        properties = Properties(config, runner, OTHER_SEED)
        added += gates_of_templates(list_templates(manager).values(), properties)
        gates = tuple(sorted((*own, *added), key=lambda gate: gate.stage))
        golden, confirm = Golden(config.root, runner), Confirm(runner)
        yield Workshop(shadow=shadow, runner=runner, types=types, gates=gates, golden=golden, confirm=confirm)


def declared_names(config: Config) -> frozenset[str]:
    """Return the import names of the project's declared and installed dependencies."""
    table = read_project_table(config.root)
    return find_declared(list(table.get("dependencies", [])), packages_distributions())
