from __future__ import annotations

from typing import Any

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.discover import read_spec_file

STUB = 'from pytest_compiled_ai import spec\n\n@spec\ndef {name}(x: int) -> int:\n    """Do it."""\n'


def test_files_are_found_below_the_folder_in_order(project: Any) -> None:
    made = project({
        "specs/b.py": STUB.format(name="b"),
        "specs/a/deep.py": STUB.format(name="deep"),
        "specs/a/__init__.py": STUB.format(name="no"),
        "specs/conftest.py": STUB.format(name="no"),
        "specs/.hidden/c.py": STUB.format(name="no"),
        "specs/__pycache__/c.py": STUB.format(name="no"),
        "specs/ordinary.py": "from pytest_compiled_ai import spec\n",
        "specs/broken_but_not_ours.py": "def",
        "specs/notes.txt": "spec",
    })  # fmt: skip
    found = made.discover()
    assert found.problems == ()
    assert [file.relative for file in found.files] == ["specs/a/deep.py", "specs/b.py"]
    deep = found.files[0]
    assert (deep.module, deep.target_module) == ("specs.a.deep", "generated.a.deep")
    assert deep.target == made.root / "src/generated/a/deep.py"
    assert [stub.id for stub in deep.stubs] == ["specs/a/deep.py::deep"]


def test_no_folder_no_specs(project: Any) -> None:
    found = project({}).discover()
    assert (found.files, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("entry", "path", "target"),
    [
        ("app/shop/*", "app/shop/money.py", "app/generated/money.py"),
        ("app/*/specs", "app/shop/specs/money.py", "app/generated/shop/specs/money.py"),
        ("app/**/*_spec.py", "app/shop/money_spec.py", "app/generated/shop/money_spec.py"),
        ("money.py", "money.py", "app/generated/money.py"),
        ("app/money.py", "app/money.py", "app/generated/money.py"),
    ],
)
def test_globs_count_from_their_leading_folder(project: Any, entry: str, path: str, target: str) -> None:
    toml = f'[tool.compiled-ai]\nspecs = ["{entry}"]\ngenerated = "app/generated"\n'
    made = project(
        {
            "pyproject.toml": toml,
            path: STUB.format(name="f"),
            "app/shop/notes.txt": "",
            "app/generated/x.py": STUB.format(name="g"),
        }
    )
    found = made.discover()
    assert found.problems == ()
    assert [file.target for file in found.files] == [made.root / target]
    assert found.files[0].target_module == target.removesuffix(".py").replace("/", ".")


def test_a_file_that_two_entries_name_is_read_once(project: Any) -> None:
    toml = '[tool.compiled-ai]\nspecs = ["specs", "specs/*.py"]\n'
    assert len(project({"pyproject.toml": toml, "specs/a.py": STUB.format(name="f")}).discover().files) == 1


def test_one_bad_file_does_not_hide_the_others(project: Any) -> None:
    made = project({"specs/bad.py": "import pytest_compiled_ai\nx = = 1\n", "specs/good.py": STUB.format(name="f")})
    found = made.discover()
    assert [file.relative for file in found.files] == ["specs/good.py"]
    assert [(problem.path, problem.line) for problem in found.problems] == [(made.root / "specs/bad.py", 2)]
    assert found.problems[0].message == "specs/bad.py:2: is not valid Python: invalid syntax."


def test_two_files_with_one_artifact_are_a_problem(project: Any) -> None:
    made = project({
        "pyproject.toml": '[tool.compiled-ai]\nspecs = ["one", "two"]\n',
        "one/money.py": STUB.format(name="f"),
        "two/money.py": STUB.format(name="f"),
    })  # fmt: skip
    assert [file.relative for file in made.discover().files] == ["one/money.py"]
    assert made.messages() == [
        "two/money.py:1: its artifact would be generated.money, which is one/money.py's already; rename one."
    ]


@pytest.mark.parametrize("name", ["two-words", "class", "2nd"])
def test_names_that_cannot_be_imported_are_a_problem(project: Any, name: str) -> None:
    made = project({f"specs/{name}.py": STUB.format(name="f")})
    assert made.messages() == [f"specs/{name}.py:1: '{name}' is no Python name, so it cannot be imported; rename it."]


def test_uses_of_what_is_not_there_is_a_problem(project: Any) -> None:
    text = 'from pytest_compiled_ai import spec\n\n@spec(uses=["{uses}"])\ndef f() -> int: ...\n'
    made = project({
        "specs/a.py": text.format(uses="b.g"),
        "specs/b.py": STUB.format(name="h"),
        "specs/c.py": text.format(uses="bad.g"),
        "specs/bad.py": "import pytest_compiled_ai\n=",
    })  # fmt: skip
    assert [file.relative for file in made.discover().files] == ["specs/b.py"]
    assert made.messages()[1:] == [
        "specs/a.py:4: f uses 'specs/b.py::g': specs/b.py holds no such stub.",
        "specs/c.py:4: f uses 'specs/bad.py::g': specs/bad.py has a problem of its own.",
    ]


def test_one_file_can_be_read_alone(project: Any) -> None:
    made = project(
        {"specs/a.py": STUB.format(name="f"), "specs/plain-name.py": "x = 1\n", "other/a.py": STUB.format(name="f")}
    )
    assert [stub.name for stub in read_spec_file(made.root / "specs/a.py", made.config).stubs] == ["f"]
    assert read_spec_file(made.root / "specs/plain-name.py", made.config).stubs == ()
    with pytest.raises(SpecError, match=r"^other/a\.py:1: lies outside the spec folders: specs\.$"):
        read_spec_file(made.root / "other/a.py", made.config)
