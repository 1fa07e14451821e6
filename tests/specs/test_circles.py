"""Circular imports between an artifact and the project."""

from pathlib import Path

import pytest

from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.specs.circles import find_circle
from pytest_compiled_ai.specs.discover import discover
from pytest_compiled_ai.specs.sources import Sources
from pytest_compiled_ai.testing import write_project

SPEC = """
from app.models import Money
from pytest_compiled_ai import spec

@spec
def double(money: Money) -> Money:
    '''>>> 1'''
"""


def circle_of(root: Path, files: dict[str, str]) -> tuple[str, ...] | None:
    write_project(root, {"specs/money.py": SPEC, **files})
    config = load_config(root)
    found = discover(config)
    return find_circle(found.files[0], ["app.models"], Sources(config, found.files))


@pytest.mark.parametrize(
    "line", ["from generated.money import double", "import generated.money", "from generated import money"]
)
def test_a_model_that_imports_the_artifact_is_a_circle(tmp_path: Path, line: str) -> None:
    assert circle_of(tmp_path, {"app/models.py": f"{line}\nclass Money: ...\n"}) == ("app.models", "generated.money")


def test_the_way_is_named_over_packages_and_relative_imports(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/models.py": "from .rates import rate\n",
        "app/rates.py": "import generated.money\n",
    }
    assert circle_of(tmp_path, files) == ("app.models", "app.rates", "generated.money")


def test_an_import_that_leads_out_of_the_project_is_no_circle(tmp_path: Path) -> None:
    assert circle_of(tmp_path, {"app/models.py": "from ... import double\nclass Money: ...\n"}) is None


def test_other_generated_modules_and_plain_modules_are_no_circle(tmp_path: Path) -> None:
    files = {
        "app/models.py": "import decimal\nfrom app import models\nfrom generated.other import one\n",
        "specs/other.py": SPEC.replace("double", "one").replace("app.models", "app.plain"),
    }
    assert circle_of(tmp_path, files) is None
