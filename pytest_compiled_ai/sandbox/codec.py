"""The language of the oracle and the worker: data as tagged JSON, never as pickle.

A value is taken apart by its *exact* type: a subclass that is not registered is refused, as an `int` that is equal to
everything would be an attack. What comes back is built of built-in kinds and registered classes alone, without running
any `__init__` or validator of theirs. An object that is reached twice arrives as two equal ones. Whatever bytes the
other end sends, the only error is a `CodecError`.
"""

from __future__ import annotations

from pytest_compiled_ai.sandbox.codec_bounds import MAX_BYTES, MAX_DEPTH, CodecError
from pytest_compiled_ai.sandbox.codec_changes import Watch, apply_change
from pytest_compiled_ai.sandbox.codec_classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.codec_collection import collect_classes
from pytest_compiled_ai.sandbox.codec_errors import UnknownError, decode_error, encode_error
from pytest_compiled_ai.sandbox.codec_values import decode, encode

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "NO_CLASSES",
    "Classes",
    "CodecError",
    "UnknownError",
    "Watch",
    "apply_change",
    "collect_classes",
    "decode",
    "decode_error",
    "encode",
    "encode_error",
]
