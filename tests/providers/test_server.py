from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.providers import server


@pytest.fixture
def order(llama: Path) -> dict[str, object]:
    package = llama.parent / "site" / "xllamacpp" / "__init__.py"
    return {"model": str(llama), "api_key": "k", "context": 128, "slots": 1, "xllamacpp": str(package), "parent": 0}


def test_asks_for_one_slot_without_memory(order: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    running = server.start(order)
    params = running.http.RequestHandlerClass.params
    running.http.shutdown()
    running.http.server_close()
    assert (params.hostnames, params.port, params.api_keys) == (["127.0.0.1"], 0, ["k"])
    assert (params.n_parallel, params.n_ctx, params.cache_ram_mib, params.cache_idle_slots) == (1, 128, 0, False)


def test_ends_when_its_parent_is_another(order: dict[str, object]) -> None:
    run = subprocess.run(
        [sys.executable, "-I", server.__file__],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1 if sys.platform == "linux" else 0, "")


def test_ends_with_its_input(order: dict[str, object]) -> None:
    order["parent"] = os.getpid()
    run = subprocess.run(
        [sys.executable, "-I", server.__file__],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
