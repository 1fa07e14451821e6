from __future__ import annotations

import zoneinfo
from pathlib import Path

import pytest

from pytest_compiled_ai.policies.modules import ALLOWED
from pytest_compiled_ai.sandbox.worker import preload as module
from pytest_compiled_ai.sandbox.worker.preload import CODECS, MODULES, preload


def test_whatever_a_body_may_import_is_there() -> None:
    assert not set(ALLOWED) - set(MODULES)


def test_every_codec_exists() -> None:
    assert all("x".encode(name) or True for name in CODECS if name not in {"hex", "rot_13", "base64", "zlib", "quopri"})


def test_modules_that_this_python_lacks_are_left_out() -> None:
    preload(["no_such_module_anywhere", "json"])


def test_nothing_is_loaded_where_nothing_is_wanted(monkeypatch) -> None:
    monkeypatch.setattr(module, "_load_codecs", pytest.fail)
    preload([])


def test_time_zones_are_looked_for_in_each_folder(tmp_path) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").touch()
    (tmp_path / "leapseconds").touch()
    assert module._zone_keys([str(tmp_path / "absent"), str(tmp_path)]) == ["Europe/Berlin"]


def test_time_zones_come_from_the_package_where_the_system_has_none(tmp_path, monkeypatch) -> None:
    (tmp_path / "zones").write_text("UTC\nAsia/Tokyo\n")
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    assert module._zone_keys([]) == ["UTC", "Asia/Tokyo"]
    monkeypatch.setattr("importlib.resources.files", lambda package: Path("/no/such/folder"))
    assert module._zone_keys([]) == []


def test_files_that_are_no_zones_are_left_out(tmp_path, monkeypatch) -> None:
    (tmp_path / "Nonsense").write_text("no zone")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path),))
    module._load_zones()
    assert zoneinfo.__dict__["_kept"] == []
