from __future__ import annotations

import importlib.machinery
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.other_projects import put_back, set_aside

OUTER, INNER = Path("/outer"), Path("/outer/tests/inner")
CONFIG = Config(root=INNER, specs=("wants", "*/later.py"), generated="src/bound")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Return what stands in for `sys.modules`."""
    monkeypatch.setattr(sys, "modules", made := dict(sys.modules))
    return made


def make_module(name: str, origin: Path | None, *folders: Path) -> ModuleType:
    module = ModuleType(name)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None, origin=None if origin is None else str(origin))
    if folders:
        module.__spec__.submodule_search_locations = [str(folder) for folder in folders]
    return module


def test_what_the_outer_project_imported_is_set_aside_until_the_inner_one_is_done(table: dict[str, ModuleType]) -> None:
    outer = {
        "wants": make_module("wants", None, OUTER / "wants"),
        "wants.number": make_module("wants.number", OUTER / "wants/number.py"),
        "bound.number": make_module("bound.number", OUTER / "src/bound/number.py"),
    }
    kept = {
        "bound": make_module("bound", INNER / "src/bound/__init__.py", INNER / "src/bound"),
        "bound.made": ModuleType("bound.made"),
        "wants.elsewhere": make_module("wants.elsewhere", Path("/site/wants/elsewhere.py")),
        "wantsmore": make_module("wantsmore", OUTER / "wantsmore.py"),
        "other": make_module("other", OUTER / "other.py"),
    }
    table.update(outer | kept)
    modules = set_aside(CONFIG, [OUTER])
    assert modules == outer
    assert {name: table[name] for name in kept} == kept
    assert not set(outer) & set(table)
    table["wants.number"] = table["wants.new"] = ModuleType("inner")
    put_back(CONFIG, modules)
    assert {name: table[name] for name in outer} == outer
    assert "wants.new" not in table
    assert table["other"] is kept["other"]


def test_where_nothing_was_set_aside_all_stays(table: dict[str, ModuleType]) -> None:
    table["wants.number"] = module = make_module("wants.number", INNER / "wants/number.py")
    assert set_aside(CONFIG, [OUTER]) == {}
    put_back(CONFIG, {})
    assert table["wants.number"] is module
