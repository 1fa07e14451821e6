from __future__ import annotations

import ast
from typing import Any

import pytest

from pytest_compiled_ai.specs.options import data_globs

FILES = {
    "specs/rates.py": "from pytest_compiled_ai import spec\n@spec\ndef rate() -> int: ...\n",
    "specs/billing/tax.py": "from pytest_compiled_ai import spec\n@spec\ndef tax() -> int: ...\n",
    "tests/test_a.py": "",
}


def write(project: Any, decorator: str, imports: str = "") -> Any:
    text = f"from pytest_compiled_ai import spec\n{imports}\n@{decorator}\ndef f() -> int: ...\n"
    return project({**FILES, "specs/a.py": text + "\n@spec\ndef g() -> int: ...\n"})


def test_all_options(project: Any) -> None:
    made = write(
        project, 'spec(tests=["tests/test_a.py"], uses=(g,), isolation="jailed", imports=["numpy", "os.path"])'
    )
    options = made.stub("f")[1].options
    assert options.imports == ("numpy", "os.path")
    assert (options.tests, options.uses, options.isolation) == (("tests/test_a.py",), ("specs/a.py::g",), "jailed")


def test_no_options(project: Any) -> None:
    options = write(project, "spec(isolation=None)").stub("f")[1].options
    assert (options.tests, options.uses, options.isolation) == ((), (), None)


def test_what_says_how_good_is_good_enough(project: Any) -> None:
    options = write(project, 'spec(golden="tests/*.py", metric="exact", threshold=1)').stub("f")[1].options
    assert (options.golden, options.metric, options.threshold) == (("tests/test_a.py",), "exact", 1.0)
    assert write(project, "spec").stub("f")[1].options.threshold is None


@pytest.mark.parametrize(
    ("decorator", "globs"),
    [
        ("spec", ()),
        ("spec()", ()),
        ('spec(tests=["tests/test_a.py"], metric="exact")', ()),
        ('spec(depends=["z/*.json", "a.csv"], golden="rows/*.jsonl")', ("a.csv", "rows/*.jsonl", "z/*.json")),
        ('spec(depends=("a.csv", "a.csv"))', ("a.csv",)),
    ],
)
def test_the_globs_of_data_are_told_as_they_are_written(decorator: str, globs: tuple[str, ...]) -> None:
    assert data_globs(ast.parse(decorator, mode="eval").body) == globs


@pytest.mark.parametrize(
    ("imports", "used"),
    [
        ("from specs.rates import rate", "rate"),
        ("from generated.rates import rate", "rate"),
        ("from generated.rates import rate as r", "r"),
        ("from .rates import rate", "rate"),
        ("from generated import rates", "rates.rate"),
        ("import generated.rates", "generated.rates.rate"),
        ("import specs.rates as r", "r.rate"),
        ("", '"rates.rate"'),
        ("", '"specs.rates.rate"'),
        ("", '"generated.rates.rate"'),
    ],
)
def test_uses_name_stubs_of_other_files(project: Any, imports: str, used: str) -> None:
    made = write(project, f"spec(uses=[{used}])", imports)
    assert made.messages() == []
    assert made.stub("f")[1].options.uses == ("specs/rates.py::rate",)


def test_uses_reach_into_folders(project: Any) -> None:
    made = write(project, 'spec(uses=["billing.tax.tax", "g"])')
    assert made.stub("f")[1].options.uses == ("specs/billing/tax.py::tax", "specs/a.py::g")


def test_uses_at_the_root(project: Any) -> None:
    stub = "from pytest_compiled_ai import spec\n@spec{}\ndef {}() -> int: ...\n"
    made = project({
        "pyproject.toml": '[tool.compiled-ai]\nspecs = ["*.py"]\n',
        "a.py": stub.format('(uses=["b.g"])', "f"),
        "b.py": stub.format("", "g"),
    })  # fmt: skip
    assert made.stub("f")[1].options.uses == ("b.py::g",)


NEITHER = "which is neither a stub of this file nor one that another spec file could hold"
THRESHOLD = "threshold must be written as a number from 0 to 1"


@pytest.mark.parametrize(
    ("decorator", "message"),
    [
        (
            "spec(1)",
            "@spec takes keywords only: tests, uses, isolation, imports, depends, template, policies, golden, metric, threshold, runtime_model.",
        ),
        (
            "spec(test=[])",
            "@spec has no option 'test'; known: tests, uses, isolation, imports, depends, template, policies, golden, metric, threshold, runtime_model.",
        ),
        (
            "spec(**more)",
            "@spec has no option '**'; known: tests, uses, isolation, imports, depends, template, policies, golden, metric, threshold, runtime_model.",
        ),
        ('spec(tests="a.py")', "@spec(tests=[...]) must be written as a list."),
        ("spec(uses=g)", "@spec(uses=[...]) must be written as a list."),
        ("spec(tests=[name])", "tests must be file names written as strings, relative to the project's root."),
        ('spec(tests=["no.py"])', "tests names 'no.py', which is no file below the project's root."),
        ('spec(tests=["tests"])', "tests names 'tests', which is no file below the project's root."),
        ('spec(tests=["../a.py"])', "tests names '../a.py', which is no file below the project's root."),
        ("spec(uses=[1])", 'uses must hold stubs\' names, as in uses=[rate] or uses=["rates.rate"].'),
        ("spec(uses=[g()])", 'uses must hold stubs\' names, as in uses=[rate] or uses=["rates.rate"].'),
        ("spec(uses=[other])", f"uses names 'other', {NEITHER}; import it, or write \"module.name\"."),
        ('spec(uses=["no.rate"])', f"uses names 'no.rate', {NEITHER}; import it, or write \"module.name\"."),
        ('spec(isolation="open")', "isolation must be 'sealed' or 'jailed', written as a string."),
        ("spec(imports=[numpy])", 'imports must be modules written as strings, as in imports=["numpy"].'),
        ('spec(imports=["a b"])', 'imports must be modules written as strings, as in imports=["numpy"].'),
        ('spec(imports="numpy")', "@spec(imports=[...]) must be written as a list."),
        ("spec(template=1)", "template must be written as a string."),
        ('spec(template="")', "template must be written as a string."),
        ("spec(policies=[1])", "policies must be written as a string."),
        ("spec(metric=exact)", "metric must be written as a string."),
        ('spec(threshold="high")', f"{THRESHOLD}."),
        ("spec(threshold=True)", f"{THRESHOLD}."),
        ("spec(threshold=least)", f"{THRESHOLD}."),
        ("spec(threshold=1.5)", f"{THRESHOLD}."),
        ("spec(threshold=-0.5)", f"{THRESHOLD}."),
        ("spec(golden=1)", 'golden must be a glob written as a string, as in golden="data/*.jsonl".'),
        ('spec(golden=["a.jsonl"])', 'golden must be a glob written as a string, as in golden="data/*.jsonl".'),
        ('spec(golden="*.jsonl")', "golden names '*.jsonl', which fits no file below the project's root."),
        ("spec(isolation=level)", "isolation must be 'sealed' or 'jailed', written as a string."),
        ('spec(depends="a.json")', "@spec(depends=[...]) must be written as a list."),
        ("spec(depends=[1])", 'depends must be globs written as strings, as in depends=["data/*.json"].'),
        ('spec(depends=["*.csv"])', "depends names '*.csv', which fits no file below the project's root."),
        ('spec(depends=["../a.py"])', "depends names '../a.py', which fits no file below the project's root."),
    ],
)
def test_mistakes(project: Any, decorator: str, message: str) -> None:
    assert write(project, decorator).messages() == [f"specs/a.py:3: {message}"]


def test_imports_from_elsewhere_are_no_stubs(project: Any) -> None:
    for imports in ("from decimal import Decimal", "from ....far import Decimal", "from tests.test_a import Decimal"):
        made = write(project, "spec(uses=[Decimal])", imports)
        assert made.messages()[0].startswith("specs/a.py:3: uses names 'Decimal', which is neither")
