"""The replies that are recorded beside a spec file: what its question is answered with wherever no model is asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.model import SpecFile

VERSION = 1
_SUFFIX = ".replies.json"


class Entry(NamedTuple):
    """One question's arguments and its reply, as JSON has them.

    Where `is_open` there is no reply yet. `model` is empty where a person wrote it.
    """

    arguments: Mapping[str, Any]
    reply: Any = None
    model: str = ""
    is_open: bool = False

    @property
    def key(self) -> str:
        """The arguments as an artifact writes them."""
        return json.dumps(self.arguments, sort_keys=True, ensure_ascii=False)


class Recording(NamedTuple):
    """The entries of one file; `question` is the hash of what was asked, empty where a person wrote the file."""

    question: str = ""
    entries: tuple[Entry, ...] = ()


def replies_name(file: SpecFile) -> str:
    """Return where a spec file's replies are, relative to the root: `specs/mail.py` -> `specs/mail.replies.json`."""
    return file.relative.removesuffix(".py") + _SUFFIX


def replies_path(file: SpecFile) -> Path:
    """Return where a spec file's replies are."""
    return file.path.with_name(file.path.stem + _SUFFIX)


def read_recording(file: SpecFile) -> Recording:
    """Return what is recorded for a spec file; nothing where there is no such file.

    Raises:
        SpecError: the file cannot be read as what it should be.
    """
    path = replies_path(file)
    if not path.exists():
        return Recording()
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        return Recording(str(loaded.get("question", "")), tuple(map(_read_entry, loaded["replies"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SpecError(
            f'{replies_name(file)} holds no recorded replies: it must be JSON, {{"replies": [{{"arguments": {{...}}, '
            '"reply": ...}]}; mend it, or take it away and run `compiled-ai record`.'
        ) from None


def render_recording(recording: Recording) -> str:
    """Return the file's text, entries in the order of their arguments."""
    entries = [_write_entry(entry) for entry in sorted(recording.entries, key=lambda entry: entry.key)]
    loaded = {"version": VERSION, "question": recording.question, "replies": entries}
    return json.dumps(loaded, indent=2, ensure_ascii=False) + "\n"


def merge(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one entry for each question, the last one that has a reply."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if not entry.is_open or entry.key not in found:
            found[entry.key] = entry
    return tuple(found.values())


def with_replies(program: str, file: SpecFile) -> str:
    """Return an artifact's text that answers from what is recorded, where it can open no file.

    Raises:
        SpecError: the file of the replies is damaged.
    """
    table = {entry.key: entry.reply for entry in read_recording(file).entries if not entry.is_open}
    return f"{program.rstrip()}\n\n\ndef _ask_recorded(recorded):\n    return {table!r}\n"


def _read_entry(loaded: Mapping[str, Any]) -> Entry:
    arguments = loaded["arguments"]
    if not isinstance(arguments, dict):
        raise TypeError
    return Entry(arguments, loaded.get("reply"), str(loaded.get("model", "")), "reply" not in loaded)


def _write_entry(entry: Entry) -> dict[str, Any]:
    loaded: dict[str, Any] = {"arguments": dict(entry.arguments)}
    if not entry.is_open:
        loaded["reply"] = entry.reply
    return loaded | ({"model": entry.model} if entry.model else {})
