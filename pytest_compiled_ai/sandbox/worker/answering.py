"""What a worker does with a frame: load its program, call one of its functions, take a step through a generator."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.changes import Watch
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.errors import decode_error, encode_error
from pytest_compiled_ai.sandbox.codec.values import decode, encode
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.frames import Frame
from pytest_compiled_ai.sandbox.worker.quiet_loop import QuietLoop


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What every program of a zygote has in common: the artifact's name and file, and the project's classes."""

    module: str
    filename: str
    classes: Classes


_LINE = 160
"""Characters of a line of the program that are told where it raised an error."""

_Answer = tuple[bytes, tuple[bytes, ...]]

_STEPS = {frames.NEXT: "__next__", frames.SEND: "send", frames.THROW: "throw", frames.CLOSE: "close"}
_ASYNC_STEPS = {frames.NEXT: "__anext__", frames.SEND: "asend", frames.THROW: "athrow", frames.CLOSE: "aclose"}


class _Arguments:
    """What a function was called with; what of it has changed goes back with every answer."""

    def __init__(self, received: bytes, classes: Classes) -> None:
        self._classes = classes
        self.positional, self.named = decode(received, classes)
        self.watch()

    def watch(self) -> None:
        """Remember what the arguments are, before the candidate gets them."""
        self._watch = Watch((self.positional, self.named), self._classes)

    def changes(self) -> bytes:
        """Return what has changed since, or nothing."""
        return self._watch.encode_changes() or b""


class Session:
    """One candidate's functions, and the generators of theirs that are open."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._classes = program.classes
        self._module = types.ModuleType(program.module)
        self._open: dict[bytes, tuple[Any, _Arguments]] = {}
        self._loop = QuietLoop()
        self._lines: list[str] = []

    def answer(self, frame: Frame) -> _Answer:
        """Do what a frame asks, and return the kind and the parts of the answer."""
        try:
            match frame.kind, frame.parts:
                case frames.PROGRAM, (text,):
                    return self._load(text.decode())
                case frames.CALL, (name, arguments):
                    return self._call(name.decode(), _Arguments(arguments, self._classes))
                case frames.OPEN, (name, arguments):
                    return self._begin(b"%d" % frame.number, name.decode(), _Arguments(arguments, self._classes))
                case how, (key, value):
                    return self._step(how, key, value)
        except CodecError as error:
            return frames.UNCARRIED, (str(error).encode(errors="replace"),)
        except BaseException as error:
            return self._error(error)
        raise AssertionError(frame.kind)

    def _error(self, error: BaseException, changes: bytes = b"") -> _Answer:
        try:
            return frames.ERROR, (encode_error(error, self._classes), changes, self._line_of(error).encode())
        except CodecError as too_large:
            return frames.UNCARRIED, (str(too_large).encode(errors="replace"),)

    def _line_of(self, error: BaseException) -> str:
        """Return the last line of the program that an error came through."""
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._program.filename:
                line = trace.tb_lineno
            trace = trace.tb_next
        return self._lines[line - 1].strip()[:_LINE] if 0 < line <= len(self._lines) else ""

    def _load(self, text: str) -> _Answer:
        self._lines = text.splitlines()
        sys.modules[self._program.module] = self._module
        self._module.__file__ = self._program.filename
        exec(compile(text, self._program.filename, "exec", dont_inherit=True), self._module.__dict__)  # noqa: S102
        return frames.VALUE, ()

    def _call(self, name: str, arguments: _Arguments) -> _Answer:
        try:
            value = getattr(self._module, name)(*arguments.positional, **arguments.named)
            if inspect.isawaitable(value):
                value = self._finish(value)
        except BaseException as error:
            return self._error(error, arguments.changes())
        return frames.VALUE, (encode(value, self._classes), arguments.changes())

    def _begin(self, key: bytes, name: str, arguments: _Arguments) -> _Answer:
        generator = getattr(self._module, name)(*arguments.positional, **arguments.named)
        if not hasattr(generator, "__next__") and not hasattr(generator, "__anext__"):
            return frames.UNCARRIED, (f"{type(generator).__name__} is no iterator".encode(),)
        self._open[key] = generator, arguments
        return frames.VALUE, (b"", arguments.changes())

    def _step(self, how: bytes, key: bytes, value: bytes) -> _Answer:
        generator, arguments = self._open[key]
        arguments.watch()
        kind = frames.VALUE
        try:
            result = self._resume(generator, how, value)
        except StopIteration as stop:
            kind, result = frames.RETURNED, stop.value
        except StopAsyncIteration:
            kind, result = frames.RETURNED, None
        except BaseException as error:
            return self._error(error, arguments.changes())
        return kind, (encode(result, self._classes), arguments.changes())

    def _resume(self, generator: Any, how: bytes, value: bytes) -> Any:
        is_async = hasattr(generator, "__anext__")
        name = _ASYNC_STEPS[how] if is_async else _STEPS[how]
        given: tuple[Any, ...] = ()
        if how == frames.SEND:
            given = (decode(value, self._classes),)
        elif how == frames.THROW:
            given = (decode_error(value, self._classes),)
        result = getattr(generator, name)(*given)
        return self._finish(result) if is_async else result

    def _finish(self, awaitable: Awaitable[Any]) -> Any:
        async def finish() -> Any:
            return await awaitable

        return self._loop.run_until_complete(finish())
