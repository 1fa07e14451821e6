"""What a jailed child may read of the machine: the interpreter, its libraries, and little of the user."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pytest_compiled_ai.sandbox.kernel.rights import Grants

_SYSTEM: Final = """
/usr /lib /lib32 /lib64 /etc/ld.so.cache /etc/localtime /etc/timezone /etc/mime.types /etc/passwd /etc/group
/etc/nsswitch.conf /etc/ssl/certs /etc/ssl/openssl.cnf /proc/self /proc/cpuinfo /proc/meminfo /sys/devices/system/cpu
/dev/urandom /dev/random
"""
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full")
_INSTALLED: Final = frozenset({"site-packages", "dist-packages", "__pypackages__"})


def machine_grants(project: Path) -> Grants:
    """Return the grants for this interpreter and all that it can import from outside `project`.

    The project and the home folder stay closed even where a granted folder holds them, as /usr holds /usr/src/app; and
    a folder on `sys.path` that holds the home or the temporary files, as where pytest starts there, is not granted.
    """
    home = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 (Path.home() raises where there is none)
    hidden = (project.resolve(), home)
    too_wide = (home, Path(tempfile.gettempdir()).resolve())
    roots = [*map(Path, _SYSTEM.split()), *_prefixes()]
    readable = [path for root in roots for path in _around(root, hidden)]
    listed = []
    for entry in _foreign_entries(project):
        real = entry.resolve()
        is_granted = any(real.is_relative_to(root.resolve()) for root in roots)
        if not is_granted and not any(folder.is_relative_to(real) for folder in too_wide):
            readable += _importable(entry, hidden)
            listed += [entry] if entry.is_dir() else []
    return Grants(readable=_texts(readable), listed=_texts(listed), writable=_DEVICES)


def search_path(project: Path, shadow: Path) -> tuple[str, ...]:
    """Return this process's `sys.path`, with the project's own folders moved to `shadow` and put first."""
    real = project.resolve()
    own = [path for path in map(_located, sys.path) if _is_own(path, real)]
    return _texts([*(shadow / path.resolve().relative_to(real) for path in own), *_foreign_entries(project)])


def _foreign_entries(project: Path) -> list[Path]:
    real = project.resolve()
    return [path for path in map(_located, sys.path) if not _is_own(path, real)]


def _located(entry: str) -> Path:
    return Path(os.path.abspath(entry))  # noqa: PTH100 (a link in the path must stay as it is written)


def _is_own(path: Path, project: Path) -> bool:
    real = path.resolve()
    if not real.is_relative_to(project) or any(real.is_relative_to(prefix) for prefix in _prefixes()):
        return False
    return not _INSTALLED.intersection(real.relative_to(project).parts)


def _prefixes() -> list[Path]:
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    return [Path(prefix).resolve() for prefix in dict.fromkeys(prefixes)]


def _around(path: Path, hidden: Sequence[Path]) -> Iterator[Path]:
    real = path.resolve()
    if real in hidden:
        return
    if not any(folder.is_relative_to(real) for folder in hidden):
        yield path
        return
    for child in sorted(path.iterdir()):
        if not child.is_symlink():
            yield from _around(child, hidden)


def _importable(entry: Path, hidden: Sequence[Path]) -> Iterator[Path]:
    if not entry.is_dir():
        yield entry
        return
    for child in sorted(entry.iterdir()):
        is_package = child.is_dir() and (child.name.isidentifier() or child.suffix in {".dist-info", ".egg-info"})
        if (is_package and not (child / "pyvenv.cfg").exists()) or child.suffix in {".py", ".pyc", ".so"}:
            yield from _around(child, hidden)


def _texts(paths: Sequence[Path]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, paths)))
