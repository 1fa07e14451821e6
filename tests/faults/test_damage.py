"""Files that another program has cut off, garbled, formatted or replaced."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from fault_ground import NAMES, RECORD, Ground, Silent, assert_finished, assert_sound, body_of

from pytest_compiled_ai.artifacts.plan import write_atomically
from pytest_compiled_ai.commands.verify import verify_specs
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError

pytestmark = pytest.mark.usefixtures("near")
RECORDS: dict[str, Callable[[bytes], bytes | None]] = {
    "deleted": lambda _: None,
    "empty": lambda _: b"",
    "cut off": lambda text: text[: len(text) // 2],
    "garbage": lambda _: b"\xff\x00\xfe",
    "a list": lambda _: b"[]",
    "specs a list": lambda _: b'{"specs": []}',
    "a spec a number": lambda _: b'{"specs": {"first": 3, "second": null, "third": "x"}}',
    "inputs a list": lambda _: b'{"specs": {"first": {"inputs": [1]}}}',
    "nested too deep": lambda _: b"[" * 100_000,
    "of other bodies": lambda text: text.replace(b'"body_hash": "', b'"body_hash": "0'),
}


@pytest.mark.parametrize("damage", RECORDS)
def test_a_record(compiled: Ground, damage: str) -> None:
    text = RECORDS[damage](compiled.record.read_bytes())
    if text is None:
        compiled.record.unlink()
    else:
        compiled.record.write_bytes(text)
    compiled.change("second")
    assert_sound(compiled)
    is_fresh, said = compiled.check()
    assert not is_fresh
    assert f"{RECORD} does not say where first, third came from; bring it back, or run `pytest" in said
    kept = {name: body for name, body in compiled.sections().items() if name != "second"}
    assert not compiled.compile().failed
    assert set(compiled.states().values()) == {"fresh"}
    assert {name: compiled.sections()[name] for name in kept} == kept
    # Bodies that are there are not made anew for a record's sake, until that is asked for.
    assert compiled.provider.asked == ["second", "second"]
    assert_finished(compiled, force=True)
    orig = compiled.root / ".compiled-ai/number.provenance.json.orig"
    assert orig.exists() == (damage in {"empty", "cut off", "garbage", "nested too deep"})


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "a half-typed edit": lambda text: text.replace(b"return n * n\n", b"return n * (n +\n"),
    "no UTF-8": lambda text: text.replace(b"# second", b"# s\xe9cond"),
    "null bytes": lambda text: text.replace(b"# second", b"# s\x00cond"),
    "cut off in a string": lambda text: text[: text.index(b"Return n squared")],
    "nested too deep": lambda text: text.replace(b"n * n", b"(" * 5000 + b"n"),
    "all garbage": lambda text: bytes(range(256)) * 8,
}


@pytest.mark.parametrize("damage", BROKEN)
def test_an_artifact_that_is_no_python_is_left_until_somebody_decides(compiled: Ground, damage: str) -> None:
    broken = BROKEN[damage](compiled.artifact.read_bytes())
    assert broken != compiled.artifact.read_bytes()
    compiled.artifact.write_bytes(broken)
    compiled.remember()
    assert compiled.states() == dict.fromkeys(NAMES, "edited")
    said = compiled.check()[1]
    assert "src/generated/number.py cannot be read as Python (" in said
    assert "mend it, or run `pytest --compile-ai --compile-ai-force --compile-ai-only specs/number.py`" in said
    assert [result.outcome for result in compiled.compile().results] == ["kept"] * 3
    assert compiled.tree() == compiled.before
    verified = verify_specs(load_config(compiled.root), Silent())
    assert {result.message.partition(";")[0] for result in verified.results} == {
        "its artifact cannot be read as Python"
    }
    assert_finished(compiled, force=True)
    assert (compiled.root / ".compiled-ai/number.py.orig").read_bytes() == broken


def test_one_body_of_a_broken_file_is_written_anew_and_the_others_stay(compiled: Ground) -> None:
    kept = compiled.sections()
    compiled.artifact.write_bytes(BROKEN["a half-typed edit"](compiled.artifact.read_bytes()))
    assert not compiled.compile(force=True, only="second").failed
    assert compiled.sections() == kept
    assert_finished(compiled)


@pytest.mark.parametrize(
    ("damage", "states"),
    [
        (lambda text: b"", {"missing"}),
        (lambda text: text[: text.index(b"\n\n# spec", text.index(b"def second"))], {"fresh", "missing"}),
        (lambda text: text[: text.index(b"    return n * n")] + b"    ...\n", {"fresh", "edited", "missing"}),
    ],
    ids=["empty", "cut off between bodies", "cut off in a body"],
)
def test_an_artifact_that_was_cut_off(compiled: Ground, damage: Callable[[bytes], bytes], states: set[str]) -> None:
    compiled.artifact.write_bytes(damage(compiled.artifact.read_bytes()))
    assert set(compiled.states().values()) == states
    assert not compiled.check()[0]
    compiled.compile()
    assert states - set(compiled.states().values()) <= {"missing"}
    assert_finished(compiled, force=True)


@pytest.mark.parametrize(
    "damage",
    [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n"), lambda text: text.rstrip()],
    ids=["byte order mark", "Windows' line ends", "no last line end"],
)
def test_what_an_editor_does_changes_nothing(compiled: Ground, damage: Callable[[bytes], bytes]) -> None:
    compiled.artifact.write_bytes(damage(compiled.artifact.read_bytes()))
    assert compiled.check()[0]
    compiled.change("second")
    assert_sound(compiled)
    assert_finished(compiled)
    assert compiled.provider.asked == ["second", "second"]


@pytest.mark.parametrize("options", [["--line-length=20"], ["--config=format.quote-style='single'"]])
def test_a_formatter_changes_nothing(compiled: Ground, options: list[str]) -> None:
    before = compiled.artifact.read_bytes()
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", *options, str(compiled.artifact.parent)]
    subprocess.run(ruff, check=True, capture_output=True)
    assert compiled.artifact.read_bytes() != before or "quote" in options[0]
    assert compiled.check() == (True, "compiled-ai: 3 specs, all fresh")
    compiled.change("second")
    assert_finished(compiled)


def test_a_form_feed_and_other_ends_of_lines_move_no_body(compiled: Ground) -> None:
    for old in ("squared.", "decimal."):
        compiled.edit_spec(f"n {old}" if old == "squared." else f"a {old}", f"n \x0c \u2028 \x1c {old}")
    assert not compiled.compile().failed
    kept = compiled.sections()
    compiled.change("third")
    assert_finished(compiled)
    assert {name: compiled.sections()[name] for name in ("first", "second")} == {
        name: kept[name] for name in ("first", "second")
    }


def test_a_huge_artifact(compiled: Ground) -> None:
    text = compiled.artifact.read_text()
    compiled.artifact.write_text(text.replace("    # second", f"{'    # and so on' * 80}\n" * 3000 + "    # second"))
    assert compiled.artifact.stat().st_size > 3_000_000
    assert compiled.check()[0]
    kept = compiled.sections()["second"]
    compiled.change("first")
    assert_finished(compiled)
    assert compiled.sections()["second"] == kept


@pytest.mark.parametrize("place", ["project/elsewhere", "outside"])
def test_a_linked_folder(compiled: Ground, tmp_path: Path, place: str) -> None:
    folder = compiled.artifact.parent
    shutil.move(folder, tmp_path / place)
    folder.symlink_to(tmp_path / place)
    assert compiled.check()[0]
    compiled.change("second")
    assert_finished(compiled)
    assert folder.is_symlink()
    assert body_of("second", 2) in (tmp_path / place / "number.py").read_text()


def test_a_file_where_the_folder_should_be(ground: Ground) -> None:
    shutil.rmtree(ground.artifact.parent)
    ground.artifact.parent.write_text("mine")
    with pytest.raises(ConfigError, match="generated cannot be written"):
        ground.compile()
    assert ground.artifact.parent.read_text() == "mine"
    assert ground.provider.asked == []
    ground.artifact.parent.unlink()
    assert_finished(ground)


def test_a_folder_where_the_file_should_be(ground: Ground) -> None:
    ground.artifact.mkdir()
    assert "number.py is a folder where an artifact has to stand; move it away" in ground.check()[1]
    assert "Is a directory" in ground.compile().results[0].message
    ground.artifact.rmdir()
    assert_finished(ground)


def test_no_bytecode_of_an_earlier_body_is_ever_run(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path, dates = tmp_path / "number.py", []
    other = Path(importlib.util.cache_from_source(str(path), optimization="2"))
    for value in range(10, 30):
        write_atomically(path, f"VALUE = {value}\n")
        names = SourceFileLoader("number", str(path)).get_code("number").co_consts
        assert names[0] == value
        # As another Python would have it, which no compile knows of.
        shutil.copyfile(importlib.util.cache_from_source(str(path)), other)
        dates.append(int(path.stat().st_mtime))
    assert sorted(set(dates)) == dates


def test_what_a_killed_write_left_is_cleared_away_even_if_nothing_is_to_be_done(compiled: Ground) -> None:
    left = [".number.py.abcd1234.tmp", ".number.provenance.json.abc_1234.tmp"]
    mine = ".number.py.tmp"
    for name in (*left, mine):
        (compiled.artifact.parent / name).write_text("half")
    assert not compiled.compile().failed
    assert [path.name for path in compiled.artifact.parent.glob(".*.tmp")] == [mine]
