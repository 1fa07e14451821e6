from __future__ import annotations

import asyncio
import importlib.util
import inspect
import sys

import pytest

from pytest_compiled_ai import binding, spec
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import NotCompiledError
from pytest_compiled_ai.testing import write_project

PYPROJECT = '[tool.compiled-ai]\nspecs = ["wants"]\ngenerated = "src/bound"\n'
SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Twice.

        >>> double(2)
        4
        """

    @spec(tests=["tests/test_x.py"])
    async def later(n: int) -> int: ...
'''
BODY = "def double(n: int) -> int:\n    return 2 * n\n\nasync def later(n: int) -> int:\n    return n\n"


def fail(message):
    raise NotCompiledError(message)


def import_file(path):
    found = importlib.util.spec_from_file_location("wants.number", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path, monkeypatch):
    # The finder of the project whose tests these are is not there for this one.
    monkeypatch.setattr(binding, "_installed", [])
    return lambda files: write_project(tmp_path, {"pyproject.toml": PYPROJECT, "wants/number.py": SPEC, **files})


def test_outside_pytest_a_stub_is_its_artifact_or_says_what_to_run(project):
    root = project({})
    module = import_file(root / "wants/number.py")
    with pytest.raises(NotCompiledError, match="run `pytest --compile-ai`"):
        module.double(2)
    with pytest.raises(NotCompiledError):
        asyncio.run(module.later(2))
    project({"src/bound/number.py": BODY})
    module = import_file(root / "wants/number.py")
    assert module.double(2) == 4
    assert asyncio.run(module.later(3)) == 3


def test_the_stub_and_the_generated_function_are_one_object(project):
    root = project({"src/bound/number.py": BODY})
    finder = binding.install(load_config(root), fail=fail)
    try:
        assert import_file(root / "wants/number.py").double is importlib.import_module("bound.number").double
    finally:
        binding.uninstall(finder)
    assert finder not in sys.meta_path
    assert "bound.number" not in sys.modules


def test_the_stubs_of_a_spec_module_are_remembered_with_their_docstrings(project):
    root = project({})
    import_file(root / "wants/number.py")
    met = binding.stubs_of(root / "wants/number.py")
    assert set(met) == {"double", "later"}
    assert met["double"].docstring.startswith("Twice.\n\n>>> double(2)")
    assert (met["double"].line, met["double"].path) == (3, str(root / "wants/number.py"))
    assert binding.stubs_of(root / "wants/nothing.py") == {}


def test_a_broken_artifact_is_told_at_the_call(project):
    root = project({"src/bound/number.py": "import no_such_module_here\n"})
    finder = binding.install(load_config(root), fail=fail)
    try:
        module = import_file(root / "wants/number.py")
        said = r"bound\.number cannot be imported: ModuleNotFoundError: No module named 'no_such_module_here'"
        with pytest.raises(NotCompiledError, match=said):
            module.double(1)
    finally:
        binding.uninstall(finder)


def test_a_stub_that_the_artifact_lacks_is_told_at_its_call_alone(project):
    root = project({"src/bound/number.py": BODY.partition("\n\n")[0] + "\n"})
    module = import_file(root / "wants/number.py")
    assert module.double(2) == 4
    said = r"later has no compiled body: .*wants/number\.py:\d+ is not compiled into bound\.number; run `pytest --comp"
    with pytest.raises(NotCompiledError, match=said):
        asyncio.run(module.later(2))


def test_a_stub_outside_of_any_spec_folder_says_so_at_the_call(project, tmp_path):
    @spec
    def here(n: int) -> int:
        """Say."""

    assert here.__name__ == "here"
    with pytest.raises(NotCompiledError, match=r"here has no compiled body: .* is in no folder that `specs`"):
        here(1)

    path = tmp_path / "alone.py"
    path.write_text("from pytest_compiled_ai import spec\n\n@spec\nasync def f(): ...\n")
    function = import_file(path).f
    assert inspect.iscoroutinefunction(function)
    with pytest.raises(NotCompiledError, match="has no compiled body"):
        asyncio.run(function())


CLASSES = '''
    from __future__ import annotations

    from collections.abc import AsyncIterator

    import pytest_compiled_ai
    from pytest_compiled_ai import spec

    @spec
    class Stack:
        """Hold.

        >>> Stack()
        """

        def push(self) -> None: ...

    @pytest_compiled_ai.spec(isolation="jailed")
    class Plain(dict):
        def push(self) -> None: ...

    @spec
    async def later() -> AsyncIterator[int]: ...
'''


def test_a_class_stub_is_its_artifact_or_a_class_that_fails(project):
    root = project({"wants/number.py": CLASSES, "src/bound/number.py": "x = 1\n"})
    module = import_file(root / "wants/number.py")
    assert isinstance(module.Stack, type)
    assert not isinstance(1, module.Stack)
    said = r"Stack has no compiled body: .*wants/number\.py:8 is not compiled into bound\.number; run `pytest --comp"
    with pytest.raises(NotCompiledError, match=said):
        module.Stack()
    with pytest.raises(NotCompiledError, match="Plain has no compiled body"):
        module.Plain.make()
    with pytest.raises(NotCompiledError, match="later has no compiled body"):
        module.later()
    met = binding.stubs_of(root / "wants/number.py")
    assert (met["Stack"].line, met["Stack"].docstring) == (8, "Hold.\n\n>>> Stack()")
    assert (met["Plain"].line, met["Plain"].docstring) == (17, "")


def test_a_class_stub_and_the_generated_class_are_one_object(project):
    root = project({"wants/number.py": CLASSES, "src/bound/number.py": "class Stack:\n    size = 1\n"})
    finder = binding.install(load_config(root), fail=fail)
    try:
        module = import_file(root / "wants/number.py")
        assert module.Stack is importlib.import_module("bound.number").Stack
        assert module.Stack().size == 1
    finally:
        binding.uninstall(finder)


def test_a_class_outside_of_any_spec_folder_says_so_at_the_call():
    @spec
    class Here:
        """Say."""

    with pytest.raises(NotCompiledError, match=r"Here has no compiled body: .* is in no folder that `specs`"):
        Here()


def test_a_stub_stands_where_its_module_was_loaded_from(project, tmp_path):
    # Bytecode that a test runner wrote before the project was moved names the old place.
    text = SPEC + "\n    @spec\n    class Stack: ...\n"
    root = project({"wants/number.py": text, "src/bound/number.py": BODY + "class Stack: ...\n"})
    path = root / "wants/number.py"
    code = compile(path.read_text(encoding="utf-8"), "/long/gone/wants/number.py", "exec")
    names = {"__file__": str(path), "__name__": "wants.number"}
    exec(code, names)
    assert names["double"](2) == 4
    assert isinstance(names["Stack"](), names["Stack"])
    assert set(binding.stubs_of(path)) == {"double", "later", "Stack"}
