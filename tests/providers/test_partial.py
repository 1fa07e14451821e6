from __future__ import annotations

import errno
import resource
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import CONTENT, Tally, make_entry

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.partial import Partial, check_space, explained_errors

ENTRY = make_entry("tiny", CONTENT)


@pytest.fixture
def partial(tmp_path: Path) -> Partial:
    return Partial(tmp_path / ENTRY.file, ENTRY, Tally())


def test_grows_and_is_cut_back(partial: Partial) -> None:
    assert (partial.length(), partial.finished_pieces()) == (0, (0, 0))
    partial.append([b"one", b"two"], at=0)
    partial.finish_piece(1)
    partial.append([b"broken"], at=6)
    assert (partial.length(), partial.finished_pieces()) == (12, (1, 6))
    partial.append([b"three"], at=6)
    assert partial.path.read_bytes() == b"onetwothree"


@pytest.mark.parametrize(
    "record", ["", "[]", '{"pieces": 1}', '{"pieces": "x", "length": 1}', '{"pieces": 1, "length": 99}']
)
def test_a_record_that_does_not_fit_counts_nothing(partial: Partial, record: str) -> None:
    partial.append([b"bytes"], at=0)
    partial.path.with_name(f"{partial.path.name}.json").write_text(record, encoding="utf-8")
    assert partial.finished_pieces() == (0, 0)


def test_more_than_the_model_has_is_refused(partial: Partial) -> None:
    with pytest.raises(ModelFileError, match=f"more than the {ENTRY.size} bytes of tiny came"):
        partial.append([CONTENT, b"!"], at=0)
    assert partial.length() == ENTRY.size


def test_discarded_or_kept_whole(partial: Partial, tmp_path: Path) -> None:
    partial.append([b"x"], at=0)
    partial.finish_piece(1)
    partial.discard()
    assert list(tmp_path.iterdir()) == []
    partial.append([b"y"], at=0)
    partial.finish_piece(1)
    partial.keep_as(tmp_path / ENTRY.file)
    assert [path.name for path in tmp_path.iterdir()] == [ENTRY.file]


@settings(max_examples=30, deadline=None, database=None)
@given(st.lists(st.tuples(st.binary(max_size=8), st.booleans()), max_size=8))
def test_what_is_recorded_survives_any_interruption(tmp_path_factory: pytest.TempPathFactory, steps) -> None:
    partial = Partial(tmp_path_factory.mktemp("p") / ENTRY.file, ENTRY, Tally())
    whole = b""
    for number, (data, finished) in enumerate(steps, 1):
        partial.append([data], at=len(whole))
        if finished:
            whole += data
            partial.finish_piece(number)
    _, length = partial.finished_pieces()
    assert partial.path.read_bytes()[:length] == whole if partial.path.exists() else whole == b""


def test_space_is_looked_at_first(tmp_path: Path) -> None:
    check_space(tmp_path / "not" / "yet", 1)
    with pytest.raises(
        ModelFileError, match=rf"^{tmp_path}: the disk .*: {10**18} bytes more are needed, \d+ are free; make room"
    ):
        check_space(tmp_path, 10**18)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_full_disk_says_how_to_go_on(partial: Partial, tmp_path: Path, number: int) -> None:
    partial.append([b"123"], at=0)
    with (
        pytest.raises(ModelFileError, match=f": {ENTRY.size - 3} bytes more are needed.*it goes on where it stopped"),
        explained_errors(tmp_path, partial),
    ):
        raise OSError(number, "full")
    assert partial.length() == 3


def test_other_trouble_is_one_line(partial: Partial, tmp_path: Path) -> None:
    with (
        pytest.raises(ModelFileError, match=r"the model cannot be written: Permission denied\."),
        explained_errors(tmp_path, partial),
    ):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_a_file_size_limit_is_a_full_disk(partial: Partial, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(ModelFileError, match="file-size limit"), explained_errors(tmp_path, partial):
            partial.append([CONTENT], at=0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert partial.length() <= 4096
