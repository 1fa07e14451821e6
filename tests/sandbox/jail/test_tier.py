from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail import tier as module
from pytest_compiled_ai.sandbox.jail.job import Confinement, Outcome
from pytest_compiled_ai.sandbox.jail.tier import Tier, detect_tier

FULL = Confinement(landlock=7, seccomp=True)


@pytest.fixture
def _forgotten():
    detect_tier.cache_clear()
    yield
    detect_tier.cache_clear()


@pytest.mark.usefixtures("sealed")
def test_this_machine_is_sealed_and_verified() -> None:
    tier = detect_tier()
    assert tier.verified, tier.problem
    assert str(tier) == f"jailed: landlock v{tier.confinement.landlock} + seccomp + limits"
    assert detect_tier() is tier


@pytest.mark.parametrize(
    ("landlock", "seccomp", "verified", "text"),
    [
        (7, True, True, "jailed: landlock v7 + seccomp + limits"),
        (1, True, False, "jailed: landlock v1 + seccomp + limits, unverified"),
        (0, True, False, "jailed: seccomp + limits, unverified"),
        (0, False, False, "jailed: limits only, unverified"),
    ],
)
def test_a_tier_says_what_is_in_force(landlock, seccomp, verified, text) -> None:
    assert str(Tier(confinement=Confinement(landlock=landlock, seccomp=seccomp), verified=verified)) == text


@pytest.mark.usefixtures("_forgotten")
@pytest.mark.parametrize(
    ("records", "confinement", "planted", "verified", "problem"),
    [
        ([{"event": "probed", "breaches": []}], FULL, False, True, ""),
        ([{"event": "probed", "breaches": []}], Confinement(landlock=0, seccomp=True), False, False, ""),
        (
            [{"event": "probed", "breaches": ["opened a socket"]}],
            FULL,
            False,
            False,
            "a jailed process opened a socket",
        ),
        ([{"event": "probed", "breaches": []}], FULL, True, False, "a jailed process wrote a private file"),
        ([], FULL, False, False, "the self-test did not end well (1)"),
    ],
)
def test_a_self_test_that_found_something_is_believed(
    monkeypatch, records, confinement, planted, verified, problem
) -> None:
    def probed(private):
        if planted:
            (private / "planted").touch()
        return Outcome(
            ending="exited", returncode=1, reason="", records=tuple(records), output="", seconds=1.0,
            confinement=confinement,
        )  # fmt: skip

    monkeypatch.setattr(module, "_probe", probed)
    tier = detect_tier()
    assert (tier.verified, tier.confinement, tier.problem) == (verified, confinement, problem)


@pytest.mark.usefixtures("_forgotten")
def test_a_machine_without_a_jail_is_unverified(monkeypatch) -> None:
    def refuse(job):
        raise SandboxError("no jail")

    monkeypatch.setattr(module, "run", refuse)
    tier = detect_tier()
    assert (str(tier), tier.problem) == ("jailed: limits only, unverified", "no jail")


def test_the_probe_finds_everything_open_where_there_is_no_jail(tmp_path) -> None:
    (tmp_path / "secret").write_text("x")
    receiver, sender = os.pipe()
    env = {**os.environ, "COMPILED_AI_RECORDS": str(sender)}
    command = [sys.executable, "-m", "pytest_compiled_ai.sandbox.jail.probe", str(tmp_path)]
    subprocess.run(command, env=env, pass_fds=(sender,), check=True, timeout=30)
    os.close(sender)
    with os.fdopen(receiver) as file:
        assert len(json.loads(file.read())["breaches"]) == 7
    assert (tmp_path / "planted").exists()
