"""What every candidate of a run is judged with: the shadow tree, the runner and the gates, opened once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.lock import state_folder
from pytest_compiled_ai.compiler.confirm import Confirm
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.compiler.tiers import OTHER_SEED, TieredRunner
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.gates.allow_list import AllowList
from pytest_compiled_ai.gates.bandit import Bandit
from pytest_compiled_ai.gates.base import Gate
from pytest_compiled_ai.gates.characters import Characters
from pytest_compiled_ai.gates.determinism import Determinism
from pytest_compiled_ai.gates.examples_of_tests import examples_of
from pytest_compiled_ai.gates.execution import Tests
from pytest_compiled_ai.gates.hard_coding import HardCoding
from pytest_compiled_ai.gates.imports import Imports, find_declared
from pytest_compiled_ai.gates.mypy_process import MypyProcess
from pytest_compiled_ai.gates.secrets import Secrets
from pytest_compiled_ai.gates.size import Size
from pytest_compiled_ai.gates.suppressions import Suppressions
from pytest_compiled_ai.gates.syntax import Elision
from pytest_compiled_ai.gates.types import Types, find_python
from pytest_compiled_ai.policies.policy import read_policy
from pytest_compiled_ai.pyproject import read_project_table
from pytest_compiled_ai.sandbox.jail.folder import clear_abandoned
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.specs.model import SpecFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The tools of one run; `confirm` is the last gate, for the body that is chosen."""

    shadow: Shadow
    runner: TieredRunner
    types: Types
    gates: tuple[Gate, ...]
    confirm: Gate

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
def open_workshop(config: Config) -> Iterator[Workshop]:
    """Copy the project to its shadow and make the gates ready; all of it is gone afterwards.

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
    cache = state_folder(config.root) / "mypy"
    with ExitStack() as stack:
        shadow = stack.enter_context(Shadow(config.root))
        mypy = stack.enter_context(MypyProcess(shadow.root, python, cache))
        types, runner = Types(mypy), TieredRunner(config, shadow, JailedRunner(shadow, config.timeout))
        stack.callback(runner.end)
        own: list[Gate] = [
            Suppressions(), Characters(), AllowList(policy), Imports(declared, policy), Secrets(), Bandit(policy),
            Elision(), Size(policy), HardCoding(partial(examples_of, config.root)), types, Tests(runner),
            Determinism(runner, OTHER_SEED)
        ]  # fmt: skip
        added = [gate for gates in load_extensions().hook.compiled_ai_gates(config=config) for gate in gates]
        gates = tuple(sorted((*own, *added), key=lambda gate: gate.stage))
        yield Workshop(shadow=shadow, runner=runner, types=types, gates=gates, confirm=Confirm(runner))


def declared_names(config: Config) -> frozenset[str]:
    """Return the import names of the project's declared and installed dependencies."""
    table = read_project_table(config.root)
    return find_declared(list(table.get("dependencies", [])), packages_distributions())
