import threading
from contextlib import closing
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler import lanes as module
from pytest_compiled_ai.compiler.lanes import Lanes

SECONDS = 60


class Closing(Lanes):
    close = Lanes.end


def run(do, jobs, before=None, count=2, may_start=lambda: True):
    with closing(Closing(count, do)) as lanes:
        before = {name: frozenset((before or {}).get(name, ())) for name in jobs}
        return list(lanes.run(jobs, before, may_start))


def test_jobs_are_under_way_at_a_time_as_many_as_there_are_lanes():
    together = threading.Barrier(3)

    def do(job, lane):
        together.wait(SECONDS)
        return job, lane

    ended = run(do, {str(n): n for n in range(6)}, count=3)
    assert sorted(name for name, _ in ended) == list("012345")
    assert {lane for _, (_, lane) in ended} == {0, 1, 2}


@given(data=st.data(), count=st.integers(1, 4), size=st.integers(0, 8))
def test_each_job_is_done_once_and_behind_those_before_it(data, count, size):
    names = [str(n) for n in range(size)]
    before = {name: data.draw(st.frozensets(st.sampled_from(names[:n]))) if n else () for n, name in enumerate(names)}
    done, begun_behind = [], {}

    def do(job, lane):
        begun_behind[job] = set(done)
        done.append(job)
        return job

    ended = run(do, {name: name for name in names}, before, count)
    assert sorted(name for name, _ in ended) == names
    assert all(set(before[name]) <= begun_behind[name] for name in names)


def test_one_lane_keeps_the_order():
    assert [name for name, _ in run(lambda job, lane: job, {"b": 1, "a": 2, "c": 3}, count=1)] == ["b", "a", "c"]


def test_what_a_job_raises_is_raised_where_the_results_are():
    def do(job, lane):
        raise KeyboardInterrupt(job)

    with pytest.raises(KeyboardInterrupt, match="first"):
        run(do, {"first": "first"})


def test_no_job_is_begun_once_none_may_be():
    done = []

    def do(job, lane):
        done.append(job)
        return job

    ended = run(do, {"a": 1, "b": 2, "c": 3}, count=1, may_start=lambda: len(done) < 2)
    assert [name for name, _ in ended] == ["a", "b"]


def test_all_lanes_together_get_a_moment_to_end(monkeypatch):
    waited = []

    class Stuck:
        def join(self, seconds):
            waited.append(seconds)

    lanes = Lanes(0, lambda job, lane: job)
    lanes._threads = [Stuck(), Stuck(), Stuck()]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: sum(waited)))
    lanes.end()
    assert waited == [module._PATIENCE, 0.0, 0.0]
