"""Sites on other machines: the workers of a Dask cluster, each with the project's archive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError, HarnessError
from pytest_compiled_ai.validation.archive import pack, unpack
from pytest_compiled_ai.validation.order import leave
from pytest_compiled_ai.validation.sites import Site

if TYPE_CHECKING:
    from distributed import Client

_LOOK_SECONDS: Final = 0.5
"""How often it is looked whether a worker is still there."""
_CONNECT: Final = "10s"
_PATIENCE: Final = 10.0
"""Seconds in which a worker has cleared away what it has of a project."""


class WorkerExecutor(Executor):
    """Has functions called by one worker of a cluster; what waits for it breaks when it is gone.

    The cluster would wait for the worker to come back, or for ever.

    Args:
        client: the connection to the cluster.
        address: the worker's.
        is_there: tells whether the cluster has a worker of that address.
    """

    def __init__(self, client: Client, address: str, is_there: Callable[[str], bool]) -> None:
        self._client, self._address, self._is_there = client, address, is_there

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a call by the worker."""
        asked = self._client.submit(fn, *args, **kwargs, workers=[self._address], pure=False, retries=0)
        future: Future[Any] = Future()
        threading.Thread(target=self._await, args=(asked, future), daemon=True).start()
        return future

    def _await(self, asked: Any, future: Future[Any]) -> None:
        while True:
            try:
                future.set_result(asked.result(timeout=_LOOK_SECONDS))
            except TimeoutError:
                if self._is_there(self._address):
                    continue
                future.set_exception(BrokenExecutor(f"the worker at {self._address} is gone"))
            except Exception as error:  # whatever the cluster raises: it is no verdict on a candidate
                future.set_exception(BrokenExecutor(f"the worker at {self._address} failed: {error}"))
            return


class ClusterSites:
    """The workers of a cluster as sites; the specs of one that is gone move to the others.

    Args:
        client: the connection to the cluster.
        sites: by the workers' addresses.
    """

    def __init__(self, client: Client, sites: dict[str, Site]) -> None:
        self._client, self._sites = client, sites
        self._lock = threading.Lock()

    def at(self, lane: int) -> Site:
        """Return the site of a lane: one after the other, in turn."""
        with self._lock:
            left = list(self._sites.values())
        if not left:
            raise HarnessError("no worker of the Dask cluster is left; start some, and run again to go on.")
        return left[lane % len(left)]

    def replace(self, lost: Site) -> Site:
        """Return another worker's site in the place of one that is gone.

        Raises:
            HarnessError: no worker is left.
        """
        with self._lock:
            self._sites = {address: site for address, site in self._sites.items() if site is not lost}
        return self.at(lost.bench)

    def leave(self) -> None:
        """Let each worker that is there clear away what it has of the project."""
        asked = []
        # After a run that was broken off nobody may be connected any more; a worker's folders end with it, too.
        with suppress(Exception):
            asked += [site.executor.submit(leave, site.config.root) for site in self._sites.values()]
        wait(asked, timeout=_PATIENCE)

    def abandon(self) -> None:
        """Leave what the workers do: nobody waits for it."""
        with suppress(Exception):
            self._client.close()  # type: ignore[no-untyped-call]


@contextmanager
def open_cluster(config: Config, most: int) -> Iterator[ClusterSites]:
    """Connect to the cluster that the project names, and give each worker the project.

    Raises:
        ConfigError: `distributed` is not installed, nobody listens there, or it has no worker.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ConfigError(
            'executor = "dask" needs distributed; run `pip install "pytest-compiled-ai[dask]"`.'
        ) from None
    where = config.scheduler or "the cluster that DASK_SCHEDULER_ADDRESS names"
    try:
        client = Client(config.scheduler, timeout=_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ConfigError(f"{where} cannot be reached ({error}); is a Dask scheduler running there?") from None
    with client:
        sites = ClusterSites(client, _open_sites(client, config, most, where))
        try:
            yield sites
        finally:
            sites.leave()


def _open_sites(client: Client, config: Config, most: int, where: str) -> dict[str, Site]:
    def is_there(address: str) -> bool:
        return address in client.scheduler_info(n_workers=-1)["workers"]

    found = sorted(client.scheduler_info(n_workers=-1)["workers"])[:most]
    if not found:
        raise ConfigError(f"{where} has no workers; start some: `dask worker ADDRESS`.")
    executors = {address: WorkerExecutor(client, address, is_there) for address in found}
    archive = pack(config.root)
    roots = {address: executor.submit(unpack, archive) for address, executor in executors.items()}
    return {
        address: Site(executor=executors[address], bench=bench, config=config._replace(root=roots[address].result()))
        for bench, address in enumerate(found)
    }
