"""A Dask cluster of real worker processes: it judges as this machine does, and one killed in the middle loses nothing."""

import os
import re
import signal
import threading

import pytest

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.testing import fenced, make_reply
from pytest_compiled_ai.validation import cluster as clusters
from pytest_compiled_ai.validation.cluster import open_cluster

pytestmark = pytest.mark.filterwarnings("ignore")
distributed = pytest.importorskip("distributed")
SECONDS = 120
ONE = """
    from pytest_compiled_ai import spec

    @spec{options}
    def {name}(n: int) -> int:
        \"\"\"Return n and {by}.\"\"\"

    def test_{name}() -> None:
        assert {name}(1) == 1 + {by}
"""


class Knowing:
    """Answers by the name of the function; `on_ask` is told each name."""

    name = model = "knowing"
    where = "a script"

    def __init__(self, concurrency=3, on_ask=lambda name: None):
        self.concurrency, self.on_ask = concurrency, on_ask

    def complete(self, request, on_token=None):
        name = re.findall(r"def (f\d+)\(", request.messages[1].content)[-1]
        self.on_ask(name)
        return make_reply(fenced(f"def {name}(n: int) -> int:\n    return n + {name[1:]}"))

    def close(self):
        pass


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster


def files(count, **options):
    return {f"specs/m{n}.py": ONE.format(name=f"f{n}", by=n, options=options.get(f"f{n}", "")) for n in range(count)}


def outcomes(report):
    return {result.id.partition("::")[2]: result.outcome for result in report.results}


@pytest.mark.usefixtures("sealed")
def test_it_judges_as_this_machine_does_with_a_worker_killed_in_the_middle(bench, cluster):
    made = bench(files(6, f5='(uses=["m0.f0"])'))
    victim = next(iter(cluster.workers.values())).pid
    killed = threading.Event()

    def kill(name):
        if name == "f2" and not killed.is_set():
            killed.set()
            os.kill(victim, signal.SIGKILL)

    report = made.report(Knowing(on_ask=kill), executor="dask", scheduler=cluster.scheduler_address)
    assert killed.is_set()
    assert outcomes(report) == {f"f{n}": "compiled" for n in range(6)}
    assert {result.tier.partition(":")[0] for result in report.results} == {"sealed"}
    there = made.tree("src")
    for path in made.root.joinpath("src").rglob("*.*"):
        path.unlink()
    made.report(Knowing(concurrency=1))
    assert made.tree("src") == there


def test_a_cluster_that_nobody_runs_says_so(bench, monkeypatch):
    monkeypatch.setattr(clusters, "_CONNECT", "300ms")
    config = bench(files(1)).project(executor="dask", scheduler="tcp://127.0.0.1:9").config
    with (
        pytest.raises(ConfigError, match=r"tcp://127.0.0.1:9 cannot be reached .*is a Dask scheduler running"),
        open_cluster(config, 2),
    ):
        pass


def test_a_cluster_without_workers_says_so(bench):
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as empty:
        config = bench(files(1)).project(executor="dask", scheduler=empty.scheduler_address).config
        with pytest.raises(ConfigError, match="has no workers; start some"), open_cluster(config, 2):
            pass
