"""What VS Code's test explorer asks of a run: a tree by absolute paths, an outcome for each id, a word for the exit code.

It stands in for the extension's own pytest plugin: `-p vscode_double`, with the name of a file to write to in
`TEST_RUN_PIPE`, one message in JSON on each line.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

CLEAN_DISCOVERY = {0, 1, 5}
# As the extension has it: any other exit code ends its plugin with a KeyError.
MEANINGS = {2: "not started or not collected", 3: "interrupted", 4: "internal error", 5: "no tests"}
WORDS = {"passed": "success", "failed": "failure", "skipped": "skipped"}
_errors: list[str] = []
_paths: dict[str, Path] = {}
_told: set[str] = set()


def absolute_id(nodeid: str, path: Path) -> str:
    return "::".join([str(path), *nodeid.split("::")[1:]])


def send(**message: Any) -> None:
    with Path(os.environ["TEST_RUN_PIPE"]).open("a", encoding="utf-8") as pipe:
        pipe.write(json.dumps({**message, "errors": _errors}) + "\n")


def pytest_exception_interact(
    node: pytest.Item | pytest.Collector,
    call: pytest.CallInfo[Any],
    report: pytest.TestReport | pytest.CollectReport,
) -> None:
    assert call.excinfo is not None
    if node.config.option.collectonly:
        _errors.append(call.excinfo.exconly())
    else:
        word = "failure" if call.excinfo.typename == "AssertionError" else "error"
        _tell(absolute_id(node.nodeid, node.path), word, report.longreprtext)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    _paths[item.nodeid] = item.path


def pytest_report_teststatus(report: pytest.TestReport) -> None:
    if report.when == "call" or (report.when == "setup" and report.skipped):
        name = absolute_id(report.nodeid, _paths.get(report.nodeid, Path.cwd()))
        _tell(name, WORDS[report.outcome], report.longreprtext)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    code = int(exitstatus)
    if session.config.option.collectonly:
        if code not in CLEAN_DISCOVERY:
            send(kind="error node", code=code)
        send(kind="tree", tree=build_tree(session))
    elif code not in {0, 1}:
        _errors.append(MEANINGS[code])
        send(kind="stopped", code=code)


def _tell(name: str, word: str, text: str) -> None:
    if name not in _told:
        _told.add(name)
        send(kind="outcome", id=name, word=word, text=text)


def build_tree(session: pytest.Session) -> dict[str, Any]:
    """Return the folders from the session's root, their files, classes and functions, and the tests in those."""
    root = _node(session.path.name, session.path, "folder", str(session.path))
    for item in session.items:
        parents = [parent for parent in item.listchain() if isinstance(parent, pytest.Class)]
        place = _file_node(root, item.path)
        for parent in parents:
            name = absolute_id(parent.nodeid, parent.path)
            place = _child(place, _node(parent.name, parent.path, "class", name))
        name = absolute_id(item.nodeid, item.path)
        shown = item.name
        if hasattr(item, "callspec"):
            # A row's name splits at its bracket, and the function that it came from has to be known.
            function, _, row = item.name.partition("[")
            assert isinstance(item, pytest.Function)
            assert item.originalname == function
            place = _child(place, _node(function, item.path, "function", name.rpartition("[")[0]))
            shown = f"[{row}"
        line = item.location[1]
        leaf = {**_node(shown, item.path, "test", name), "line": "" if line is None else str(line + 1)}
        assert name not in {child["id"] for child in place["children"]}, f"{name} is there twice"
        _child(place, leaf)
    return root


def _file_node(root: dict[str, Any], path: Path) -> dict[str, Any]:
    place = root
    for folder in reversed(path.relative_to(root["path"]).parents[:-1]):
        full = Path(root["path"], folder)
        place = _child(place, _node(full.name, full, "folder", str(full)))
    return _child(place, _node(path.name, path, "file", str(path)))


def _node(name: str, path: Path, kind: str, identity: str) -> dict[str, Any]:
    return {"name": name, "path": str(path), "kind": kind, "id": identity, "children": []}


def _child(place: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    for child in place["children"]:
        if child["id"] == node["id"]:
            return child  # type: ignore[no-any-return]
    place["children"].append(node)
    return node


if __name__ == "__main__":
    # A run: the ids are in a file, and pytest is called from a script that ends with code 0.
    sys.path.insert(0, str(Path.cwd()))
    chosen = Path(os.environ["RUN_TEST_IDS_PIPE"]).read_text(encoding="utf-8").splitlines()
    pytest.main(["-p", "vscode_double", *sys.argv[1:], *chosen])
