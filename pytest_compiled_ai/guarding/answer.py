"""The answer that an assistant takes: a refusal in its own form, silence where there is nothing to say."""

from __future__ import annotations

import json
from typing import NamedTuple

from pytest_compiled_ai.guarding.payload import Form

_BLOCKED = 2
"""With this status a hook's call is not made, and its stderr is the reason: Claude Code, Codex, Gemini CLI."""


class Answer(NamedTuple):
    """What a hook prints and how it ends."""

    status: int
    out: str = ""
    err: str = ""


def answer_call(form: Form, refusals: list[str]) -> Answer:
    """Return how to refuse in a form, or how to let a call pass where nothing speaks against it."""
    if not refusals:
        return Answer(0)
    reason = "\n".join(refusals)
    decision = {"permissionDecision": "deny", "permissionDecisionReason": reason}
    match form:
        case "copilot":
            return Answer(0, json.dumps(decision))
        case "vscode":
            inner = {"hookEventName": "PreToolUse", **decision}
            return Answer(0, json.dumps({**decision, "hookSpecificOutput": inner}))
        case "cursor":
            return Answer(0, json.dumps({"permission": "deny", "user_message": reason, "agent_message": reason}))
    return Answer(_BLOCKED, err=reason)
