from __future__ import annotations

from pathlib import Path

import pytest
from loopback import Handler, Stage, refuse
from tiny_models import CONTENT, Tally, make_entry

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.hub import TRIES, append_rest
from pytest_compiled_ai.providers.partial import Partial

ENTRY = make_entry("tiny", CONTENT)


@pytest.fixture
def partial(tmp_path: Path) -> Partial:
    return Partial(tmp_path / ENTRY.file, ENTRY, Tally())


def serve(*, ranges: bool = True, upto: int = len(CONTENT), promise: bool = True):
    """Serve the file as a hub does, but stop after byte `upto`."""

    def act(handler: Handler) -> None:
        asked = handler.headers.get("Range")
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and ranges else 0
        handler.send_response(206 if asked and ranges else 200)
        if promise:
            handler.send_header("Content-Length", str(len(CONTENT) - start))
        handler.end_headers()
        handler.wfile.write(CONTENT[start:upto])

    return act


def fetch(partial: Partial, stage: Stage, tally: Tally | None = None) -> None:
    append_rest(partial, tally or Tally(), stage.address, 0.0)


def test_fetches_the_file(partial: Partial, stage: Stage) -> None:
    stage.acts = [serve()]
    tally = Tally()
    fetch(partial, stage, tally)
    assert partial.path.read_bytes() == CONTENT
    assert (tally.texts, tally.total) == (["fetching tiny"], ENTRY.size)
    assert stage.headers[0]["Accept-Encoding"] == "identity"


def test_takes_up_a_broken_connection(partial: Partial, stage: Stage) -> None:
    stage.acts = [serve(upto=1000), refuse(503), serve(upto=3000, promise=False), serve()]
    fetch(partial, stage)
    assert partial.path.read_bytes() == CONTENT
    assert [headers["Range"] for headers in stage.headers] == [None, "bytes=1000-", "bytes=1000-", "bytes=3000-"]


def test_begins_anew_where_ranges_are_unknown(partial: Partial, stage: Stage) -> None:
    partial.append([b"old"], at=0)
    stage.acts = [serve(ranges=False)]
    fetch(partial, stage)
    assert partial.path.read_bytes() == CONTENT


def test_a_whole_file_asks_nothing(partial: Partial, stage: Stage) -> None:
    partial.append([CONTENT], at=0)
    fetch(partial, stage)
    assert stage.requests == []


def test_gives_up_and_keeps_what_came(partial: Partial, stage: Stage) -> None:
    stage.acts = [serve(upto=100)]
    with pytest.raises(ModelFileError, match=f"broke off {TRIES} times .*it goes on where it stopped"):
        fetch(partial, stage)
    assert partial.length() == 100


def test_a_file_that_is_too_short(partial: Partial, stage: Stage) -> None:
    stage.acts = [serve(upto=100, promise=False)]
    with pytest.raises(ModelFileError, match="the file is too short"):
        fetch(partial, stage)


def test_a_refusal_is_named(partial: Partial, stage: Stage) -> None:
    stage.acts = [refuse(404)]
    with pytest.raises(ModelFileError, match=r"/someone/tiny/resolve/main/tiny\.gguf answers 404; use --from pypi"):
        fetch(partial, stage)


def test_a_longer_file_is_refused(partial: Partial, stage: Stage) -> None:
    stage.acts = [lambda handler: (handler.send_response(200), handler.end_headers(), handler.wfile.write(CONTENT * 2))]
    with pytest.raises(ModelFileError, match="more than the"):
        fetch(partial, stage)
