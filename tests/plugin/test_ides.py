"""What VS Code and PyCharm ask of a run, in each state of a spec: the tests in place, no model, no write."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from plugin_runs import read_tree, run_process, run_pytest
from service_messages import Message, read_messages
from shapes_project import NODE_IDS, write_shapes

from pytest_compiled_ai.testing import Endpoint, serve_replies

STATES = ("uncompiled", "compiled", "stale")
# No other plugin is in the way; TeamCity's own cannot be imported where standard input is closed.
OFF = ("-p", "no:randomly", "-p", "no:asyncio", "-p", "no:pytest-teamcity")
CLOSED = ("sh", "-c", 'exec "$@" <&-', "sh", sys.executable)
COMMAND = "is not compiled; run `pytest --compile-ai`."
LINES = {
    "specs/shapes.py::double": 9,
    "specs/shapes.py::TestMore::test_zero": 23,
    "specs/waiting.py::later": 7,
    "specs/waiting.py::test_later": 15,
    "tests/test_use.py::test_use": 4,
}


class Explored(NamedTuple):
    """A project in a state, the endpoint that nothing may ask, and its files as they were."""

    root: Path
    state: str
    endpoint: Endpoint
    before: dict[str, bytes]

    def check_untouched(self, *ignored: str) -> None:
        assert self.endpoint.requests == []
        after = {name: text for name, text in read_tree(self.root).items() if not name.startswith(ignored or ("\0",))}
        assert after == self.before


@pytest.fixture(params=STATES)
def explored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Explored]:
    """Return the project in each state."""
    with serve_replies("nobody should ask") as endpoint:
        root = tmp_path / "project"
        if request.param != "uncompiled":
            request.getfixturevalue("shapes")
        write_shapes(root, endpoint.url)
        if request.param == "stale":
            path = root / "specs" / "shapes.py"
            path.write_text(path.read_text(encoding="utf-8").replace("twice a", "two times a"), encoding="utf-8")
        yield Explored(root, request.param, endpoint, read_tree(root))


def explore(root: Path, *arguments: str) -> tuple[int, str, list[dict[str, Any]]]:
    """Run Python as VS Code does; return the exit code, the error text, and the messages of its plugin."""
    pipe = root.with_name("pipe")
    pipe.unlink(missing_ok=True)
    environ = {"TEST_RUN_PIPE": str(pipe), "RUN_TEST_IDS_PIPE": str(root.with_name("ids"))}
    done = run_process(root, [*CLOSED, *arguments], environ)
    messages = [json.loads(line) for line in pipe.read_text(encoding="utf-8").splitlines()] if pipe.exists() else []
    return done.returncode, done.stderr, messages


def discover(root: Path, *arguments: str) -> tuple[int, str, list[dict[str, Any]]]:
    flags = ("-m", "pytest", "-p", "vscode_double", "--collect-only", f"--rootdir={root}")
    return explore(root, *flags, *OFF, *arguments)


def run_tests(root: Path, ids: list[str], *arguments: str) -> list[dict[str, Any]]:
    root.with_name("ids").write_text("\n".join(ids), encoding="utf-8")
    script = str(Path(__file__).with_name("vscode_double.py"))
    code, error, messages = explore(root, script, f"--rootdir={root}", *OFF, *arguments)
    assert code == 0, error
    return messages


def leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["kind"] == "test":
        yield node
    for child in node["children"]:
        yield from leaves(child)


def test_vscode_finds_each_test_once_where_it_stands(explored: Explored) -> None:
    code, error, (message,) = discover(explored.root)
    assert (code, error, message["errors"]) == (0, "", [])
    found = {leaf["id"]: leaf for leaf in leaves(message["tree"])}
    assert sorted(found) == sorted(str(explored.root / name) for name in NODE_IDS)
    assert len(list(leaves(message["tree"]))) == len(NODE_IDS)
    assert {name: int(found[str(explored.root / name)]["line"]) for name in LINES} == LINES
    kinds = {child["name"]: [each["name"] for each in child["children"]] for child in message["tree"]["children"]}
    assert kinds == {"specs": ["shapes.py", "waiting.py"], "tests": ["test_use.py"]}
    shapes = message["tree"]["children"][0]["children"][0]
    assert [(child["kind"], child["name"]) for child in shapes["children"]] == [
        ("test", "double"),
        ("function", "test_double"),
        ("class", "TestMore"),
    ]
    explored.check_untouched()


@pytest.mark.parametrize("chosen", [NODE_IDS, NODE_IDS[:1], NODE_IDS[4:6]], ids=["all", "an example", "some"])
def test_vscode_runs_what_is_clicked(explored: Explored, chosen: tuple[str, ...]) -> None:
    ids = [str(explored.root / name) for name in chosen]
    messages = run_tests(explored.root, ids)
    is_bad = explored.state == "uncompiled"
    assert sorted(message["id"] for message in messages) == sorted(ids)
    # A fixture that calls the function ends before its test.
    assert {message["word"] for message in messages} <= ({"failure", "error"} if is_bad else {"success"})
    assert all((COMMAND in message["text"]) is is_bad for message in messages)
    explored.check_untouched()


def test_vscode_runs_with_coverage(shapes: Path) -> None:
    before = read_tree(shapes)
    messages = run_tests(shapes, [str(shapes / name) for name in NODE_IDS], "--cov=.", "--cov-branch")
    assert {message["word"] for message in messages} == {"success"}
    assert {name for name in read_tree(shapes) if not name.startswith(".coverage")} == set(before)


def test_vscode_does_not_compile_when_it_discovers(tmp_path: Path) -> None:
    with serve_replies("nobody should ask") as endpoint:
        root = write_shapes(tmp_path / "project", endpoint.url)
        before = read_tree(root)
        code, error, (message,) = discover(root, "--compile-ai")
        assert (code, error) == (0, "")
        assert len(list(leaves(message["tree"]))) == len(NODE_IDS)
        assert endpoint.requests == []
    assert read_tree(root) == before


def test_vscode_keeps_the_rest_of_the_tree_where_a_spec_cannot_be_imported(tmp_path: Path) -> None:
    root = write_shapes(tmp_path / "project")
    (root / "specs" / "broken.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    code, _, (marked, message) = discover(root)
    assert (code, marked["kind"]) == (2, "error node")
    assert "nowhere_at_all" in marked["errors"][0]
    assert len(list(leaves(message["tree"]))) == len(NODE_IDS)


@pytest.mark.parametrize(
    ("table", "code"), [("atempts = 1", 4), ("", 4)], ids=["bad configuration", "a provider that is not there"]
)
def test_vscode_knows_the_code_of_every_way_to_stop(tmp_path: Path, table: str, code: int) -> None:
    root = write_shapes(tmp_path / "project")
    path = root / "pyproject.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("timeout = 60", f"timeout = 60\n{table}"), encoding="utf-8"
    )
    script = (f"--rootdir={root}", *OFF, "--compile-ai", "--compile-ai-provider=nobody")
    found, error, messages = explore(root, "-m", "pytest", "-p", "vscode_double", *script)
    assert found == code
    assert "KeyError" not in error
    assert messages in ([], [{"kind": "stopped", "code": code, "errors": ["internal error"]}])


def run_pycharm(root: Path, *arguments: str) -> tuple[int, list[Message]]:
    """Run pytest as PyCharm's runner does, with the plugin of the `teamcity-messages` distribution."""
    command = [sys.executable, "-m", "pytest", *OFF[:4], *arguments, "--no-header", "--no-summary", "-q"]
    environ = {"PYCHARM_HOSTED": "1", "TEAMCITY_VERSION": "LOCAL", "_JB_PPRINT_PRIMITIVES": "1"}
    done = run_process(root, command, environ)
    assert done.stderr == ""
    return done.returncode, list(read_messages(done.stdout))


def named(messages: list[Message], name: str) -> list[dict[str, str]]:
    return [message.values for message in messages if message.name == name]


def teamcity_id(nodeid: str) -> str:
    return nodeid.replace(".py::", ".").replace("/", ".").replace("::", ".").replace("[", "(").replace("]", ")")


@pytest.mark.parametrize("capture", [(), ("-s",)], ids=["captured", "shown"])
def test_pycharm_is_told_of_each_test_once(explored: Explored, capture: tuple[str, ...]) -> None:
    code, messages = run_pycharm(explored.root, *capture)
    is_bad = explored.state == "uncompiled"
    assert code == is_bad
    assert named(messages, "testCount")[0]["count"] == str(len(NODE_IDS))
    once = Counter(map(teamcity_id, NODE_IDS))
    assert Counter(values["name"] for values in named(messages, "testStarted")) == once
    assert Counter(values["name"] for values in named(messages, "testFinished")) == once
    failures = named(messages, "testFailed")
    assert Counter(values["name"] for values in failures) == (once if is_bad else Counter())
    assert all(COMMAND in values["details"] for values in failures)
    explored.check_untouched()


def test_pycharm_runs_a_test_again_by_the_name_that_it_was_told(explored: Explored) -> None:
    _, messages = run_pycharm(explored.root, "specs/shapes.py")
    told = [values["metainfo"] for values in named(messages, "testStarted")]
    assert told == ["double", "test_double[1]", "test_double[2]", "test_zero", "test_rows[five]"]
    code, messages = run_pycharm(explored.root, f"specs/shapes.py::{told[0]}")
    assert [values["name"] for values in named(messages, "testStarted")] == ["specs.shapes.double"]
    assert code == (explored.state == "uncompiled")


def test_pycharm_runs_what_failed_again(tmp_path: Path) -> None:
    root = write_shapes(tmp_path / "project")
    before = read_tree(root)
    assert run_pycharm(root, NODE_IDS[0])[0] == 1
    _, messages = run_pycharm(root, "--last-failed")
    assert [values["name"] for values in named(messages, "testFailed")] == [teamcity_id(NODE_IDS[0])]
    assert read_tree(root) == before


def test_pycharm_shows_the_line_of_an_example_that_fails(shapes: Path) -> None:
    artifact = shapes / "src" / "generated" / "shapes.py"
    artifact.write_text(artifact.read_text(encoding="utf-8").replace("n * 2", "n * 3"), encoding="utf-8")
    _, messages = run_pycharm(shapes, NODE_IDS[0])
    (failure,) = named(messages, "testFailed")
    assert f"{shapes}/specs/shapes.py:12: DocTestFailure" in failure["details"]
    assert "012 >>> double(2)" in failure["details"]
    assert "Expected:\n    4\nGot:\n    6" in failure["details"]


def test_the_pictures_show_a_failure_as_it_is(tmp_path: Path) -> None:
    shown = (Path(__file__).parents[2] / "docs" / "ide-failure.svg").read_text(encoding="utf-8").replace("&#160;", " ")
    run = run_pytest(write_shapes(tmp_path / "project"), *OFF, NODE_IDS[0])
    told = run.outcomes[NODE_IDS[0]].text.replace("shapes", "names").replace("double", "initials")
    assert told.replace(":9)", ":6)") in shown
