from __future__ import annotations

import subprocess
import sys
from importlib.machinery import BuiltinImporter
from types import SimpleNamespace

import pytest
from hypothesis import settings

from pytest_compiled_ai.sandbox.suite.repeatable import PROFILE, ProfileOnImport, load_profile, quieten


def test_options_that_are_there_are_turned_off() -> None:
    option = SimpleNamespace(numprocesses=2, dist="load", tx=["popen"], no_cov=False, verbose=2)
    quieten(SimpleNamespace(option=option))
    assert option == SimpleNamespace(numprocesses=None, dist="no", tx=[], no_cov=True, verbose=2)


@pytest.fixture
def _own_profile():
    before = settings.get_current_profile_name()
    yield
    settings.load_profile(before)


@pytest.mark.usefixtures("_own_profile")
def test_the_profile_keeps_what_the_project_has_set() -> None:
    settings.register_profile("project", max_examples=7, derandomize=False, deadline=3)
    settings.load_profile("project")
    load_profile()
    assert settings.get_current_profile_name() == PROFILE
    current = settings()
    assert (current.max_examples, current.derandomize, current.deadline, current.database) == (7, True, None, None)


def test_the_profile_is_there_when_hypothesis_is_and_not_before() -> None:
    code = """
import sys
from pytest_compiled_ai.sandbox.suite.repeatable import ProfileOnImport
sys.meta_path.insert(0, ProfileOnImport())
import json
assert "hypothesis" not in sys.modules
import hypothesis
assert not any(isinstance(finder, ProfileOnImport) for finder in sys.meta_path)
assert hypothesis.__loader__ is hypothesis.__spec__.loader
print(hypothesis.settings.get_current_profile_name(), type(hypothesis.__loader__).__name__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [PROFILE, "SourceFileLoader"]


def test_a_project_without_hypothesis_is_left_alone(monkeypatch) -> None:
    finder = ProfileOnImport()
    monkeypatch.setattr(sys, "meta_path", [finder, BuiltinImporter])
    monkeypatch.delitem(sys.modules, "hypothesis")
    assert finder.find_spec("json") is None
    assert finder.find_spec("hypothesis") is None
    assert sys.meta_path == [BuiltinImporter]
