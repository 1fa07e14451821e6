"""What every test needs: no reply that an earlier run was given; and the doubles that many take."""

from __future__ import annotations

import pytest
from doubles import NoMypy

from pytest_compiled_ai.compiler import workshop


@pytest.fixture(autouse=True)
def _no_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    # No folder can be made there, so nothing is remembered.
    monkeypatch.setenv("COMPILED_AI_REPLIES", "/dev/null/replies")
    monkeypatch.setenv("COMPILED_AI_CHECKED", "/dev/null/checked")


@pytest.fixture
def untyped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal and jail as always, but without mypy, which takes longer than all the rest."""
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
