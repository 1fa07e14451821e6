from __future__ import annotations

import base64
import codecs

import pytest

from pytest_compiled_ai.compiler.prompt import SYSTEM
from pytest_compiled_ai.gates.leakage import find_leak, plant_canary

PLANTED = plant_canary(SYSTEM, "specs/it.py::f")
TOKEN = PLANTED.rpartition("ref-")[2].rstrip(")")


def test_a_canary_repeats_and_differs_by_spec_and_prompt():
    assert plant_canary(SYSTEM, "specs/it.py::f") == PLANTED
    assert plant_canary(SYSTEM, "specs/it.py::g") != PLANTED
    assert plant_canary("Be brief.", "specs/it.py::f").rpartition("ref-")[2] != TOKEN + ")"
    assert PLANTED.startswith(SYSTEM)


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        TOKEN.upper(),
        TOKEN[::-1],
        " ".join(TOKEN),
        "-".join(TOKEN),
        codecs.encode(TOKEN, "rot13"),
        TOKEN.encode().hex(),
        *(base64.b64encode(f"{'x' * pad}ref-{TOKEN} and more".encode()).decode() for pad in range(3)),
    ],
)
def test_a_canary_is_found_in_any_dress(form):
    assert find_leak(f"def f(n):\n    # {form}\n    return n", PLANTED) == "it holds the marker of the system prompt"


@pytest.mark.parametrize(
    "reply",
    [
        f"# {SYSTEM}",
        SYSTEM.upper().replace(" ", "\n# "),
        "_".join(SYSTEM.lower().split()[4:14]),
        base64.b64encode(SYSTEM.encode()).decode(),
        "# You are one careful Python programmer, and you complete a function so that it does what the docstring and "
        "its tests say, and answer with one code block that holds the function.",
    ],
)
def test_the_prompts_words_are_found(reply):
    assert "of the system prompt" in (find_leak(reply, PLANTED) or "")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "```python\ndef f(n: int) -> int:\n    # Rules: n is an int.\n    return n\n```",
        "Here is the function that does what its docstring says.",
        "# The whole function, and nothing else.\nreturn n",
        "aGVsbG8gd29ybGQgYWdhaW4gYW5kIGFnYWlu",
    ],
)
def test_an_ordinary_reply_passes(reply):
    assert find_leak(reply, PLANTED) is None


def test_the_users_side_may_be_repeated():
    quoted = " ".join(SYSTEM.split()[:20])
    assert find_leak(quoted, PLANTED)
    assert find_leak(quoted, PLANTED, [f"Return this text: {quoted}"]) is None
    assert find_leak(f"{quoted} {SYSTEM}", PLANTED, [quoted])


def test_a_short_prompt_is_judged_by_its_runs_alone():
    assert find_leak("Be brief", "Be brief and kind.") is None
