from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest
from compiled_projects import SETTINGS, states, tree, write_compiled

from pytest_compiled_ai.artifacts import plan
from pytest_compiled_ai.artifacts.staged import Staged, write_staged
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK, USAGE
from pytest_compiled_ai.errors import ConfigError

NUMBERS = '''
    """What numbers must do."""

    # ours
    from pytest_compiled_ai import spec
    from hypothesis import given, settings, strategies as st

    TWO = 2  # not part of a stub

    # doubling
    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """
        # a hint

    @spec(uses=[double])
    def quadruple(n: int) -> int:
        """Return four times a number.

        >>> quadruple(TWO)
        8
        """
        ...


    @settings(database=None)
    @given(st.integers())
    def test_double(n: int) -> None:
        assert double(n) == n + n  # by hypothesis


    def test_quadruple() -> None:
        assert quadruple(-1) == -4
    '''
NUMBERS_BODIES = '''

    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """
        return n * 2


    def quadruple(n: int) -> int:
        """Return four times a number.

        >>> quadruple(TWO)
        8
        """
        return double(double(n))  # twice
    '''
STACK = '''
    from pytest_compiled_ai import spec as compiled

    @compiled
    class Stack:
        """Hold numbers."""

        def __init__(self) -> None:
            self.items: list[int] = []

        def push(self, item: int) -> int:
            """Put a number on top, and return how many there are.

            >>> Stack().push(7)
            1
            """

    def test_push() -> None:
        stack = Stack()
        stack.push(3)
        assert stack.push(1) == 2
    '''
STACK_BODIES = '''

    class Stack:
        """Hold numbers."""

        def __init__(self) -> None:
            self.items: list[int] = []

        def push(self, item: int) -> int:
            """Put a number on top, and return how many there are.

            >>> Stack().push(7)
            1
            """
            self.items.append(item)
            return len(self.items)
    '''
FILES = {"specs/numbers.py": NUMBERS, "specs/stack.py": STACK}
BODIES = {"numbers": NUMBERS_BODIES, "stack": STACK_BODIES}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_compiled(tmp_path / "example", FILES, BODIES)
    monkeypatch.chdir(root)
    assert set(states(root).values()) == {"fresh"}
    return root


def eject(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    status = main(["eject", *flags])
    caught = capsys.readouterr()
    return status, caught.out + caught.err


def run_pytest(root: Path, *arguments: str) -> tuple[int, list[str], str]:
    """Run pytest in a process of its own, and return its status, what passed, and all that it said."""
    flags = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:asyncio", "-rA", "-q"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *flags, *arguments],
        cwd=root, capture_output=True, text=True, check=False, env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    passed = sorted(line.split()[1] for line in done.stdout.splitlines() if line.startswith("PASSED "))
    return done.returncode, passed, done.stdout + done.stderr


def test_the_same_tests_pass_without_the_plugin(project, capsys):
    status, before, said = run_pytest(project)
    assert status == OK, said
    (project / "src/generated/approvals.json").write_text("{}", encoding="utf-8")
    status, told = eject(capsys)
    assert status == OK, told
    assert not (project / ".compiled-ai").exists()
    assert [name for name in tree(project) if name.endswith(".json")] == []
    assert [name for name, text in tree(project).items() if b"compiled" in text] == []
    status, after, said = run_pytest(project, "-p", "no:compiled_ai")
    assert status == OK, said
    examples = {"specs/numbers.py::double", "specs/numbers.py::quadruple", "specs/stack.py::Stack.push"}
    assert {*after} == {*before} - examples
    assert {*before} > examples
    # What it says of the examples is right, too.
    assert "compiled-ai: the examples run by `pytest --doctest-modules src/generated`\n" in told
    assert "the examples of quadruple use TWO, which src/generated/numbers.py does not have: import it" in told
    status, passed, said = run_pytest(project, "-p", "no:compiled_ai", "--doctest-modules", "src/generated")
    assert passed == [
        "src/generated/numbers.py::generated.numbers.double", "src/generated/stack.py::generated.stack.Stack.push",
    ], said  # fmt: skip
    assert "NameError: name 'TWO' is not defined" in said


SETTINGS_AFTER = """
    [project]
    name = "example"
    version = "0"
    requires-python = ">=3.11"

    [tool.pytest.ini_options]
    python_files = ["test_*.py", "*_test.py", "specs/*.py"]
    pythonpath = ["src"]
"""


def test_what_becomes_of_each_file(project, capsys):
    before = tree(project)
    status, said = eject(capsys)
    assert status == OK
    after = tree(project)
    assert after.keys() == before.keys() - {f"src/generated/{name}.provenance.json" for name in BODIES} | {
        "specs/__init__.py"
    }
    assert after["pyproject.toml"].decode() == dedent(SETTINGS_AFTER).lstrip()
    assert after["src/generated/numbers.py"].decode() == (
        '"""The code that specs/numbers.py tests."""\n' + dedent(NUMBERS_BODIES)
    )
    assert after["src/generated/__init__.py"] == b'"""The code that the specs test."""\n'
    assert after["specs/__init__.py"] == b""
    wanted = (
        dedent(NUMBERS)
        .lstrip()
        .replace("from pytest_compiled_ai import spec\n", "from generated.numbers import double, quadruple\n")
    )
    start, end = wanted.index("@spec\n"), wanted.index("\n\n@settings")
    assert after["specs/numbers.py"].decode() == wanted[:start] + wanted[end:]
    assert after["specs/stack.py"].decode() == (
        "from generated.stack import Stack\n\n" + dedent(STACK)[dedent(STACK).index("def test_push") :]
    )
    assert said.splitlines()[:3] == [
        "changed src/generated/numbers.py", "changed src/generated/stack.py", "changed src/generated/__init__.py",
    ]  # fmt: skip


def test_a_dry_run_shows_it_and_writes_nothing(project, capsys):
    before = tree(project)
    status, said = eject(capsys, "--dry-run")
    assert status == OK
    assert tree(project) == before
    assert "+from generated.numbers import double, quadruple\n" in said
    assert "-[tool.compiled-ai]\n" in said
    assert "\nwould change specs/numbers.py\n" in said
    assert "\nwould remove src/generated/numbers.provenance.json\n" in said


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("src/generated/numbers.py", "n * 2", "n + n",
         "specs/numbers.py::double is edited, and eject wants every spec fresh"),
        ("specs/stack.py", "== 2", "== 2 or None", "specs/stack.py::Stack is stale, and eject wants every spec fresh"),
        ("specs/numbers.py", "def test_double", "def (", "is not valid Python: "),
        ("src/generated/stack.py", "specs/stack.py", "specs/stack.py", ""),
    ],
)  # fmt: skip
def test_what_is_not_fresh_stops_it(project, capsys, path, old, new, told):
    if not told:
        (project / "src/generated/old.py").write_text(
            "# Compiled from specs/old.py by pytest-compiled-ai.\n", encoding="utf-8"
        )
        told = "src/generated/old.py is orphaned: no spec stands behind it; run `compiled-ai prune`, then eject."
    text = (project / path).read_text(encoding="utf-8")
    (project / path).write_text(text.replace(old, new), encoding="utf-8")
    before = tree(project)
    status, said = eject(capsys)
    assert status == FAILED
    assert told in said
    assert tree(project) == before


def test_a_body_that_waits_for_a_review_stops_it(project, capsys):
    artifact = (project / "src/generated/stack.py").read_text(encoding="utf-8")
    write_staged(project, Staged(spec="specs/stack.py::Stack", replaces="", artifact=artifact, record={}))
    before = tree(project)
    status, said = eject(capsys)
    assert status == FAILED
    assert "specs/stack.py::Stack has a body that waits for a review; run `compiled-ai review`, then eject." in said
    assert tree(project) == before


def test_a_module_of_the_user_beside_them_stays_as_it_is(project, capsys):
    mine = [project / "src/generated/mine.py", project / "src/generated/__init__.py"]
    for path in mine:
        path.write_text("X = 1\n", encoding="utf-8")
    assert eject(capsys)[0] == OK
    assert [path.read_text(encoding="utf-8") for path in mine] == ["X = 1\n", "X = 1\n"]


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_git_must_be_able_to_bring_it_back(project, capsys):
    git("init")
    status, said = eject(capsys)
    assert status == USAGE
    assert "has changes that are not committed; commit them, or eject with --force." in said
    git("add", ".")
    git("commit", "-m", "all")
    Path("notes.txt").write_text("not touched", encoding="utf-8")
    spec = Path("specs/numbers.py")
    committed = spec.read_bytes()
    spec.write_bytes(committed + b"# more\n")
    before = tree(project)
    status, said = eject(capsys)
    assert status == USAGE
    assert "specs/numbers.py has changes that are not committed" in said
    assert tree(project) == before
    assert eject(capsys, "--force")[0] == OK
    git("checkout", ".")
    assert eject(capsys)[0] == OK


def test_without_git_nothing_is_asked_of_it(project, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(project))
    assert eject(capsys)[0] == OK


def test_a_write_that_fails_takes_back_those_before_it(project, capsys, monkeypatch):
    before, written = tree(project), []
    real = plan.write_atomically

    def write(path: Path, text: str) -> None:
        if path.name == "pyproject.toml":
            raise ConfigError(f"{path} cannot be written (No space left on device).")
        written.append(path)
        real(path, text)

    monkeypatch.setattr(plan, "write_atomically", write)
    status, said = eject(capsys)
    assert status == USAGE
    assert "No space left on device" in said
    assert project / "specs/__init__.py" in written
    assert tree(project) == before


def test_what_still_names_the_package_is_told(project, capsys):
    settings = Path("pyproject.toml")
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('version = "0"', 'version = "0"\ndependencies = ["pytest-compiled-ai"]'), encoding="utf-8"
    )
    Path("Makefile").write_text("all:\n\tpytest --compile-ai\n" + "\tcompiled-ai check\n" * 30, encoding="utf-8")
    status, said = eject(capsys)
    assert status == OK
    assert "compiled-ai: still names this package: Makefile:2: pytest --compile-ai\n" in said
    assert said.count("still names this package") == 20
    assert "compiled-ai: and 12 more lines\n" in said


def test_settings_of_pytest_that_are_elsewhere_are_told(project, capsys):
    Path("pytest.ini").write_text("[pytest]\npythonpath = src\n", encoding="utf-8")
    status, said = eject(capsys)
    assert status == OK
    assert 'compiled-ai: give pytest this setting: python_files = ["test_*.py", "*_test.py", "specs/*.py"]' in said
    assert "python_files" not in Path("pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "told"), [('python_files = ["check_*.py"]', True), ('python_files = "test_*.py specs/*.py"', False)]
)
def test_files_that_pytest_is_told_already_stay_as_they_are(project, capsys, line, told):
    settings = Path("pyproject.toml")
    text = settings.read_text(encoding="utf-8").replace("pythonpath", f"{line}\npythonpath")
    settings.write_text(text, encoding="utf-8")
    status, said = eject(capsys)
    assert status == OK
    assert ("give pytest this setting: python_files" in said) is told
    assert tomllib.loads(settings.read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]["python_files"]


def test_a_project_whose_folder_needs_no_path(tmp_path, monkeypatch, capsys):
    settings = SETTINGS.replace('specs = ["specs"]', 'specs = ["specs"]\ngenerated = "generated"')
    write_compiled(tmp_path, {"pyproject.toml": settings.replace('pythonpath = ["src"]', "addopts = []")}, {})
    monkeypatch.chdir(tmp_path)
    status, said = eject(capsys)
    assert status == OK
    assert "give pytest" not in said
    assert "the examples run by" not in said
    assert "pythonpath" not in Path("pyproject.toml").read_text(encoding="utf-8")
