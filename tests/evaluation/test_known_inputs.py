"""What the tests of a spec call its function with."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.evaluation.known_inputs import rows_of
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from datetime import date
    import pytest
    from app import Money, other
    from pytest_compiled_ai import spec

    @spec
    def shift(day: date, months: int = 1, *, clip: bool = True) -> date:
        """Shift a date.

        >>> shift(date(2026, 1, 31), 1)
        datetime.date(2026, 2, 28)
        """

    @spec
    class Box:
        """A box."""

        def get(self) -> int:
            """Return a number."""

    def test_one():
        assert shift(date(2026, 1, 1), clip=False) == date(2026, 2, 1)
        assert shift(day=date(2026, 1, 1), months=2) == date(2026, 3, 1)
        assert shift(date(2026, 1, 31), months=1) == date(2026, 2, 28)
        assert shift(date(2026, 2, 31)) == date(2026, 2, 1)
        assert shift(Money(1)) == 1
        assert shift(other) == 1
        assert shift() == 1
        assert shift(...) == 1
        assert shift(1, 2, 3, 4) == 1

    @pytest.mark.parametrize(("months", "day"), [(0, date(2026, 1, 1)), (-1, date(2025, 12, 1))])
    def test_rows(months, day):
        assert shift(date(2026, 1, 1), months) == day

    def test_errors():
        with pytest.raises(OverflowError):
            shift(date(2026, 1, 1), 10**6)
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = write_project(tmp_path_factory.mktemp("rows") / "example", {"specs/days.py": SPEC})
    return Project(load_config(root))


def test_literal_arguments_of_all_tests_each_once_in_one_form(project):
    file, stub = project.find("shift")
    subject = project.subject(file, stub)
    assert {row.text for row in rows_of(project.config.root, subject)} == {
        "date(2026, 1, 31), 1",
        "date(2026, 1, 1), clip=False",
        "date(2026, 1, 1), 2",
        "date(2026, 1, 1), 0",
        "date(2026, 1, 1), -1",
        "date(2026, 1, 1), 1000000",
    }


def test_a_class_has_no_rows(project):
    file, stub = project.find("Box")
    assert rows_of(project.config.root, project.subject(file, stub)) == ()
