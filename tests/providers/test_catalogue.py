from __future__ import annotations

import re

import pytest

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.providers.catalogue import CATALOGUE, find_entry


def test_pieces_make_up_each_model() -> None:
    for entry in CATALOGUE:
        assert (entry.pieces - 1) * entry.piece_size < entry.size <= entry.pieces * entry.piece_size
        assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
        assert find_entry(entry.name) is entry


def test_an_unknown_model_is_told_from_the_known() -> None:
    with pytest.raises(ConfigError, match=r"no model 'gpt'; known: qwen2\.5-coder-1\.5b, qwen2\.5-coder-0\.5b"):
        find_entry("gpt")
