"""What every test needs: no reply that an earlier run was given."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    # No folder can be made there, so nothing is remembered.
    monkeypatch.setenv("COMPILED_AI_REPLIES", "/dev/null/replies")
