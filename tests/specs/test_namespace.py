from __future__ import annotations

import ast
from typing import Any

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.literals import constants_of

HEAD = "from pytest_compiled_ai import spec\n"


def write(project: Any, text: str, signature: str = "def f() -> int", **files: str) -> Any:
    return project({"specs/a.py": f"{HEAD}{text}\n@spec\n{signature}: ...\n", **files})


def test_imports_of_the_spec_file_without_the_tools_of_tests(project: Any) -> None:
    text = """
import os.path
import numpy as np, re
from decimal import Decimal as D, ROUND_UP
from typing import TYPE_CHECKING
import pytest, hypothesis.strategies, unittest.mock as mock
from hypothesis import given
from __future__ import annotations
from specs.b import g
from generated.b import g as h
from generated import b
from x import *
from .kinds import Kind
from ....far import Away
if TYPE_CHECKING:
    from app.models import Money
"""
    made = write(project, text, **{"specs/b.py": f"{HEAD}@spec\ndef g() -> int: ...\n"})
    assert [item.source for item in made.namespace("f").imports] == [
        "import os.path",
        "import numpy as np",
        "import re",
        "from decimal import Decimal as D",
        "from decimal import ROUND_UP",
        "from typing import TYPE_CHECKING",
        "from specs.kinds import Kind",
        "from app.models import Money",
    ]
    assert [item.bound for item in made.namespace("f").imports][:4] == ["os", "np", "re", "D"]


@pytest.mark.parametrize(
    ("imports", "used", "source"),
    [
        ("from specs.b import g", "g", "from generated.b import g"),
        ("from generated.b import g as rate", "rate", "from generated.b import g as rate"),
        ("", '"b.g"', "from generated.b import g"),
    ],
)
def test_used_stubs_are_imported_from_their_artifacts(project: Any, imports: str, used: str, source: str) -> None:
    made = project({
        "specs/a.py": f"{HEAD}{imports}\n@spec(uses=[{used}, own])\ndef f(): ...\n@spec\ndef own(): ...\n",
        "specs/b.py": f"{HEAD}@spec\ndef g(): ...\n",
    })  # fmt: skip
    assert [item.source for item in made.namespace("f").imports] == [source]


@pytest.mark.parametrize(
    "line",
    [
        "A = 1",
        "A = -1.5 + 2j",
        "A: Final = ('a', b'b', None, ...)",
        "A = {'x': [1, {2}], **B}",
        "A = B[0] | str.upper",
        "A = f'{B} {1:>3}'",
        "A = Decimal",
        "A = dict[str, Decimal | int]",
        "A = Decimal('0.19')",
        "A = d.timedelta(days=1)",
        "A = TypeVar('A', bound=Decimal)",
        "A = frozenset({1})",
        "A = re.compile(r'x', re.I | re.M)",
        "A = B[1:2]",
        "A = [*B]",
    ],
)
def test_constants_are_copied_as_written(project: Any, line: str) -> None:
    head = "from decimal import Decimal\nimport datetime as d, re\nfrom typing import TypeVar, Final\nB = (1, 2)\n"
    constants = write(project, f"{head}{line}  # comment").namespace("f").constants
    assert [item.source for item in constants] == ["B = (1, 2)", line]
    assert constants[1].name == "A"


@pytest.mark.parametrize(
    "line",
    [
        "A = compute()",
        "A = open('x')",
        "A = [x for x in B]",
        "A = lambda: 1",
        "A = st.integers()",
        "A = helper",
        "A = Decimal(compute())",
        "A = B.index(1)",
        "A, C = 1, 2",
        "A = C = 1",
        "B.x = 1",
        "A: int",
        "A = 1\nA = 2",
        "A: st.Some = 1",
        "A += 1",
        "__all__ = ['f']",
        "A = (yield_ := 1)",
        "A = 1 if B else 2",
        "def helper(): ...",
        "pytestmark = pytest.mark.slow",
    ],
)
def test_what_is_no_constant_is_not_copied(project: Any, line: str) -> None:
    head = "from decimal import Decimal\nfrom hypothesis import strategies as st\nimport pytest\nB = (1, 2)\n"
    assert [item.name for item in write(project, head + line).namespace("f").constants] == ["B"]


MOVE = "is defined in the spec file; move it to a project module and import it"


TOOL = "which comes from a tool of tests, or from a spec that `uses` does not name; an artifact cannot import it"


@pytest.mark.parametrize(
    ("text", "signature", "complaint"),
    [
        ("class M: ...", "def f(x: M) -> int", f"M, a class that {MOVE}"),
        ("class M: ...", "def f(x: int = 1) -> 'list[M]'", f"M, a class that {MOVE}"),
        ("class M: ...", "def f(x: list['M']) -> int", f"M, a class that {MOVE}"),
        ("from typing import Annotated\nclass M: ...", "def f() -> Annotated['M', 'note']", f"M, a class that {MOVE}"),
        ("def h(): ...", "@h\ndef f() -> int", f"h, a function that {MOVE}"),
        ("async def h(): ...", "def f(x=h) -> int", f"h, a function that {MOVE}"),
        ("A = print()", "def f(x: int = A) -> int", f"A, which is no literal constant but {MOVE}"),
        ("import pytest", "def f(x: pytest.Item) -> int", f"pytest, {TOOL}"),
        ("if TYPE_CHECKING:\n    import pytest", "def f(x: pytest.Item) -> int", f"pytest, {TOOL}"),
        ("", "def f(x: Missing) -> int", "Missing, which is not defined"),
    ],
)
def test_signatures_that_an_artifact_cannot_have(project: Any, text: str, signature: str, complaint: str) -> None:
    with pytest.raises(SpecError) as caught:
        write(project, text, signature).namespace("f")
    line = text.count("\n") + 4
    assert str(caught.value) == f"specs/a.py:{line}: f's signature names {complaint}."


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("from typing import Literal", "def f(x: Literal['up', 'down']) -> 'Literal[\"a b\"]'"),
        ("from typing import Annotated", "def f(x: Annotated[int, 'a note']) -> 'not a type'"),
        ("from app import *", "def f(x: Unknown) -> int"),
        ("A = 1", "def f(x: int = A) -> int"),
        ("from functools import cache", "@cache\ndef f(x: int) -> int"),
    ],
)
def test_signatures_that_an_artifact_can_have(project: Any, text: str, signature: str) -> None:
    write(project, text, signature).namespace("f")


def test_other_stubs_of_the_file_may_be_named_where_they_are_used(project: Any) -> None:
    text = HEAD + "@spec\nclass A:\n    def m(self): ...\n@spec(uses=[A])\ndef f(x: A): ...\n"
    made = project({"specs/a.py": text})
    assert made.namespace("f").imports == ()
    made.edit("specs/a.py", "(uses=[A])", "")
    with pytest.raises(
        SpecError, match=r"specs/a\.py:\d+: f's signature names A, a spec; say so: @spec\(uses=\[A\]\)\."
    ):
        made.namespace("f")


def test_a_class_that_another_file_specifies_is_imported_from_its_artifact(project: Any) -> None:
    stack = f"{HEAD}@spec\nclass A:\n    def m(self): ...\n"
    user = f"{HEAD}from specs.a import A\n@spec(uses=[A])\ndef f(x: A, y: 'A | None'): ...\n"
    made = project({"specs/a.py": stack, "specs/b.py": user})
    assert [item.source for item in made.namespace("f").imports] == ["from generated.a import A"]
    made.edit("specs/b.py", "(uses=[A])", "")
    with pytest.raises(SpecError, match="from a spec that `uses` does not name"):
        made.namespace("f")


def test_type_aliases_of_newer_pythons_are_constants() -> None:
    class TypeAlias(ast.stmt):
        _fields = ("name", "type_params", "value")

    source = "type A = list[int]"
    value = ast.parse("list[int]", mode="eval").body
    place = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": len(source)}
    alias = TypeAlias(name=ast.Name("A", ast.Store()), type_params=[], value=value, **place)
    tree = ast.Module([alias], [])
    assert [(item.name, item.source) for item in constants_of(tree, source, {})] == [("A", source)]
