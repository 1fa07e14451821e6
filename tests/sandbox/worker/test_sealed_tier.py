from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.kernel.seal import Seal
from pytest_compiled_ai.sandbox.worker import tier as module
from pytest_compiled_ai.sandbox.worker.channel import WorkerDied
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

FULL = Seal(namespaces=True, landlock=7, seccomp=True)


@pytest.fixture
def _forgotten():
    detect_sealed_tier.cache_clear()
    yield
    detect_sealed_tier.cache_clear()


def test_this_machine_seals() -> None:
    tier = detect_sealed_tier()
    if not tier.confinement.seccomp:
        pytest.skip("this machine has no seccomp filter")
    assert tier.verified, tier.problem
    assert str(tier).startswith("sealed: ")
    assert str(tier).endswith("seccomp")
    assert detect_sealed_tier() is tier


@pytest.mark.parametrize(
    ("namespaces", "landlock", "verified", "text"),
    [
        (True, 7, True, "sealed: namespaces + landlock v7 + seccomp"),
        (False, 1, True, "sealed: landlock v1 + seccomp"),
        (False, 0, True, "sealed: seccomp"),
        (True, 7, False, "not sealed: unverified"),
    ],
)
def test_a_tier_says_what_seals_it(namespaces, landlock, verified, text) -> None:
    confinement = Confinement(landlock=landlock, seccomp=True)
    assert str(Tier(confinement=confinement, verified=verified, sealed=True, namespaces=namespaces)) == text


class Worker:
    """A worker that is not sealed, or as much as a test says."""

    def __init__(self, seal, breaches, fatal, private):
        self.seal, self._breaches, self._fatal, self._private = seal, breaches, fatal, private

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def call(self, name, args, kwargs):
        if name == "find_breaches":
            if self._private is not None:
                self._private(args[0])
            return self._breaches
        if isinstance(self._fatal, Exception):
            raise self._fatal
        return self._fatal


class Zygote(Worker):
    def __init__(self, **_):
        pass

    def client(self, classes):
        return self

    def fork(self, program):
        return Worker(*self.given)


@pytest.mark.usefixtures("_forgotten")
@pytest.mark.parametrize(
    ("seal", "breaches", "fatal", "problem"),
    [
        (FULL, [], WorkerDied("x", hostile=True), ""),
        (FULL, ["made a pipe"], WorkerDied("x", hostile=True), "a sealed process made a pipe"),
        (FULL, [], None, "a sealed process opened a socket, started a program, was traced"),
        (FULL, [], OSError("refused"), "a sealed process opened a socket, started a program, was traced"),
        (FULL, [], WorkerDied("x"), "a sealed process opened a socket, started a program, was traced"),
    ],
)
def test_a_self_test_that_found_something_is_believed(monkeypatch, seal, breaches, fatal, problem) -> None:
    Zygote.given = (seal, breaches, fatal, None)
    monkeypatch.setattr(module, "Zygote", Zygote)
    tier = detect_sealed_tier()
    assert (tier.problem, tier.verified) == (problem, not problem)


@pytest.mark.usefixtures("_forgotten")
@pytest.mark.parametrize(
    "spoil", [lambda path: pathlib.Path(path).open("w").close(), lambda path: __import__("os").unlink(path)]
)
def test_a_changed_file_is_a_breach(monkeypatch, spoil) -> None:
    Zygote.given = (FULL, [], WorkerDied("x", hostile=True), spoil)
    monkeypatch.setattr(module, "Zygote", Zygote)
    assert detect_sealed_tier().problem == "a sealed process changed a private file"


@pytest.mark.usefixtures("_forgotten")
def test_a_machine_without_workers_is_not_sealed(monkeypatch) -> None:
    def refuse(**_):
        raise SandboxError("no zygote")

    monkeypatch.setattr(module, "Zygote", refuse)
    assert (str(detect_sealed_tier()), detect_sealed_tier().problem) == ("not sealed: unverified", "no zygote")


OPEN = """
import sys
from pytest_compiled_ai.sandbox.worker import probe
probe.os.fork, probe.os.kill, probe.os.killpg = lambda: 1, print, print
print(len(probe.find_breaches(sys.argv[1])))
probe.open_socket()
getattr(probe, sys.argv[2])()
print('still here')
"""


@pytest.mark.parametrize(("fatal", "last"), [("trace", "still here"), ("run_program", "15")])
def test_the_probe_finds_everything_open_where_there_is_no_seal(tmp_path, fatal, last) -> None:
    (tmp_path / "secret").write_text("x")
    command = [sys.executable, "-uc", OPEN, str(tmp_path / "secret"), fatal]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "15" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == last
    assert not (tmp_path / "secret").exists()
