"""See whether the sealed tier holds whoever runs it: `python -m benchmarks.security.privileges [--json OUT]`.

The sealed tier's own self-test and a few hostile bodies run in a child process for each kind of user that can be
arranged here: as we are, with namespaces forbidden, with fewer of root's powers, as an ordinary user. Nothing on the
machine is changed: where an ordinary user may not read this interpreter, another one of the same version stands in.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.security.effects import Scene, fill_in
from benchmarks.security.hostile import read_hostile
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, WorkerDied
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

BODIES = ("connect by tcp", "read a private key", "kill the victim", "a daemon that survives")
HEADER = "import ctypes, os, signal, socket, time"
_ROOT = Path(__file__).resolve().parents[2]
_NOBODY = 65534
_FORBID = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the sealed tier did for one kind of user; `skipped` says why it could not be tried."""

    name: str
    tier: str = ""
    is_verified: bool = False
    effects: tuple[str, ...] = ()
    skipped: str = ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0 if the tier holds wherever it could be tried."""
    parser = argparse.ArgumentParser(description="Try the sealed tier as several kinds of user.")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--probe", action="store_true", help="try it as whoever this is, and print what came of it")
    options = parser.parse_args(argv)
    if options.probe:
        print(json.dumps(probe()))
        return 0
    standings = list(try_all())
    print(render(standings))
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in standings], indent=2) + "\n", encoding="utf-8")
    return 0 if is_met(standings) else 1


def probe() -> dict[str, Any]:
    """Return the tier that this process has, and the effects of the bodies."""
    tier = detect_sealed_tier()
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as folder,
        Scene(Path(folder).resolve()) as scene,
        Zygote(module="generated.order", filename="order.py", header=HEADER, path=sys.path) as zygote,
    ):
        effects = [f"{name}: {effect}" for name in BODIES for effect in let_loose(scene, zygote, name)]
    return {"tier": str(tier), "is_verified": tier.verified, "effects": effects}


def let_loose(scene: Scene, zygote: Zygote, name: str) -> Iterator[str]:
    """Run one body in a worker and yield what it did outside."""
    hostile = next(each for each in read_hostile() if each.name == name)
    body = fill_in(hostile.body, scene.names(scene.root, scene.root))
    program = f"{HEADER}\ndef settle(items, most):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    scene.begin()
    said = ""
    with zygote.client(NO_CLASSES, CallLimits(call=10.0)) as client, client.fork(program) as worker:
        try:
            said = repr(worker.call("settle", ([1], 2), {}))
        except (WorkerDied, Exception) as error:
            said = str(error)
    yield from scene.find_effects(said, 30.0)


def try_all() -> Iterator[Standing]:
    """Yield how the tier does for each kind of user."""
    for name, command in list_users().items():
        tool = shutil.which(command[0]) if command else "none is needed"
        if tool is None:
            yield Standing(name=name, skipped=f"there is no {command[0]}")
        elif command and command[0] == "setpriv" and os.geteuid():
            yield Standing(name=name, skipped="only root can become someone else")
        else:
            yield try_one(name, command)


def list_users() -> dict[str, list[str]]:
    """Return, for each kind of user, the command that becomes it."""
    ordinary = [f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--inh-caps=-all"]
    forbid = ["unshare", "--user", "--map-root-user", "sh", "-c", _FORBID, "sh"]
    return {
        "as we are": [],
        "no user namespaces": [*forbid, "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"],
        "root without CAP_SYS_ADMIN": ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"],
        "root without any power": ["setpriv", "--bounding-set=-all", "--inh-caps=-all"],
        "root of a user namespace": ["unshare", "--user", "--map-root-user"],
        "another id in a user namespace": ["unshare", "--user", "--map-user=1000", "--map-group=1000"],
        "an ordinary user": ["setpriv", *ordinary],
        "no namespaces and no power at all": [*forbid, "setpriv", "--bounding-set=-all", "--inh-caps=-all"],
    }


def try_one(name: str, command: Sequence[str]) -> Standing:
    """Return how the tier does for one kind of user."""
    python = find_python() if "setpriv" in command[:1] and f"--reuid={_NOBODY}" in command else sys.executable
    if not python:
        return Standing(name=name, skipped="no interpreter of this version may be read by all")
    # The packages of this interpreter, for one that has none of its own.
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [*command, python, "-B", "-m", "benchmarks.security.privileges", "--probe"]
    done = subprocess.run(argv, cwd=_ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        return Standing(name=name, skipped=(done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    found = json.loads(done.stdout)
    return Standing(name=name, tier=found["tier"], is_verified=found["is_verified"], effects=tuple(found["effects"]))


def find_python() -> str:
    """Return an interpreter of this version that every user may run, or ""."""
    own = Path(sys.executable).resolve()
    if all(folder.stat().st_mode & 0o001 for folder in own.parents):
        return sys.executable
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    other = shutil.which(f"python{version}", path="/usr/bin:/usr/local/bin")
    return other or ""


def is_met(standings: Sequence[Standing]) -> bool:
    """Tell whether the tier holds wherever it was tried."""
    return all(each.skipped or (each.is_verified and not each.effects) for each in standings)


def render(standings: Sequence[Standing]) -> str:
    """Return the standings as text."""
    lines = []
    for each in standings:
        effects = "; ".join(each.effects) or f"no effect of {len(BODIES)} bodies"
        said = f"skipped: {each.skipped}" if each.skipped else f"{each.tier}, {effects}"
        lines.append(f"{each.name:38}{said}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
