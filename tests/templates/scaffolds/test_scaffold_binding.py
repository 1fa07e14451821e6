from __future__ import annotations

import importlib
import inspect
import sys

import pytest

from pytest_compiled_ai import binding
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import NotCompiledError
from pytest_compiled_ai.sandbox.oracle.proxy import ProxyLoader
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.testing import write_project

PYPROJECT = '[tool.compiled-ai]\nspecs = ["wishes"]\ngenerated = "src/grown"\n'
SPEC = '''
from pytest_compiled_ai import spec

@spec(template="batch")
def price(count: int) -> int:
    """Price."""

@spec(template="stream")
def weigh(count: int) -> int:
    """Weigh."""

@spec
def plain(count: int) -> int: ...

def test_whole(tmp_path):
    from grown.orders import price_batch
    price_batch([1], tmp_path / "out")

def test_record():
    from grown import orders
    assert orders.WeighFailure

def test_price():
    assert price(1) == 2

def test_plain():
    assert plain(1) == 2
'''
ARTIFACT = "def price(count):\n    return 2 * count\n\ndef price_batch(items, checkpoint):\n    return list(map(price, items))\n"


def fail(message):
    raise NotCompiledError(message)


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    installed = []

    def write_and_install(**options):
        root = write_project(tmp_path, {"pyproject.toml": PYPROJECT, "wishes/orders.py": SPEC})
        installed.append(binding.install(load_config(root), fail=fail, **options))
        return root

    yield write_and_install
    for finder in installed:
        binding.uninstall(finder)


def test_its_names_can_be_imported_before_anything_is_compiled(make):
    make()
    from grown.orders import PriceBatch, WeighFailure, price_batch, weigh_stream

    assert list(inspect.signature(price_batch).parameters) == ["items", "checkpoint"]
    told = r"grown\.orders\.price_batch \(wishes/orders\.py:4\) is not compiled; run `pytest --compile-ai`"
    with pytest.raises(NotCompiledError, match=told):
        price_batch([1], "out")
    with pytest.raises(NotCompiledError, match=r"weigh_stream .* is not compiled"):
        weigh_stream([1], print)
    with pytest.raises(NotCompiledError, match=r"PriceBatch .* is not compiled"):
        PriceBatch(1, 2, 3)
    assert isinstance(WeighFailure, type)


def test_it_is_of_the_stubs_that_have_one(make):
    make()
    module = importlib.import_module("grown.orders")
    for name in ("plain_batch", "price_stream", "weigh_batch"):
        with pytest.raises(AttributeError):
            getattr(module, name)
    assert set(module.__all__) == {"price", "weigh", "plain"}


def test_what_was_imported_before_a_compile_runs_its_scaffold_after_it(make):
    root = make(forwarding=True)
    from grown.orders import price_batch

    (root / "src" / "grown").mkdir(parents=True)
    (root / "src" / "grown" / "orders.py").write_text(ARTIFACT, "utf-8")
    assert price_batch([1, 2], "out") == [2, 4]


def test_a_stub_without_a_template_asks_for_no_scaffolds(make, monkeypatch):
    root = make()
    (root / "wishes" / "orders.py").write_text("@spec\ndef plain(n: int) -> int: ...\n", "utf-8")
    monkeypatch.delitem(sys.modules, "pytest_compiled_ai.templates.scaffold")
    module = importlib.import_module("grown.orders")
    with pytest.raises(AttributeError):
        _ = module.plain_batch
    assert "pytest_compiled_ai.templates.scaffold" not in sys.modules


def test_in_an_oracle_the_scaffold_of_a_missing_sibling_can_be_imported(make):
    root = make()
    loader = ProxyLoader(root / "wishes" / "orders.py", ARTIFACT, Switchboard())
    spec = importlib.machinery.ModuleSpec("grown.orders", loader, origin="orders.py")
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    assert module.price_batch.__code__.co_filename == "orders.py"
    assert module.price_batch.__globals__["price"] is module.price
    assert module.price.__wrapped__ is not module.price
    assert isinstance(module.WeighFailure, type)
    with pytest.raises(pytest.fail.Exception, match="weigh_stream is called while tests are collected"):
        list(module.weigh_stream([1], print))


def test_a_test_of_the_scaffold_is_a_test_of_the_function(make):
    project = Project(load_config(make()))
    tests = {
        stub.name: {ref.id.partition("::")[2] for ref in project.tests(file, stub)} for file, stub in all_of(project)
    }
    assert tests == {
        "price": {"test_whole", "test_price"},
        "weigh": {"test_record"},
        "plain": {"test_plain"},
    }


def test_the_scaffold_is_part_of_what_a_spec_means(make):
    project = Project(load_config(make()))
    parts = {stub.name: project.standing(file, stub).digest.parts for file, stub in all_of(project)}
    assert parts["price"]["scaffold"] != parts["weigh"]["scaffold"]
    assert "scaffold" not in parts["plain"]


def all_of(project):
    return [(file, stub) for file in project.files for stub in file.stubs]
