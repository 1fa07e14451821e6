"""How well a worker is sealed on this machine, found out by trying to break out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.jail.folder import Folder
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.kernel.seal import Seal
from pytest_compiled_ai.sandbox.worker import probe as sealed_probe
from pytest_compiled_ai.sandbox.worker.channel import WorkerDied
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

_NONE: Final = Seal(namespaces=False, landlock=0, seccomp=False)
_FATAL: Final = {
    "open_socket": "opened a socket",
    "run_program": "started a program",
    "trace": "was traced",
}


@cache
def detect_sealed_tier() -> Tier:
    """Return the sealed tier of this machine: some workers try what they must not be able to do.

    It is verified if the filter of system calls is in force and every attempt was stopped; nothing else is called
    sealed.
    """
    with Folder("private") as folder:
        private = folder.path / "secret"
        private.write_text("secret", encoding="utf-8")
        try:
            return _probe(private)
        except (SandboxError, SpecError, WorkerDied) as error:
            return _tier(_NONE, str(error))


def _probe(private: Path) -> Tier:
    program = Path(sealed_probe.__file__).read_text(encoding="utf-8")
    name = "sealed_probe"
    with (
        Zygote(module=name, filename=f"{name}.py", header=program, path=sys.path, modules=()) as zygote,
        zygote.client(NO_CLASSES) as client,
    ):
        with client.fork(program) as worker:
            breaches = [str(act) for act in worker.call("find_breaches", (str(private),), {})]
            seal = worker.seal
        breaches += _survived(client, program)
        if not private.exists() or private.read_text(encoding="utf-8") != "secret":
            breaches.append("changed a private file")
    problem = f"a sealed process {', '.join(breaches)}" if breaches else ""
    return _tier(seal, problem)


def _survived(client: Client, program: str) -> Iterator[str]:
    for function, act in _FATAL.items():
        with client.fork(program) as worker:
            try:
                worker.call(function, (), {})
            except WorkerDied as death:
                if death.hostile:
                    continue
            except OSError:
                pass
            yield act


def _tier(seal: Seal, problem: str) -> Tier:
    confinement = Confinement(landlock=seal.landlock, seccomp=seal.seccomp)
    return Tier(confinement=confinement, verified=not problem, problem=problem, sealed=True, namespaces=seal.namespaces)
