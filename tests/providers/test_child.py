from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers import child
from pytest_compiled_ai.providers.child import ServerProcess


def plan(model: Path, **keys: object) -> Path:
    model.write_text(json.dumps(keys), encoding="utf-8")
    return model


def test_reports_its_address_and_ends(llama: Path) -> None:
    server = ServerProcess(llama)
    assert server.address.startswith("http://127.0.0.1:")
    assert len(server.api_key) == 32
    assert not server.has_died()
    server.stop()
    server.stop()
    assert server.has_died()


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("fail", r"did not start: RuntimeError: bad input \(0\.00\.004 E srv load_model: failed\); `compiled-ai"),
        ("die", r"did not start: it ended \(out of memory; exit status 3\); "),
    ],
)
def test_says_why_it_did_not_start(llama: Path, start: str, said: str) -> None:
    with pytest.raises(ProviderError, match=said):
        ServerProcess(plan(llama, start=start))


def test_does_not_wait_for_ever(llama: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ProviderError, match="it was not ready after 0 s"):
        ServerProcess(plan(llama, start="hang"), seconds=0.2)
    assert time.monotonic() - began < 30


def test_a_program_that_ends_at_once(llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone.py"
    gone.write_text("import os, signal\nos.close(0)\nos.kill(os.getpid(), signal.SIGKILL)\n", encoding="utf-8")
    monkeypatch.setattr(child, "SERVER", gone)
    with pytest.raises(ProviderError, match="killed by signal 9"):
        ServerProcess(llama)


def test_an_order_nobody_reads(llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: ServerProcess, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.stdin = Broken()

    class Broken:
        def write(self, data: bytes) -> None:
            raise BrokenPipeError

        def close(self) -> None:
            pass

    order = ServerProcess._order

    def send(self: ServerProcess, *args: object) -> None:
        refuse(self)
        order(self, *args)

    monkeypatch.setattr(ServerProcess, "_order", send)
    with pytest.raises(ProviderError, match="it ended at once"):
        ServerProcess(llama)


def test_names_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(child.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ProviderError, match=r"needs xllamacpp, .* run `pip install 'pytest-compiled-ai\[embedded\]'`"):
        ServerProcess(tmp_path)


def test_the_environment_stays_here(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-children")
    server = ServerProcess(llama)
    environ = Path(f"/proc/{server._process.pid}/environ").read_bytes()
    command = Path(f"/proc/{server._process.pid}/cmdline").read_bytes()
    server.stop()
    assert b"sk-not" not in environ
    assert server.api_key.encode() not in environ + command


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_dies_with_its_parent(llama: Path, how: signal.Signals) -> None:
    program = (
        "import pathlib, sys, time; sys.path.insert(0, sys.argv[1]);"
        "from pytest_compiled_ai.providers.child import ServerProcess;"
        "server = ServerProcess(pathlib.Path(sys.argv[2])); print(server._process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(llama.parent / "site"), str(llama)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(how)
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_log_is_read_from_its_end(llama: Path) -> None:
    server = ServerProcess(llama)
    os.write(server._log.fileno(), b"early\n" * 2000 + b"  the   last \n\n")
    assert server.last_words() == "the last"
    server.stop()
