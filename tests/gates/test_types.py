from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates.mypy_process import Answer, MypyProcess
from pytest_compiled_ai.gates.suppressions import Suppressions
from pytest_compiled_ai.gates.types import TypeFault, Types, find_python, is_untyped


@pytest.fixture(scope="module")
def types(tmp_path_factory, mypy_cache):
    """Judge with the real mypy, in one process for all tests."""
    with MypyProcess(tmp_path_factory.mktemp("types"), "3.11", mypy_cache) as mypy:
        yield Types(mypy)


class Said:
    """Answers what it was made with."""

    def __init__(self, status: int, output: str = "", errors: str = "") -> None:
        self.answer = Answer(status=status, output=output, errors=errors)

    def run(self, text: str) -> Answer:
        return self.answer


def test_the_text_that_mypy_begins_with_is_the_one_that_it_is_asked_about(cut):
    class Heard(Said):
        heard: tuple[str, ...] = ()

        def begin(self, text):
            self.heard += (text,)

        def run(self, text):
            self.heard += (text,)
            return super().run(text)

    heard = Heard(0)
    candidate, subject = cut()
    candidate = replace(candidate, module='x = """\n# mypy: ignore-errors\n"""\n')
    gate = Types(heard)
    gate.begin(candidate, subject)
    assert gate.check(candidate, subject).passed
    gate.abandon()
    Types(Said(0)).begin(candidate, subject)
    assert heard.heard == ('x = """\n# mypy; ignore-errors\n"""\n',) * 2


def test_what_follows_from_another_error_is_told_behind_it(cut, types):
    verdict = types.check(
        *cut("from typing import TypedDict\nPair = TypedDict('Pair', {'a': int})\nreturn Pair(n)['a']")
    )
    assert verdict.message.startswith("mypy: Expected keyword arguments")
    assert "[no-any-return]" in verdict.feedback


def test_mypy_judges_the_body_by_the_annotations_and_not_the_header(cut, types):
    assert types.check(*cut("return n")).passed
    verdict = types.check(*cut("text: str = n\nreturn text"))
    assert not verdict.passed
    assert verdict.message.startswith("mypy: Incompatible types in assignment")
    assert "[assignment], in: text: str = n" in verdict.feedback
    assert "[return-value], in: return text" in verdict.feedback

    loose = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n, m: list):\n    ...\n"
    candidate, subject = cut("return n", spec=loose)
    assert {fault.code for fault in types.errors_of(candidate.module, subject)} == {"type-arg", "no-untyped-def"}
    assert types.check(candidate, subject).passed


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return 'x'", "return-value"),
        # mypy tells these at the header, which is the spec's.
        ("if n:\n    return n", "return"),
        ("yield n\nreturn n", "misc"),
        ("return n + 'x'", "operator"),
        ("def g(x):\n    return x\nreturn n", "no-untyped-def"),
        ("return nobody(n)", "name-defined"),
        ("names = []\nreturn n", "var-annotated"),
        ("from decimal import Decimal\nreturn Decimal(n).nothing()", "attr-defined"),
        ("import json\nreturn json.loads('1')", "no-any-return"),
        # mypy obeys a setting at the start of a line even inside of a string.
        ('x = """\n# mypy: ignore-errors\n"""\nreturn x', "return-value"),
        ('x = """\n# mypy: disable-error-code=return-value\n"""\nreturn x', "return-value"),
    ],
)
def test_a_body_of_wrong_types_is_refused(cut, types, body, code):
    candidate, subject = cut(body)
    if "# mypy" in body:
        at_its_start = candidate.module.replace("    # mypy", "# mypy")
        assert code in {fault.code for fault in types.errors_of(at_its_start, subject)}
    verdict = types.check(candidate, subject)
    assert not verdict.passed
    assert f"[{code}]" in verdict.feedback


@pytest.mark.parametrize(
    "body",
    [
        "return 'x'  # type: ignore",
        "return 'x'  # type: ignore[return-value]",
        "# mypy: ignore-errors\nreturn 'x'",
        "import typing\n\n@typing.no_type_check\ndef g(x: int) -> int:\n    return 'x'\n\nreturn g(n)",
        "from typing import no_type_check as fine\n\n@fine\ndef g(x: int) -> int:\n    return 'x'\n\nreturn g(n)",
    ],
)
def test_what_would_silence_mypy_does_not_get_as_far(cut, body):
    assert not Suppressions().check(*cut(body)).passed


@pytest.mark.parametrize(
    "body",
    [
        "from decimal import Decimal\nreturn int(Decimal(n))",
        "import re\nfound = re.match('x', str(n))\nreturn len(found.group()) if found else n",
        "def g(x: int) -> int:\n    return x\n\nreturn g(n)",
        "seen: dict[int, list[str]] = {}\nreturn len(seen)",
        # Whoever wants out of the types may say so: the tests judge what comes of it.
        "from typing import Any, cast\nreturn int(cast(Any, n))",
    ],
)
def test_a_body_of_right_types_passes(cut, types, body):
    assert types.check(*cut(body)).passed


def test_a_text_of_equal_length_is_seen_at_once_and_specs_in_turn_are_told_apart(cut, types):
    good, subject = cut("return n")
    bad, _ = cut("return f")
    other, others_subject = cut("return str(n)", spec=SPEC_OF_TEXT)
    for _ in range(2):
        assert types.check(good, subject).passed
        assert not types.check(bad, subject).passed
        assert types.check(other, others_subject).passed


SPEC_OF_TEXT = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> str:\n    ...\n"


def test_syntax_of_a_newer_python_is_refused(cut, types):
    candidate, subject = cut("return n")
    newer = candidate.module.replace("    return n", "    type X = int\n    return n")
    assert {fault.code for fault in types.errors_of(newer, subject)} >= {"syntax"}


def test_errors_of_other_files_and_without_a_code_are_told_apart(cut):
    said = "src/generated/other.py:1: error: X  [a]\n<string>:2: error: Y\n<string>:3: note: Z\n"
    candidate, subject = cut()
    assert Types(Said(1, said)).errors_of(candidate.module, subject) == [TypeFault(line=2, text="Y", code="")]


def test_what_keeps_mypy_from_looking_at_the_rest_is_no_pass_wherever_it_stands(cut):
    verdict = Types(Said(2, "<string>:1: error: Invalid syntax  [syntax]\n")).check(*cut())
    assert not verdict.passed
    assert verdict.message == "mypy: Invalid syntax [syntax]"


def test_a_none_is_explained_to_the_model(cut, types):
    verdict = types.check(*cut("import re\nreturn len(re.match('x', str(n)).group())"))
    assert verdict.feedback.endswith("used only where `is not None` holds.")


@pytest.mark.parametrize("status", [1, 2])
@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("", "a\nno memory\n"), "no memory"),
        (("", ""), "failed silently"),
        (("app/types.py:3: error: Invalid syntax  [syntax]\n", ""), "app/types.py:3"),
    ],
)
def test_mypy_s_own_failure_blames_no_candidate_and_passes_none(cut, status, said, why):
    with pytest.raises(HarnessError, match=f"mypy could not check specs/it.py: .*{why}"):
        Types(Said(status, *said)).check(*cut())


def test_an_older_body_of_the_file_is_not_the_candidate_s(cut):
    candidate, subject = cut()
    after = candidate.module.count("\n") + 3
    assert Types(Said(1, f"<string>:{after}: error: X  [a]\n")).check(candidate, subject).passed
    assert Types(Said(1, "<string>:1: error: X  [a]\n")).check(candidate, subject).passed


def test_what_has_no_type_is_told_from_what_has_a_wrong_one():
    def untyped(code, text=""):
        return is_untyped(TypeFault(line=1, text=text, code=code))

    assert untyped("no-untyped-def")
    assert untyped("type-arg", 'Missing type arguments for generic type "list"')
    assert untyped("type-arg", 'Missing type parameters for generic type "list"')
    assert not untyped("type-arg", '"list" expects 1 type argument, but 2 given')
    assert not untyped("valid-type")


def test_the_oldest_python_of_the_project_is_meant():
    assert find_python(">=3.11,<4") == "3.11"
    assert find_python(">= 3.13") == "3.13"
    assert find_python("~=3.12") == find_python("==3.12.*") == "3.12"
    assert find_python(">=3.8") == "3.11"
    assert find_python("") == find_python("<4") == f"{sys.version_info.major}.{sys.version_info.minor}"
