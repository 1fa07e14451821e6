from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("imports", "decorator"),
    [
        ("from pytest_compiled_ai import spec", "spec"),
        ("from pytest_compiled_ai import spec", "spec()"),
        ("from pytest_compiled_ai import spec as s", "s"),
        ("import pytest_compiled_ai", "pytest_compiled_ai.spec()"),
        ("import pytest_compiled_ai as x", "x.spec"),
        ("from pytest_compiled_ai import *", "spec"),
    ],
)
def test_every_spelling_of_spec_is_understood(project: Any, imports: str, decorator: str) -> None:
    classes = f"@{decorator}\nclass A:\n    def m(self): ...\n"
    found = project({"specs/a.py": f"{imports}\n@{decorator}\nasync def f(): ...\n{classes}"}).discover()
    assert [stub.name for file in found.files for stub in file.stubs] == ["f", "A"]


@pytest.mark.parametrize(
    ("imports", "decorator"),
    [("from pytest_compiled_ai import other", "spec"), ("from other import spec  # pytest_compiled_ai", "spec"),
     ("import pytest_compiled_ai", "spec"), ("import pytest_compiled_ai", "registry[0]")],
)  # fmt: skip
def test_other_decorators_are_not_ours(project: Any, imports: str, decorator: str) -> None:
    found = project({"specs/a.py": f"{imports}\n@{decorator}\ndef f(): ...\n"}).discover()
    assert (found.files, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("@cache\n@spec\ndef f(): ...", 4, "f: @spec must be its first decorator, and only once."),
        ("@spec\n@spec\ndef f(): ...", 4, "f: @spec must be its first decorator, and only once."),
        (
            "if x:\n    @spec\n    class A: ...",
            4,
            "A is not at module level: @spec wants a top-level function or class.",
        ),
        ("@spec\nclass A:\n    def m(self): ...\nA = 1", 3, "A is bound again at line 5; rename one."),
        (
            "class A:\n    @spec\n    def f(self): ...",
            4,
            "f is not at module level: @spec wants a top-level function or class.",
        ),
        (
            "def g():\n    @spec\n    def f(): ...",
            4,
            "f is not at module level: @spec wants a top-level function or class.",
        ),
        (
            "if x:\n    @spec\n    def f(): ...",
            4,
            "f is not at module level: @spec wants a top-level function or class.",
        ),
        ("@spec\ndef f(): ...\n\ndef f(): ...", 3, "f is bound again at line 5; rename one."),
        ("@spec\ndef f(): ...\nclass f: ...\nf = 1", 3, "f is bound again at line 4 and 5; rename one."),
        ("@spec\ndef f(): ...\n@spec\ndef f(): ...", 3, "f is bound again at line 5; rename one."),
        ("import f\n@spec\ndef f(): ...", 4, "f is bound again at line 2; rename one."),
        ("@spec\ndef f(): ...\nif x:\n    f = 1", 3, "f is bound again at line 4; rename one."),
    ],
)
def test_spec_in_the_wrong_place(project: Any, code: str, line: int, message: str) -> None:
    made = project({"specs/a.py": f"from pytest_compiled_ai import spec\n{code}\n"})
    assert made.messages() == [f"specs/a.py:{line}: {message}"]
