from __future__ import annotations

import pytest
from compiler_scripts import ARTIFACT, SPEC

from pytest_compiled_ai.artifacts.approvals import Approvals, render_approvals
from pytest_compiled_ai.artifacts.module import parse_module
from pytest_compiled_ai.compiler.approved import (
    find_unapproved,
    hash_present,
    hash_written,
    is_approved,
    is_rewritten,
)

TEXT = '''import math

LIMIT = 3


@wraps(int)
def double(n: int, k: int = 1) -> int:
    """Return twice n."""
    twice = math.floor(2 * n)  # plain
    return min(twice, LIMIT)
'''
CLASS = '''import math


class Pair(Base, key=1):
    """Two."""

    size: int = 2

    def __init__(self, n: int) -> None:
        """Keep."""
        self.n = math.floor(n)

    async def both(self) -> int:
        return self.n
'''


def hashed(text, old="", new=""):
    assert old in text
    module = parse_module(text.replace(old, new), "specs/number.py")
    return hash_written(module, module.sections[-1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Return twice n.", "Return n, two times."),
        ('    """Return twice n."""\n', ""),
        ("n: int, k: int = 1", "n: float, *, k: int = 2"),
        ("-> int", "-> float"),
        ("@wraps(int)\n", ""),
        ("  # plain", ""),
        ("import math\n", "import math\nimport os\n"),
        ("min(twice, LIMIT)", "min(\n        twice, LIMIT\n    )"),
        ("\n", "\r\n"),
    ],
)
def test_what_the_spec_says_and_what_a_formatter_changes_take_no_approval_away(old, new):
    assert hashed(TEXT, old, new) == hashed(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 * n", "3 * n"),
        ("twice", "doubled"),
        ("import math", "import cmath as math"),
        ("LIMIT = 3", "LIMIT = 4"),
        ("    return min", "    print(n)\n    return min"),
        ('"""Return twice n."""\n', '"""Return twice n."""\n    """And more."""\n'),
    ],
)
def test_another_body_is_not_approved(old, new):
    assert hashed(TEXT, old, new) != hashed(TEXT)


@pytest.mark.parametrize(
    ("old", "new"), [("Two.", "A pair."), ("(Base, key=1)", ""), ("Keep.", "K."), ("n: int", "n: float")]
)
def test_of_a_class_its_methods_are_approved(old, new):
    assert hashed(CLASS, old, new) == hashed(CLASS)


@pytest.mark.parametrize(
    ("old", "new"), [("floor(n)", "ceil(n)"), ("return self.n", "return 0"), ("async def both", "async def all")]
)
def test_another_method_is_another_body(old, new):
    assert hashed(CLASS, old, new) != hashed(CLASS)


@pytest.fixture
def made(bench):
    return bench({"specs/number.py": SPEC})


def place(made, text):
    (made.root / ARTIFACT).parent.mkdir(parents=True, exist_ok=True)
    made.write(ARTIFACT, text)
    project = made.project(require_review=True)
    return project, *project.find("double")


def test_what_stands_in_the_place_of_a_body_has_a_hash(made):
    project = made.project()
    where = project.find("double")
    assert hash_present(project, *where) == ""
    seen = {hash_present(*place(made, text)) for text in (TEXT, TEXT.replace("2 * n", "3 * n"), "def (", "def [")}
    assert len(seen) == 4
    assert "" not in seen
    assert hash_present(*place(made, "def other() -> None:\n    pass\n")) == ""


def test_a_body_is_approved_by_its_hash_alone(made):
    project, file, stub = place(made, TEXT)
    approvals = Approvals({stub.id: hashed(TEXT)})
    assert is_approved(project, file, stub, approvals)
    assert not is_approved(project, file, stub, Approvals({}))
    assert not is_approved(project, file, stub, Approvals({"specs/other.py::double": hashed(TEXT)}))
    place(made, TEXT.replace("2 * n", "3 * n"))
    assert not is_approved(project, file, stub, approvals)
    place(made, "x = 1\n")
    assert not is_approved(project, file, stub, approvals)
    (made.root / ARTIFACT).unlink()
    assert not is_approved(project, file, stub, approvals)


def test_only_a_project_that_requires_a_review_has_unapproved_bodies(made):
    project, _, stub = place(made, TEXT)
    assert find_unapproved(made.project()) == frozenset()
    assert find_unapproved(project) == {stub.id}
    made.write("src/generated/approvals.json", render_approvals({stub.id: hashed(TEXT)}))
    assert find_unapproved(project) == frozenset()
    made.write("src/generated/approvals.json", "{")
    assert find_unapproved(project) == {stub.id}


def test_a_body_under_a_new_header_is_no_new_body(made):
    project, file, stub = place(made, TEXT)
    renewed = parse_module(TEXT.replace("Return twice n.", "Twice."), file.relative)
    assert not is_rewritten(project, file, stub, renewed)
    assert is_rewritten(project, file, stub, parse_module(TEXT.replace("2 * n", "3 * n"), file.relative))
    place(made, "x = 1\n")
    assert is_rewritten(project, file, stub, renewed)
    (made.root / ARTIFACT).unlink()
    assert is_rewritten(project, file, stub, renewed)
