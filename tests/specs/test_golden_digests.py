"""Digest `v1` is one and the same on every Python from 3.11: these values must never change."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import pytest_compiled_ai

FILES = {
    "specs/text.py": r'''
        from __future__ import annotations

        import functools
        from decimal import Decimal

        import pytest
        from hypothesis import given, strategies as st
        from pytest_compiled_ai import spec

        from app.kinds import Kind

        MARKS = {"a": 1, **{}, "é": b"\x00", 1.5e300: 2j, ...: None}


        @spec(isolation="sealed")
        @functools.cache
        def shout(text: str, /, *more: int, mark: str = "!", **rest: Kind) -> str:
            """Make it LOUD.

            >>> shout("a")
            'A!'
            >>> [shout(x) for x in MARKS]
            []
            """


        @spec(uses=[shout])
        async def whisper(text: str) -> str: ...


        @pytest.mark.parametrize("text", [f"{x!r:>{width}}{y=}" "z" for x in "ab" for width in (1, 2) for y in [0]])
        def test_shout(text: str, rates: list[int]) -> None:
            """Drop me."""
            match shout(text), rates:
                case [str() as first, [1, *others]] if first:
                    assert others
                case {"k": value, **extra} | {"k": value, "l": extra}:
                    assert value or extra
                case None | True | -1 | Kind.OTHER:
                    pass
            try:
                with open(text) as handle, handle as again:
                    del handle, (again)
            except* (ValueError, TypeError) as group:
                raise RuntimeError from group
            total = (lambda a, *b, c=1: a if c else b)(1)
            while (n := total) > 0 and not n % 2 or ~n:
                total -= n << 1
                break
            else:
                assert (yield_from := {k: v for k, v in MARKS.items()}) is not None


        class TestWhisper(object, metaclass=type):
            limit: int = 0xFF

            async def test_whisper(self) -> None:
                async with thing() as t:
                    async for x in t:
                        assert await whisper(x) == f"{x:{self.limit}}"

            @given(st.text())
            def test_any(self, text: str) -> None:
                assert text[1:2, ...] is not None
                nonlocal_free = [*text, *{1, 2}]
                global MARKS
                assert nonlocal_free


        def thing():
            yield 1
            yield from [2]
            return (await_ for await_ in "a")
    ''',
    "conftest.py": """
        import pytest


        @pytest.fixture(autouse=True, scope="session")
        def quiet():
            yield


        @pytest.fixture
        def rates(quiet):
            return [1, 2]
    """,
    "app/kinds.py": """
        import enum


        class Kind(enum.Enum):
            '''A kind.'''

            ONE = 1
            OTHER = 2
    """,
}  # fmt: skip

SCRIPT = """
import json, sys
from pathlib import Path
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.specs.digest import digest_of
from pytest_compiled_ai.specs.discover import discover
from pytest_compiled_ai.specs.graph import Graph
from pytest_compiled_ai.specs.namespace import namespace_of
from pytest_compiled_ai.specs.canonical import canonical, canonical_exact, hash_of
import ast
config = load_config(Path(sys.argv[1]))
files = discover(config).files
graph = Graph(config, files)
digests = {stub.name: digest_of(stub, file, graph) for file in files for stub in file.stubs}
library = [ast.parse(Path(name).read_bytes()) for name in sys.argv[2:]]
print(json.dumps({
    "values": {name: digest.value for name, digest in digests.items()},
    "parts": {name: digest.parts for name, digest in digests.items()},
    "library": [hash_of(canonical(tree)) + hash_of(canonical_exact(tree)) for tree in library],
    "headers": {stub.name: stub.header for file in files for stub in file.stubs},
    "constants": [item.name for file in files for item in namespace_of(file, file.stubs[0], files).constants],
    "modules": sorted(name for name in ("pytest", "hypothesis", "doctest", "unittest") if name in sys.modules),
}))
"""

GOLDEN = {
    "shout": "v1:c6fb7d2f3472ae09103865e2a0c3c38b",
    "whisper": "v1:fd7f4915131b1ba4cc2b9279d199c923",
}

SAMPLE = ("argparse", "dataclasses", "string", "textwrap", "asyncio/tasks", "typing", "statistics", "ast", "enum")


def pythons() -> list[str]:
    """Return this Python and, of each other minor version from 3.11 that pyenv has, one; the oldest first."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {sys.version_info.minor: sys.executable}
    for path in sorted(root.glob("3.*/bin/python")):
        version = re.match(r"3\.(\d+)\.\d+$", path.parent.parent.name)
        if version and int(version[1]) >= 11:
            found.setdefault(int(version[1]), str(path))
    return [found[minor] for minor in sorted(found)]


def run(python: str, project: Any, *library: str) -> dict[str, Any]:
    root = Path(pytest_compiled_ai.__file__).parents[1]
    start = f"import sys; sys.path.insert(0, {str(root)!r}); exec({SCRIPT!r})"
    command = [python, "-B", "-I", "-S", "-c", start, str(project.root), *library]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.fixture
def made(project: Any) -> Any:
    return project(FILES)


@pytest.mark.parametrize("python", pythons())
def test_digests_are_the_same_on_every_python_without_any_package(made: Any, python: str) -> None:
    answer = run(python, made)
    assert answer["values"] == GOLDEN
    assert answer["parts"] == {name: made.digest(name).parts for name in GOLDEN}


@pytest.mark.parametrize("python", pythons())
def test_discovery_imports_neither_pytest_nor_what_is_slow(made: Any, python: str) -> None:
    assert run(python, made)["modules"] == []


def test_the_standard_library_is_the_same_on_every_python(made: Any) -> None:
    where = [pythons()[0], "-I", "-S", "-c", "import os; print(os.path.dirname(os.__file__))"]
    folder = Path(subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip())
    answers = [run(python, made, *(str(folder / f"{name}.py") for name in SAMPLE))["library"] for python in pythons()]
    assert len(answers[0]) == len(SAMPLE)
    assert all(answer == answers[0] for answer in answers)


NEWER = """
    from pytest_compiled_ai import spec

    class Limit: ...

    type Amount[Unit] = dict[Unit, Other]
    type Plain = int
    Other = 1


    @spec
    def first[Item: int, *More, **Rest](items: list[Item]) -> Item:
        '''Take the first.'''


    def test_first[Item](x: Item = 1) -> None:
        value: Amount[Item] = first([1])
        assert f"{value!r:{'>'}{10}} {f'{x}'}"
"""


@pytest.mark.skipif(len(pythons()) < 2, reason="no Python from 3.12 on this machine")
def test_syntax_of_newer_pythons(project: Any) -> None:
    made = project({"specs/newer.py": NEWER})
    newer = [run(python, made) for python in pythons() if python != pythons()[0]]
    assert {answer["values"]["first"] for answer in newer} == {"v1:7b202e14fc059f6e5e7e2cac03ee9432"}
    assert newer[0]["headers"] == {"first": "def first[Item: int, *More, **Rest](items: list[Item]) -> Item:"}
    assert newer[0]["constants"] == ["Plain", "Other"]
    assert "data specs/newer.py::Other" in newer[0]["parts"]["first"]
