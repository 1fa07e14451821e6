"""Where the candidates of a run are judged: validating processes on this machine, one for each core."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.validation.order import rank_of
from pytest_compiled_ai.validation.process import ProcessExecutor


@dataclass(slots=True, kw_only=True, eq=False)
class Site:
    """One validating process: how orders reach it, as which bench, and where it has the project.

    `config` is the run's, with the root there and without providers, which are none of its business. `known` are the
    artifacts that it was told of.
    """

    executor: Executor
    bench: int
    config: Config
    known: dict[str, str] = field(default_factory=dict)


class Sites(Protocol):
    """The sites of a run."""

    def at(self, lane: int) -> Site:
        """Return the site that a lane's specs are judged at."""
        ...

    def replace(self, lost: Site) -> Site:
        """Return a site in the place of one that is gone; the same one for all who ask.

        Raises:
            HarnessError: none is left.
        """
        ...

    def abandon(self) -> None:
        """Make an end of all that is done at the sites."""
        ...


class LocalSites:
    """Validating processes on this machine; one that is gone is started anew.

    Args:
        config: the run's.
        count: how many.
    """

    def __init__(self, config: Config, count: int) -> None:
        self._config = bare(config)
        self._lock = threading.Lock()
        self._sites = [self._open(bench) for bench in range(count)]

    def at(self, lane: int) -> Site:
        """Return the site of a lane: one after the other, in turn."""
        return self._sites[lane % len(self._sites)]

    def replace(self, lost: Site) -> Site:
        """Return a new process's site in the place of one that is gone."""
        with self._lock:
            if lost in self._sites:
                lost.executor.shutdown(cancel_futures=True)
                self._sites[lost.bench] = self._open(lost.bench)
            return self._sites[lost.bench]

    def abandon(self) -> None:
        """Make an end of all processes at once."""
        for site in self._sites:
            site.executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End all processes behind what they do."""
        for site in self._sites:
            site.executor.shutdown()

    def _open(self, bench: int) -> Site:
        return Site(executor=ProcessExecutor(rank_of), bench=bench, config=self._config)


def bare(config: Config) -> Config:
    """Return a configuration without what answers questions, and with nothing that cannot be sent."""
    return config._replace(provider=None, providers={}, policy=dict(config.policy))


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def open_sites(config: Config, most: int) -> Iterator[Sites]:
    """Open the sites of a run, `most` of them at the most; they end with the block, at once where an error leaves it.

    Raises:
        ConfigError: the cluster that the project names cannot be used.
    """
    if config.executor == "dask":
        from pytest_compiled_ai.validation.cluster import open_cluster

        with open_cluster(bare(config), most) as cluster:
            yield cluster
        return
    sites = LocalSites(config, min(most, count_cores()))
    try:
        yield sites
    except BaseException:
        sites.abandon()
        raise
    finally:
        sites.close()
