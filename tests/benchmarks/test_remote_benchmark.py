from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.remote import __main__ as remote
from benchmarks.remote.endpoint import Endpoint, serve
from benchmarks.remote.weather import FAULTS, Weather


def ask(endpoint: Endpoint, text: str) -> str:
    client = openai.OpenAI(base_url=endpoint.url, api_key="none", max_retries=0, timeout=30)
    with (
        client,
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}], stream=True) as stream,
    ):
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


@given(st.text(), st.integers(0, 100), st.floats(0, 1), st.integers(0, 5))
def test_the_same_question_meets_the_same_fate(text: str, count: int, share: float, seed: int) -> None:
    weather = Weather(share=share, seed=seed)
    assert weather.fate_of(text, count) == Weather(share=share, seed=seed).fate_of(text, count)
    assert weather.fate_of(text, count) in {*(FAULTS if share else ()), *(("answer",) if share < 1 else ())}


def test_about_the_given_share_fails_in_each_way() -> None:
    weather = Weather(share=0.3)
    fates = Counter(weather.fate_of("question", count) for count in range(4000))
    assert 0.26 < 1 - fates["answer"] / 4000 < 0.34
    assert {fate for fate in fates if fates[fate] > 100} == {"answer", *FAULTS}
    assert Counter(Weather(share=0.3, seed=1).fate_of("question", count) for count in range(4000)) != fates


def test_an_answer_is_streamed_in_pieces_and_counted() -> None:
    text = "long " * 40
    with serve(lambda question: text + question, Weather()) as endpoint:
        assert ask(endpoint, "why") == text + "why"
        assert ask(endpoint, "why") == text + "why"
    assert (endpoint.fates, endpoint.asked, endpoint.most) == ({"answer": 2}, {"why": 2}, 1)


def test_a_slow_answer_comes_whole() -> None:
    with serve(str.upper, Weather(share=1, faults=("slow",), slow=0.01)) as endpoint:
        assert ask(endpoint, "why") == "WHY"


@pytest.mark.parametrize("status", ["429", "500", "503"])
def test_a_refusal_has_its_status(status: Any) -> None:
    weather = Weather(share=1, faults=(status,), retry_after=7)
    with serve(str, weather) as endpoint, pytest.raises(openai.APIStatusError) as caught:
        ask(endpoint, "why")
    assert caught.value.status_code == int(status)
    assert caught.value.response.headers.get("retry-after") == ("7" if status == "429" else None)


def test_a_cut_answer_and_one_that_is_no_json_break_the_stream() -> None:
    with serve(str, Weather(share=1, faults=("cut",))) as endpoint, pytest.raises(openai.APIConnectionError):
        ask(endpoint, "why " * 100)
    with serve(str, Weather(share=1, faults=("garbage",))) as endpoint, pytest.raises(ValueError, match="Expecting"):
        ask(endpoint, "why " * 100)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in the place of the command: write what it would, as fast as it is said."""
    asked: list[str] = []

    def compile_project(root: Path) -> int:
        asked.append((root / "pyproject.toml").read_text(encoding="utf-8"))
        target = root / "src/generated/part_0000.py"
        target.parent.mkdir(parents=True)
        target.write_text("# a body\n", encoding="utf-8")
        specs = [{"outcome": "compiled"}, {"outcome": "compiled"}]
        (root / "report.json").write_text(json.dumps({"specs": specs}), encoding="utf-8")
        return 0

    monkeypatch.setattr(remote, "compile_project", compile_project)
    return asked


def test_each_run_is_made_once_and_told_beside_the_ideal(
    compiled: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["--specs", "2", "--latency", "0.5", "--concurrency", "4", "--out", str(tmp_path / "out")]
    assert remote.main(argv) == 0
    assert len(compiled) == 3
    assert all("\nconcurrency = 4\n" in text for text in compiled)
    told = capsys.readouterr().out
    assert "generation alone 0.2 s" in told
    assert told.count("{'compiled': 2}") == 3
    assert remote.main(argv) == 0
    assert len(compiled) == 3
    (tmp_path / "out/faults/src/generated/part_0000.py").write_text("# another\n", encoding="utf-8")
    assert remote.main(argv) == 1


def test_the_ideal_is_the_slower_of_both() -> None:
    lines = {"validation": {"seconds": 10.0, "specs": 20, "outcomes": {}}}
    assert "ideal: 10.0 s" in remote.render(lines, 4.0)
    assert "1.20 of ideal" in remote.render(lines, 12.0)


def test_a_project_is_compiled_by_the_command(tmp_path: Path) -> None:
    root = tmp_path / "none"
    root.mkdir()
    assert remote.compile_project(root) == 4
    assert "compiled-ai: no [tool.compiled-ai] table" in (tmp_path / "none.log").read_text(encoding="utf-8")
