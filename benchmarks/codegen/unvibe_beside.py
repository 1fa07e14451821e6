"""unvibe beside us: `python -m benchmarks.codegen.unvibe_beside --data PATH --out PATH --python PATH`.

unvibe (PyPI, 0.1.5, MIT) has the same idea: a stub, its tests, a model, and a search until they pass. It gets the same
stubs and asserts, the same model and as many candidates; what it accepts is judged by the same hidden tests, in a
sealed worker. It runs candidates unsealed, in its own process, with the rights of whoever starts it: use a container,
or a user who has nothing to lose. --python is the Python of an environment that has it; this project does not need it.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.codegen.clerk import SOLVED, Line, Metered, read_lines, write_line
from benchmarks.codegen.problems import Problem, read_problems
from benchmarks.codegen.project import body_path, write_project
from benchmarks.codegen.proxy import Desk, serve_provider
from benchmarks.codegen.run import ATTEMPTS, add_places, open_meter, pick
from benchmarks.codegen.score import render, score_run
from benchmarks.codegen.unvibe_form import SOURCE, TESTS, write_form, write_imports
from pytest_compiled_ai.config import load_config

PASSED = "# This implementation passed all tests"
QUIET_SECONDS = 60.0
"""How long a candidate may keep it from asking for the next; ours may take 10."""
_START = Path(__file__).with_name("unvibe_start.py")
_POLL_SECONDS = 0.1


def main(argv: Sequence[str] | None = None) -> int:
    """Run what has no line yet, score all, and return 0."""
    parser = argparse.ArgumentParser(description="Let unvibe solve the problems of a set.")
    add_places(parser)
    parser.add_argument("--python", type=Path, required=True, help="the Python of an environment that has unvibe")
    options = parser.parse_args(argv)
    problems, label = pick(read_problems(options.data), options.limit), f"{options.data.name}-unvibe"
    run(problems, options.out, label, options.python.absolute(), {"provider": options.provider})
    table = render(label, score_run(problems, options.out, label))
    (options.out / f"{label}.md").write_text(table + "\n", encoding="utf-8")
    print(table)
    return 0


def run(problems: Sequence[Problem], out: Path, label: str, python: Path, settings: Mapping[str, str | float]) -> None:
    """Let unvibe solve the problems that have no line in `out/label.jsonl`; `settings` name the model.

    Raises:
        ProviderError: the model cannot be asked.
    """
    path, root = out / f"{label}.jsonl", out / label
    done = {line["name"] for line in read_lines(path)}
    todo = [problem for problem in problems if problem.name not in done]
    write_project(root, todo, settings)
    meter = open_meter(load_config(root), out / "replies")
    try:
        for problem in todo:
            write_line(path, solve(problem, root, python, meter))
    finally:
        meter.close()


def solve(problem: Problem, root: Path, python: Path, meter: Metered) -> Line:
    """Return what becomes of one problem; a body that passes its tests is written to the project at `root`.

    Raises:
        ProviderError: the model cannot be asked.
    """
    meter.replies.clear()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name, serve_provider(meter, ATTEMPTS) as desk:
        folder = Path(name)
        write_form(problem, folder, desk.url)
        message = start(folder, python, desk)
        body = read_accepted(folder)
    if desk.failure:
        raise desk.failure
    if body:
        path = body_path(root, problem)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{write_imports(problem)}\n\n\n{body}", encoding="utf-8")
    return Line(
        name=problem.name,
        outcome=SOLVED if body else "failed",
        attempts=desk.asked,
        message="" if body else message,
        first_refused_by="tests" if not body or desk.asked > 1 else "",
        **meter.measure(started),
    )


def start(folder: Path, python: Path, desk: Desk) -> str:
    """Run unvibe in a folder until it ends, or asks nothing for too long; return how it ended."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [str(python), "-s", "-B", str(_START), SOURCE, TESTS],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            # Its spinner lives on when the search has failed, so it does not always end.
            while process.poll() is None and not desk.is_closed and desk.quiet_seconds() < QUIET_SECONDS:
                desk.serve(_POLL_SECONDS)
        finally:
            # The group first, while its unreaped leader keeps the number from being given to anyone else.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if desk.is_closed:
        return f"no body in {desk.asked} candidates"
    if process.returncode == -signal.SIGKILL:
        return f"it asked nothing for {QUIET_SECONDS:.0f} s"
    said = (folder / "output.txt").read_text(encoding="utf-8", errors="replace").strip()
    return said.rpartition("\n")[2][:200]


def read_accepted(folder: Path) -> str:
    """Return the module that unvibe wrote, or "" if there is none that passes its tests."""
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("unvibe_*_*.py")]
    return next((text for text in texts if PASSED in text.splitlines()), "")


if __name__ == "__main__":
    sys.exit(main())
