from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.worker.frames import PREFIX, Frame, FrameError, pack, read_length, unpack

FRAMES = st.builds(
    Frame,
    kind=st.binary(min_size=1, max_size=1),
    number=st.integers(0, 2**32 - 1),
    parts=st.lists(st.binary(max_size=20), max_size=4).map(tuple),
)


@given(FRAMES)
def test_a_frame_arrives_as_it_was_sent(frame) -> None:
    data = pack(frame)
    assert read_length(data[:PREFIX]) == len(data) - PREFIX
    assert unpack(data[PREFIX:]) == frame


@given(FRAMES, st.data())
def test_a_frame_that_was_cut_is_none_or_has_fewer_parts(frame, data) -> None:
    body = pack(frame)[PREFIX:]
    cut = body[: data.draw(st.integers(0, max(0, len(body) - 1)))]
    with suppress(FrameError):
        parts = unpack(cut).parts
        assert parts == frame.parts[: len(parts)]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "a frame is shorter than its head"),
        (b"V\0\0\0\1\0", "a part of a frame has no length"),
        (b"V\0\0\0\1\0\0\0\5abc", "a part of a frame is longer than the frame"),
    ],
)
def test_bytes_that_are_no_frame_are_refused(body, problem) -> None:
    with pytest.raises(FrameError, match=problem):
        unpack(body)
