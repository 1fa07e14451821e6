"""A project with a test of each shape: examples, rows, classes, an async stub, and a conftest that uses what it makes."""

from __future__ import annotations

from pathlib import Path

from plugin_projects import DOUBLE, make_settings

from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.testing import ScriptedProvider, fenced, write_project

SHAPES = '''
    import pytest

    from pytest_compiled_ai import spec


    @spec(
        isolation=None,
    )
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """


    @pytest.mark.parametrize("n", [1, 2])
    def test_double(n: int) -> None:
        assert double(n) == n + n


    class TestMore:
        def test_zero(self) -> None:
            assert double(0) == 0

        @pytest.mark.parametrize(("n", "twice"), [(5, 10)], ids=["five"])
        def test_rows(self, n: int, twice: int) -> None:
            assert double(n) == twice
    '''
WAITING = '''
    import asyncio

    from pytest_compiled_ai import spec


    @spec
    async def later(n: int) -> int:
        """Return a number, later.

        >>> asyncio.run(later(2))
        2
        """


    def test_later() -> None:
        assert asyncio.run(later(3)) == 3
    '''
CONFTEST = """
    import pytest

    from generated.shapes import double


    @pytest.fixture
    def eight() -> int:
        return double(4)
    """
USE = """
    from generated.shapes import double


    def test_use(eight: int) -> None:
        assert double(eight) == 16
    """
FILES = {
    "conftest.py": CONFTEST,
    "specs/shapes.py": SHAPES,
    "specs/waiting.py": WAITING,
    "tests/test_use.py": USE,
}
EXAMPLES = ("specs/shapes.py::double", "specs/waiting.py::later")
NODE_IDS = (
    "specs/shapes.py::double",
    "specs/shapes.py::test_double[1]",
    "specs/shapes.py::test_double[2]",
    "specs/shapes.py::TestMore::test_zero",
    "specs/shapes.py::TestMore::test_rows[five]",
    "specs/waiting.py::later",
    "specs/waiting.py::test_later",
    "tests/test_use.py::test_use",
)
LATER = fenced("async def later(n: int) -> int:\n    return n")


def write_shapes(root: Path, url: str = "http://127.0.0.1:9/v1") -> Path:
    """Write the project; nothing is compiled."""
    return write_project(root, {"pyproject.toml": make_settings(url), **FILES})


def compile_shapes(root: Path) -> Path:
    """Write the project's artifacts, from a script."""
    provider = ScriptedProvider(DOUBLE, LATER)
    log = root.with_name("shapes.log")
    with log.open("w", encoding="utf-8") as file:
        report = Compiler(Project(load_config(root)), lambda: (provider,), TerminalWatcher(file)).compile()
    assert not report.failed, log.read_text(encoding="utf-8")
    return root
