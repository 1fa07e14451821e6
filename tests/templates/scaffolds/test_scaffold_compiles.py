"""Specs in scaffolds, compiled by a script in the sealed sandbox: the tests of the scaffold gate the body, too."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scaffold_projects import compile_orders, said, write_orders

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.pruning import plan_pruning
from pytest_compiled_ai.compiler.verification import cut_present
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.templates.scaffold import SCAFFOLDS, Scaffold, scaffold_of

TEMPLATES = ["handler", "stream", "batch"]
USES = {
    "handler": "print(price_handler({'order': Order('pen', 2)}).value.total, price_handler(None).status)",
    "stream": "print([each.total for each in price_stream([Order('pen', 2), Order('cup', 1)], lambda _: None)][0], 400)",
    "batch": "print(price_batch([Order('pen', 2)], sys.argv[1]).answered * '3.00', 400)",
}
ALONE = """
import sys
sys.path[:0] = ["src"]
sys.modules["pytest_compiled_ai"] = None
from generated.orders import price_{template}
from shop.models import Order
{use}
"""


@pytest.fixture(scope="session", autouse=True)
def _sealed() -> None:
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")


@pytest.fixture(scope="session", params=TEMPLATES)
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    root = write_orders(tmp_path_factory.mktemp("scaffold") / "project", request.param)
    report = compile_orders(root, request.param)
    assert not report.failed, said(root)
    return request.param, root


@pytest.fixture
def copy(compiled: tuple[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(compiled[1], tmp_path / "copy"))


def state_of(root: Path) -> str:
    project = Project(load_config(root))
    return project.standing(*project.find("price")).state


def test_it_compiles_sealed_and_stays(compiled):
    _, root = compiled
    assert state_of(root) == "fresh"
    assert "tests ran sealed" in said(root)
    project = Project(load_config(root))
    assert plan_pruning(project)[0].gone == ()
    file, stub = project.find("price")
    artifact = project.artifact(file)
    assert artifact is not None
    assert not isinstance(cut_present(artifact, project.subject(file, stub), file.target.read_text("utf-8")), str)


def test_the_artifact_is_a_plain_module(compiled, tmp_path):
    template, root = compiled
    program = ALONE.format(template=template, use=USES[template])
    command = [sys.executable, "-I", "-S", "-c", program, str(tmp_path / "out")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3.00 400\n", "")


def test_an_edit_of_the_scaffold_is_seen_and_kept(compiled, copy):
    template, _ = compiled
    path = copy / "src" / "generated" / "orders.py"
    text = path.read_text("utf-8")
    edited = text.replace("except Exception as error:", "except ArithmeticError as error:")
    assert edited != text
    path.write_text(edited, "utf-8")
    assert state_of(copy) == "edited"
    assert not compile_orders(copy, template).failed
    assert path.read_text("utf-8") == edited
    project = Project(load_config(copy))
    file, stub = project.find("price")
    artifact = project.artifact(file)
    assert artifact is not None
    told = cut_present(artifact, project.subject(file, stub), edited)
    assert told == "the scaffold around it is not its template's any more"


def test_a_new_scaffold_takes_the_body_that_is_there(compiled, copy, tmp_path, monkeypatch):
    template, _ = compiled
    if template != "stream":
        pytest.skip("one of them is enough")
    path = copy / "src" / "generated" / "orders.py"
    newer = SCAFFOLDS["stream"].source.replace(
        "for position, item in enumerate(items):", "for position, item in enumerate(items, 0):"
    )
    (tmp_path / "newer.py").write_text(newer, "utf-8")
    monkeypatch.setitem(SCAFFOLDS, "stream", Scaffold("stream", tmp_path / "newer.py"))
    scaffold_of.cache_clear()
    try:
        assert state_of(copy) == "stale"
        (result,) = compile_orders(copy, template).results
        assert state_of(copy) == "fresh"
    finally:
        monkeypatch.undo()
        scaffold_of.cache_clear()
    assert (result.outcome, result.attempts) == ("restamped", 0)
    assert "enumerate(items, 0)" in path.read_text("utf-8")


def test_a_stub_that_does_not_fit_costs_no_prompt(tmp_path):
    root = write_orders(tmp_path / "project", "stream")
    path = root / "specs" / "orders.py"
    path.write_text(path.read_text("utf-8").replace("(order: Order) ->", "(order: Order, rate: int) ->"), "utf-8")
    (result,) = compile_orders(root, "stream").results
    assert "template 'stream' wants one parameter without a default: see price" in result.message
    assert result.attempts == 0
