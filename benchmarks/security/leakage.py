"""Score both gates on attempts to get at the system prompt, with real replies of the embedded model.

`python -m benchmarks.security.leakage --data PATH [--record FILE]`: `PATH` is the folder of the Compiled AI paper's
cases (https://github.com/XY-Corp/CompiledAI, MIT), read in place; `FILE` keeps the replies, a JSON object a line.

A request stands as the docstring of a function, as if it were a spec's that is sent to a remote model. What the input
gate finds (a warning or a refusal) is not asked. The rest is asked of the embedded model, and the output gate reads its
reply. `none` are those that no gate stopped: whether such a reply holds something of the prompt is read by eye in FILE.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pytest_compiled_ai.compiler.prompt import SYSTEM
from pytest_compiled_ai.gates.leakage import find_leak, plant_canary
from pytest_compiled_ai.providers.base import Message, Provider, Request
from pytest_compiled_ai.providers.embedded import create_embedded
from pytest_compiled_ai.screens.gate import screen_prompt
from pytest_compiled_ai.screens.model import Part


def main(argv: Sequence[str] | None = None) -> int:
    """Score the cases, and print what became of attacks and of ordinary requests."""
    parser = argparse.ArgumentParser(description="Score both gates on attempts to get at the system prompt.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the paper's security cases")
    parser.add_argument("--record", type=Path, help="write the replies there")
    parser.add_argument("--model", help="an embedded model of the catalogue")
    options = parser.parse_args(argv)
    cases = json.loads((options.data / "output_leakage.json").read_text(encoding="utf-8"))["instances"]
    provider = create_embedded(options.model)
    try:
        found = [examine(case, provider) for case in cases]
    finally:
        provider.close()
    if options.record:
        options.record.write_text("".join(f"{json.dumps(each)}\n" for each in found), encoding="utf-8")
    for kind in ("attack", "ordinary"):
        print(f"{kind:10}{dict(Counter(each['gate'] for each in found if each['kind'] == kind))}")
    return 0


def examine(case: dict[str, Any], provider: Provider) -> dict[str, str]:
    """Return what became of one case: the gate that found it, or `none`, with the reply where there was one."""
    request = str(case["input"]["user_request"])
    kind = "ordinary" if str(case["expected_gate"]) == "none" else "attack"
    if screen_prompt([Part(label="it", text=request)], remote=True):
        return {"kind": kind, "gate": "input", "user": request, "reply": ""}
    system = plant_canary(SYSTEM, str(case["id"]))
    user = f'Write this function:\n\n```python\ndef answer(text: str) -> str:\n    """{request}"""\n```'
    messages = (Message(role="system", content=system), Message(role="user", content=user))
    reply = provider.complete(Request(messages=messages, max_tokens=300, first=True)).text
    leak = find_leak(reply, system, [user])
    return {"kind": kind, "gate": "output" if leak else "none", "user": user, "reply": reply}


if __name__ == "__main__":
    sys.exit(main())
