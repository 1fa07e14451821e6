"""Each rule of the closure: what is part of a digest, and what is not."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.digest import digest_of
from pytest_compiled_ai.specs.graph import Graph

FILES = {
    "specs/money.py": """
        from decimal import Decimal

        import pytest
        from hypothesis import given, strategies as st
        from pytest_compiled_ai import spec

        from app.models import Money, amounts
        from app import service

        SIGNS = ("+", "-")
        CASES = [("1", 1)]
        UNUSED = 1


        @spec
        def parse(text: str) -> Money:
            '''Read money; SIGNS may lead.

            >>> parse("1") == Decimal(1)
            True
            '''


        @spec(uses=[parse])
        def total(texts: list[str]) -> Decimal:
            '''Add.'''


        def check(text: str, value: int) -> None:
            '''Say what is checked.'''
            got = parse(text)
            assert got == value


        @pytest.mark.parametrize(("text", "value"), CASES)
        def test_cases(text: str, value: int) -> None:
            check(text, value)


        def test_total(rates: list[str]) -> None:
            result = total(rates)  # a comment
            assert result == Decimal(3)


        class TestService:
            limit = 3

            @pytest.fixture
            def prepared(self, base: int) -> int:
                return base

            def test_through(self, prepared: int) -> None:
                assert service.convert("1") == self.limit

            def test_other(self) -> None:
                assert parse("3")
    """,
    "conftest.py": """
        import pytest
        pytest_plugins = ["plugin"]

        @pytest.fixture(autouse=True)
        def quiet(): ...

        @pytest.fixture
        def rates(): return ["0"]

        @pytest.fixture(name="base")
        def _base(): return 1

        @pytest.fixture
        def never(): ...

        def pytest_configure(config): settings()

        def settings(): ...
    """,
    "specs/conftest.py": """
        import pytest
        from app.fixtures import shared
        from app.fixtures import *

        @pytest.fixture
        def rates(rates, shared): return rates
    """,
    "plugin.py": "import pytest\n\n@pytest.fixture(autouse=True)\ndef plugged(): ...\n",
    "app/__init__.py": "",
    "app/fixtures.py": "import pytest\n\n@pytest.fixture\ndef shared(): return helper()\n\ndef helper(): ...\n",
    "app/models.py": """
        class Base: ...

        class Money(Base):
            def add(self): return LIMIT

        LIMIT = 10
        LIMIT += 1

        def amounts(): ...
    """,
    "app/service.py": """
        from generated.money import parse

        def convert(text):
            return parse(text)

        def other(): ...
    """,
}


@pytest.fixture
def made(project: Any) -> Any:
    return project(FILES)


ALWAYS = {
    "docstring", "options", "signature", "fixture conftest.py::quiet", "fixture plugin.py::plugged",
    "hook conftest.py::pytest_configure", "helper conftest.py::settings",
}  # fmt: skip


def test_the_parts_of_a_spec(made: Any) -> None:
    assert made.parts("parse") == ALWAYS | {
        "type app/models.py::Money", "type app/models.py::Base", "data app/models.py::LIMIT",
        "data specs/money.py::SIGNS", "data specs/money.py::CASES", "helper specs/money.py::check",
        "doctest specs/money.py::parse", "test specs/money.py::test_cases",
        "test specs/money.py::TestService::test_through", "test specs/money.py::TestService::test_other",
        "fixture conftest.py::_base", "helper app/service.py::convert",
    }  # fmt: skip


def test_the_parts_of_a_spec_that_uses_another(made: Any) -> None:
    assert made.parts("total") == ALWAYS | {
        "spec specs/money.py::parse", "test specs/money.py::test_total", "fixture specs/conftest.py::rates",
        "fixture conftest.py::rates", "fixture app/fixtures.py::shared", "helper app/fixtures.py::helper",
    }  # fmt: skip


def test_the_tests_of_a_spec(made: Any) -> None:
    parse, total = frozenset({"specs/money.py::parse"}), frozenset({"specs/money.py::total"})
    assert made.tests("parse") == {
        "specs/money.py::parse": parse,
        "specs/money.py::test_cases": parse,
        "specs/money.py::TestService::test_through": parse,
        "specs/money.py::TestService::test_other": parse,
    }
    assert made.tests("total") == {"specs/money.py::test_total": total}


def test_the_kinds_of_tests(made: Any) -> None:
    file, stub, files = made.stub("parse")
    from pytest_compiled_ai.specs.digest import tests_of

    refs = tests_of(stub, file, Graph(made.config, files))
    assert [ref.kind for ref in refs] == ["doctest", "test", "test", "test"]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("specs/money.py", "# a comment", "# another"),
        ("specs/money.py", "result", "outcome"),
        ("specs/money.py", "got", "found"),
        ("specs/money.py", "'''Say what is checked.'''", "'''Say it.'''"),
        ("specs/money.py", 'parse("3")', "parse(\n            '3'\n        )"),
        ("specs/money.py", "UNUSED = 1", "UNUSED = 2"),
        ("specs/money.py", "'''Add.'''", "'''Add.'''\n    raise NotImplementedError('later')"),
        ("specs/money.py", "import Money, amounts", "import amounts, Money"),
        ("specs/money.py", "from app import service", "import app.service as service"),
        ("conftest.py", "def never(): ...", "def never(): return 1"),
        ("app/service.py", "def other(): ...", "def other(): return 1"),
        ("app/service.py", "from generated.money", "from specs.money"),
        ("app/models.py", "def amounts(): ...", "def amounts(): return 1"),
    ],
)
def test_what_does_not_matter(made: Any, path: str, old: str, new: str) -> None:
    before = made.digest("parse"), made.digest("total")
    made.edit(path, old, new)
    assert (made.digest("parse"), made.digest("total")) == before


@pytest.mark.parametrize(
    ("path", "old", "new", "part", "stubs"),
    [
        ("specs/money.py", "def parse(text: str)", "def parse(word: str)", "signature", "parse"),
        ("specs/money.py", "-> Money:", "-> 'Money':", "signature", "parse"),
        ("specs/money.py", "def total(", "async def total(", "signature", "total"),
        ("specs/money.py", "SIGNS may lead", "SIGNS can lead", "docstring", "parse"),
        ("specs/money.py", "'''Add.'''", "'''Sum.'''", "docstring", "total"),
        ("specs/money.py", "@spec\n", "@spec(isolation='jailed')\n", "options", "parse"),
        ("specs/money.py", "@spec\n", "@spec(imports=['numpy'])\n", "options", "parse"),
        ("specs/money.py", '("+", "-")', '("-", "+")', "data specs/money.py::SIGNS", "parse"),
        ("specs/money.py", '[("1", 1)]', '[("1", 2)]', "data specs/money.py::CASES", "parse"),
        ("specs/money.py", "got == value", "got != value", "helper specs/money.py::check", "parse"),
        ("specs/money.py", '"value"), CASES', '"value"), CASES[:1]', "test specs/money.py::test_cases", "parse"),
        ("specs/money.py", "Decimal(3)", "Decimal(4)", "test specs/money.py::test_total", "total"),
        ("specs/money.py", 'parse("3")', 'parse("4")', "test specs/money.py::TestService::test_other", "parse"),
        ("specs/money.py", "limit = 3", "limit = 4", "test specs/money.py::TestService::test_through", "parse"),
        ("conftest.py", 'return ["0"]', 'return ["1"]', "fixture conftest.py::rates", "total"),
        (
            "conftest.py",
            "def settings(): ...",
            "def settings(): return 1",
            "helper conftest.py::settings",
            "parse total",
        ),
        ("conftest.py", "def quiet(): ...", "def quiet(): return 1", "fixture conftest.py::quiet", "parse total"),
        ("plugin.py", "def plugged(): ...", "def plugged(): return 1", "fixture plugin.py::plugged", "parse total"),
        ("app/fixtures.py", "def helper(): ...", "def helper(): return 1", "helper app/fixtures.py::helper", "total"),
        ("app/models.py", "class Base: ...", "class Base: x = 1", "type app/models.py::Base", "parse"),
        ("app/models.py", "LIMIT += 1", "LIMIT += 2", "data app/models.py::LIMIT", "parse"),
        ("app/service.py", "return parse(text)", "return parse(text + '')", "helper app/service.py::convert", "parse"),
    ],
)
def test_what_matters_and_to_whom(made: Any, path: str, old: str, new: str, part: str, stubs: str) -> None:
    before = {name: made.digest(name) for name in ("parse", "total")}
    made.edit(path, old, new)
    after = {name: made.digest(name) for name in ("parse", "total")}
    assert {name for name in before if before[name].value != after[name].value} >= set(stubs.split())
    changed = {
        key
        for name in stubs.split()
        for key, value in after[name].parts.items()
        if before[name].parts.get(key) != value
    }
    assert part in changed


def test_of_another_stub_its_signature_and_docstring_count(made: Any) -> None:
    before = made.digest("total")
    made.edit("specs/money.py", "got == value", "got != value")
    assert made.digest("total") == before
    made.edit("specs/money.py", "SIGNS may lead", "SIGNS can lead")
    assert made.digest("total").parts["spec specs/money.py::parse"] != before.parts["spec specs/money.py::parse"]


def test_artifacts_never_count(made: Any) -> None:
    before = made.digest("parse")
    made.write("src/generated/money.py", "def parse(text): return 1\n")
    assert made.digest("parse") == before


def test_line_ends_and_encoding_marks_never_count(made: Any) -> None:
    before = made.digest("parse")
    for path in (made.root / "specs/money.py", made.root / "app/models.py"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert made.digest("parse") == before


def test_what_an_imported_name_means_counts(project: Any) -> None:
    text = "from {module} import sqrt\n" + SPEC + "def test_f(): assert f() == sqrt(4)\n"
    made = project({"specs/a.py": text.format(module="math")})
    before = made.digest("f")
    made.write("specs/a.py", text.format(module="cmath"))
    after = made.digest("f")
    assert [name for name in after.parts if after.parts[name] != before.parts[name]] == ["test specs/a.py::test_f"]


SPEC = "from pytest_compiled_ai import spec\n@spec\ndef f(): ...\n@spec\ndef g(): ...\n"


def test_a_test_that_reaches_no_stub_counts_for_all_of_its_file(project: Any) -> None:
    made = project({"specs/a.py": SPEC + "def test_f(): f()\ndef test_none(): pass\n"})
    assert set(made.tests("f")) == {"specs/a.py::test_f", "specs/a.py::test_none"}
    assert made.tests("g") == {"specs/a.py::test_none": frozenset()}


def test_tests_of_other_files(project: Any) -> None:
    made = project({
        "specs/a.py": SPEC.replace("@spec\ndef f", '@spec(tests=["tests/test_a.py"])\ndef f'),
        "tests/test_a.py": "from specs.a import f\nimport generated.a\nfrom generated import a\n"
        "def test_f(): f()\ndef test_g(): generated.a.g()\ndef test_both(): a.f() + a.g()\ndef test_none(): pass\n",
    })  # fmt: skip
    assert list(made.tests("f")) == [
        "tests/test_a.py::test_f", "tests/test_a.py::test_both", "tests/test_a.py::test_none",
    ]  # fmt: skip
    assert made.tests("g") == {}
    assert "spec specs/a.py::g" in made.parts("f")


@pytest.mark.parametrize(
    ("test", "part"),
    [
        ("@pytest.mark.usefixtures('asked')\ndef test_f(): f()", "fixture specs/a.py::asked"),
        ("def test_f(request): f(request.getfixturevalue('asked'))", "fixture specs/a.py::asked"),
        ("def test_f(*, asked): f()", "fixture specs/a.py::asked"),
        ("class TestA:\n    class TestB:\n        def test_f(self, asked): f()", "fixture specs/a.py::asked"),
        ("class B:\n    def test_f(self, asked): f()\nclass TestA(B): pass", "fixture specs/a.py::asked"),
        ("def test_f():\n    from app import tool\n    f(tool)", "helper app.py::tool"),
        ("def test_f():\n    import app\n    f(app)", "helper app.py::tool"),
        ("def test_f():\n    import app\n    f()", "helper app.py::tool"),
        ("from app import *\ndef test_f(): f(tool)", "helper app.py::tool"),
        (
            "try:\n    from app import tool\nexcept ImportError:\n    tool = None\ndef test_f(): f(tool)",
            "helper app.py::tool",
        ),
        ("pytestmark = pytest.mark.x\ndef test_f(): f()", "data specs/a.py::pytestmark"),
        ("def setup_module(): asked\ndef test_f(): f()", "fixture specs/a.py::asked"),
        ("pytest.importorskip('x')\ndef test_f(): f()", "data specs/a.py::<module>"),
        ("import app\ndef test_f(monkeypatch): f(monkeypatch.setattr(app, 'x', 1))", "helper app.py::tool"),
        ("from app import tool as other\ndef test_f(): f(other)", "helper app.py::tool"),
        ("TestM = Machine.TestCase\nclass Machine:\n    def step(self): f()", "type specs/a.py::Machine"),
    ],
)
def test_ways_of_reaching(project: Any, test: str, part: str) -> None:
    fixture = "import pytest\n@pytest.fixture\ndef asked(): ...\n"
    made = project({"specs/a.py": SPEC + fixture + test + "\n", "app.py": "def tool(): ...\n"})
    assert part in made.parts("f")


@pytest.mark.parametrize(
    "test",
    [
        "def test_f(asked=1): f()",
        "def test_f():\n    asked = 1\n    f(asked)",
        "def test_f(x: 'asked'): f()",
        "def test_f(): f([asked for asked in 'ab'])",
        "def asks(asked): ...\ndef test_f(): f(asks)",
    ],
)
def test_ways_of_not_reaching(project: Any, test: str) -> None:
    fixture = "import pytest\n@pytest.fixture\ndef asked(): ...\n"
    made = project({"specs/a.py": SPEC + fixture + test + "\n"})
    assert "fixture specs/a.py::asked" not in made.parts("f")


def test_a_class_that_names_itself_does_not_reach_its_other_tests(project: Any) -> None:
    text = "class TestA:\n    x = 1\n    def test_f(self): f(TestA.x)\n    def test_g(self): g()\n"
    made = project({"specs/a.py": SPEC + text})
    assert "type specs/a.py::TestA" not in made.parts("f")
    assert "specs/a.py::TestA::test_g" not in made.tests("f")


def test_names_of_a_strangers_star_import_are_labelled(project: Any) -> None:
    made = project({"specs/a.py": "from math import *\n" + SPEC + "def test_f(): f(sqrt(1))\n"})
    before = made.digest("f").value
    made.edit("specs/a.py", "from math", "from cmath")
    assert made.digest("f").value != before


def test_conftest_statements_count(project: Any) -> None:
    made = project(
        {"specs/a.py": SPEC + "def test_f(): f()\n", "conftest.py": "import sys\nsys.setrecursionlimit(500)\n"}
    )
    assert "data conftest.py::<module>" in made.parts("f")


def test_plugins_may_load_each_other(project: Any) -> None:
    plugin = "import pytest\npytest_plugins = '{}'\n@pytest.fixture(autouse={})\ndef {}(): ...\n"
    made = project({
        "specs/a.py": SPEC + "def test_f(): f()\n",
        "conftest.py": "pytest_plugins = ['one', 'elsewhere', 1]\n",
        "one.py": plugin.format("two", True, "first"),
        "two.py": plugin.format("one", False, "second"),
    })  # fmt: skip
    assert "fixture one.py::first" in made.parts("f")
    assert "fixture two.py::second" not in made.parts("f")


def test_a_renamed_import_of_a_fixture(project: Any) -> None:
    made = project({
        "specs/a.py": "from fix import made as given\n" + SPEC + "def test_f(given): f()\n",
        "fix.py": "import pytest\n@pytest.fixture\ndef made(): ...\n",
    })  # fmt: skip
    assert "fixture fix.py::made" in made.parts("f")


def test_circular_imports_and_fixtures_end(project: Any) -> None:
    made = project({
        "specs/a.py": "from one import a\n" + SPEC + "import pytest\n"
        "@pytest.fixture\ndef x(y): ...\n@pytest.fixture\ndef y(x): ...\ndef test_f(x): f(a)\n",
        "one.py": "from two import b\ndef a(): b()\n",
        "two.py": "import one\ndef b(): one.a()\n",
    })  # fmt: skip
    assert {"helper one.py::a", "helper two.py::b", "fixture specs/a.py::y"} <= made.parts("f")


def test_circular_classes_end(project: Any) -> None:
    text = "class TestA(TestB):\n    def test_a(self): f()\nclass TestB(TestA):\n    def test_b(self): f()\n"
    names = set(project({"specs/a.py": SPEC + text}).tests("f"))
    assert names == {f"specs/a.py::{name}::{test}" for name in ("TestA", "TestB") for test in ("test_a", "test_b")}


def test_a_broken_project_file_stops_the_specs_that_need_it(project: Any) -> None:
    made = project({"specs/a.py": "from app import x\n" + SPEC + "def test_f(): f(x)\n", "app.py": "x = = 1\n"})
    with pytest.raises(SpecError, match=r"^app\.py:1: is not valid Python: invalid syntax\.$"):
        made.digest("f")


def test_a_warm_digest_takes_less_than_a_millisecond(made: Any) -> None:
    file, stub, files = made.stub("parse")
    graph = Graph(made.config, files)
    first = digest_of(stub, file, graph)
    start = time.perf_counter()
    assert all(digest_of(stub, file, graph) == first for _ in range(50))
    assert (time.perf_counter() - start) / 50 < 0.01  # ten times the target: the machine may be busy


def test_uses_of_a_stub_outside_the_given_files(made: Any) -> None:
    file, stub, files = made.stub("total")
    alone = Graph(made.config, ())
    assert "spec specs/money.py::parse" in digest_of(stub, file, alone).parts
    assert files
