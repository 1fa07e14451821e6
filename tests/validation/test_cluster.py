"""Workers of a cluster that fail, leave or never were, with a double for the connection to it."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError, HarnessError
from pytest_compiled_ai.validation.cluster import ClusterSites, WorkerExecutor, open_cluster
from pytest_compiled_ai.validation.sites import Site

SECONDS = 60
HERE = "tcp://here:1"
CONFIG = Config(root=Path("/there"), executor="dask")


class Said:
    """What a cluster was asked for: says one thing each time somebody looks; an exception is raised."""

    def __init__(self, *script):
        self.script = list(script)

    def result(self, timeout):
        assert timeout > 0
        said = self.script.pop(0)
        if isinstance(said, BaseException):
            raise said
        return said


class Client:
    def __init__(self, *script):
        self.said, self.asked, self.is_closed = Said(*script), [], False

    def submit(self, *call, **keywords):
        self.asked.append((call, keywords))
        return self.said

    def close(self):
        self.is_closed = True
        raise OSError("the line is dead")


def submit_to(client, *, there=lambda address: True):
    return WorkerExecutor(client, HERE, there).submit(divmod, 7, 2)


def test_a_call_goes_to_the_one_worker_and_is_made_once():
    client = Client((3, 1))
    assert submit_to(client).result(SECONDS) == (3, 1)
    assert client.asked == [((divmod, 7, 2), {"workers": [HERE], "pure": False, "retries": 0})]


def test_a_worker_that_takes_its_time_is_waited_for_while_it_is_there():
    looked = []
    client = Client(TimeoutError(), TimeoutError(), (3, 1))
    assert submit_to(client, there=lambda address: looked.append(address) or True).result(SECONDS) == (3, 1)
    assert looked == [HERE, HERE]


def test_what_waits_for_a_worker_that_is_gone_breaks():
    there = iter([True, False])
    client = Client(TimeoutError(), TimeoutError())
    with pytest.raises(BrokenExecutor, match=f"^the worker at {HERE} is gone$"):
        submit_to(client, there=lambda address: next(there)).result(SECONDS)


@pytest.mark.parametrize("error", [KeyError("its class"), OSError("its class")])
def test_whatever_a_worker_fails_with_breaks_what_waits_for_it(error):
    with pytest.raises(BrokenExecutor, match=f"^the worker at {HERE} failed: .?its class.?$"):
        submit_to(Client(error)).result(SECONDS)


def sites_of(client, *addresses):
    sites = {name: Site(executor=Future, bench=n, config=CONFIG) for n, name in enumerate(addresses)}
    return ClusterSites(client, sites), list(sites.values())


def test_lanes_share_the_workers_in_turn():
    sites, (one, other) = sites_of(Client(), "a", "b")
    assert [sites.at(lane) for lane in range(3)] == [one, other, one]


def test_those_of_a_worker_that_is_gone_move_to_the_others_until_none_is_left():
    sites, (one, other) = sites_of(Client(), "a", "b")
    assert sites.replace(one) is sites.replace(one) is sites.at(0) is sites.at(1) is other
    with pytest.raises(HarnessError, match="no worker of the Dask cluster is left; start some, and run again"):
        sites.replace(other)
    with pytest.raises(HarnessError, match="no worker"):
        sites.at(0)


def test_abandoned_workers_are_left_even_where_the_line_is_dead():
    client = Client()
    sites, _ = sites_of(client, "a")
    sites.abandon()
    assert client.is_closed


class Running(Client):
    """A cluster of three workers that calls at once what it is asked for; it is the library's class, too."""

    def __init__(self, *where, **keywords):
        super().__init__()
        self.where = (*where, keywords)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def scheduler_info(self, n_workers):
        assert n_workers == -1
        return {"workers": {"c": {}, "a": {}, "b": {}}}

    def submit(self, fn, *args, **keywords):
        self.asked.append(keywords["workers"])
        # Each is too slow for the first look.
        return Said(TimeoutError(), fn(*args))


def test_each_worker_gets_the_project_and_no_more_workers_than_are_needed(monkeypatch, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (here / "a.py").write_text("A = 1\n", encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(there))
    made = []
    library = SimpleNamespace(Client=lambda *where, **keywords: made.append(Running(*where, **keywords)) or made[0])
    monkeypatch.setitem(sys.modules, "distributed", library)
    with open_cluster(CONFIG._replace(root=here, scheduler="tcp://there:1"), 2) as sites:
        one, other = sites.at(0), sites.at(1)
        roots = {site.config.root for site in (one, other)}
        assert roots == set(there.iterdir())
        assert [(root / "a.py").read_text(encoding="utf-8") for root in roots] == ["A = 1\n"] * 2
    assert [site.bench for site in (one, other)] == [0, 1]
    assert made[0].where == ("tcp://there:1", {"timeout": "10s", "set_as_default": False})
    assert made[0].asked == [["a"], ["b"], ["a"], ["b"]]
    assert len(roots) == 2
    assert not list(there.iterdir())


def test_a_run_that_was_broken_off_leaves_workers_alone_that_it_cannot_reach():
    client = Client()
    sites, _ = sites_of(client, "a")
    sites.abandon()
    client.submit = None
    sites.leave()
    assert client.is_closed


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ConfigError, match=r'run `pip install "pytest-compiled-ai\[dask\]"`') as caught,
        open_cluster(CONFIG, 1),
    ):
        pass
    assert "\n" not in str(caught.value)
