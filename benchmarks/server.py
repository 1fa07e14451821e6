"""The embedded server near its limit: `python -m benchmarks.server --out PATH`, on an idle machine.

Each variant changes one parameter. It is measured in pairs with the parameters as they are: both servers are started
anew, and asked the same questions one after the other, greedily; the order of the two alternates. A variant counts
where its replies are those of the base, letter by letter, or says that they are not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_compiled_ai.providers import server
from pytest_compiled_ai.providers.child import CONTEXT, find_xllamacpp
from pytest_compiled_ai.providers.model_files import find_model

TOKENS = 120
PAIRS = 3
SYSTEM = "You are a careful Python programmer. You complete one function so that it does what its docstring says."
QUESTIONS = (
    ("def join_words(words: list[str]) -> str:", "Return the words as a list in English: `a, b and c`."),
    ("def roman(n: int) -> str:", "Return a number from 1 to 3999 in Roman numerals."),
    ("def parse_range(text: str) -> list[int]:", "Return the numbers of `1-3,7`, in order: [1, 2, 3, 7]."),
    ("def is_leap(year: int) -> bool:", "Return whether a year of the Gregorian calendar has 366 days."),
)
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "1 thread": {"threads": 1},
    "2 threads": {"threads": 2},
    "batch 512": {"n_batch": 512, "n_ubatch": 128},
    "ubatch 1024": {"n_batch": 2048, "n_ubatch": 1024},
    "context 2048": {"n_ctx": 2048},
    "flash attention on": {"flash_attention": "enabled"},
    "flash attention off": {"flash_attention": "disabled"},
    "two slots": {"n_parallel": 2, "n_ctx": 2 * CONTEXT},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What one server did: tokens a second, read and written, as it counts them itself, and what it replied."""

    read: float
    written: float
    replies: tuple[str, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what has no line yet, print the table, and return 0."""
    parser = argparse.ArgumentParser(description="Measure parameters of the embedded server in pairs.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--serve", default="", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        serve(json.loads(options.serve))
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "server.jsonl"
    done = [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []
    for name in [name for name in VARIANTS if name not in {line["variant"] for line in done}]:
        line = {"variant": name, **measure_pairs(VARIANTS[name])}
        done.append(line)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(f"{name}: {line['read']:.2f} in, {line['written']:.2f} out", flush=True)
    table = render(done)
    (options.out / "server.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


def measure_pairs(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ratios of a variant to the base, the medians of some pairs, and whether it replies the same."""
    pairs = []
    for number in range(PAIRS):
        sides = {name: measure(changed) for name, changed in _turns(number, changes)}
        pairs.append((sides["base"], sides["variant"]))
    return {
        "read": statistics.median(variant.read / base.read for base, variant in pairs),
        "written": statistics.median(variant.written / base.written for base, variant in pairs),
        "base": asdict(pairs[-1][0]) | {"replies": None},
        "same": all(base.replies == variant.replies for base, variant in pairs),
    }


def _turns(number: int, changes: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    turns: list[tuple[str, Mapping[str, Any]]] = [("base", {}), ("variant", changes)]
    return turns if number % 2 == 0 else turns[::-1]


def measure(changes: Mapping[str, Any]) -> Rates:
    """Return the rates of a server with some parameters changed."""
    with run_server(changes) as address:
        answers = [ask(address, header, said) for header, said in QUESTIONS]
    timings = [answer["timings"] for answer in answers]
    return Rates(
        read=sum(t["prompt_n"] for t in timings) / sum(t["prompt_ms"] for t in timings) * 1000,
        written=sum(t["predicted_n"] for t in timings) / sum(t["predicted_ms"] for t in timings) * 1000,
        replies=tuple(answer["choices"][0]["message"]["content"] for answer in answers),
    )


def ask(address: str, header: str, said: str) -> dict[str, Any]:
    """Return a server's answer to one question, with its own timings."""
    body = {
        "messages": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": f'```python\n{header}\n    """{said}"""\n```'},
        ],
        "max_tokens": TOKENS,
        "temperature": 0,
        "cache_prompt": False,
    }
    request = urllib.request.Request(
        f"{address}/v1/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer key"},
    )
    with urllib.request.urlopen(request, timeout=600) as reply:
        answer: dict[str, Any] = json.load(reply)
    return answer


@contextmanager
def run_server(changes: Mapping[str, Any]) -> Iterator[str]:
    """Start a server in a process of its own, and yield its address."""
    command = [sys.executable, "-m", "benchmarks.server", "--out", ".", "--serve", json.dumps(dict(changes))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout
    try:
        yield json.loads(process.stdout.readline())["address"]
    finally:
        process.kill()
        process.wait()


def serve(changes: dict[str, Any]) -> None:
    """Serve with the product's own parameters and some changed, until the process is killed."""
    say = server.keep_stdout()
    _, path = find_model(None)
    order = {"model": str(path), "api_key": "key", "context": CONTEXT, "slots": 1}
    package = server.load_package("xllamacpp", find_xllamacpp())
    params = server.make_params(package, order)
    if threads := changes.pop("threads", 0):
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    if kind := changes.pop("flash_attention", ""):
        params.flash_attn_type = getattr(package.llama_flash_attn_type, f"LLAMA_FLASH_ATTN_TYPE_{kind.upper()}")
    for name, value in changes.items():
        setattr(params, name, value)
    started = package.Server(params)
    say({"address": started.listening_address})
    while True:
        time.sleep(60)


def render(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the table: each variant's rates as a multiple of the base's."""
    rows = ["| changed | read | written | same replies |", "|---|---|---|---|"]
    for line in lines:
        same = "yes" if line["same"] else "no"
        rows.append(f"| {line['variant']} | {line['read']:.2f} | {line['written']:.2f} | {same} |")
    base = lines[0]["base"] if lines else {"read": 0.0, "written": 0.0}
    said = f"The base: {base['read']:.0f} tokens a second read, {base['written']:.1f} written."
    return "\n".join([*rows, "", said, ""])


if __name__ == "__main__":
    sys.exit(main())
