from __future__ import annotations

import pytest

from pytest_compiled_ai.asking.declaration import read_question
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.specs.model import SpecLineError

MARK = '@ask(fallback="other", timeout=5)'
HEAD = 'def ask_kind(text: str) -> Literal["delivery", "billing", "other"]:'
DOC = '"""Say what a customer complains about."""'


def question_of(config):
    (file,) = Project(config).files
    return read_question(file)


def test_a_question_is_read(write):
    found = question_of(write())
    assert found is not None
    assert (found.name, found.parameters, found.fallback, found.timeout) == ("ask_kind", ("text",), "'other'", 5.0)


def test_the_timeout_has_a_default(write):
    found = question_of(write((MARK, "@ask(fallback=0)")))
    assert found is not None
    assert (found.fallback, found.timeout) == ("0", 10.0)


def test_a_file_may_have_none(write):
    assert question_of(write((MARK, ""))) is None


@pytest.mark.parametrize(
    "spelling",
    [
        (
            "from pytest_compiled_ai import ask, spec",
            "import pytest_compiled_ai as c\n    from pytest_compiled_ai import spec",
        ),
        ("from pytest_compiled_ai import ask, spec", "from pytest_compiled_ai import ask as c, spec"),
    ],
)
def test_it_is_found_however_it_is_imported(write, spelling):
    name = "c.ask" if "as c\n" in spelling[1] else "c"
    assert question_of(write(spelling, (MARK, MARK.replace("ask", name, 1)))) is not None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (HEAD, "async " + HEAD, "a plain function that has no other decorator"),
        (HEAD, "@staticmethod\n    " + HEAD, "a plain function that has no other decorator"),
        (HEAD, "class ask_kind:", "a plain function that has no other decorator"),
        (MARK, "@ask", "a fallback and no more"),
        (MARK, '@ask("other")', "a fallback and no more"),
        (MARK, "@ask(timeout=5)", "a fallback and no more"),
        (MARK, '@ask(fallback="other", model="x")', "a fallback and no more"),
        (MARK, "@ask(**{})", "a fallback and no more"),
        (MARK, '@ask(fallback="other", timeout=0)', "a number of seconds"),
        (MARK, '@ask(fallback="other", timeout=True)', "a number of seconds"),
        (MARK, '@ask(fallback="other", timeout="5")', "a number of seconds"),
        (DOC, "...", "a docstring, which is the question"),
        (DOC, DOC + '\n        return "other"', "and no body"),
        ("(text: str) -> Literal", "(text) -> Literal", "an annotation for each"),
        (HEAD, "def ask_kind(text: str):", "an annotation for each"),
        ("def ask_kind(text: str)", "def ask_kind(*texts: str)", "names of their own"),
        ("def ask_kind(text: str)", "def ask_kind(text: str, **more: str)", "names of their own"),
        ("def ask_kind(text: str)", "def ask_kind()", "names of their own"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_line(write, old, new, told):
    with pytest.raises(SpecLineError, match=r"specs/mail.py:\d+: ask_kind: @ask wants .*" + told):
        question_of(write((old, new)))


def test_a_file_has_one_question(write):
    second = f"{MARK}\n    def ask_more(text: str) -> str:\n        {DOC}\n\n\n    @spec("
    with pytest.raises(SpecLineError, match="ask_more is a second @ask; a spec file has one question"):
        question_of(write(("@spec(", second)))


def test_its_hash_is_that_of_what_a_model_is_asked(write):
    same = question_of(write()).hash
    assert question_of(write((MARK, '@ask(fallback="billing")'))).hash == same
    assert question_of(write((DOC, DOC.replace("Say", "Tell")))).hash != same
    assert question_of(write(('"billing", "other"]:', '"other"]:'))).hash != same
