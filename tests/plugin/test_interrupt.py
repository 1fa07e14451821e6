"""Ctrl-C in the middle of a compile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from plugin_projects import DOUBLE, NEGATE, NUMBERS, QUIET, Sandbox


@pytest.mark.parametrize(
    "command", [["pytest", *QUIET, "--compile-ai"], ["pytest_compiled_ai", "compile"]], ids=["pytest", "command"]
)
def test_what_was_approved_before_is_kept(sandbox: Sandbox, command: list[str]) -> None:
    sandbox.write({"specs/numbers.py": NUMBERS}, DOUBLE, NEGATE)
    waits, ends = threading.Event(), threading.Event()

    def hesitate() -> str:
        if len(sandbox.endpoint.requests) == 1:
            return DOUBLE
        waits.set()
        ends.wait(60)
        return NEGATE

    sandbox.endpoint.next_reply = hesitate  # type: ignore[method-assign]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=sandbox.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores the signal, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert waits.wait(60)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        ends.set()
        process.kill()
    assert process.returncode == 2, out + err
    assert "Traceback" not in out + err
    assert "interrupted" in out
    artifact = (sandbox.generated / "numbers.py").read_text(encoding="utf-8")
    assert "def double" in artifact
    assert "def negate" not in artifact
    assert not [path for path in sandbox.generated.iterdir() if path.name.endswith(".tmp")]
