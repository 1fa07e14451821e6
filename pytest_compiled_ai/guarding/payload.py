"""What the hooks of coding assistants hand to a command: one JSON object that says what is about to be done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pytest_compiled_ai.errors import CompiledAIError
from pytest_compiled_ai.guarding.shell import Written, find_written

Form = Literal["status", "copilot", "cursor", "vscode"]
_ARGUMENTS = ("tool_input", "toolArgs", "toolInput")
_PATHS = frozenset(
    {"file_path", "filepath", "path", "paths", "file", "files", "file_paths", "notebook_path", "absolute_path",
     "target_file", "targetfile", "filename", "destination", "source", "old_path", "new_path", "uri"}
)  # fmt: skip
_COMMANDS = frozenset({"command", "cmd", "script", "input", "patch"})
_READING = frozenset({"read", "view", "grep", "glob", "ls", "list", "search", "find", "get", "fetch", "open"})
_PATCHED = re.compile(r"^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$", re.MULTILINE)
_CURSOR = frozenset({"cursor_version", "workspace_roots", "conversation_id"})


class Call(NamedTuple):
    """What an assistant is about to do: the form of answer that it takes, where it stands, and what it would write."""

    form: Form
    folder: str
    written: tuple[Written, ...]


def read_call(text: str) -> Call:
    """Return what a hook's JSON says.

    Raises:
        CompiledAIError: it is no JSON, or of no hook that is known.
    """
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise CompiledAIError(
            "guard: stdin holds no JSON object; it wants what an assistant's hook hands to a command."
        )
    folder = payload.get("cwd")
    return Call(form=_form(payload), folder=folder if isinstance(folder, str) else "", written=tuple(_written(payload)))


def _form(payload: Mapping[str, Any]) -> Form:
    if "toolName" in payload:
        return "copilot"
    if payload.keys() & _CURSOR:
        return "cursor"
    # Copilot's and VS Code's events of this name bear a time; for Copilot, status 2 is a warning and no refusal.
    return "vscode" if payload.get("hook_event_name") == "PreToolUse" and "timestamp" in payload else "status"


def _written(payload: Mapping[str, Any]) -> Iterator[Written]:
    key = next((key for key in _ARGUMENTS if key in payload), "")
    arguments = _parsed(payload[key]) if key else payload if "command" in payload else None
    if arguments is None:
        if "hook_event_name" in payload:
            return
        known = "tool_name and tool_input, toolName and toolArgs, or command"
        raise CompiledAIError(f"guard: the JSON on stdin is of no hook that it knows; it wants {known}.")
    tool = str(payload.get("tool_name") or payload.get("toolName") or "")
    yield from _commands(arguments)
    if not _words(tool) & _READING and arguments.get("command") != "view" and arguments is not payload:
        yield from (Written("", path) for path in _paths(arguments))


def _parsed(arguments: Any) -> Mapping[str, Any]:
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return {"command": arguments}
    return arguments if isinstance(arguments, dict) else {}


def _commands(arguments: Mapping[str, Any]) -> Iterator[Written]:
    for name, value in arguments.items():
        if name not in _COMMANDS:
            continue
        words = [str(word) for word in value] if isinstance(value, list) else [str(value)]
        command = words[-1] if len(words) > 1 and words[-2] in {"-c", "-lc"} else " ".join(words)
        if "*** Begin Patch" in command:
            yield from (Written("", path.strip()) for path in _PATCHED.findall(command))
        else:
            yield from find_written(command)


def _paths(value: Any) -> Iterator[str]:
    for name, item in value.items() if isinstance(value, dict) else ():
        if name.lower() in _PATHS:
            yield from (str(path) for path in (item if isinstance(item, list) else [item]) if isinstance(path, str))
        if isinstance(item, dict | list):
            for inner in item if isinstance(item, list) else [item]:
                yield from _paths(inner)


def _words(tool: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", tool)}
