"""Work on several specs at a time: a thread each, that waits for replies and for verdicts and does little itself."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Generic, TypeVar

_PATIENCE: Final = 5.0
"""Seconds that all lanes together get to notice that what they wait for is gone."""
Job = TypeVar("Job")
Result = TypeVar("Result")


class Lanes(Generic[Job, Result]):
    """Does jobs in so many lanes, each job when those before it are done.

    A lane lives until all is over: what was started in it may end with its thread.

    Args:
        count: how many jobs are under way at a time.
        do: does a job in a lane, by its number from 0.
    """

    def __init__(self, count: int, do: Callable[[Job, int], Result]) -> None:
        self._do = do
        self._todo: queue.SimpleQueue[tuple[str, Job] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, Result | BaseException]] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in range(count)]
        for thread in self._threads:
            thread.start()

    def run(
        self, jobs: Mapping[str, Job], before: Mapping[str, frozenset[str]], may_start: Callable[[], bool]
    ) -> Iterator[tuple[str, Result]]:
        """Yield the jobs' names and results as they end; what a job raises is raised here.

        Args:
            jobs: by name, in the order in which they should begin.
            before: the names of the jobs that a job has to wait for.
            may_start: is asked before a job is begun; once it says no, what is under way is the last.
        """
        waiting, under_way = dict(jobs), 0
        left = set(jobs)
        while waiting or under_way:
            ready = [name for name in waiting if not before[name] & left][: len(self._threads) - under_way]
            for name in ready if may_start() else ():
                self._todo.put((name, waiting.pop(name)))
                under_way += 1
            if not under_way:
                return
            name, result = self._done.get()
            under_way -= 1
            left.discard(name)
            if isinstance(result, BaseException):
                raise result
            yield name, result

    def end(self) -> None:
        """Let the lanes end; what still runs in one is waited for a moment."""
        for _ in self._threads:
            self._todo.put(None)
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self, lane: int) -> None:
        while (given := self._todo.get()) is not None:
            name, job = given
            try:
                self._done.put((name, self._do(job, lane)))
            except BaseException as error:  # of any kind: it is raised where the results are
                self._done.put((name, error))
