from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from pytest_compiled_ai.policies.api import is_standard, public_names
from pytest_compiled_ai.policies.modules import ALLOWED, OUTSIDE, WITHHELD


@pytest.mark.parametrize("module", sorted(ALLOWED))
def test_every_allowed_module_is_standard_and_shows_no_other_module(module):
    assert is_standard(module)
    names = public_names(module)
    assert names
    found = importlib.import_module(module)
    assert not [name for name in names if isinstance(getattr(found, name, None), ModuleType)]
    assert not names & WITHHELD.get(module, frozenset())
    assert not [name for name in names if name.startswith("_")]


def test_what_is_withheld_belongs_to_a_module_that_is_allowed_whole():
    assert all(module in ALLOWED and not ALLOWED[module] for module in WITHHELD)


def test_no_module_that_reaches_out_is_allowed_whole():
    assert not [module for module in ALLOWED if module in OUTSIDE and not ALLOWED[module]]


@pytest.mark.parametrize(
    ("module", "present", "absent"),
    [
        ("hmac", "compare_digest", "trans_37"),
        ("bisect", "insort", "_bisect"),
        ("ipaddress", "ip_address", "functools"),
        ("ast", "literal_eval", "IntEnum"),
        ("decimal", "localcontext", "getcontext"),
        ("gzip", "decompress", "open"),
        ("os", "getcwd", "path"),
    ],
)
def test_a_module_s_api_is_its_own_public_names(module, present, absent):
    assert present in public_names(module)
    assert absent not in public_names(module)


def test_a_module_that_is_not_there_has_no_api():
    assert public_names("json.nothing") == frozenset()
