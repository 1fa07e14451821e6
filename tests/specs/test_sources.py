from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.imports import bindings_of
from pytest_compiled_ai.specs.sources import Sources

SPEC = "from pytest_compiled_ai import spec\nRATE = 1\n@spec{}\ndef {}() -> int: ...\n"
FILES = {
    "specs/money.py": SPEC.format('(tests=["tests/unit/test_money.py"])', "parse"),
    "specs/billing/tax.py": SPEC.format("", "tax"),
    "src/app/__init__.py": """
        from .models import Money as Cash
        from .extra import *
        from . import tools
        from .loop import a
    """,
    "src/app/models.py": "class Money: ...\nother = 1\n",
    "src/app/extra.py": "from .deep.er import thing\nbonus = 1\n",
    "src/app/tools.py": "def tool(): ...\n",
    "src/app/loop.py": "from app import a\n",
    "src/app/deep/er.py": "thing = 1\n",
    "src/generated/money.py": "def parse(): return 'the artifact'\n",
    "src/generated/orphan.py": "def gone(): ...\n",
    "lib/extra_path.py": "found = 1\n",
    "top.py": "x = 1\n",
    "tests/unit/test_money.py": "",
    "tests/unit/beside.py": "y = 1\n",
    "json/data.txt": "",
    "both/data.txt": "",
    "src/both.py": "z = 1\n",
    "pyproject.toml": '[tool.compiled-ai]\n[tool.pytest.ini_options]\npythonpath = ["lib", "../outside"]\n',
}


def follow(
    project: Any, statement: str, attributes: Sequence[str] = (), *, inside: str = "specs/money.py"
) -> list[str]:
    made = project(FILES)
    sources = Sources(made.config, made.discover().files)
    node = ast.parse(statement).body[0]
    assert isinstance(node, ast.Import | ast.ImportFrom)
    found = sources.follow(bindings_of(node)[0], tuple(attributes), sources.file(made.root / inside))
    return [item.key for item in found]


@pytest.mark.parametrize(
    ("statement", "attributes", "expected"),
    [
        ("from app.models import Money", [], ["src/app/models.py::Money"]),
        ("from app import Cash", [], ["src/app/models.py::Money"]),
        ("from app import Cash", ["from_text"], ["src/app/models.py::Money"]),
        ("from app import bonus", [], ["src/app/extra.py::bonus"]),
        ("from app import thing", [], ["src/app/deep/er.py::thing"]),
        ("from app import tools", ["tool"], ["src/app/tools.py::tool"]),
        ("from app import models", ["Money"], ["src/app/models.py::Money"]),
        ("from app import models", [], ["src/app/models.py::Money", "src/app/models.py::other"]),
        ("import app", ["models", "Money"], ["src/app/models.py::Money"]),
        ("import app.models", ["models", "Money"], ["src/app/models.py::Money"]),
        ("import app.models as m", ["Money"], ["src/app/models.py::Money"]),
        ("import app.deep.er", ["deep", "er", "thing"], ["src/app/deep/er.py::thing"]),
        ("from app.models import *", ["Money"], ["src/app/models.py::Money"]),
        ("from app.deep import er", ["thing"], ["src/app/deep/er.py::thing"]),
        ("from app import a", [], []),
        ("from app import missing", [], []),
        ("import top", ["x"], ["top.py::x"]),
        ("import extra_path", ["found"], ["lib/extra_path.py::found"]),
        ("import beside", ["y"], ["tests/unit/beside.py::y"]),
        ("import both", ["z"], ["src/both.py::z"]),
        ("import json", ["loads"], []),
        ("import decimal", ["Decimal"], []),
        ("from decimal import Decimal", [], []),
    ],
)
def test_imports_lead_to_definitions(project: Any, statement: str, attributes: list[str], expected: list[str]) -> None:
    assert follow(project, statement, attributes) == expected


@pytest.mark.parametrize(
    ("statement", "attributes"),
    [
        ("from generated.money import parse", []),
        ("from generated import money", ["parse"]),
        ("import generated.money", ["money", "parse"]),
        ("import generated.money as m", ["parse"]),
        ("from src.generated.money import parse", []),
        ("from specs.money import parse", []),
        ("import specs", ["money", "parse"]),
    ],
)
def test_generated_modules_are_their_specs(project: Any, statement: str, attributes: list[str]) -> None:
    assert follow(project, statement, attributes) == ["specs/money.py::parse"]


def test_generated_modules_need_not_exist(project: Any) -> None:
    assert follow(project, "from generated.billing.tax import tax") == ["specs/billing/tax.py::tax"]
    assert follow(project, "from generated.money import RATE") == ["specs/money.py::RATE"]


def test_artifacts_without_a_spec_are_no_source(project: Any) -> None:
    assert follow(project, "from generated.orphan import gone") == []


@pytest.mark.parametrize(
    ("statement", "inside", "expected"),
    [
        ("from .models import Money", "src/app/tools.py", ["src/app/models.py::Money"]),
        ("from . import models", "src/app/__init__.py", ["src/app/models.py::Money", "src/app/models.py::other"]),
        ("from ..models import Money", "src/app/deep/er.py", ["src/app/models.py::Money"]),
        ("from .. import Cash", "src/app/deep/er.py", ["src/app/models.py::Money"]),
        ("from .....x import y", "src/app/deep/er.py", []),
        ("from ......................................x import y", "src/app/deep/er.py", []),
    ],
)
def test_relative_imports(project: Any, statement: str, inside: str, expected: list[str]) -> None:
    assert follow(project, statement, inside=inside) == expected


def test_pythonpath_may_be_one_string(project: Any) -> None:
    made = project({**FILES, "pyproject.toml": '[tool.compiled-ai]\n[tool.pytest]\npythonpath = "lib src"\n'})
    sources = Sources(made.config, ())
    assert sources.find("extra_path") is not None
    config = made.config
    (made.root / "pyproject.toml").unlink()
    assert Sources(config, ()).find("extra_path") is None


def test_a_generated_package_inside_a_package(project: Any) -> None:
    made = project({
        "pyproject.toml": '[tool.compiled-ai]\ngenerated = "app/generated"\n',
        "specs/a.py": SPEC.format("", "f"),
        "use.py": "from app.generated.a import f\n",
    })  # fmt: skip
    sources = Sources(made.config, made.discover().files)
    node = ast.parse("from app.generated.a import f").body[0]
    assert isinstance(node, ast.ImportFrom)
    found = sources.follow(bindings_of(node)[0], (), sources.file(made.root / "use.py"))
    assert [item.key for item in found] == ["specs/a.py::f"]


def test_files_are_parsed_once(project: Any) -> None:
    made = project(FILES)
    sources = Sources(made.config, ())
    assert sources.file(made.root / "top.py") is sources.file(made.root / "top.py")


def test_a_broken_project_file_is_named(project: Any) -> None:
    made = project({**FILES, "top.py": "x = = 1\n"})
    with pytest.raises(SpecError, match=r"^top\.py:1: is not valid Python: invalid syntax\.$"):
        Sources(made.config, ()).find("top")
