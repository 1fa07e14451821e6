"""`compiled-ai init`: the folders, the settings, and a first spec; nothing that is there is changed."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pytest_compiled_ai.artifacts.plan import write_atomically
from pytest_compiled_ai.commands.base import OK, take_nothing
from pytest_compiled_ai.errors import ConfigError

_TABLES = {
    "compiled-ai": '[tool.compiled-ai]\nspecs = ["specs"]\ngenerated = "src/generated"\n',
    "pytest": '[tool.pytest.ini_options]\ntestpaths = ["specs", "tests"]\npythonpath = ["src"]\n',
    "mypy": '[[tool.mypy.overrides]]\nmodule = ["specs.*"]\ndisable_error_code = ["empty-body"]\n',
}
_EXAMPLE = '''# specs/names.py
from pytest_compiled_ai import spec


@spec
def initials(name: str) -> str:
    """Return the first letter of each word of a name, in upper case, with nothing between them.

    >>> initials("ada lovelace")
    'AL'
    """


def test_white_space_is_ignored() -> None:
    assert initials("  grace   brewster hopper ") == "GBH"


def test_no_name_has_no_initials() -> None:
    assert initials("") == ""
'''


declare = take_nothing


def run(_: argparse.Namespace) -> int:
    """Make the current folder ready."""
    for line in init_project(Path.cwd()):
        print(line)
    return OK


def init_project(root: Path) -> Iterator[str]:
    """Make `root` ready, yielding a line for each thing done or left to the user.

    Raises:
        ConfigError: pyproject.toml is not valid, or cannot be written.
    """
    yield from _write_settings(root / "pyproject.toml")
    if (root / "specs").is_dir():
        yield "specs/ is there already"
    else:
        write_atomically(root / "specs" / "__init__.py", "")
        write_atomically(root / "specs" / "names.py", _EXAMPLE)
        yield "wrote specs/names.py, a first spec"
    yield "next: `compiled-ai model prepare` once (or name an endpoint, see the README), then `pytest --compile-ai`"


def _write_settings(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        tools = tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML ({error}); mend it, then run `compiled-ai init` again.") from None
    missing = [name for name in _TABLES if name not in tools]
    if "mypy" in tools:
        yield 'pyproject.toml has [tool.mypy]: for `specs.*` add disable_error_code = ["empty-body"] in an override'
    if "pytest" in tools and "src" not in str(tools["pytest"]):
        yield 'pyproject.toml has pytest settings: add pythonpath = ["src"], and "specs" to testpaths if that is set'
    if missing:
        blocks = [text.rstrip("\n"), *(_TABLES[name].rstrip("\n") for name in missing)]
        write_atomically(path, "\n\n".join(block for block in blocks if block) + "\n")
        yield f"wrote {', '.join(f'[tool.{name}]' for name in missing)} to pyproject.toml"
