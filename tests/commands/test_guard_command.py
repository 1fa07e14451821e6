from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK, USAGE
from pytest_compiled_ai.testing import write_project

BLOCKED = 2
ARTIFACT = "src/generated/numbers.py"
REASON = f"{ARTIFACT} is compiled code; edit the spec specs/numbers.py instead, then run `pytest --compile-ai`."
PATCH = f"*** Begin Patch\n*** Update File: {ARTIFACT}\n@@\n-a\n+b\n*** End Patch"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_project(tmp_path / "example", {"specs/numbers.py": "", "specs/deep/er.py": "", "src/app.py": ""})
    monkeypatch.chdir(tmp_path)
    return root


@pytest.fixture
def ask(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def guard(payload: object) -> tuple[int, str, str]:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return (main(["guard"]), *capsys.readouterr())

    return guard


def claude(root: Path, tool: str, **arguments: object) -> dict[str, object]:
    return {
        "session_id": "1", "transcript_path": "/t", "cwd": str(root), "permission_mode": "default",
        "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": arguments, "tool_use_id": "2",
    }  # fmt: skip


@pytest.mark.parametrize("tool", ["Write", "Edit", "MultiEdit", "mcp__files__write_file"])
def test_claude_code(project, ask, tool):
    path = str(project / ARTIFACT)
    assert ask(claude(project, tool, file_path=path, content="x")) == (BLOCKED, "", f"{REASON}\n")
    assert ask(claude(project, tool, file_path=str(project / "src/app.py"), content=ARTIFACT)) == (OK, "", "")


@pytest.mark.parametrize("tool", ["Read", "Grep", "mcp__files__read_text_file", "readFile", "list_directory"])
def test_reading_is_no_matter_of_ours(project, ask, tool):
    assert ask(claude(project, tool, file_path=str(project / ARTIFACT), path=ARTIFACT)) == (OK, "", "")


def test_a_shell_of_claude_code(project, ask):
    assert ask(claude(project, "Bash", command=f"sed -i s/a/b/ {ARTIFACT}")) == (BLOCKED, "", f"{REASON}\n")
    assert ask(claude(project, "Bash", command="cd src/generated && echo x > numbers.py"))[0] == BLOCKED
    assert ask(claude(project, "Bash", command=f"cat {ARTIFACT} > /tmp/x")) == (OK, "", "")
    assert ask(claude(project, "Bash", command="pytest --compile-ai")) == (OK, "", "")


@pytest.mark.parametrize("command", [PATCH, ["apply_patch", PATCH], ["bash", "-lc", f"touch {ARTIFACT}"]])
def test_codex(project, ask, command):
    assert ask(claude(project, "apply_patch", command=command)) == (BLOCKED, "", f"{REASON}\n")
    other = json.loads(json.dumps(command).replace("generated", "other"))
    assert ask(claude(project, "apply_patch", command=other)) == (OK, "", "")


def test_gemini(project, ask):
    call = {"hook_event_name": "BeforeTool", "timestamp": "t", "cwd": str(project), "tool_name": "replace"}
    assert ask({**call, "tool_input": {"file_path": ARTIFACT}}) == (BLOCKED, "", f"{REASON}\n")
    assert ask({**call, "tool_name": "read_file", "tool_input": {"file_path": ARTIFACT}}) == (OK, "", "")


@pytest.mark.parametrize("as_text", [True, False])
def test_copilot(project, ask, as_text):
    arguments = {"path": str(project / ARTIFACT), "old_str": "a", "new_str": "b"}
    call = {"sessionId": "1", "timestamp": 1, "cwd": str(project), "toolName": "edit"}
    status, out, err = ask({**call, "toolArgs": json.dumps(arguments) if as_text else arguments})
    assert (status, err) == (OK, "")
    assert json.loads(out) == {"permissionDecision": "deny", "permissionDecisionReason": REASON}
    assert ask({**call, "toolName": "view", "toolArgs": arguments}) == (OK, "", "")
    assert ask({**call, "toolName": "str_replace_editor", "toolArgs": {"command": "view", **arguments}})[1] == ""
    assert "deny" in ask({**call, "toolName": "str_replace_editor", "toolArgs": {"command": "create", **arguments}})[1]
    assert "deny" in ask({**call, "toolName": "bash", "toolArgs": f"rm {ARTIFACT}"})[1]


def test_vs_code(project, ask):
    call = {"hook_event_name": "PreToolUse", "timestamp": "2026-11-23T10:00:00Z", "cwd": str(project)}
    edits = {"replacements": [{"filePath": "x.py"}, {"filePath": str(project / ARTIFACT)}]}
    status, out, err = ask({**call, "tool_name": "multi_replace_string_in_file", "tool_input": edits})
    assert (status, err) == (OK, "")
    said = json.loads(out)
    assert said["permissionDecision"] == "deny"
    assert said["hookSpecificOutput"] == {
        "hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": REASON,
    }  # fmt: skip


def test_cursor(project, ask):
    call = {"conversation_id": "1", "cursor_version": "3", "workspace_roots": [str(project)]}
    write = {
        "hook_event_name": "preToolUse",
        "tool_name": "Write",
        "tool_input": {"file_path": str(project / ARTIFACT)},
    }
    refused = {"permission": "deny", "user_message": REASON, "agent_message": REASON}
    status, out, err = ask({**call, **write})
    assert (status, json.loads(out), err) == (OK, refused, "")
    shell = {"hook_event_name": "beforeShellExecution", "command": f"echo > {ARTIFACT}", "cwd": str(project)}
    assert json.loads(ask({**call, **shell})[1]) == refused
    read = {"hook_event_name": "beforeReadFile", "file_path": str(project / ARTIFACT), "content": ""}
    assert ask({**call, **read}) == (OK, "", "")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (ARTIFACT, REASON),
        ("file://{root}/" + ARTIFACT, REASON),
        ("src/../src/generated/numbers.provenance.json", "edit the spec specs/numbers.py instead"),
        ("src/generated/deep/er.py", "edit the spec specs/deep/er.py instead"),
        ("src/generated/new.py", "src/generated/new.py lies among compiled code; write a spec in specs, then run"),
        ("src/generated", "src/generated lies among compiled code"),
        ("src/generated/approvals.json", "`compiled-ai review` writes it"),
        ("link/numbers.py", REASON),
    ],
)
def test_every_way_to_name_it(project, ask, path, told):
    (project / "src/generated").mkdir()
    (project / "link").symlink_to(project / "src/generated")
    status, _, err = ask(claude(project, "Write", file_path=path.format(root=project)))
    assert status == BLOCKED
    assert told in err


@pytest.mark.parametrize("path", ["src/generated.py", "specs/numbers.py", "../other/src/generated/x.py", ""])
def test_every_other_path_is_free(project, ask, path):
    assert ask(claude(project, "Write", file_path=path)) == (OK, "", "")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "guard: stdin holds no JSON object"),
        (b"\xff\xfe", "guard: stdin holds no JSON object"),
        (b"[1]", "guard: stdin holds no JSON object"),
        (b"[" * 100_000, "guard: stdin holds no JSON object"),
        (b'{"a": 1}', "guard: the JSON on stdin is of no hook that it knows; it wants tool_name and tool_input"),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_is_no_hook_blocks_nothing(ask, data, told):
    status, out, err = ask(data)
    assert status == FAILED
    assert out == ""
    assert err.startswith(f"compiled-ai: {told}")


@pytest.mark.parametrize(
    "payload",
    [
        {"hook_event_name": "SessionStart"},
        {"tool_name": "Task", "tool_input": None},
        {"tool_name": "Write", "tool_input": {"file_path": 7, "files": [1, {"path": None}]}, "cwd": 3},
    ],
)
@pytest.mark.usefixtures("project")
def test_odd_calls_are_let_through(ask, payload):
    assert ask(payload) == (OK, "", "")


def test_paths_as_arguments(project, capsys):
    assert main(["guard", str(project / "src/app.py")]) == OK
    assert main(["guard", str(project / "src/app.py"), str(project / ARTIFACT), str(project / ARTIFACT)]) == FAILED
    assert capsys.readouterr() == ("", f"{REASON}\n")


@pytest.mark.usefixtures("project")
def test_a_terminal_is_no_hook(monkeypatch, capsys):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    for stdin in (terminal, None):
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["guard"]) == USAGE
        assert "guard wants paths, or a hook's JSON on stdin" in capsys.readouterr().err


def test_a_project_of_wrong_settings_is_told(project, ask):
    (project / "pyproject.toml").write_text("[tool.compiled-ai]\nspec = 1\n", encoding="utf-8")
    status, _, err = ask(claude(project, "Write", file_path=ARTIFACT))
    assert status == USAGE
    assert "unknown key 'spec'" in err


def test_it_is_light(project):
    program = (
        "import sys; from pytest_compiled_ai.cli import main; status = main(['guard']);"
        "print(status, sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'pytest', 'rich', 'mypy', 'openai', 'bandit', 'hypothesis', 'pluggy', 'filelock'}))"
    )
    payload = json.dumps(claude(project, "Write", file_path=ARTIFACT))
    done = subprocess.run([sys.executable, "-c", program], input=payload, capture_output=True, text=True, check=True)
    assert done.stdout == "2 []\n"
    assert done.stderr == f"{REASON}\n"
