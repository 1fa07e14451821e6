from __future__ import annotations

import ast
import asyncio
import gc
import importlib
import inspect
import sys
import textwrap
import types
import typing

import pytest

from pytest_compiled_ai import binding
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.sandbox.oracle.proxy import ProxyLoader, make_proxy
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.sandbox.oracle.unanswered import BodyDied

SPEC = '''
from pytest_compiled_ai import spec

@spec
def plain(number: "Decimal", *rest: int, by: int = 2) -> "Decimal":
    """Multiply."""

@spec
def iterate(stop: int) -> "Iterator[int]": ...

@spec
def generate(stop: int) -> typing.Generator[int, str, str]: ...

@spec
def untyped(stop): ...

@spec
async def wait(number: int) -> int: ...

@spec
async def tick(stop: int) -> AsyncIterator[int]: ...

@spec
def unwritten(number: int = 3) -> int: ...
'''

PROGRAM = '''
from __future__ import annotations
from collections.abc import AsyncIterator, Generator, Iterator
from decimal import Decimal

LIMIT = 3
def plain(number: Decimal, *rest: int, by: int = 2) -> Decimal:
    """Something else."""
    return number * by
def iterate(stop: int) -> Iterator[int]:
    if stop < 0:
        raise ValueError(stop)
    return iter(range(stop))
def generate(stop: int) -> Generator[int, str, str]:
    text = ""
    for number in range(stop):
        try:
            text += (yield number) or "-"
        except KeyError:
            text += "!"
    return text
def untyped(stop):
    yield from range(stop)
async def wait(number: int) -> int:
    return number
async def tick(stop: int) -> AsyncIterator[int]:
    for number in range(stop):
        try:
            yield number
        except KeyError:
            yield -1
'''


class Stepper:
    """The steps of a generator in this process; an asynchronous one is run to its next value."""

    def __init__(self, generator) -> None:
        self.generator = generator
        self.is_closed = False

    def next(self):
        return self._step("__next__", "__anext__")

    def send(self, value):
        return self._step("send", "asend", value)

    def throw(self, error):
        return self._step("throw", "athrow", error)

    def close(self):
        self.is_closed = True
        return self._step("close", "aclose")

    def _step(self, name, async_name, *given):
        if hasattr(self.generator, "__next__"):
            return getattr(self.generator, name)(*given)
        try:
            getattr(self.generator, async_name)(*given).send(None)
        except StopIteration as stop:
            return stop.value
        except StopAsyncIteration:
            raise StopIteration from None


class Worker:
    """Runs the program in this process."""

    def __init__(self, program) -> None:
        self.namespace: dict[str, typing.Any] = {}
        exec(compile(program, "x", "exec", dont_inherit=True), self.namespace)
        self.steppers: list[Stepper] = []

    def call(self, name, args, kwargs):
        result = self.namespace[name](*args, **kwargs)
        return asyncio.run(result) if inspect.iscoroutine(result) else result

    def open(self, name, args, kwargs):
        self.steppers.append(Stepper(self.namespace[name](*args, **kwargs)))
        return self.steppers[-1]

    def kill(self): ...
    def close(self): ...


class Client:
    def fork(self, program):
        self.worker = Worker(program)
        return self.worker


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def module(tmp_path, client) -> types.ModuleType:
    (tmp_path / "money.py").write_text(SPEC)
    board = Switchboard()
    board.plug(client, PROGRAM)
    made = types.ModuleType("generated.money")
    ProxyLoader(tmp_path / "money.py", PROGRAM, board).exec_module(made)
    return made


def test_a_proxy_has_the_face_of_its_stub(module) -> None:
    assert str(inspect.signature(module.plain)) == "(number: 'Decimal', *rest: 'int', by: 'int' = 2) -> 'Decimal'"
    assert inspect.signature(module.plain).parameters["by"].default == 2
    assert typing.get_type_hints(module.plain)["number"] is module.Decimal
    assert (module.plain.__name__, module.plain.__qualname__, module.plain.__module__) == (
        "plain",
        "plain",
        "generated.money",
    )
    assert inspect.getdoc(module.plain) == "Multiply."
    assert module.LIMIT == 3


def test_a_proxy_is_what_its_stub_is(module) -> None:
    names = ("plain", "iterate", "generate", "untyped", "wait", "tick", "unwritten")
    assert [name for name in names if inspect.iscoroutinefunction(getattr(module, name))] == ["wait"]
    assert [name for name in names if inspect.isasyncgenfunction(getattr(module, name))] == ["tick"]
    assert all(inspect.isfunction(getattr(module, name)) for name in names)


def test_a_proxy_without_a_body_has_the_signature_as_it_is_written(module) -> None:
    assert str(inspect.signature(module.unwritten)) == "(number: 'int' = '3') -> 'int'"
    with pytest.raises(pytest.fail.Exception, match="unwritten is not compiled"):
        module.unwritten()


def test_calls_and_keywords(module) -> None:
    assert (module.plain(3), module.plain(3, by=4)) == (6, 12)
    assert asyncio.run(module.wait(3)) == 3


def test_an_iterator_checks_its_arguments_when_it_is_made(module) -> None:
    assert list(module.iterate(3)) == list(module.untyped(3)) == [0, 1, 2]
    with pytest.raises(ValueError, match="-1"):
        module.iterate(-1)


def test_a_generator_is_walked_in_all_ways(module, client) -> None:
    steps = module.generate(4)
    assert [next(steps), steps.send("a"), steps.throw(KeyError("x")), next(steps)] == [0, 1, 2, 3]
    with pytest.raises(StopIteration) as stop:
        next(steps)
    assert stop.value.value == "a!--"
    steps = module.generate(4)
    next(steps)
    steps.close()
    with pytest.raises(ZeroDivisionError):
        module.generate(4).throw(ZeroDivisionError())
    steps = module.generate(4)
    next(steps)
    with pytest.raises(ZeroDivisionError):
        steps.throw(ZeroDivisionError())
    assert [stepper.is_closed for stepper in client.worker.steppers] == [False, True, False, False]


def test_an_async_generator_is_walked_in_all_ways(module, client) -> None:
    async def main():
        assert [number async for number in module.tick(3)] == [0, 1, 2]
        ticks = module.tick(3)
        assert await anext(ticks) == 0
        assert await ticks.asend(None) == 1
        assert await ticks.athrow(KeyError("x")) == -1
        assert await ticks.asend("x") == 2
        await ticks.aclose()
        assert client.worker.steppers[1].is_closed

    asyncio.run(main())


def test_a_generator_that_outlives_its_worker_is_dropped_in_silence(module, client) -> None:
    steps = module.untyped(2)
    next(steps)

    def died() -> None:
        raise BodyDied("gone")

    client.worker.steppers[0].close = died
    del steps
    gc.collect()


@pytest.mark.parametrize(
    ("stub", "is_asyncgen"),
    [
        ("def f() -> 'typing.AsyncIterator[int]': ...", True),
        ("async def f() -> AsyncGenerator[int, None]: ...", True),
        ("async def f() -> Iterator[int]: ...", False),
        ("def f() -> Iterable[int]: ...", False),
    ],
)
def test_the_kind_is_read_from_the_annotation(stub, is_asyncgen) -> None:
    node = ast.parse(stub).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    assert inspect.isasyncgenfunction(make_proxy("generated.x", node, Switchboard())) is is_asyncgen


def test_the_stub_and_the_generated_function_are_one_proxy(tmp_path, monkeypatch) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.compiled-ai]\n")
    spec = tmp_path / "specs" / "proxied.py"
    spec.write_text(textwrap.dedent(SPEC.replace("typing.", "").replace("AsyncIterator[int]", "'AsyncIterator[int]'")))
    artifact = tmp_path / "src" / "generated" / "proxied.py"
    artifact.parent.mkdir(parents=True)
    artifact.write_text("raise AssertionError('the artifact is not to be imported')")
    spec.write_text(spec.read_text().replace("Generator[int, str, str]", "object"))
    monkeypatch.setattr(binding, "_proxies", {})
    binding.put_proxy("generated.proxied", ProxyLoader(spec, PROGRAM, Switchboard()))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for name in [name for name in sys.modules if name.partition(".")[0] in {"specs", "generated"}]:
        monkeypatch.delitem(sys.modules, name)
    finder = binding.install(load_config(tmp_path), fail=pytest.fail)
    try:
        generated = importlib.import_module("generated.proxied")
        assert importlib.import_module("specs.proxied").plain is generated.plain
        assert generated.__spec__.origin == str(artifact)
    finally:
        binding.uninstall(finder)
        for name in [name for name in sys.modules if name == "specs" or name.startswith("specs.")]:
            del sys.modules[name]
