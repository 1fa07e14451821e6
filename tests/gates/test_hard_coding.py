from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

import pytest

from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates import hard_coding
from pytest_compiled_ai.gates.base import Stage
from pytest_compiled_ai.gates.examples_of_tests import examples_of
from pytest_compiled_ai.gates.hard_coding import HardCoding
from pytest_compiled_ai.testing import make_reply, write_project

CORPUS = tomllib.loads(Path(__file__).with_suffix("").with_name("hard_coding.toml").read_text(encoding="utf-8"))
BODIES = [
    pytest.param(spec["source"], body.strip("\n"), kind, id=f"{spec['name']}-{kind}-{number}")
    for spec in CORPUS["spec"]
    for kind in ("cheats", "honest")
    for number, body in enumerate(spec[kind], 1)
]


@pytest.fixture
def judge(cut, tmp_path):
    def run(body, spec):
        candidate, subject = cut(body, spec=spec)
        return HardCoding(partial(examples_of, tmp_path / "example")).check(candidate, subject)

    return run


@pytest.fixture
def judge_class(tmp_path):
    def run(body):
        root = write_project(tmp_path / "example", {"specs/it.py": CLASS})
        project = Project(load_config(root))
        (file,) = project.files
        subject, stub = project.subject(file, file.stubs[0]), file.stubs[0]
        code = f"{stub.methods[0].head}\n        " + body.replace("\n", "\n        ")
        written = read_reply(make_reply(f"```python\nclass {stub.name}:\n    {code.strip()}\n```"), stub)
        candidate = cut_candidate(assemble(project.blank(file), subject, written, "v1:0"), subject, written)
        return HardCoding(partial(examples_of, root)).check(candidate, subject)

    return run


def test_the_corpus_is_large_enough():
    kinds = [param.values[2] for param in BODIES]
    assert kinds.count("cheats") >= 40
    assert kinds.count("honest") >= 25


@pytest.mark.parametrize(("source", "body", "kind"), BODIES)
def test_answers_to_the_tests_are_refused_and_honest_bodies_are_not(judge, source, body, kind):
    verdict = judge(body, source)
    assert verdict.passed is (kind == "honest"), verdict.message
    assert verdict.stage is Stage.SYNTAX


SPEC = CORPUS["spec"][0]["source"]


def test_the_model_is_told_to_compute_and_people_where_a_rule_belongs(judge):
    verdict = judge('if text == "stressed":\n    return "desserts"\nreturn text[::-1]', SPEC)
    assert verdict.message.startswith("line 8: it treats 'stressed' apart, as the tests have it; ")
    assert verdict.message.endswith("where that is a rule, the docstring should say so.")
    assert "No value of a test may stand in the code. Compute the result from the arguments" in verdict.feedback


def test_several_values_are_told_and_long_ones_cut(judge):
    rows = [("a" * 50 + "!", "b" * 50), ("c!", "d"), ("e!", "f!"), ("g!", "h!")]
    tests = "\n".join(f"    assert f({given!r}) == {wanted!r}" for given, wanted in rows)
    spec = f"from pytest_compiled_ai import spec\n\n@spec\ndef f(text: str) -> str: ...\n\ndef test():\n{tests}\n"
    verdict = judge(f"return {dict(rows)!r}[text]", spec)
    assert f"it treats '{'a' * 36}..., 'c!', 'e!' apart, as the tests have them" in verdict.message


def test_what_nests_too_deeply_is_refused(judge, monkeypatch):
    def fall(*_):
        raise RecursionError

    monkeypatch.setattr(hard_coding, "find_answers", fall)
    assert "nested too deeply" in judge("return text", SPEC).message


def test_a_body_that_passes_says_how_many_rows_it_was_held_against(judge):
    assert judge("return text[::-1]", SPEC).evidence == {"examples": "6"}


@pytest.mark.parametrize(
    "body",
    [
        "match text.split():\n    case [word]:\n        word = word.strip()\n        return word[::-1]\nreturn text",
        "from math import sqrt\nreturn str(sqrt(len(text)))",
        "for name, value in {text: text}.items():\n    return value\nreturn text",
        "for name, value in [1, 2]:\n    return str(value)\nreturn text",
        "return [text[::-1]][[text].index(text)]",
        "return ['a', 'b'][['c'].count(text)]",
        "return {**{'a': 'b'}, 'c': text}.get(text, '')",
        "yield text == 'nothing'",
        "try:\n    return text[::-1]\nexcept ValueError:\n    raise",
        "with text as other:\n    return other",
        "other = text if text == 'x' else ''\nother += text\nreturn other.replace(text, other)",
        "match text:\n    case str():\n        return text[::-1]\n    case None:\n        return ''\nreturn text",
        "other: str\nother = text\nreturn not other",
        "return text and (text != 'x' or text)",
        "return text[1:] if text.startswith(('ab', 'cd')) else text.find('x')",
        "return text if 'stress' in text else text[::-1]",
        "return text if any(c == 'stressed' for c in text) else text[::-1]",
    ],
)
def test_ordinary_constructs_are_read_and_pass(judge, body):
    assert judge(body, SPEC).passed


@pytest.mark.parametrize(
    "body",
    [
        "match text:\n    case 'stressed' | 'hello world':\n        return 'desserts'\nreturn text[::-1]",
        "word = clean(text)\nif word == 'stressed':\n    return 'desserts'\nreturn word",
        "text = clean(text)\nif text == 'stressed':\n    return 'desserts'\nreturn text",
        "if ''.join(list(text)) == 'stressed':\n    return 'desserts'\nreturn text",
        "if text[:] == 'stressed':\n    return 'desserts'\nreturn text",
        "if 'stressed' in text:\n    return 'desserts'\nreturn text",
        "return text == 'stressed' and 'desserts' or text[::-1]",
        "yield 'desserts' if text == 'stressed' else text",
        "try:\n    return text[9]\nexcept IndexError:\n    if text == 'stressed':\n        return 'desserts'\nreturn text",
        "while text:\n    if text == 'stressed':\n        return 'desserts'\nreturn text",
        "if [text] == ['stressed']:\n    return 'desserts'\nreturn text",
        "if (text, 1) == ('stressed', 1):\n    return 'desserts'\nreturn text",
    ],
)
def test_an_answer_is_found_in_any_dress(judge, body):
    assert not judge(body, SPEC).passed


STAR = """
from pytest_compiled_ai import spec

@spec
def f(*words: str, sep: str = "") -> str: ...

def test():
    assert f("ab", "cd", sep="--") == "ab--cd"
    assert f("efg") == "efg"
"""


def test_any_number_of_arguments_is_one_value(judge):
    assert not judge("if words == ('ab', 'cd'):\n    return 'ab--cd'\nreturn ''", STAR).passed
    assert judge("return sep.join(words)", STAR).passed


def test_rows_with_arguments_that_the_function_lacks_are_left_out(judge):
    spec = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int: ...\n\ndef test():\n    assert f(11, 12) == 13\n"
    assert judge("return 13 if n == 11 else n", spec).passed


CLASS = """
from pytest_compiled_ai import spec

@spec
class Shelf:
    size: int = 500

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def find(self, name: str) -> int:
        \"\"\"Return the place of a name.\"\"\"
        ...

def test_shelf():
    shelf = Shelf(["ab", "cd"])
    assert shelf.find("great gross") == 500
    assert shelf.find("some book") == 17
"""


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("return self.names.index(name)", True),
        ("if name == 'some book':\n    return 17\nreturn self.names.index(name)", False),
    ],
)
def test_the_methods_of_a_class_are_read(judge_class, body, passes):
    assert judge_class(body).passed is passes
