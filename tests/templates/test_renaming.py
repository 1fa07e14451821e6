from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.templates.renaming import Renaming, rename

SOURCE = '''import re


@wraps(old)
def old(text, old_too):
    """The old words: old stay."""
    # old, too
    return old(old_too.old, old=re.old, key="old")  # old


class Old(Base):
    old: Base = Base
'''


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (
            1,
            '@wraps(new_name)\ndef new_name(text, old_too):\n    """The old words: old stay."""\n    # old, too\n'
            '    return new_name(old_too.old, old=_re.old, key="old")  # old\n',
        ),
        (2, "class New(int | None):\n    new_name: int | None = int | None\n"),
    ],
)
def test_names_are_replaced_and_words_are_not(index, text):
    words = Renaming(names={"old": "new_name", "Old": "New", "re": "_re"}, expressions={"Base": "int | None"})
    assert rename(SOURCE, ast.parse(SOURCE).body[index], words) == text


def test_a_definition_of_another_name_keeps_it():
    assert rename(SOURCE, ast.parse(SOURCE).body[2], Renaming({}, {})) == SOURCE.split("\n\n\n")[2]
