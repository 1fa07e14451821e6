"""A project as one file that travels: named by its content, so that each machine gets it once."""

from __future__ import annotations

import atexit
import hashlib
import io
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from pytest_compiled_ai.sandbox.jail.folder import Folder
from pytest_compiled_ai.sandbox.jail.listing import list_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The files of a project that its specs and their tests may need; `name` is the hash of `data`."""

    name: str
    data: bytes = field(repr=False)


def pack(root: Path) -> Archive:
    """Return the archive of a project; the same files make the same archive, whenever and wherever they are packed.

    It holds what the shadow of the project does, and no secret that lies in a file of its own (`.env`). What a link
    leads to goes along in its place where that is a file of the project.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in list_files(root):
            path = root / name
            if path.is_file() and path.resolve().is_relative_to(root.resolve()):
                content = path.read_bytes()
                entry = tarfile.TarInfo(Path(name).as_posix())
                entry.size, entry.mode = len(content), 0o755 if path.stat().st_mode & 0o100 else 0o644
                tar.addfile(entry, io.BytesIO(content))
    data = packed.getvalue()
    return Archive(name=hashlib.sha256(data).hexdigest(), data=data)


def unpack(archive: Archive) -> Path:
    """Return a new folder of this user's own with the files of an archive; it is gone with this process at the latest.

    Raises:
        ValueError: the archive is not what its name says.
    """
    if hashlib.sha256(archive.data).hexdigest() != archive.name:
        raise ValueError(f"the project's archive is damaged: it is not {archive.name[:16]}.")
    folder = Folder("project")
    _UNPACKED[folder.path] = folder
    with tarfile.open(fileobj=io.BytesIO(archive.data)) as tar:
        tar.extractall(folder.path, filter="data")
    return folder.path


def discard(root: Path) -> None:
    """Remove the folder of an archive; one that was not unpacked here stays."""
    if root in _UNPACKED:
        _UNPACKED.pop(root).close()


_UNPACKED: dict[Path, Folder] = {}


@atexit.register
def _discard_all() -> None:
    for root in list(_UNPACKED):
        discard(root)
