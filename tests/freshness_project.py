"""A compiled project for the table of docs/freshness.md: three specs, and all that one of them can depend on.

Needs the standard library alone: the table is made by every Python of the machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pytest_compiled_ai.artifacts.module import ArtifactModule, Section, parse_module, render_module
from pytest_compiled_ai.artifacts.provenance import record_path, render_records
from pytest_compiled_ai.compiler.project import Project, hash_section
from pytest_compiled_ai.config import load_config

FILES = {
    "pyproject.toml": """\
[project]
name = "shop"
version = "1"
dependencies = ["babel==2.16"]

[tool.compiled-ai]
specs = ["specs"]
attempts = 8

[tool.pytest.ini_options]
pythonpath = ["src"]
""",
    "specs/__init__.py": "",
    "specs/rates.py": '''\
from pytest_compiled_ai import spec


@spec
def rate(country: str) -> int:
    """Return a country's tax in percent."""


def test_rate() -> None:
    assert rate("DE") == 19
''',
    "specs/prices.py": '''\
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_compiled_ai import spec

from app.checks import check_price
from app.models import Money
from specs.rates import rate

CENT = Decimal("0.01")
CASES = [("1.00", "1.19"), ("2.00", "2.38")]
LABELS = ("net", "gross")
UNUSED = 1


@spec(uses=[rate], tests=["tests/test_shop.py"], depends=["data/*.json"])
def price(net: Money, percent: int = 19) -> Money:
    """Return a net price with tax, rounded to CENT.

    >>> price(Money("1.00")).text
    '1.19'
    """


@spec
def label(gross: bool) -> str:
    """Return one of LABELS."""


@pytest.mark.parametrize(("net", "gross"), CASES)
def test_cases(net: str, gross: str) -> None:
    expected = Money(gross)
    check_price(price(Money(net)), expected)


@given(st.integers(0, 100))
def test_nothing_costs_nothing(percent: int) -> None:
    assert price(Money("0"), percent) == Money("0")


def test_label() -> None:
    assert label(True) == "gross"
''',
    "tests/test_shop.py": """\
from app.models import Money
from generated.prices import price


def test_all(shop: list[str]) -> None:
    for text in shop:
        assert price(Money(text)).text >= text
""",
    "tests/test_other.py": "def test_other() -> None:\n    assert 1\n",
    "tests/conftest.py": """\
import pytest


@pytest.fixture
def shop(catalogue: list[str]) -> list[str]:
    return sorted(catalogue)


@pytest.fixture
def stock() -> int:
    return 1
""",
    "conftest.py": """\
import pytest


@pytest.fixture
def catalogue() -> list[str]:
    return ["1.00", "2.00"]


@pytest.fixture(autouse=True)
def quiet() -> None:
    print("quiet")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow")
""",
    "app/__init__.py": "",
    "app/checks.py": '''\
from app.models import Money


def check_price(got: Money, expected: Money) -> None:
    """Compare."""
    difference = ratio(got, expected)
    assert difference == 1


def ratio(a: Money, b: Money) -> float:
    return float(a.text) / float(b.text)


def check_stock(count: int) -> None:
    assert count > 0
''',
    "app/models.py": '''\
DIGITS = 2


class Base:
    def __init__(self, text: str) -> None:
        self.text = text


class Money(Base):
    """Money."""

    def rounded(self) -> str:
        return self.text[:DIGITS]


class Weight(Base):
    unit = "kg"
''',
    "data/rates.json": '{"DE": 19}\n',
    "data/countries.json": '["DE"]\n',
    "data/names.csv": "DE;Germany\n",
    "README.md": "# Shop\n",
}

BODIES = {
    "specs/rates.py": {"rate": "def rate(country: str) -> int:\n    return 19\n"},
    "specs/prices.py": {
        "price": (
            'def price(net: "Money", percent: int = 19) -> "Money":\n'
            "    gross = net\n"
            '    return gross or "none"\n'
        ),
        "label": 'def label(gross: bool) -> str:\n    return "gross" if gross else "net"\n',
    },
}  # fmt: skip


def make_project(root: Path) -> None:
    """Write the project as if all of its specs were compiled just now."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    (root / "src" / "generated").mkdir(parents=True)
    (root / "src" / "generated" / "__init__.py").touch()
    project = Project(load_config(root))
    for file in project.files:
        sections, records = [], {}
        for stub in file.stubs:
            digest = project.standing(file, stub).digest
            section = stamp(BODIES[file.relative][stub.name], digest.value)
            sections.append(section)
            records[stub.name] = {"digest": digest.value, "body_hash": section.body_hash, "inputs": digest.parts}
        module = ArtifactModule(spec_path=file.relative, constants={}, sections=tuple(sections))
        file.target.write_text(render_module(module), encoding="utf-8")
        record_path(file.target).write_text(render_records(records), encoding="utf-8")


def copy_project(made: Path, root: Path) -> None:
    """Put an unedited copy of a project in the place of `root`."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(made, root)


def stamp(text: str, digest: str) -> Section:
    """Return a body with the stamp that a compile would give it."""
    module = parse_module(text, "")
    return Section(
        name=module.sections[0].name,
        text=text,
        digest=digest,
        body_hash=hash_section(module, module.sections[0]),
    )
