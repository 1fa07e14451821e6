"""Many specs at a remote endpoint: `python -m benchmarks.remote --specs 500 --latency 1 --concurrency 32 --out OUT`.

The endpoint is a real HTTP server on loopback that knows the answers, takes its time, and fails as often as `--faults`
says. The same specs are compiled three times, each time from nothing: with that latency and those faults; with the
latency alone; with neither. The ideal is the slower of what the latency allows and what the validation needs, which is
the last run. OUT has a line for each run that is done, and such a run is not made again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.remote.endpoint import serve
from benchmarks.remote.weather import Weather
from benchmarks.scale.project import Shape, write_specs

_COMMAND = "import sys; from pytest_compiled_ai.cli import main; sys.exit(main())"
_NAME = re.compile(r"def (\w+_\d{5})\(")


def main(argv: Sequence[str] | None = None) -> int:
    """Run what has no line yet, print the figures, and return 1 where the results differ."""
    parser = argparse.ArgumentParser(description="Compile many specs at an endpoint on loopback.")
    parser.add_argument("--specs", type=int, default=500)
    parser.add_argument("--per-file", type=int, default=1)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--faults", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    latency, seed = options.latency, options.seed
    kinds = {
        "faults": Weather(latency=latency, share=options.faults, seed=seed),
        "latency": Weather(latency=latency),
        "validation": Weather(),
    }
    shape = Shape(options.specs, options.per_file)
    lines = {name: run_once(name, options.out, shape, weather, options.concurrency) for name, weather in kinds.items()}
    print(render(lines, options.specs * latency / options.concurrency))
    return 0 if is_same(options.out, list(kinds)) else 1


def run_once(name: str, out: Path, shape: Shape, weather: Weather, concurrency: int) -> dict[str, Any]:
    """Return the line of a run, which is made if there is none."""
    path = out / f"{name}.json"
    if path.is_file():
        line: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return line
    root = out / name
    shutil.rmtree(root, ignore_errors=True)
    bodies = {example.name: example.function for example in shape.examples}
    with serve(lambda text: f"```python\n{bodies[_NAME.findall(text)[-1]]}```", weather) as endpoint:
        write_specs(root, shape, endpoint.url)
        set_concurrency(root, concurrency)
        started = time.monotonic()
        code = compile_project(root)
        seconds = time.monotonic() - started
    outcomes = read_outcomes(root)
    line = {
        "specs": shape.specs,
        "seconds": seconds,
        "exit": code,
        "outcomes": outcomes,
        "fates": dict(sorted(endpoint.fates.items())),
        "most": endpoint.most,
        "load": os.getloadavg()[0],
    }
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return line


def set_concurrency(root: Path, concurrency: int) -> None:
    """Let so many specs be under way at a time."""
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^concurrency = \d+$", f"concurrency = {concurrency}", text), encoding="utf-8")


def compile_project(root: Path) -> int:
    """Compile a project by the command, as a person would, and return its exit status."""
    environ = {**os.environ, "COMPILED_AI_REPLIES": str(root.parent / f"{root.name}-replies")}
    command = [sys.executable, "-c", _COMMAND, "compile", "--no-cache", "--report", "report.json"]
    with (root.parent / f"{root.name}.log").open("wb") as log:
        return subprocess.run(command, cwd=root, env=environ, stdout=log, stderr=log, check=False).returncode


def read_outcomes(root: Path) -> dict[str, int]:
    """Return how often each outcome stands in the report of a run."""
    report = json.loads((root / "report.json").read_text(encoding="utf-8"))
    return dict(Counter(str(spec["outcome"]) for spec in report["specs"]))


def is_same(out: Path, names: Sequence[str]) -> bool:
    """Tell whether all runs left the same files in `src/generated`."""
    trees = [read_tree(out / name / "src" / "generated") for name in names]
    return all(tree == trees[0] for tree in trees)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the modules below a folder, by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def render(lines: Mapping[str, Mapping[str, Any]], generation: float) -> str:
    """Return the figures as text."""
    validation = lines["validation"]["seconds"]
    ideal = max(generation, validation)
    told = [f"ideal: {ideal:.1f} s (generation alone {generation:.1f} s, validation alone {validation:.1f} s)"]
    for name, line in lines.items():
        seconds, outcomes = line["seconds"], line["outcomes"]
        rates = f"{line['specs'] / seconds:6.2f} specs/s  {ideal / seconds:5.2f} of ideal"
        told.append(f"{name:11}{seconds:8.1f} s  {rates}  {outcomes}")
    return "\n".join(told)


if __name__ == "__main__":
    sys.exit(main())
