from __future__ import annotations

import asyncio

import pytest

from pytest_compiled_ai.sandbox.worker import quiet_loop
from pytest_compiled_ai.sandbox.worker.quiet_loop import QuietLoop, use_everywhere


@pytest.fixture
def loop():
    loop = QuietLoop()
    yield loop
    loop.close()


def test_tasks_and_timers_run(loop) -> None:
    async def double(n):
        await asyncio.sleep(0.001 * n)
        return 2 * n

    async def main():
        return await asyncio.gather(*map(double, range(3)))

    assert loop.run_until_complete(main()) == [0, 2, 4]
    loop.call_soon_threadsafe(loop.stop)
    loop.run_forever()


def test_waiting_for_nothing_never_ends(loop, monkeypatch) -> None:
    naps = []

    def nap(seconds):
        naps.append(seconds)
        if len(naps) > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(quiet_loop.time, "sleep", nap)
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(loop.create_future())
    assert naps == [1.0] * 3


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_new_loop_can_be_a_quiet_one() -> None:
    before = asyncio.get_event_loop_policy()
    try:
        use_everywhere()
        with asyncio.Runner() as runner:
            assert isinstance(runner.get_loop(), QuietLoop)
    finally:
        asyncio.set_event_loop_policy(before)
