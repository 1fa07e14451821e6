from __future__ import annotations

import ast
import asyncio
import inspect

import pytest

from pytest_compiled_ai.placeholder import (
    is_async_generator,
    make_forwarder,
    make_placeholder,
    read_signature,
    read_stub_nodes,
)


def node_of(source: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return node


@pytest.mark.parametrize(
    "header",
    [
        "f()",
        "f(a, b: int = 1) -> str",
        "f(a, /, b, *rest: int, c, d: 'X' = 2, **more: object) -> None",
        "f(*, only=(1, 2))",
        "f(a=1, /, b=2)",
    ],
)
def test_a_signature_is_read_as_it_would_be_by_inspect(header):
    names: dict[str, object] = {}
    exec(f"from __future__ import annotations\ndef {header}: ...", names)
    expected = inspect.signature(names["f"])
    found = read_signature(node_of(f"def {header}: ..."))
    assert [(p.name, p.kind, p.annotation) for p in found.parameters.values()] == [
        (p.name, p.kind, p.annotation) for p in expected.parameters.values()
    ]
    defaults = [p.default for p in found.parameters.values()]
    assert [d if d is inspect.Parameter.empty else ast.literal_eval(d) for d in defaults] == [
        p.default for p in expected.parameters.values()
    ]
    assert found.return_annotation == expected.return_annotation


def test_a_placeholder_looks_like_its_stub_and_resolves_at_each_call():
    targets = iter([lambda n: n + 1, lambda n: n + 2])
    made = make_placeholder("generated.m", node_of('def f(n: int) -> int:\n    """Say."""'), lambda: next(targets))
    assert (made.__name__, made.__qualname__, made.__module__, made.__doc__) == ("f", "f", "generated.m", "Say.")
    assert str(inspect.signature(made)) == "(n: 'int') -> 'int'"
    assert (made(1), made(1)) == (2, 3)
    assert not inspect.iscoroutinefunction(made)


def test_an_async_stub_stays_a_coroutine_function():
    async def target(n):
        return n * 2

    made = make_placeholder("m", node_of("async def f(n): ..."), lambda: target)
    assert inspect.iscoroutinefunction(made)
    assert asyncio.run(made(4)) == 8
    assert inspect.iscoroutinefunction(make_forwarder(lambda: target, is_async=True))


def test_an_async_generator_is_no_coroutine_function():
    async def target(n):
        yield n

    made = make_placeholder("m", node_of("async def f(n: int) -> abc.AsyncIterator[int]: ..."), lambda: target)

    async def collect():
        return [value async for value in made(3)]

    assert not inspect.iscoroutinefunction(made)
    assert asyncio.run(collect()) == [3]


@pytest.mark.parametrize(
    ("stub", "is_generator"),
    [
        ("async def f() -> AsyncGenerator[int, None]: ...", True),
        ("async def f() -> 'typing.AsyncIterator[int]': ...", True),
        ("def f() -> AsyncIterator[int]: ...", False),
        ("async def f() -> Iterator[int]: ...", False),
        ("async def f(): ...", False),
    ],
)
def test_what_an_async_generator_is_told_by(stub, is_generator):
    assert is_async_generator(node_of(stub)) is is_generator


def test_only_decorated_functions_are_stubs(tmp_path):
    path = tmp_path / "s.py"
    path.write_text("import nothing_such\n@spec\ndef a(): ...\ndef b(): ...\n@spec\nasync def c(): ...\nx = 1\n")
    assert set(read_stub_nodes(path)) == {"a", "c"}
