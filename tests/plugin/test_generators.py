"""Generator functions and async generators as specs: they run sealed, and say so."""

from __future__ import annotations

from plugin_projects import Sandbox

from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.testing import fenced

SPEC = '''
    import asyncio
    from collections.abc import AsyncIterator, Generator, Iterator

    from pytest_compiled_ai import spec


    @spec
    def count(n: int) -> Iterator[int]:
        """Count down.

        >>> list(count(3))
        [3, 2, 1]
        """


    @spec
    def echo(n: int) -> Generator[int, int, str]:
        """Yield n, then what was sent, then return 'end'."""


    @spec
    async def later(n: int) -> AsyncIterator[int]:
        """Count down."""
        raise NotImplementedError
        yield


    def test_echo() -> None:
        walk = echo(2)
        assert next(walk) == 2
        assert walk.send(5) == 5
        try:
            next(walk)
        except StopIteration as end:
            assert end.value == "end"


    def test_later() -> None:
        async def collect() -> list[int]:
            return [n async for n in later(3)]

        assert asyncio.run(collect()) == [3, 2, 1]
    '''
COUNT = fenced("def count(n: int) -> Iterator[int]:\n    while n:\n        yield n\n        n -= 1")
LIST = fenced("def count(n: int) -> Iterator[int]:\n    return [n, n - 1]")
ECHO = fenced("def echo(n: int) -> Generator[int, int, str]:\n    yield (yield n)\n    return 'end'")
AWAITING = fenced(
    "async def later(n: int) -> AsyncIterator[int]:\n    async def inner():\n        yield n\n    return inner()"
)
LATER = fenced("async def later(n: int) -> AsyncIterator[int]:\n    while n:\n        yield n\n        n -= 1")
CONFTEST = "from generated.walks import later\n\n\ndef walk(n):\n    return later(n)\n"
TEST = """
    import asyncio

    import conftest


    def test_it() -> None:
        async def collect() -> list[int]:
            return [n async for n in conftest.walk(2)]

        assert asyncio.run(collect()) == [2, 1]
    """


def test_generators_are_compiled_and_run_sealed(sandbox: Sandbox) -> None:
    files = {"specs/walks.py": SPEC, "conftest.py": CONFTEST, "tests/test_it.py": TEST}
    sandbox.write(files, LIST, COUNT, ECHO, AWAITING, LATER)
    missing = sandbox.run("-W", "error")
    missing.assert_outcomes(failed=4)
    missing.stdout.fnmatch_lines(["*generated.walks.later (specs/walks.py:*) is not compiled; run *"])
    result = sandbox.run("--compile-ai", "-W", "error")
    assert result.ret == 0
    result.assert_outcomes(passed=4)
    asked = [str(request["messages"]) for request in sandbox.endpoint.requests]
    assert "`count` must `yield` values one by one." in asked[0]
    assert "list[int]" in asked[1]
    assert "the body of `later` must `yield` its values." in asked[4]
    tier = "sealed" if detect_sealed_tier().verified else "jailed"
    assert str(result.stdout).count(f" {tier}\n") >= 3
    sandbox.run("-q").assert_outcomes(passed=4)
