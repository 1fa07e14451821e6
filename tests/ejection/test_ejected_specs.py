from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.ejection.artifact import plain_module
from pytest_compiled_ai.ejection.examples import find_strangers
from pytest_compiled_ai.ejection.spec_file import plain_tests
from pytest_compiled_ai.specs.discover import read_spec_file
from pytest_compiled_ai.specs.model import SpecFile, SpecLineError
from pytest_compiled_ai.testing import write_project


def read(root: Path, text: str) -> SpecFile:
    write_project(root, {"specs/numbers.py": ""})
    path = root / "specs" / "numbers.py"
    path.write_bytes(dedent(text).lstrip("\n").encode())
    return read_spec_file(path, load_config(root))


def eject(root: Path, text: str) -> str:
    return plain_tests(read(root, text), dedent(text).lstrip("\n"))


STUB = "@spec\ndef f(): ...\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"from pytest_compiled_ai import spec\n\n\n{STUB}", "from generated.numbers import f\n"),
        (f"from pytest_compiled_ai import spec  # ours\n{STUB}\nx = f\n",
         "from generated.numbers import f  # ours\n\nx = f\n"),
        ("import os, pytest_compiled_ai\n\n@pytest_compiled_ai.spec\ndef f(): ...\n\nos.sep\n",
         "import os\nfrom generated.numbers import f\n\nos.sep\n"),
        (f"x = 1; from pytest_compiled_ai import (\n    spec,\n); y = 2\n\n{STUB}",
         "x = 1; from generated.numbers import f; y = 2\n"),
        (f"from pytest_compiled_ai import *\n\n\n# about f\n{STUB}\n\ndef test_f():\n    pass\n",
         "from generated.numbers import f\n\n\n# about f\n\n\ndef test_f():\n    pass\n"),
        (f"\ufefffrom pytest_compiled_ai import spec\r\n\r\n\r\n{STUB}\r\n\r\nx = '\x0c'\r\n".replace("f()", "f( )"),
         "\ufefffrom generated.numbers import f\r\n\r\n\r\nx = '\x0c'\r\n"),
        ("from pytest_compiled_ai import spec\n\n@spec\n# between\ndef f():\n    '''d'''\n    # a hint\n  # odd\n# mine\n",
         "from generated.numbers import f\n\n# mine\n"),
        (f"from pytest_compiled_ai import spec\n{STUB}\ndef test_spec(spec):\n    assert spec\n",
         "from generated.numbers import f\n\ndef test_spec(spec):\n    assert spec\n"),
    ],
)  # fmt: skip
def test_one_import_stands_for_the_stubs(tmp_path, before, after):
    assert eject(tmp_path, before) == after


def test_a_long_list_of_names_is_wrapped(tmp_path):
    names = [f"a_function_with_a_long_name_{n}" for n in range(4)]
    stubs = "".join(f"@spec\ndef {name}(): ...\n" for name in names)
    listed = "".join(f"    {name},\n" for name in names)
    text = f"from pytest_compiled_ai import spec\n\n{stubs}"
    assert eject(tmp_path, text) == f"from generated.numbers import (\n{listed})\n"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"from pytest_compiled_ai import spec\nimport pytest_compiled_ai\n{STUB}", 2, "in one statement"),
        (f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pytest_compiled_ai import spec\n{STUB}", 1,
         "in one statement"),
        (f"from pytest_compiled_ai import spec\n{STUB}\nprint(spec)\n", 5, "needs pytest_compiled_ai beside its stubs"),
        (f"from pytest_compiled_ai import spec\n{STUB}\ndef test_f():\n    import pytest_compiled_ai.testing\n", 6,
         "needs pytest_compiled_ai beside its stubs"),
        (f"from pytest_compiled_ai import spec\nfrom pytest_compiled_ai.testing import fenced\n{STUB}", 2,
         "needs pytest_compiled_ai beside its stubs"),
    ],
)  # fmt: skip
def test_what_needs_us_for_more_is_refused(tmp_path, text, line, told):
    with pytest.raises(SpecLineError, match=told) as caught:
        eject(tmp_path, text)
    assert caught.value.line == line


STAMP = "# spec v1:ab body cd\n"
HEAD = "# Compiled from specs/x.py by pytest-compiled-ai.\n"
SECOND = "# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.\n"
DOCSTRING = '"""The code that specs/x.py tests."""\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HEAD}{SECOND}\n\n{STAMP}@cache\ndef f(): ...\n", f"{DOCSTRING}\n\n@cache\ndef f(): ...\n"),
        (f"{HEAD}# mine\n", f"{DOCSTRING}# mine\n"),
        (HEAD, DOCSTRING),
        (f"{HEAD}{SECOND}'''mine'''\n", "'''mine'''\n"),
        (f"{STAMP}def f(): ...\n", "def f(): ...\n"),
        (
            f"def f():\n    '''\n{STAMP}    '''\n{STAMP}class A: ...\n",
            f"def f():\n    '''\n{STAMP}    '''\nclass A: ...\n",
        ),
        ("", ""),
        (f"{HEAD}{SECOND}\nx = 1\n".replace("\n", "\r\n"), f"{DOCSTRING}\nx = 1\n".replace("\n", "\r\n")),
    ],
)
def test_an_artifact_loses_what_is_ours(before, after):
    assert plain_module(before, "specs/x.py") == after


def test_examples_that_lean_on_the_spec_file(tmp_path):
    file = read(
        tmp_path,
        '''
        from pytest_compiled_ai import spec

        @spec
        def f(n):
            """Do it.

            >>> m = f(TWO) + ONE + len([])
            >>> m > 3
            """

        @spec
        class C:
            """Do it.

            >>> C().g()
            """

            def g(self):
                """Go.

                >>> D, C
                """
        ''',
    )
    module = "import D\nONE = 1\ndef f(n): ...\nclass C: ..."
    assert list(find_strangers(file, module)) == [("f", ("TWO",))]
