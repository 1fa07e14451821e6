"""Ready-made tests: what is written passes for one body, and fails for the other."""

from __future__ import annotations

import ast
import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.behaviour import (
    Difference,
    error_answer,
    no_answer,
    value_answer,
)
from pytest_compiled_ai.evaluation.suggestion import write_test, write_tests


def stub(text="def f(*args, **kwargs): ..."):
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return node


def answer(function, given):
    arguments, keywords = given.copies()
    try:
        return value_answer(function(*arguments, **keywords), arguments, keywords)
    except Exception as error:
        return error_answer(f"{type(error).__module__}.{type(error).__qualname__}")


def passes(text, function):
    names = {"f": function}
    exec(compile(text, "test", "exec"), names)
    (test,) = (value for name, value in names.items() if name.startswith("test_f_case_"))
    try:
        test()
    except (Exception, pytest.fail.Exception):
        return False
    return True


def sort_in_place(items, **_):
    items.sort()


BODIES = [
    (abs, lambda n: n, [-2], {}),
    (lambda n: n, float, [2], {}),
    (bool, int, [1], {}),
    (lambda n: bool(n - 1), lambda n: n - 1, [1], {}),
    (lambda n: None, lambda n: 0, [1], {}),
    (lambda n: [n], lambda n: [float(n)], [1], {}),
    (lambda n: {n}, lambda n: frozenset({n}), [1], {}),
    (lambda n: n / 3, lambda n: n / 4, [1.0], {}),
    (lambda n: n / 3, lambda n: Decimal("0.25"), [1.0], {}),
    (lambda n: float("nan"), lambda n: 1.0, [1.0], {}),
    (lambda n: [float("nan")], lambda n: Decimal("NaN"), [1.0], {}),
    (lambda n: float("inf"), lambda n: 1.0, [1.0], {}),
    (lambda text: text.upper(), lambda text: text.swapcase(), ["a'B\n"], {}),
    (lambda day: day, lambda day: day.replace(day=1), [date(2026, 1, 31)], {}),
    (lambda day: datetime(2026, 1, 31, tzinfo=UTC), lambda day: datetime(2026, 1, 31), [date(2026, 1, 31)], {}),
    (lambda n: 1 // n, lambda n: 0, [0], {}),
    (lambda text: Decimal(text), lambda text: int(text), ["x"], {}),
    (lambda *, a, b: a - b, lambda *, a, b: b - a, [], {"a": 1, "b": Decimal("1.5")}),
    (sort_in_place, lambda items, **_: None, [[2, 1]], {}),
    (sort_in_place, lambda items, **_: None, [[2, 1]], {"at": [date(2026, 1, 1)]}),
    (sort_in_place, lambda items, **_: sorted(items), [[2, 1]], {}),
]


@pytest.mark.parametrize(("one", "other", "arguments", "keywords"), BODIES)
def test_each_choice_has_a_test_that_only_it_passes(one, other, arguments, keywords):
    given = make_input(arguments, keywords)
    answers = answer(one, given), answer(other, given)
    assert answers[0].key != answers[1].key
    tests = write_tests(stub(), Difference(input=given, answers=answers))
    assert [[passes(test, body) for body in (one, other)] for test in tests] == [[True, False], [False, True]]


def written(value, given=(1,), **options):
    text = write_test(stub(), make_input(list(given), {}), value_answer(value), **options)
    return [line.strip() for line in text.splitlines()[1:]]


def test_tests_read_as_people_write_them():
    assert written(2) == ["assert f(1) == 2"]
    assert written(None) == ["assert f(1) is None"]
    assert written(False) == ["assert f(1) is False"]
    assert written(0.5) == ["assert f(1) == 0.5"]
    assert written(0.1 + 0.2) == ["import pytest", "assert f(1) == pytest.approx(0.30000000000000004, rel=1e-8)"]
    assert written(float("nan")) == ["assert repr(f(1)) == 'nan'"]
    assert written(Decimal("sNaN"))[1:] == ["assert repr(f(1)) == \"Decimal('sNaN')\""]
    assert written([date(2026, 1, 2)]) == ["from datetime import date", "assert f(1) == [date(2026, 1, 2)]"]
    assert written(1, [Decimal(1)]) == ["from decimal import Decimal", "assert f(Decimal('1')) == 1"]
    known = [Import(module="decimal", name="Decimal", bound="Decimal")]
    assert written(1, [Decimal(1)], known=known) == ["assert f(Decimal('1')) == 1"]


def test_a_test_is_named_after_its_input_so_that_none_hides_another():
    one, other = (write_test(stub(), make_input([n], {}), value_answer(n)) for n in (1, 2))
    assert one.splitlines()[0] != other.splitlines()[0]
    assert one.startswith("def test_f_case_")
    assert one == write_test(stub(), make_input([1], {}), value_answer(1))


def test_errors_are_expected_by_name():
    given = make_input([1], {})
    text = write_test(stub(), given, error_answer("app.errors.BadLine"))
    assert (
        "    from app.errors import BadLine\n    import pytest\n    with pytest.raises(BadLine):\n        f(1)\n"
        in text
    )
    assert "with pytest.raises(ValueError):\n" in write_test(stub(), given, error_answer("builtins.ValueError"))


def test_coroutines_and_iterators_are_run():
    given = make_input([3], {})
    counted = value_answer([0, 1, 2])
    for head in ("Iterator[int]", "typing.Generator[int, None, None]", "'Iterable[int]'"):
        text = write_test(stub(f"def f(n: int) -> {head}: ..."), given, counted)
        assert passes(text, lambda n: iter(range(n)))
        assert not passes(text, lambda n: iter(range(n + 1)))
    text = write_test(stub("async def f(n: int) -> int: ..."), given, value_answer(4))
    assert passes(text, lambda n: asyncio.sleep(0, n + 1))
    assert not passes(text, lambda n: asyncio.sleep(0, n))


@pytest.mark.parametrize(
    ("function", "given"),
    [
        ("def f(n): ...", no_answer("ran longer than 2 s")),
        ("def f(n): ...", value_answer("x" * 5000)),
        ("def f(n): ...", value_answer(object())),
        ("def f(n): ...", error_answer("f.<locals>.Odd")),
        ("def f(n): ...", error_answer("Odd")),
        ("async def f(n) -> AsyncIterator[int]: ...", value_answer([1])),
    ],
)
def test_where_no_test_can_be_written_there_is_none(function, given):
    assert write_test(stub(function), make_input([1], {}), given) == ""
