"""How much of a compile's time the embedded model reads and writes: `python -m benchmarks.decoding --help`.

So many problems of a set are compiled as `pytest --compile-ai` does it, from nothing and with no reply at hand. Gates
run while the model works on another spec; what is left is time in which it waits: its start, the first baselines, the
last gates.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.codegen.problems import read_problems
from benchmarks.codegen.project import write_project
from benchmarks.codegen.run import ATTEMPTS, pick
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.providers.base import OnToken, Reply, Request
from pytest_compiled_ai.providers.embedded import EmbeddedProvider
from pytest_compiled_ai.providers.model_files import find_model
from pytest_compiled_ai.providers.openai_compatible import OpenAICompatible
from pytest_compiled_ai.reports.terminal import TerminalWatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Seconds of a whole compile, and of all questions in it; `compiled` specs of `specs` got a body."""

    specs: int
    compiled: int
    attempts: int
    seconds: float
    asking: float

    @property
    def share(self) -> float:
        """What the questions take of the whole."""
        return self.asking / self.seconds


class TimedProvider(EmbeddedProvider):
    """The embedded provider, which notes how long its server is asked."""

    asking = 0.0

    def _start(self) -> list[OpenAICompatible]:
        clients = super()._start()
        for client in clients:
            self._time(client)
        return clients

    def _time(self, client: OpenAICompatible) -> None:
        complete = client.complete

        def timed(request: Request, on_token: OnToken | None = None) -> Reply:
            started = time.monotonic()
            try:
                return complete(request, on_token)
            finally:
                self.asking += time.monotonic() - started

        client.complete = timed  # type: ignore[method-assign]


def main(argv: Sequence[str] | None = None) -> int:
    """Compile, print the share, write it to OUT/decoding.json, and return 0."""
    parser = argparse.ArgumentParser(description="Measure how much of a compile's time the embedded model works.")
    parser.add_argument("--data", type=Path, required=True, help="a folder with humaneval.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--specs", type=int, default=20)
    options = parser.parse_args(argv)
    root = options.out / "decoding"
    shutil.rmtree(root, ignore_errors=True)
    write_project(root, pick(read_problems(options.data), options.specs), {"attempts": ATTEMPTS})
    found = measure(root)
    told = {**asdict(found), "share": found.share, "load": os.getloadavg()}
    (options.out / "decoding.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"{found.compiled} of {found.specs} specs in {found.seconds:.0f} s, {found.attempts} questions")
    print(f"the model worked {found.asking:.0f} s of them: {found.share:.1%} (target: 90%)")
    return 0


def measure(root: Path) -> Share:
    """Compile all specs of a project with the embedded model."""
    entry, path = find_model(None)
    provider = TimedProvider(model=entry.name, path=path)
    compiler = Compiler(Project(load_config(root)), lambda: (provider,), TerminalWatcher(sys.stderr))
    started = time.monotonic()
    report = compiler.compile()
    seconds = time.monotonic() - started
    return Share(
        specs=len(report.results),
        compiled=sum(result.outcome == "compiled" for result in report.results),
        attempts=sum(result.attempts for result in report.results),
        seconds=seconds,
        asking=provider.asking,
    )


if __name__ == "__main__":
    sys.exit(main())
