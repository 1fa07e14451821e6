from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.staged import Staged, find_staged, write_staged
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK, USAGE
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.staging import stage
from pytest_compiled_ai.config import load_config

SPEC, ARTIFACT = "specs/numbers.py", "src/generated/numbers.py"
DOUBLE, NEGATE = f"{SPEC}::double", f"{SPEC}::negate"


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def staged(project: Path) -> Path:
    """Return a project whose compiled body waits, and is in no artifact."""
    loaded = Project(load_config(project))
    file, stub = loaded.find("double")
    module = loaded.artifact(file)
    assert module
    record = {"digest": module.sections[0].digest, "body_hash": module.sections[0].body_hash, "model": "scripted"}
    waits = stage(loaded, file, stub, module, dict(record))
    (project / ARTIFACT).unlink()
    write_staged(project, Staged(spec=waits.spec, replaces="", artifact=waits.artifact, record=record))
    return project


def review(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str, str]:
    status = main(["review", *flags])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.usefixtures("staged")
def test_without_a_terminal_what_waits_is_listed(capsys):
    status, said, _ = review(capsys)
    assert status == FAILED
    assert [line.split() for line in said.splitlines()[:2]] == [
        ["spec", "waits", "as", "lines", "model"], [DOUBLE, "staged", "+7", "-0", "scripted"],
    ]  # fmt: skip
    assert f"\n\n{DOUBLE}\n  body coverage: not measured; tests: 0, no tier\n  written by scripted\n" in said
    assert said.endswith("compiled-ai: 1 left to review\n")
    assert review(capsys, "--list") == (FAILED, said, "")


def test_strength_is_listed_where_that_is_asked_for(staged, capsys):
    status, said, _ = review(capsys, "--list", "--strength")
    assert status == FAILED
    assert f"  {DOUBLE}: strength 3 of 4 mutants killed (75%)\n" in said
    assert "`n * 2` changed to `n + 2` and no test fails\n" in said
    assert not (staged / ARTIFACT).exists()


def test_what_fits_is_accepted(staged, capsys):
    status, said, _ = review(capsys, "--accept", "dou*")
    assert (status, said) == (OK, f"compiled-ai: {DOUBLE}: accepted\ncompiled-ai: nothing is left to review\n")
    assert "return n * 2" in (staged / ARTIFACT).read_text(encoding="utf-8")
    assert find_staged(staged) == ([], [])
    assert review(capsys) == (OK, "compiled-ai: nothing is left to review\n", "")
    assert review(capsys, "--accept", "double")[0] == OK


def test_what_fits_is_rejected(staged, capsys):
    status, said, _ = review(capsys, "--reject", SPEC)
    assert (status, said.splitlines()[0]) == (OK, f"compiled-ai: {DOUBLE}: rejected")
    assert not (staged / ARTIFACT).exists()
    assert find_staged(staged) == ([], [])


def test_what_fits_nothing_is_left(staged, capsys):
    status, said, _ = review(capsys, "--accept", "negate")
    assert (status, said.splitlines()) == (
        FAILED, [f"compiled-ai: {DOUBLE}: left undecided", "compiled-ai: 1 left to review"]
    )  # fmt: skip
    assert not (staged / ARTIFACT).exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--accept", "dobule"], f"compiled-ai: 'dobule' fits no spec; the specs are: {DOUBLE}, {NEGATE}.\n"),
        (["--accept", "*", "--reject", "double"], f"compiled-ai: {DOUBLE} cannot be accepted and rejected; name it in"),
    ],
)
def test_globs_that_make_no_sense_decide_nothing(staged, capsys, flags, said):
    status, _, error = review(capsys, *flags)
    assert status == USAGE
    assert error.startswith(said)
    assert len(find_staged(staged)[0]) == 1


def test_what_cannot_be_accepted_is_told_and_left(staged, capsys):
    spec = staged / SPEC
    spec.write_text(spec.read_text(encoding="utf-8").replace("Return twice", "Give twice"), encoding="utf-8")
    assert "outdated" in review(capsys)[1]
    status, said, _ = review(capsys, "--accept", "double")
    assert status == FAILED
    assert said.startswith(f"compiled-ai: {DOUBLE}: its spec changed since it was staged; run `pytest --compile-ai")
    assert review(capsys, "--reject", "double")[0] == OK


def test_a_spec_that_is_gone_can_be_forgotten(staged, capsys):
    spec = staged / SPEC
    spec.write_text(spec.read_text(encoding="utf-8").replace("def double", "def twice"), encoding="utf-8")
    status, said, _ = review(capsys)
    told = (
        f"compiled-ai: {DOUBLE} is staged and no spec any more; forget it with `compiled-ai review --reject {DOUBLE}`"
    )
    assert (status, said.splitlines()) == (FAILED, [told, "compiled-ai: 1 left to review"])
    assert review(capsys, "--reject", NEGATE)[0] == FAILED
    assert review(capsys, "--reject", DOUBLE)[0] == OK
    assert find_staged(staged) == ([], [])


def test_a_damaged_file_is_told_and_fails(staged, capsys):
    (path,) = (staged / ".compiled-ai/staged").iterdir()
    path.write_text("{", encoding="utf-8")
    status, said, _ = review(capsys)
    assert status == FAILED
    assert (
        said
        == "compiled-ai: .compiled-ai/staged/specs.numbers.py.double.json is damaged; delete it and compile again\n"
    )


def test_a_written_body_cannot_be_rejected_away(project, capsys):
    before = (project / ARTIFACT).read_bytes()
    status, said, _ = review(capsys, "--reject", "double")
    assert (status, said.splitlines()[0]) == (FAILED, f"compiled-ai: {DOUBLE}: left undecided")
    assert (project / ARTIFACT).read_bytes() == before


def test_check_and_verify_refuse_what_nobody_approved_where_a_review_is_required(project, capsys):
    settings = project / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("specs =", "require_review = true\nspecs ="), encoding="utf-8")
    assert main(["check"]) == FAILED
    assert f"compiled-ai: {DOUBLE} is not approved; run `compiled-ai review`\n" in capsys.readouterr().out
    assert main(["verify", "--only", "double"]) == FAILED
    said = capsys.readouterr().out
    assert f"compiled-ai: {DOUBLE}: its body passes every gate, but is not approved; run `compiled-ai review`" in said
    assert review(capsys, "--accept", "double")[0] == OK
    main(["check"])
    assert "double" not in capsys.readouterr().out
    assert main(["verify", "--only", "double"]) == OK
    (project / "src/generated/approvals.json").write_text("<<<<<<<", encoding="utf-8")
    main(["check"])
    said = capsys.readouterr().out
    assert f"compiled-ai: {DOUBLE} is not approved" in said
    assert "compiled-ai: generated/approvals.json is damaged, so it approves nothing; restore it, or" in said


def test_check_asks_for_no_approval_where_none_is_required(project, capsys):
    (project / "src/generated/approvals.json").write_text("<<<<<<<", encoding="utf-8")
    main(["check"])
    said = capsys.readouterr().out
    assert "approv" not in said
    assert "negate is missing" in said


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C, which is a signal here, as the terminal is nobody's controlling one.

    Again where nothing comes of it: one that comes just before Python begins to read is seen only when it has read.
    """
    for _ in range(6):
        process.send_signal(2)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
            return


@pytest.mark.parametrize(("keys", "status"), [(b"a\n", OK), (b"n\n", FAILED), (b"\x03", 2)])
def test_on_a_terminal_it_asks(staged, keys, status):
    """Decide by keys on a real terminal of 80 columns, with no colour."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pytest_compiled_ai", "review"]
    with subprocess.Popen(
        command, cwd=staged, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        said = b""
        while b"[q]uit: " not in said:
            said += os.read(ours, 65536)
        if keys == b"\x03":
            interrupt(process)
        else:
            os.write(ours, keys)
        try:
            assert process.wait(60) == status
        finally:
            process.kill()
    os.close(ours)
    text = said.decode().replace("\r\n", "\n")
    assert f"[1/1] {DOUBLE}: staged, not written yet\n" in re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "\x1b[3" not in text
    assert (staged / ARTIFACT).exists() == (status == OK)
