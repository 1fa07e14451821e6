"""Plugins and options that meet our own, each without xdist, with `-n0` and with `-n2`: same tests, no write."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from plugin_runs import Run, read_tree, run_pytest
from shapes_project import EXAMPLES, NODE_IDS, write_shapes

from pytest_compiled_ai.testing import write_project

WORKERS = {"alone": (), "n0": ("-n0",), "n2": ("-n2",)}
NO_AUTOLOAD = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
COMMAND = "is not compiled; run `pytest --compile-ai`."


class Row(NamedTuple):
    """Options, and the tests that they leave; `keeps` names a plugin that the other rows go without."""

    arguments: tuple[str, ...] = ()
    node_ids: Iterable[str] = NODE_IDS
    environ: Mapping[str, str] = {}
    keeps: str = ""


def without(*node_ids: str) -> tuple[str, ...]:
    return tuple(each for each in NODE_IDS if each not in node_ids)


CHOSEN = (NODE_IDS[0], NODE_IDS[2], NODE_IDS[4], NODE_IDS[7])
ROWS = {
    "plain": Row(),
    "random order": Row(("-p", "randomly", "--randomly-seed=3"), keeps="randomly"),
    "keyword": Row(("-k", "double and not later"), without(*NODE_IDS[3:])),
    "node ids": Row(CHOSEN, CHOSEN),
    "importlib": Row(("--import-mode=importlib",)),
    "no terminal": Row(("-p", "no:terminal")),
    "no capture": Row(("-p", "no:capture")),
    "no cache": Row(("-p", "no:cacheprovider")),
    "no doctest": Row(("-p", "no:doctest"), without(*EXAMPLES)),
    "doctest modules": Row(("--doctest-modules",)),
    "warnings are errors": Row(("-W", "error", "--strict-markers", "--strict-config")),
    "autoload off, by name": Row(("-p", "compiled_ai"), environ=NO_AUTOLOAD),
    "autoload off, by module": Row(("-p", "pytest_compiled_ai.plugin"), environ=NO_AUTOLOAD),
    "autoload off, without us": Row(
        ("specs/shapes.py", "specs/waiting.py", "tests"), without(*EXAMPLES), environ=NO_AUTOLOAD
    ),
    "without us": Row(("-p", "no:compiled_ai", "specs/shapes.py", "specs/waiting.py", "tests"), without(*EXAMPLES)),
}
NESTED = '''
    import generated.shapes
    import pytest
    from generated.shapes import double

    SPEC = """
    from pytest_compiled_ai import spec

    @spec
    def triple(n: int) -> int:
        "Return three times a number."

    def test_triple() -> None:
        assert triple(2) == 6
    """
    BODY = "def triple(n: int) -> int:\\n    return n * 3\\n"
    TABLE = "[tool.compiled-ai]\\n[tool.pytest.ini_options]\\npythonpath = ['src']\\n"


    @pytest.mark.parametrize("how", ["inprocess", "subprocess"])
    def test_nested(pytester: pytest.Pytester, how: str) -> None:
        pytester.mkdir("specs").joinpath("shapes.py").write_text(SPEC)
        pytester.mkdir("src").joinpath("generated").mkdir()
        pytester.path.joinpath("src", "generated", "shapes.py").write_text(BODY)
        pytester.path.joinpath("pyproject.toml").write_text(TABLE)
        run = getattr(pytester, f"runpytest_{how}")
        run("-p", "no:asyncio", "-p", "no:randomly").assert_outcomes(passed=1)

        import generated.shapes as now
        import generated.waiting

        assert now is generated.shapes
        assert now.double is double
        assert double(2) == 4
    '''


@pytest.fixture(params=WORKERS)
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return WORKERS[request.param]


def run_row(root: Path, row: Row, workers: tuple[str, ...]) -> Run:
    off = [("-p", f"no:{name}") for name in ("randomly", "asyncio") if name != row.keeps]
    xdist = ("-p", "xdist") if workers and row.environ else ()
    arguments = (*itertools.chain(*off), *xdist, *workers, *row.arguments)
    return run_pytest(root, *arguments, environ=row.environ)


@pytest.mark.parametrize("name", ROWS)
def test_a_compiled_project_runs_as_any_other(shapes: Path, name: str, workers: tuple[str, ...]) -> None:
    before = read_tree(shapes)
    run = run_row(shapes, ROWS[name], workers)
    assert run.code == 0, run.said
    assert run.words == dict.fromkeys(ROWS[name].node_ids, "passed")
    assert {outcome.times for outcome in run.outcomes.values()} == {1}
    assert "compiled-ai:" not in run.said
    assert read_tree(shapes) == before


@pytest.mark.parametrize("name", ["plain", "random order", "importlib", "no terminal", "warnings are errors"])
def test_an_uncompiled_project_fails_with_the_command(tmp_path: Path, name: str, workers: tuple[str, ...]) -> None:
    root = write_shapes(tmp_path / "project")
    before = read_tree(root)
    run = run_row(root, ROWS[name], workers)
    assert run.code == 1, run.said
    assert set(run.outcomes) == set(NODE_IDS)
    assert {outcome.word for outcome in run.outcomes.values()} == {"failed"}
    assert all(COMMAND in outcome.text for outcome in run.outcomes.values())
    assert read_tree(root) == before


def test_examples_are_shuffled_with_the_tests_of_their_file(compiled_shapes: Path) -> None:
    files = set()
    for seed in range(2):
        run = run_row(compiled_shapes, Row(("-p", "randomly", f"--randomly-seed={seed}"), keeps="randomly"), ())
        order = [nodeid.partition("::")[0] for nodeid in run.outcomes]
        assert len(list(itertools.groupby(order))) == 3
        files.add(tuple(run.outcomes))
    assert len(files) == 2


def test_what_failed_last_is_run_again(shapes: Path, workers: tuple[str, ...]) -> None:
    artifact = shapes / "src" / "generated" / "shapes.py"
    artifact.write_text(artifact.read_text(encoding="utf-8").replace("n * 2", "n * 2 + (n == 2)"), encoding="utf-8")
    failing = (NODE_IDS[0], NODE_IDS[2])
    first = run_row(shapes, Row(), workers)
    assert {name for name, word in first.words.items() if word == "failed"} == set(failing)
    again = run_row(shapes, Row(("--lf",)), workers)
    assert again.words == dict.fromkeys(failing, "failed")
    assert "shapes.py::double is edited; run " in again.out


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_async_tests_await_the_artifact(shapes: Path, mode: str, workers: tuple[str, ...]) -> None:
    marked = "import pytest\n\n\n@pytest.mark.asyncio\n" if mode == "strict" else ""
    text = (
        "from generated.waiting import later\n\n\n{}async def test_await() -> None:\n    assert await later(5) == 5\n"
    )
    write_project(
        shapes, {"pyproject.toml": read(shapes, "pyproject.toml"), "tests/test_await.py": text.format(marked)}
    )
    options = ("-o", "asyncio_default_fixture_loop_scope=function", f"--asyncio-mode={mode}", "-W", "error")
    run = run_row(shapes, Row(options, keeps="asyncio"), workers)
    assert run.code == 0, run.said
    assert set(run.words) == {*NODE_IDS, "tests/test_await.py::test_await"}


def test_artifacts_are_measured(shapes: Path, workers: tuple[str, ...]) -> None:
    options = ("--cov=generated", "--cov-branch", "--cov-report=term-missing")
    off = itertools.chain(*(("-p", f"no:{name}") for name in ("randomly", "asyncio")))
    run = run_pytest(shapes, *off, *workers, *options, "-W", "error", measured=False)
    assert run.code == 0, run.said
    rows = [line.split() for line in run.out.splitlines() if line.startswith(("src/generated/", "TOTAL"))]
    covered = {row[0]: row[-1] for row in rows}
    assert covered["src/generated/shapes.py"] == covered["src/generated/waiting.py"] == covered["TOTAL"] == "100%"


def test_a_nested_run_has_specs_of_its_own(shapes: Path, workers: tuple[str, ...]) -> None:
    write_project(shapes, {"pyproject.toml": read(shapes, "pyproject.toml"), "tests/test_nested.py": NESTED})
    run = run_row(shapes, Row(("-p", "pytester", "-W", "error")), workers)
    assert run.code == 0, run.said
    assert set(run.words.values()) == {"passed"}
    assert len(run.words) == len(NODE_IDS) + 2


def read(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")
