import os
import signal
from concurrent.futures import BrokenExecutor
from types import MappingProxyType

import pytest

from pytest_compiled_ai.config import Config, ProviderSettings
from pytest_compiled_ai.validation.sites import LocalSites, bare, count_cores, open_sites

SECONDS = 60


def pid_of(site):
    return site.executor.submit(os.getpid).result(SECONDS)


def test_lanes_share_the_sites_in_turn(tmp_path):
    with open_sites(Config(root=tmp_path), 2) as sites:
        assert sites.at(0) is not sites.at(1) or count_cores() == 1
        assert sites.at(2) is sites.at(0)
        assert pid_of(sites.at(0)) != os.getpid()


def test_there_are_no_more_than_cores(tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_compiled_ai.validation.sites.count_cores", lambda: 1)
    with open_sites(Config(root=tmp_path), 9) as sites:
        assert sites.at(0) is sites.at(1)


def test_one_that_is_gone_is_replaced_once_for_all_who_ask(tmp_path):
    with open_sites(Config(root=tmp_path), 1) as sites:
        lost = sites.at(0)
        os.kill(pid_of(lost), signal.SIGKILL)
        with pytest.raises(BrokenExecutor):
            pid_of(lost)
        found = sites.replace(lost)
        assert found is sites.replace(lost) is sites.at(0)
        assert pid_of(found) != os.getpid()


def test_an_error_ends_them_at_once(tmp_path):
    pids = []

    def fail():
        with open_sites(Config(root=tmp_path), 1) as sites:
            pids.append(pid_of(sites.at(0)))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_who_answers_questions_is_none_of_their_business(tmp_path):
    config = Config(
        root=tmp_path, provider="big", providers={"big": ProviderSettings()}, policy=MappingProxyType({"allow": 1})
    )
    found = bare(config)
    assert (found.provider, found.providers, found.policy) == (None, {}, {"allow": 1})
    assert type(found.policy) is dict


def test_abandoned_sites_answer_no_more(tmp_path):
    sites = LocalSites(Config(root=tmp_path), 1)
    pid = pid_of(sites.at(0))
    sites.abandon()
    sites.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
