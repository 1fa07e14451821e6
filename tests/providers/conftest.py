from __future__ import annotations

import shutil
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from loopback import Handler, Stage
from tiny_models import CONTENT, make_entry

from pytest_compiled_ai.providers import catalogue, model_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_compiled_ai.providers.catalogue import Entry


class QuietServer(ThreadingHTTPServer):
    """Says nothing about clients that hang up, which is what some tests are about."""

    def handle_error(self, *args: object) -> None:
        pass


@pytest.fixture
def stage() -> Iterator[Stage]:
    play = Stage()
    server = QuietServer(("127.0.0.1", 0), type("Player", (Handler,), {"stage": play}))
    play.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield play
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep models in a folder of the test's own."""
    folder = tmp_path / "models"
    monkeypatch.setenv(model_files.FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def entry(models: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """A tiny model in three pieces, alone in the catalogue."""
    tiny = make_entry("tiny", CONTENT)
    for module in (catalogue, model_files):
        monkeypatch.setattr(module, "CATALOGUE", (tiny,))
    monkeypatch.setattr(model_files, "DEFAULT", tiny)
    return tiny


@pytest.fixture
def llama(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a fake xllamacpp in the place of the real one; return its model file, which is its plan."""
    package = tmp_path / "site" / "xllamacpp"
    package.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("fake_llama.py"), package / "__init__.py")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)
    plan = tmp_path / "model.gguf"
    plan.write_text("{}", encoding="utf-8")
    return plan
