from __future__ import annotations

import json
import shlex
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from codegen_sets import BODIES, ByName, load_codegen, write_sets

from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.testing import ScriptedProvider, make_reply, serve_replies

FAKE = '''
"""Asks as unvibe does, and accepts the first reply that defines a function, unless that says to wait."""
import json, os, random, resource, sys, time, tomllib, urllib.error, urllib.request
from pathlib import Path

source, tests = (Path(name).read_text() for name in sys.argv[1:])
compile(source, "problem.py", "exec")
ai = tomllib.loads(Path(".unvibe.toml").read_text())["ai"]
print("environment", sorted(os.environ), resource.getrlimit(resource.RLIMIT_CORE), random.random())
while True:
    body = {"model": ai["model"], "messages": [{"role": "user", "content": source + tests}], "temperature": 0,
            "max_tokens": ai["max_tokens"]}
    request = urllib.request.Request(ai["base_url"] + "/chat/completions", json.dumps(body).encode())
    try:
        reply = json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError:
        time.sleep(600)
    said = reply["choices"][0]["message"]["content"]
    if said == "wait":
        time.sleep(600)
    if said == "give up":
        Path("unvibe_f_1.py").write_text("# This is the best implementation we found, but")
        print("given up")
        sys.exit(1)
    if "def" in said:
        Path("unvibe_f_1.py").write_text("# This implementation passed all tests\\n\\n" + said)
        break
'''
CLASS = """import unvibe
from typing import List
from helpers_made_1 import half
from typing import Any
from problem import halve_all


class Tests(unvibe.TestCase):
    def test_1(self):
        self.assertEqual(halve_all([2.0]), [1.0])

    def test_2(self):
        self.assertTrue(not halve_all([]))
"""


@pytest.fixture(scope="module")
def codegen():
    return load_codegen()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def made(codegen, folder):
    return {problem.entry: problem for problem in codegen.problems.read_problems(folder)}


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python that has something like unvibe."""
    place = tmp_path_factory.mktemp("environment")
    (place / "unvibe.py").write_text(FAKE, encoding="utf-8")
    script = place / "python"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(place))} exec {shlex.quote(sys.executable)} "$@"\n')
    script.chmod(0o755)
    return script


def ask(url, content="hello"):
    body = {"model": "local", "messages": [{"role": "user", "content": content}], "temperature": 0.5, "max_tokens": 9}
    request = urllib.request.Request(f"{url}/chat/completions", json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


# its form of a problem


def test_a_class_has_the_asserts_of_a_spec(codegen, made, tmp_path):
    codegen.unvibe_form.write_form(made["halve_all"], tmp_path, "http://127.0.0.1:1/v1")
    assert (tmp_path / "test_problem.py").read_text(encoding="utf-8") == CLASS
    assert (tmp_path / "helpers_made_1.py").exists()
    assert 'base_url = "http://127.0.0.1:1/v1"' in (tmp_path / ".unvibe.toml").read_text(encoding="utf-8")


def test_rows_are_asserts_and_annotations_need_no_import(codegen, made, tmp_path):
    codegen.unvibe_form.write_form(made["thrice"], tmp_path, "")
    tests = (tmp_path / "test_problem.py").read_text(encoding="utf-8")
    assert "        self.assertEqual(thrice(1, 1), 3)\n        self.assertEqual(thrice(-4, 2), -24)\n" in tests
    codegen.unvibe_form.write_form(made["halve_all"], tmp_path, "")
    source = (tmp_path / "problem.py").read_text(encoding="utf-8")
    assert '@ai\ndef halve_all(xs: list[float]) -> object:\n    """Return the half of each.\n' in source
    assert source.endswith('    """\n    pass\n')
    assert "pytest" not in source + tests


@pytest.mark.parametrize(
    ("annotation", "spelled"),
    [
        ("Any", "object"),
        ("Optional[List[int]]", "list[int] | None"),
        ("Dict[str, Any]", "dict[str, object]"),
        ("int", "int"),
    ],
)
def test_an_annotation_is_spelled_without_imports(codegen, tmp_path, annotation, spelled):
    spec = f"@spec\ndef f() -> {annotation}:\n    '''Do it.'''\n\ndef test_1() -> None:\n    assert f() == 1\n"
    codegen.unvibe_form.write_form(codegen.problems.Problem(name="x", entry="f", spec=spec, reference=""), tmp_path, "")
    assert f"def f() -> {spelled}:" in (tmp_path / "problem.py").read_text(encoding="utf-8")


def test_all_forms_can_be_read(codegen, made, tmp_path):
    codegen.unvibe_form.write_form(made["count_a"], tmp_path, "")
    tests = (tmp_path / "test_problem.py").read_text(encoding="utf-8")
    assert "import string\n" in tests
    assert "            self.assertEqual(count_a(letter), letter == 'a')\n" in tests
    compile(tests, "tests", "exec")


# the endpoint in between


def test_an_endpoint_answers_so_many_questions(codegen):
    provider = ScriptedProvider("one", make_reply("two three", finish="length"))
    with codegen.proxy.serve_provider(provider, 2) as desk, ThreadPoolExecutor() as pool:
        said = []
        for _ in range(4):
            waiting = pool.submit(ask, desk.url)
            desk.serve(60)
            said.append(waiting.result())
        assert desk.is_closed
    assert [each["choices"][0]["message"]["content"] for each in said[:2]] == ["one", "two three"]
    assert said[1]["choices"][0]["finish_reason"] == "length"
    assert said[1]["usage"] == {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}
    assert said[2:] == [400, 400]
    assert desk.asked == 2
    first, second = provider.requests
    assert (first.first, second.first) == (True, False)
    assert first.seed != second.seed
    assert (first.temperature, first.max_tokens, first.messages[0].content) == (0.5, 9, "hello")


def test_an_endpoint_keeps_why_it_did_not_answer(codegen):
    with codegen.proxy.serve_provider(ScriptedProvider(ProviderError("gone")), 2) as desk, ThreadPoolExecutor() as pool:
        waiting = pool.submit(ask, desk.url)
        desk.serve(60)
        assert waiting.result() == 400
    assert str(desk.failure) == "gone"


def test_where_nothing_is_asked_nothing_is_served(codegen):
    with codegen.proxy.serve_provider(ScriptedProvider("one"), 2) as desk:
        desk.serve(0.001)
        assert desk.quiet_seconds() > 0
    assert desk.asked == 0


# runs


def test_a_set_is_run_once_and_scored(codegen, folder, python, tmp_path, monkeypatch, capsys):
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")
    wrong = "def count_a(text):\n    return len(text)"
    replies = {"thrice": ["no code", BODIES["thrice"]], "halve_all": ["nothing"], "count_a": [wrong]}
    provider = SpokenTo(
        **{name: [text.strip("`").removeprefix("python\n") for text in said] for name, said in replies.items()}
    )
    monkeypatch.setattr(codegen.run, "create_providers", lambda *_: (provider,))
    monkeypatch.setattr(codegen.unvibe_beside, "ATTEMPTS", 3)
    options = ["--data", str(folder), "--out", str(tmp_path), "--python", str(python)]
    assert codegen.unvibe_beside.main(options) == 0
    lines = {line["name"]: line for line in codegen.clerk.read_lines(tmp_path / "made-unvibe.jsonl")}
    first, second, third = (lines[f"made_{number}"] for number in range(3))
    assert (first["outcome"], first["attempts"], first["prompt_tokens"]) == ("compiled", 2, 20)
    assert (second["outcome"], second["attempts"], second["message"]) == ("failed", 3, "no body in 3 candidates")
    assert (third["outcome"], third["attempts"]) == ("compiled", 1)
    table = (tmp_path / "made-unvibe.md").read_text(encoding="utf-8")
    assert table in capsys.readouterr().out
    assert "| **accepted and right** | **1 = 33.3%**" in table
    assert "| accepted, wrong | 1: made_2 |" in table
    assert "| first candidates passed | 1 |" in table
    asked = list(provider.asked)
    assert codegen.unvibe_beside.main(options) == 0
    assert provider.asked == asked


class SpokenTo(ByName):
    """Hears one message only."""

    def complete(self, request, on_token=None):
        return super().complete(type(request)(messages=(request.messages[0], *request.messages)), on_token)


def test_it_speaks_to_an_endpoint_by_http(codegen, made, python, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    with serve_replies("def thrice(n, times=1):\n    return 3 * n * times\n") as endpoint:
        settings = {"provider": "openai", "model": "scripted", "base_url": endpoint.url}
        codegen.unvibe_beside.run([made["thrice"]], tmp_path, "x", python, settings)
    (line,) = codegen.clerk.read_lines(tmp_path / "x.jsonl")
    assert (line["outcome"], line["attempts"], line["completion_tokens"]) == ("compiled", 1, 9)
    body = codegen.project.body_path(tmp_path / "x", made["thrice"]).read_text(encoding="utf-8")
    assert body.startswith("from typing import Any\n\n\n# This implementation passed all tests\n")


def test_a_candidate_that_never_ends_is_ended(codegen, made, python, tmp_path, monkeypatch):
    monkeypatch.setattr(codegen.unvibe_beside, "QUIET_SECONDS", 0.3)
    meter = codegen.clerk.Metered(ScriptedProvider("wait"))
    line = codegen.unvibe_beside.solve(made["thrice"], tmp_path, python, meter)
    assert (line.outcome, line.message) == ("failed", "it asked nothing for 0 s")


def test_a_search_that_gives_up_says_so(codegen, made, python, tmp_path):
    meter = codegen.clerk.Metered(ScriptedProvider("give up"))
    line = codegen.unvibe_beside.solve(made["thrice"], tmp_path, python, meter)
    assert (line.outcome, line.attempts, line.message) == ("failed", 1, "given up")
    assert not codegen.project.body_path(tmp_path, made["thrice"]).exists()


def test_where_no_model_can_be_asked_there_is_no_line(codegen, made, python, tmp_path, monkeypatch):
    provider = ScriptedProvider(ProviderError("gone"))
    monkeypatch.setattr(codegen.run, "create_providers", lambda *_: (provider,))
    with pytest.raises(ProviderError, match="gone"):
        codegen.unvibe_beside.run([made["thrice"]], tmp_path, "x", python, {"provider": "embedded"})
    assert codegen.clerk.read_lines(tmp_path / "x.jsonl") == []
    assert provider.is_closed


def test_it_starts_bounded_seeded_and_without_our_environment(codegen, made, python, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    told = []
    for _ in range(2):
        with codegen.proxy.serve_provider(ScriptedProvider("give up"), 3) as desk:
            codegen.unvibe_form.write_form(made["thrice"], tmp_path, desk.url)
            codegen.unvibe_beside.start(tmp_path, python, desk)
        told.append((tmp_path / "output.txt").read_text(encoding="utf-8"))
    assert told[0] == told[1]
    assert "OPENAI_API_KEY" not in told[0]
    assert "(0, 0)" in told[0]
