"""What a hostile body is let loose on, and how its effects are seen from outside of the process that it runs in."""

from __future__ import annotations

import ctypes
import hashlib
import os
import resource
import secrets
import site
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

from benchmarks.security.listeners import Listeners
from benchmarks.security.processes import Crowd, adopt_orphans, find_descendants

_IPC = Path("/proc/sysvipc/shm")


class Scene:
    """A home with a key, a variable with a key, listeners, a victim, and a watch over processes, memory and disk.

    Within the `with` block HOME, TMPDIR and PLANTED_API_KEY of this process are the scene's.
    """

    def __init__(self, root: Path) -> None:
        token = secrets.token_hex(8)
        self.canaries = {kind: f"{kind}-{token}-{kind}" for kind in ("planted-key", "planted-variable", "in-memory")}
        self.root, self.home, self.tmp = root, root / "home", root / "tmp"
        self._memory = ctypes.create_string_buffer(self.canaries["in-memory"].encode(), 64)
        self._packages = Path(next(iter(site.getsitepackages()), sys.prefix))
        self._outside = [
            Path("/dev/shm", f"hostile-{token}"), Path("/tmp", f"hostile-{token}"),
            self._packages / f"hostile-{token}.pth",
        ]  # fmt: skip
        self._segment = int(token[:7], 16)
        self._saved = {name: os.environ.get(name) for name in ("HOME", "TMPDIR", "PLANTED_API_KEY")}

    def __enter__(self) -> Scene:
        adopt_orphans()
        (self.home / ".ssh").mkdir(parents=True)
        self.tmp.mkdir()
        (self.home / ".ssh" / "id_rsa").write_text(self.canaries["planted-key"])
        (self.home / ".bashrc").write_text("# empty\n")
        given = (str(self.home), str(self.tmp), self.canaries["planted-variable"])
        os.environ.update(zip(self._saved, given, strict=True))
        tempfile.tempdir = None
        self._listeners = Listeners(self.root)
        self._victim = subprocess.Popen(["sleep", "3600"])
        self._limits = self._limits_of_victim()
        self._crowd = Crowd(self.tmp)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        adopt_orphans(adopt=False)
        self._crowd.close()
        self._listeners.close()
        self._victim.kill()
        self._victim.wait()
        for name, value in self._saved.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        tempfile.tempdir = None
        for path in self._outside:
            path.unlink(missing_ok=True)

    def names(self, project: Path, copy: Path) -> dict[str, object]:
        """Return the names in capitals that bodies may use, with their values."""
        shared, spool, pth = map(str, self._outside)
        return {
            "HOME": str(self.home), "PROJECT": str(project), "COPY": str(copy), "VICTIM": self._victim.pid,
            "HARNESS": os.getpid(), "ADDRESS": ctypes.addressof(self._memory), "SHARED": shared, "SPOOL": spool,
            "PTH": pth, "SEGMENT": self._segment, **self._listeners.names,
        }  # fmt: skip

    def begin(self, *watched: Path) -> None:
        """Remember how everything is before a body runs; `watched` are folders besides the home."""
        self._watched = (self.home, *watched)
        self._files = dict(self._list_files())
        self._processes = len(find_descendants())
        self._listeners.hear()
        self._crowd.reset()
        self._started = time.monotonic()

    def find_effects(self, said: str, seconds: float) -> Iterator[str]:
        """Yield what a body did, when its run has ended; `said` is all that came out, `seconds` what it might take."""
        yield from (f"was heard by {name}" for name in self._listeners.hear())
        yield from (f"{kind} came out" for kind, canary in self.canaries.items() if canary in said)
        if "ESCAPED" in said:
            yield "made a forbidden call"
        files = dict(self._list_files())
        changed = {path for path in {*files, *self._files} if files.get(path) != self._files.get(path)}
        yield from (f"changed {path}" for path in sorted(changed)[:3])
        if self._victim.poll() is not None or _state(self._victim.pid) in "Tt":
            yield "ended or stopped the victim"
            self._victim = subprocess.Popen(["sleep", "3600"])
        elif self._limits_of_victim() != self._limits:
            yield "changed the victim's limits"
        if time.monotonic() - self._started > seconds:
            yield f"took more than {seconds:g} s"
        yield from self._crowd.excesses()
        if not self._is_quiet():
            yield "left processes behind"

    def _is_quiet(self) -> bool:
        deadline = time.monotonic() + 3
        while len(find_descendants()) > self._processes:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _limits_of_victim(self) -> tuple[int, int]:
        return resource.prlimit(self._victim.pid, resource.RLIMIT_NOFILE)

    def _list_files(self) -> Iterator[tuple[str, str]]:
        for folder in self._watched:
            for path in (folder, *sorted(folder.rglob("*"))):
                status = path.lstat()
                text = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
                said = f"{status.st_mode} {status.st_uid} {path.is_symlink()} {hashlib.sha256(text).hexdigest()}"
                yield str(path), said
        yield from ((str(path), "there") for path in self._outside if os.path.lexists(path))
        yield from self._list_segments()

    def _list_segments(self) -> Iterator[tuple[str, str]]:
        rows = _IPC.read_text(encoding="ascii").splitlines()[1:] if _IPC.exists() else []
        yield from (("a shared segment", "there") for row in rows if int(row.split()[0]) == self._segment)


def fill_in(body: str, names: Mapping[str, object]) -> str:
    """Return a body with the names in capitals that it uses given their values, above."""
    used = [name for name in names if name in body]
    return "\n".join([*(f"{name} = {names[name]!r}" for name in used), body.strip("\n")])


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
