from __future__ import annotations

import pytest

from pytest_compiled_ai.gates.imports import Imports, find_declared
from pytest_compiled_ai.policies.policy import Policy

NUMPY = """
    import numpy as np
    from pytest_compiled_ai import spec

    @spec
    def f(n: int) -> int:
        ...
"""
ASKED = """
    from pytest_compiled_ai import spec

    @spec(imports=["numpy"])
    def f(n: int) -> int:
        ...
"""


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("import re\nreturn n", ""),
        ("import app.types\nreturn n", ""),
        ("return D(n)", "from decimal import Decimal as D\n"),
    ],
)
def test_the_standard_library_and_the_spec_s_imports_may_be_imported(cut, body, before):
    assert Imports(frozenset(), Policy()).check(*cut(body, before=before)).passed


@pytest.mark.parametrize("body", ["import numpy\nreturn n", "from numpy.linalg import norm\nreturn norm(n)"])
def test_a_declared_package_may_be_imported_in_all_its_parts_where_the_spec_imports_it(cut, body):
    gate = Imports(frozenset({"numpy"}), Policy())
    assert gate.check(*cut(body, spec=NUMPY)).passed
    assert not gate.check(*cut(body)).passed


@pytest.mark.parametrize(
    ("spec", "policy"), [(ASKED, Policy()), (NUMPY.replace("numpy", "re"), Policy(imports=("numpy",)))]
)
def test_what_the_spec_or_the_project_names_may_be_imported(cut, spec, policy):
    gate = Imports(frozenset(), policy)
    assert gate.check(*cut("import numpy.linalg\nreturn n", spec=spec)).passed
    assert not gate.check(*cut("import numpy2\nreturn n", spec=spec)).passed


@pytest.mark.parametrize(
    ("body", "before", "named"),
    [
        ("import numpy\nreturn n", "", "`numpy`"),
        ("from requests import get\nreturn n", "", "`requests`"),
        ("return get(n)", "from requests import get\n", "`requests`"),
        ("import app.secrets\nreturn n", "", "`app.secrets`"),
        ("from . import it\nreturn n", "", "a relative import"),
        ("from .types import Money\nreturn n", "", "a relative import"),
    ],
)
def test_any_other_import_is_refused(cut, body, before, named):
    verdict = Imports(frozenset(), Policy()).check(*cut(body, before=before))
    assert not verdict.passed
    assert verdict.message.startswith(named)


def test_declared_dependencies_are_known_by_their_import_names():
    installed = {
        "yaml": ["PyYAML"], "numpy": ["numpy"], "pytest": ["pytest"], "google": ["a-b", "Google.Auth"], "x": ["x"],
    }  # fmt: skip
    declared = find_declared(["pyyaml>=6 ; python_version > '3'", "pytest", "google_auth[fast]~=1", "gone"], installed)
    assert declared == {"yaml", "google"}
