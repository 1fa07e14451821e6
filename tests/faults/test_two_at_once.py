"""Two compiles of one project at the same moment, and a plain pytest beside one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fault_ground import NAMES, Ground, assert_finished, assert_sound, body_of, reply_of

from pytest_compiled_ai.testing import Endpoint, serve_replies

APART = str(Path(__file__).with_name("compile_apart.py"))
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:asyncio", "specs")


class Hesitant:
    """Answers for the spec that is asked for, but the second question only when it may."""

    def __init__(self, endpoint: Endpoint, versions: Mapping[str, int]) -> None:
        self._endpoint, self._versions = endpoint, versions
        self.waits, self.goes_on = threading.Event(), threading.Event()
        endpoint.next_reply = self.answer  # type: ignore[method-assign]

    @property
    def asked(self) -> list[str]:
        said = [json.dumps(request["messages"]) for request in self._endpoint.requests]
        return [re.findall(r"def (first|second|third)\(", text)[-1] for text in said]

    def answer(self) -> str:
        name = self.asked[-1]
        if len(self._endpoint.requests) == 2:
            self.waits.set()
            assert self.goes_on.wait(120)
        return reply_of(name, body_of(name, self._versions[name]))


@contextmanager
def hesitating(ground: Ground) -> Iterator[Hesitant]:
    with ExitStack() as stack:
        endpoint = stack.enter_context(serve_replies(""))
        path = ground.root / "pyproject.toml"
        path.write_text(path.read_text().replace("http://127.0.0.1:9/v1", endpoint.url), encoding="utf-8")
        model = Hesitant(endpoint, ground.versions)
        stack.callback(model.goes_on.set)
        yield model


class Run:
    """A process of one test; what it says is read while it goes on."""

    def __init__(self, ground: Ground, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=ground.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def hear(self, words: str) -> str:
        heard = ""
        assert self.process.stdout
        while words not in heard and (line := self.process.stdout.readline()):
            heard += line
        assert words in heard, heard
        return heard

    def end(self) -> tuple[int, str]:
        out, _ = self.process.communicate(timeout=120)
        return self.process.returncode, out


def test_one_waits_and_each_spec_is_asked_once(ground: Ground) -> None:
    with hesitating(ground) as model:
        one = Run(ground, APART, "compile")
        assert model.waits.wait(120)
        other = Run(ground, APART, "compile")
        other.hear("another compile of this project is running")
        model.goes_on.set()
        ends = [one.end(), other.end()]
    assert [code for code, _ in ends] == [0, 0], ends
    assert sorted(model.asked) == sorted(NAMES)
    assert_sound(ground)
    assert set(ground.states().values()) == {"fresh"}


def test_one_is_killed_in_the_lock_and_the_other_goes_on(ground: Ground) -> None:
    with hesitating(ground) as model:
        one = Run(ground, APART, "compile")
        assert model.waits.wait(120)
        other = Run(ground, APART, "compile")
        other.hear("another compile of this project is running")
        one.process.kill()
        one.end()
        model.goes_on.set()
        code, said = other.end()
    assert code == 0, said
    assert model.asked.count("first") == 1
    assert_sound(ground)
    assert set(ground.states().values()) == {"fresh"}


def test_who_waits_goes_by_the_spec_as_it_is_then(compiled: Ground) -> None:
    compiled.change("first", "second")
    with hesitating(compiled) as model:
        one = Run(compiled, APART, "compile")
        assert model.waits.wait(120)
        other = Run(compiled, APART, "compile")
        other.hear("another compile of this project is running")
        compiled.change("third")
        model.goes_on.set()
        ends = [one.end(), other.end()]
    assert [code for code, _ in ends] == [0, 0], ends
    assert set(compiled.states().values()) == {"fresh"}
    assert_sound(compiled)


def test_a_plain_run_and_a_collection_beside_a_compile_see_whole_bodies(ground: Ground) -> None:
    with hesitating(ground) as model:
        one = Run(ground, APART, "compile")
        assert model.waits.wait(120)
        plain, listed = Run(ground, *PYTEST), Run(ground, *PYTEST, "--collect-only")
        code, said = plain.end()
        assert (code, "1 passed" in said, "2 failed" in said) == (1, True, True), said
        assert "SyntaxError" not in said
        code, said = listed.end()
        assert (code, said.count("specs/number.py::")) == (0, 3), said
        model.goes_on.set()
        assert one.end()[0] == 0
    code, said = Run(ground, *PYTEST).end()
    assert (code, "3 passed" in said) == (0, True), said


def test_no_moment_of_a_compile_shows_half_a_file(
    compiled: Ground, monkeypatch: pytest.MonkeyPatch, near: None
) -> None:
    compiled.change()
    seen: set[bytes] = set()
    ends = threading.Event()

    def read_on() -> None:
        while not ends.is_set():
            seen.add(compiled.artifact.read_bytes())

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        assert_finished(compiled)
    finally:
        ends.set()
        reader.join()
    for text in seen:
        compile(text, "artifact", "exec")
        assert text.count(b"\n# spec v1:") == 3
