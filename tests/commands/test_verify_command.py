from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.module import parse_module, render_module
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK
from pytest_compiled_ai.compiler.project import hash_section

ARTIFACT = Path("src/generated/numbers.py")


def verify(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    status = main(["verify", *flags])
    return status, capsys.readouterr().out


def rewrite(project: Path, old: str, new: str, *, stamped: bool) -> None:
    """Change the artifact; with a stamp that fits, nothing but the gates can tell."""
    path = project / ARTIFACT
    text = path.read_text(encoding="utf-8").replace(old, new)
    assert new in text
    if stamped:
        module = parse_module(text, "specs/numbers.py")
        (section,) = module.sections
        text = render_module(module).replace(section.body_hash, hash_section(module, section))
    path.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_a_committed_body_passes_and_a_missing_one_is_told(capsys):
    status, said = verify(capsys)
    assert status == FAILED
    assert "numbers.py::double: verified (" in said
    assert "compiled-ai: specs/numbers.py::negate: it has no body; run `pytest --compile-ai`" in said
    assert "s a body: suppressions, characters, policy" in said
    assert "a body: determinism, confirm\n" in said
    assert [line.split()[1] for line in said.splitlines() if " a body: " in line] == [
        "security", "syntax", "execution", "accuracy",
    ]  # fmt: skip


def test_an_artifact_that_is_gone_is_told(project, capsys):
    (project / ARTIFACT).unlink()
    status, said = verify(capsys, "--only", "double")
    assert status == FAILED
    assert "numbers.py::double: it has no body; run `pytest --compile-ai`" in said


@pytest.mark.usefixtures("project")
def test_one_spec_can_be_chosen_and_a_tier_required(capsys):
    assert verify(capsys, "--only", "double", "--require", "sealed")[0] == OK


def test_a_body_with_a_forged_stamp_is_fresh_to_a_check_and_refused_here(project, capsys):
    rewrite(project, "return n * 2", "return eval(str(n)) * 2", stamped=True)
    main(["check"])
    out = capsys.readouterr().out
    assert "::double is" not in out
    # Whoever forges a stamp has to forge the record, too.
    assert "numbers.provenance.json does not say where double came from" in out
    status, said = verify(capsys, "--only", "double")
    assert status == FAILED
    assert "double: its body is refused: policy: `eval`" in said


def test_a_wrong_body_is_refused_by_its_tests(project, capsys):
    rewrite(project, "return n * 2", "return n + 1", stamped=True)
    status, said = verify(capsys, "--only", "double")
    assert status == FAILED
    assert "double: its body is refused: tests: a test failed: double: double(2) gave 3" in said


def test_an_edit_that_passes_is_still_an_edit(project, capsys):
    rewrite(project, "return n * 2", "return n + n", stamped=False)
    status, said = verify(capsys, "--only", "double")
    assert status == FAILED
    assert "double: its body passes every gate, but is edited; " in said


def test_a_header_that_is_not_the_spec_s_is_refused(project, capsys):
    rewrite(project, "def double(n: int)", "def double(n: int = 0)", stamped=True)
    status, said = verify(capsys, "--only", "double")
    assert status == FAILED
    assert "double: its signature, decorators or docstring are not the spec's any more; run" in said


def test_code_beside_the_bodies_is_refused(project, capsys):
    path = project / ARTIFACT
    path.write_text(path.read_text(encoding="utf-8") + "\nprint(double)\n", encoding="utf-8")
    status, said = verify(capsys, "--only", "double")
    assert status == FAILED
    assert "is code of no spec: a statement that no compile writes" in said


def test_a_required_tier_that_the_tests_do_not_run_in_is_told(project, capsys):
    spec = project / "specs/numbers.py"
    text = spec.read_text(encoding="utf-8").replace("@spec\ndef double", '@spec(isolation="jailed")\ndef double')
    spec.write_text(text, encoding="utf-8")
    status, said = verify(capsys, "--only", "double", "--require", "sealed")
    assert status == FAILED
    assert "double: its tests ran jailed: " in said
    assert ", and sealed is required" in said


def test_it_waits_for_a_compile_of_the_same_project(project, capsys):
    released = threading.Event()

    def hold():
        with hold_lock(project, lambda: None):
            held.set()
            released.wait(60)

    held, thread = threading.Event(), threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    threading.Timer(1, released.set).start()
    status, said = verify(capsys, "--only", "double")
    thread.join()
    assert status == OK
    assert said.startswith("compiled-ai: waiting: a compile is running")
