"""A site in this process, in the place of validating processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

import pytest

from pytest_compiled_ai.compiler import compiler as compiling
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.validation import far
from pytest_compiled_ai.validation.order import Shops
from pytest_compiled_ai.validation.sites import Site, bare


class Here(Executor):
    """Calls in this process, one call at a time, as a site does."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self.lock:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.lock = threading.Lock()


class Nearby:
    """One site in this process."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def at(self, lane: int) -> Site:
        return self.site

    def replace(self, lost: Site) -> Site:
        return self.site

    def abandon(self) -> None:
        pass


@contextmanager
def sites_here(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open one such site wherever a run opens sites."""
    shops = Shops()

    @contextmanager
    def open_here(config: Config, most: int) -> Iterator[Nearby]:
        yield Nearby(Site(executor=Here(), bench=0, config=bare(config)))

    patch.setattr(compiling, "open_sites", open_here)
    patch.setattr(far, "perform", shops.perform)
    try:
        yield
    finally:
        shops.close()
