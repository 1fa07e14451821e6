"""Branches that compiled the same files, brought together by a real git; and checkouts with other line ends."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from fault_ground import ARTIFACT, NAMES, RECORD, SPEC, Ground, assert_finished, assert_sound

from pytest_compiled_ai.artifacts.provenance import is_about, read_records

pytestmark = pytest.mark.usefixtures("near")
_SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(root: Path, *command: str, code: int = 0) -> str:
    done = subprocess.run(
        ["git", *command], cwd=root, capture_output=True, text=True, env={**os.environ, **_SETTINGS}, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def commit(ground: Ground, message: str) -> None:
    git(ground.root, "add", "-A")
    git(ground.root, "commit", "-qm", message)


@pytest.fixture
def main(compiled: Ground) -> Ground:
    git(compiled.root, "init", "-q", "-b", "main")
    (compiled.root / ".gitignore").write_text("__pycache__/\n")
    commit(compiled, "compiled")
    git(compiled.root, "branch", "other")
    return compiled


def branch_off(ground: Ground, *names: str) -> None:
    """Change specs on the present branch, compile them, and commit."""
    ground.change(*names)
    assert not ground.compile().failed
    commit(ground, "change " + " ".join(names))


def add_specs(ground: Ground, *names: str) -> None:
    """Have only these specs, compiled."""
    head, *stubs = SPEC.replace("\n    ", "\n").split("\n@spec\n")
    wanted = [stub for stub in stubs if stub.partition("def ")[2].partition("(")[0] in names]
    text = "\n@spec\n".join([head, *wanted])
    (ground.root / "specs/number.py").write_text(text.lstrip("\n"))


def records_are_right(ground: Ground) -> bool:
    project, records = ground.project, read_records(ground.record)
    sections = project.artifact(project.files[0]).sections
    return all(is_about(records[section.name], section.digest, section.body_hash) for section in sections)


@pytest.mark.parametrize(("ours", "theirs"), [("first", "second"), ("second", "third"), ("first", "third")])
def test_two_stubs_of_one_file_merge_without_a_conflict(main: Ground, ours: str, theirs: str) -> None:
    branch_off(main, ours)
    git(main.root, "checkout", "-q", "other")
    main.versions = dict.fromkeys(NAMES, 1)
    branch_off(main, theirs)
    git(main.root, "merge", "-q", "--no-edit", "main")
    main.versions[ours] = 2
    assert main.check() == (True, "compiled-ai: 3 specs, all fresh")
    assert records_are_right(main)
    assert_sound(main.remember())


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_two_new_stubs_at_the_same_place_are_kept_both_with_no_model(ground: Ground, style: str) -> None:
    git(ground.root, "init", "-q", "-b", "main")
    git(ground.root, "config", "merge.conflictStyle", style)
    add_specs(ground, "second")
    assert not ground.compile().failed
    commit(ground, "second")
    git(ground.root, "branch", "other")
    add_specs(ground, "first", "second")
    assert not ground.compile().failed
    commit(ground, "first")
    git(ground.root, "checkout", "-q", "other")
    add_specs(ground, "second", "third")
    assert not ground.compile().failed
    commit(ground, "third")
    git(ground.root, "merge", "-q", "main", code=1)
    add_specs(ground, *NAMES)
    assert b"<<<<<<<" in ground.artifact.read_bytes()
    ground.remember()
    assert dict.fromkeys(NAMES, "stale") == ground.states()
    said = ground.check()[1]
    assert (
        f"{ARTIFACT} holds a merge conflict; run `pytest --compile-ai`, which judges the bodies of both sides" in said
    )
    assert f"{RECORD} " not in said
    assert_sound(ground)
    assert_finished(ground)
    assert ground.provider.asked == []
    assert records_are_right(ground)
    assert {record["model"] for record in read_records(ground.record).values()} == {"scripted"}


def conflict(main: Ground, ours: str, theirs: str) -> Ground:
    """Return a project in which two branches have another body each for the second spec."""
    for branch, body in (("main", ours), ("other", theirs)):
        git(main.root, "checkout", "-q", branch)
        text = main.artifact.read_text()
        assert "    return n * n\n" in text
        main.artifact.write_text(text.replace("    return n * n\n", f"    return {body}\n"))
        commit(main, branch)
    git(main.root, "merge", "-q", "main", code=1)
    return main.remember()


def test_an_edit_by_hand_in_a_conflict_waits_for_a_person(main: Ground) -> None:
    conflict(main, "n ** 2", "n * (n)+ 0")
    assert main.states() == dict.fromkeys(NAMES, "conflict")
    assert f"{ARTIFACT} holds a merge conflict inside a body; settle it by hand, or run" in main.check()[1]
    report = main.compile()
    assert (report.failed, main.provider.asked, main.tree()) == (True, [], main.before)
    assert_sound(main)
    assert_finished(main, force=True)
    assert b"n * (n)+ 0" in (main.root / ".compiled-ai/number.py.orig").read_bytes()


def test_one_body_of_a_conflict_is_written_anew_and_the_others_stay(main: Ground) -> None:
    kept = main.sections()
    conflict(main, "n ** 2", "n * (n)+ 0")
    assert not main.compile(force=True, only="second").failed
    assert main.sections() == kept
    assert_finished(main)


def test_of_two_bodies_for_a_new_spec_ours_is_kept(ground: Ground) -> None:
    git(ground.root, "init", "-q", "-b", "main")
    add_specs(ground, "second")
    assert not ground.compile().failed
    commit(ground, "second")
    git(ground.root, "branch", "other")
    for branch, version in (("main", 3), ("other", 1)):
        git(ground.root, "checkout", "-q", branch)
        add_specs(ground, "first", "second")
        ground.versions["first"] = version
        assert not ground.compile().failed
        commit(ground, branch)
    ours = ground.sections()
    git(ground.root, "merge", "-q", "main", code=1)
    add_specs(ground, *NAMES)
    assert b"<<<<<<<" in ground.record.read_bytes()
    assert f"{RECORD} " not in ground.check()[1]
    assert ground.states() == {"first": "stale", "second": "stale", "third": "missing"}
    assert_sound(ground.remember())
    assert_finished(ground)
    assert set(ground.provider.asked) == {"third"}
    assert {name: ground.sections()[name] for name in ours} == ours
    assert records_are_right(ground)


def test_halves_of_two_bodies_are_no_body_and_a_person_takes_a_side(main: Ground) -> None:
    branch_off(main, "second")
    theirs = main.sections()
    git(main.root, "checkout", "-q", "other")
    main.edit_spec("    9\n", "    9\n\n    >>> second(2)\n    4\n")
    main.versions["second"] = 1
    assert not main.compile().failed
    commit(main, "another example")
    git(main.root, "merge", "-q", "main", code=1)
    git(main.root, "checkout", "-q", "--theirs", "specs/number.py")
    main.versions["second"] = 2
    assert main.remember().states() == dict.fromkeys(NAMES, "conflict")
    assert main.compile().failed
    assert main.tree() == main.before
    assert_sound(main)
    git(main.root, "checkout", "-q", "--theirs", ARTIFACT, RECORD)
    assert main.check()[0]
    assert main.sections() == theirs


def test_a_conflict_in_the_record_alone(main: Ground) -> None:
    text = main.record.read_text()
    block = '  "version": 1\n'
    assert block in text
    main.record.write_text(text.replace(block, f"<<<<<<< ours\n{block}=======\n{block}>>>>>>> theirs\n"))
    said = main.check()[1]
    assert f"{RECORD} holds a merge conflict; settle it by hand, or run `pytest" in said
    main.change("second")
    assert_finished(main)
    assert {record["model"] for record in read_records(main.record).values()} == {"scripted"}


def test_a_checkout_with_windows_line_ends(main: Ground, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(main.root), "clone")
    clone = Ground(tmp_path / "clone").remember()
    for name in (ARTIFACT, RECORD, "specs/number.py"):
        assert b"\r\n" in (clone.root / name).read_bytes()
    assert clone.check() == (True, "compiled-ai: 3 specs, all fresh")
    assert records_are_right(clone)
    kept = clone.sections()
    text = (clone.root / "specs/number.py").read_bytes()
    (clone.root / "specs/number.py").write_bytes(text.replace(b"\r\n    9\r\n", b"\r\n    27\r\n"))
    clone.versions["second"] = 2
    assert_finished(clone)
    for name in (ARTIFACT, RECORD):
        assert b"\n" not in (clone.root / name).read_bytes().replace(b"\r\n", b"")
    changed = git(clone.root, "diff", "-U0", ARTIFACT)
    assert len([line for line in changed.splitlines() if line.startswith("+")]) == 5, changed
    assert clone.provider.asked == ["second", "second"]
    assert clone.sections()["first"] == kept["first"]
