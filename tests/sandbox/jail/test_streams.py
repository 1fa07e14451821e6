from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.jail.streams import Output, Records, Stream


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_an_empty_pipe_is_not_a_closed_one(pipe) -> None:
    receiver, sender = pipe
    stream = Output(receiver, 100)
    assert not stream.read()
    assert stream.is_open
    os.close(sender)
    assert not stream.read()
    assert not stream.is_open


def test_the_end_of_the_output_is_kept(pipe) -> None:
    receiver, sender = pipe
    stream = Output(receiver, 1 << 20)
    for number in range(5):
        os.write(sender, f"{number}".encode() * 10_000)
        stream.drain()
    assert stream.text == "3" * 6384 + "4" * 10_000
    assert not stream.is_over


def test_too_much_is_over(pipe) -> None:
    receiver, sender = pipe
    stream = Output(receiver, 5)
    os.write(sender, b"12345")
    stream.drain()
    assert not stream.is_over
    os.write(sender, b"6")
    stream.drain()
    assert stream.is_over
    assert stream.text == "12345"


def test_a_stream_says_what_it_keeps(pipe) -> None:
    with pytest.raises(NotImplementedError):
        Stream(pipe[0], 1).keep(b"")


@given(st.data())
def test_records_come_whole_however_they_are_cut(data) -> None:
    sent = [{"event": "x", "value": number} for number in range(data.draw(st.integers(0, 5)))]
    junk = [b"", b"{", b"[]", b'{"event": 1}', b"\xff", b"[" * 100_000]
    lines = [json.dumps(record).encode() for record in sent]
    for line in data.draw(st.lists(st.sampled_from(junk), max_size=3)):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    text = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    receiver, sender = os.pipe()
    records = Records(receiver, 1)
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        records.keep(text[start:end])
    os.close(receiver)
    os.close(sender)
    assert records.all == sent


def test_the_first_collection_is_timed(pipe) -> None:
    records = Records(pipe[0], 1000)
    records.keep(b'{"event": "confined"}\n')
    assert records.collected_at is None
    records.keep(b'{"event": "collected"}\n')
    first = records.collected_at
    records.keep(b'{"event": "collected"}\n')
    assert records.collected_at == first is not None
