from __future__ import annotations

import importlib
import inspect
import sys

import pytest

from pytest_compiled_ai import binding
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import NotCompiledError
from pytest_compiled_ai.finder import Finder
from pytest_compiled_ai.testing import write_project

PYPROJECT = '[tool.compiled-ai]\nspecs = ["wishes"]\ngenerated = "src/grown"\n'
MONEY = '@spec\ndef double(n: int) -> int:\n    """Twice."""\n\n@spec\nasync def later(n: int) -> int: ...\n'
BODY = "def double(n: int) -> int:\n    return 2 * n\n"


def fail(message):
    raise NotCompiledError(message)


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    installed = []

    def write_and_install(files, **options):
        root = write_project(tmp_path, {"pyproject.toml": PYPROJECT, "wishes/money.py": MONEY, **files})
        finder = binding.install(load_config(root), fail=fail, **options)
        installed.append(finder)
        return finder

    yield write_and_install
    for finder in installed:
        binding.uninstall(finder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "wishes"]:
        del sys.modules[name]


def test_a_module_without_an_artifact_holds_placeholders_that_fail_when_called(make):
    make({})
    module = importlib.import_module("grown.money")
    assert str(inspect.signature(module.double)) == "(n: 'int') -> 'int'"
    assert module.double is module.double
    assert module.__all__ == ["double", "later"]
    with pytest.raises(NotCompiledError, match=r"grown\.money\.double \(wishes/money\.py:2\) is not compiled; run"):
        module.double(1)
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = module.other


def test_an_artifact_is_loaded_and_what_it_lacks_is_a_placeholder(make):
    make({"src/grown/money.py": BODY})
    module = importlib.import_module("grown.money")
    assert module.double(4) == 8
    assert module.double.__code__.co_filename.endswith("src/grown/money.py")
    assert inspect.iscoroutinefunction(module.later)


def test_forwarding_functions_run_the_body_that_is_there_after_a_refresh(make, tmp_path):
    finder = make({}, forwarding=True)
    from_conftest = importlib.import_module("grown.money").double
    with pytest.raises(NotCompiledError):
        from_conftest(1)
    (tmp_path / "src/grown").mkdir(parents=True)
    (tmp_path / "src/grown/money.py").write_text(BODY)
    finder.refresh()
    assert from_conftest(4) == 8
    (tmp_path / "src/grown/money.py").write_text(BODY.replace("2 * n", "3 * n + 1"))
    assert from_conftest(4) == 8
    finder.refresh()
    assert from_conftest(4) == 13


def test_what_is_imported_after_a_refresh_is_the_artifact_itself(make):
    finder = make({"src/grown/money.py": BODY}, forwarding=True)
    finder.refresh()
    assert importlib.import_module("grown.money").double.__code__.co_filename.endswith("src/grown/money.py")


def test_the_generated_package_may_have_a_body_of_its_own_or_none(make, tmp_path):
    finder = make({"src/grown/__init__.py": "marked = 1\n", "wishes/deep/er.py": MONEY})
    assert importlib.import_module("grown").marked == 1
    assert importlib.import_module("grown.deep.er").__all__ == ["double", "later"]
    assert finder.find_spec("grown.nothing") is None
    assert finder.find_spec("grownup") is None
    sys.path.insert(0, str(tmp_path / "src"))
    assert finder.find_spec("grown") is None


def test_the_spec_folder_is_the_project_s_own_whatever_is_installed(make, tmp_path):
    finder = make({"wishes/deep/er.py": MONEY})
    assert list(finder.find_spec("wishes").submodule_search_locations) == [str(tmp_path / "wishes")]
    assert list(finder.find_spec("wishes.deep").submodule_search_locations) == [str(tmp_path / "wishes/deep")]
    assert finder.find_spec("wishes.money") is None
    assert finder.find_spec("src") is None


def test_without_being_installed_it_loads_a_module_aside(tmp_path):
    root = write_project(tmp_path, {"pyproject.toml": PYPROJECT, "wishes/money.py": MONEY})
    finder = Finder(load_config(root), fail=fail)
    with pytest.raises(NotCompiledError):
        finder.load("grown.money").double(1)
    (root / "src/grown").mkdir(parents=True)
    (root / "src/grown/money.py").write_text(BODY)
    assert finder.load("grown.money").double(2) == 4
    assert "grown.money" not in sys.modules


def test_a_spec_file_that_is_gone_leaves_no_attributes(make, tmp_path):
    make({})
    module = importlib.import_module("grown.money")
    (tmp_path / "wishes/money.py").unlink()
    with pytest.raises(AttributeError):
        _ = module.double


STACK = """
    from dataclasses import dataclass
    from pytest_compiled_ai import spec

    @spec
    @dataclass
    class Stack:
        '''Hold items.'''
        size: int

        def grow(self) -> None: ...
"""
STACK_BODY = (
    "from __future__ import annotations\nfrom dataclasses import dataclass\n\n"
    "@dataclass\nclass Stack:\n    size: int\n\n    def grow(self) -> None:\n        self.size += 1\n"
)


def test_a_class_without_an_artifact_is_a_placeholder(make):
    make({"wishes/stack.py": STACK})
    module = importlib.import_module("grown.stack")
    assert module.__all__ == ["Stack"]
    assert module.Stack is module.Stack
    assert (module.Stack.__module__, module.Stack.__doc__) == ("grown.stack", "Hold items.")
    assert not isinstance(1, module.Stack)
    with pytest.raises(NotCompiledError, match=r"grown\.stack\.Stack \(wishes/stack\.py:6\) is not compiled; run"):
        module.Stack(1)


def test_a_forwarding_class_makes_what_is_there_after_a_refresh(make, tmp_path):
    finder = make({"wishes/stack.py": STACK}, forwarding=True)
    from_conftest = importlib.import_module("grown.stack").Stack
    (tmp_path / "src/grown").mkdir(parents=True)
    (tmp_path / "src/grown/stack.py").write_text(STACK_BODY)
    finder.refresh()
    made = from_conftest(1)
    made.grow()
    assert made.size == 2
    assert isinstance(made, from_conftest)
    assert sys.modules["grown.stack"].Stack is from_conftest


def test_a_dataclass_is_loaded_aside(tmp_path):
    files = {"pyproject.toml": PYPROJECT, "wishes/stack.py": STACK, "src/grown/stack.py": STACK_BODY}
    finder = Finder(load_config(write_project(tmp_path, files)), fail=fail)
    assert finder.load("grown.stack").Stack(1).size == 1
    assert "grown.stack" not in sys.modules
