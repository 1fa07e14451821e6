from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_compiled_ai.specs.collection import tests_in as collected
from pytest_compiled_ai.specs.definitions import Module, split_module


def no_bases(node: ast.ClassDef, module: Module) -> Iterator[tuple[ast.ClassDef, Module]]:
    return iter(())


def names(code: str) -> list[str]:
    module = split_module(Path("/p/a.py"), "a.py", ast.parse(textwrap.dedent(code)))
    return [item.name for item in collected(module, (), no_bases)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def test_a(): ...\nasync def testing(): ...\ndef check(): ...", ["test_a", "testing"]),
        ("@pytest.fixture\ndef test_data(): ...", []),
        ("test_data = [1]", []),
        ("if x:\n    def test_a(): ...", ["test_a"]),
        ("class TestA:\n    def test_a(self): ...\n    def helper(self): ...\n    x = 1", ["TestA::test_a"]),
        ("class Other:\n    def test_a(self): ...", []),
        ("class TestA:\n    def __init__(self): ...\n    def test_a(self): ...", []),
        ("class TestA:\n    __test__ = False\n    def test_a(self): ...", []),
        ("class TestA:\n    __test__ = True\n    def test_a(self): ...", ["TestA::test_a"]),
        (
            "class TestA:\n    class TestB:\n        def test_b(self): ...\n    class C:\n        def test_c(s): ...",
            ["TestA::TestB::test_b"],
        ),
        ("class Money(unittest.TestCase):\n    def test_a(self): ...", ["Money::test_a"]),
        ("TestStack = StackMachine.TestCase", ["TestStack::runTest"]),
        ("TestStack = other", []),
        ("stack = StackMachine.TestCase", []),
        ("class TestA:\n    def test_a(self): ...\n    def test_a(self, x): ...", ["TestA::test_a"]),
    ],
)
def test_tests_of_a_file(code: str, expected: list[str]) -> None:
    assert names(code) == expected


def test_a_methods_definition_is_its_class_without_the_other_tests() -> None:
    code = """
@mark
class TestA(B):
    x = 1

    def setup_method(self):
        ...

    def test_a(self):
        ...
"""
    more = "    def test_b(self): ...\n    class TestC: ..."
    module = split_module(Path("/p/a.py"), "a.py", ast.parse(code + more))
    one, other = collected(module, (), no_bases)
    assert ast.unparse(one.nodes[0]) == code.strip()
    assert "test_a" not in ast.unparse(other.nodes[0])
    assert len(module.definitions["TestA"].nodes[0].body) == 5  # type: ignore[attr-defined]


PROJECT = {
    "specs/a.py": """
        import unittest
        import pytest
        from hypothesis.stateful import RuleBasedStateMachine, rule
        from pytest_compiled_ai import spec
        from tests.base import Base, TestTaken as TestOther, Unit, test_taken, test_fixture, TestTaken as Hidden, helper

        @spec
        def f(x: int) -> int:
            '''Do it.'''

        def make_base(): return object
        made = type("Made", (), {})
        def test_plain(): pass
        @pytest.mark.parametrize("x", [1, 2])
        def test_table(x): pass
        class TestGroup:
            def test_one(self): pass
            class TestInner:
                def test_two(self): pass
        class TestMade(made, make_base()):
            def test_own(self): pass
        class TestDerived(Base):
            def test_own(self): pass
        class Derived(Unit):
            def test_own(self): pass
        class Ignored(Base):
            pass
        class TestIgnored:
            def __init__(self): pass
            def test_x(self): pass
        class Machine(RuleBasedStateMachine):
            @rule()
            def step(self): pass
        TestMachine = Machine.TestCase
        test_data = [1]
    """,
    "tests/__init__.py": "",
    "tests/base.py": """
        import unittest
        import pytest
        from tests.root import Root

        class Base(Root):
            def test_base(self): pass
            def helper(self): pass
        def helper(): pass
        class TestTaken:
            def test_it(self): pass
        def test_taken(): pass
        @pytest.fixture
        def test_fixture(): pass
        class Unit(unittest.TestCase):
            def test_unit(self): pass
    """,
    "tests/root.py": "class Root:\n    def test_root(self): pass\n    def test_own(self): pass\n",
}


def test_pytest_collects_the_same(project: Any) -> None:
    made = project(PROJECT)
    made.write("run/pytest_compiled_ai.py", "def spec(function): return function\n")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:compiled_ai", "-p", "no:cacheprovider"]
    command += ["-p", "no:asyncio", "-p", "no:randomly", "-W", "ignore", "specs/a.py"]
    path = f"{made.root / 'run'}:{made.root}"
    run = subprocess.run(
        command, cwd=made.root, env={"PYTHONPATH": path, "PATH": ""}, capture_output=True, text=True, check=False
    )
    seen = {line.partition("[")[0] for line in run.stdout.splitlines() if "::" in line}
    assert run.returncode == 0, run.stdout
    assert set(made.tests("f")) == seen
