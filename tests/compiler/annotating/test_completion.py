from __future__ import annotations

import textwrap

import pytest

from pytest_compiled_ai.compiler.annotating import completion
from pytest_compiled_ai.compiler.annotating.completion import annotate
from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates.types import REVEALED, TypeFault


def _lines(text: str) -> list[str]:
    return [line for line in textwrap.dedent(text).strip("\n").splitlines() if line.strip()]


MENDED = {
    "a value": ("return 10 ** n  # ten times", ["result: int = 10 ** n  # ten times", "return result"]),
    "a value in one line": (
        "if n: return 10 ** n\nreturn 2 ** n",
        ["if n:", "    result: int = 10 ** n", "    return result", "result = 2 ** n", "return result"],
    ),
    "a name of two types": ("n = str(n)\nreturn len(n)", ["n_2 = str(n)", "return len(n_2)"]),
    "a fresh name": (
        "result = n\nreturn(\n    result ** n\n)",
        ["result = n", "answer: int = (", "    result ** n", ")", "return answer"],
    ),
    "a helper": (
        "def double(x):\n    return x * 2\nreturn double(n)",
        ["def double(x: int) -> int:", "    return x * 2", "return double(n)"],
    ),
    "a helper that calls itself": (
        "def fact(k, so_far=1):\n    if k < 2:\n        return so_far\n    return fact(k - 1, so_far * k)\nreturn fact(n)",
        ["def fact(k: int, so_far: int = 1) -> int:"],
    ),
    "what a helper remembers": (
        "def fib(k, memo=None):\n    if memo is None:\n        memo = {}\n    if k in memo:\n        return memo[k]\n"
        "    if k < 2:\n        return k\n    memo[k] = fib(k - 1, memo) + fib(k - 2, memo)\n    return memo[k]\n"
        "return fib(n)",
        ["def fib(k: int, memo: dict[int, int] | None = None) -> int:"],
    ),
    "a helper that is passed on": (
        "def last(row):\n    return row[-1]\nreturn max(map(last, rows))",
        ["def last(row: list[int]) -> int:"],
    ),
    "a key": (
        "def size(word):\n    return len(word)\nreturn len(max(text.split(), key=size))",
        ["def size(word: str) -> int:"],
    ),
    "a helper in a helper": (
        "def outer(x):\n    def inner(y):\n        return y + x\n    return inner(x)\nreturn outer(n)",
        ["def outer(x: int) -> int:", "    def inner(y: int) -> int:"],
    ),
    "keywords": (
        "def add(a, *, b, c=0):\n    return a + b + c\nreturn add(n, b=n) + add(n, b=2)",
        ["def add(a: int, *, b: int, c: int = 0) -> int:"],
    ),
    "a generator": (
        "def each(k):\n    for i in range(k):\n        yield i\n    yield from each(k - 1)\nreturn sum(each(n))",
        ["def each(k: int) -> Iterator[int]:"],
    ),
    "a generator of nothing": (
        "def beats(k):\n    for _ in range(k):\n        yield\nreturn len(list(beats(n)))",
        ["def beats(k: int) -> Iterator[None]:"],
    ),
    "a function as an argument": (
        "def double(x):\n    return 2 * x\ndef apply(action, k):\n    return action(k)\nreturn apply(double, double(n))",
        ["def double(x: int) -> int:", "def apply(action: Callable[[int], int], k: int) -> int:"],
    ),
    "something or nothing": (
        "def find(k):\n    for row in rows:\n        if row[0] == k:\n            return row\n    return None\n"
        "return len(find(n) or [])",
        ["def find(k: int) -> list[int] | None:"],
    ),
    "a result told by where it goes": (
        "def half(k):\n    return 2 ** k\nreturn half(n)",
        ["def half(k: int) -> int:", "    result: int = 2 ** k", "    return result", "return half(n)"],
    ),
    "counts": (
        "counts = {}\nfor c in text:\n    if c in counts:\n        counts[c] += 1\n    else:\n        counts[c] = 1\n"
        "return max(counts.values())",
        ["counts: dict[str, int] = {}"],
    ),
    "counts by get": (
        "counts = {}\nfor c in text:\n    counts[c] = counts.get(c, 0) + 1\nreturn max(counts.values())",
        ["counts: dict[str, int] = {}"],
    ),
    "a defaultdict": (
        "from collections import defaultdict\n\n"
        "def put(row):\n    groups[len(row)].append(row)\ngroups = defaultdict(list)\nfor row in rows:\n    put(row)\nreturn len(groups)",
        ["groups: defaultdict[int, list[list[int]]] = defaultdict(list)"],
    ),
    "two at a time": (
        "def fill():\n    for row in rows:\n        small.append(row[0])\n        seen.add((row[0], text))\n"
        "small, seen = [], set()\nfill()\nreturn len(small) + len(seen)",
        ["small: list[int]", "seen: set[tuple[int, str]]", "small, seen = [], set()", "def fill() -> None:"],
    ),
    "a default in parentheses": (
        "def add(a, b=(2)):\n    return a + b\nreturn add(n)",
        ["def add(a: int, b: int=(2)) -> int:"],
    ),
    "what is given last": (
        "def add(a, b):\n    return a + b\npair = (1, 2)\nreturn add(*pair) + add(b=1, a=n)",
        ["def add(a: int, b: int) -> int:"],
    ),
    "returns in nothing but a call": (
        "def power(k, given):\n    if k:\n        return given ** k\n    return given ** 2\nreturn power(n, n)",
        ["def power(k: int, given: int) -> int:"],
    ),
    "a helper in a comprehension": (
        "def low(row, k):\n    return min(row) - k\nreturn sum(low(row, k) for k, row in enumerate(rows))",
        ["def low(row: list[int], k: int) -> int:"],
    ),
    "a queue": (
        "from collections import deque\nqueue = deque()\ndef push():\n    queue.append((n, text))\npush()\n"
        "return len(queue)",
        ["queue: deque[tuple[int, str]] = deque()"],
    ),
    "another's Any": (
        "def power(k):\n    if k:\n        return k ** k\n    return 1\nreturn power(n)",
        ["def power(k: int) -> int:", "        result: int = k ** k"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), MENDED.values(), ids=MENDED)
def test_a_body_gets_the_annotations_that_it_lacks(complete, text, expected):
    found = complete(text)
    assert found is not None
    assert [line for line in expected if line not in _lines(found)] == []


def test_the_layout_stays(complete):
    text = "# First.\ncounts = {}  # none yet\n\nfor c in text:\n\n    # One more.\n    counts[c] = counts.get(c, 0) + 1\n" \
           "return counts"  # fmt: skip
    assert complete(text, "counted") == text.replace("counts = {}", "counts: dict[str, int] = {}")


LEFT = {
    "nothing to mend": "return text",
    "another fault, too": "counts = {}\nif text in counts:\n    return text\ncounts[text] = 1\nreturn text",
    "a value that nobody gives": "def unused(x):\n    return x\nreturn n",
    "a union of nothing known": "def ask(action):\n    return action()\nreturn ask(lambda: rows[0][0]) + ask(str.upper)",
    "more than is told by position": "def add(*parts):\n    return len(parts)\nreturn add(n, n)",
    "a class": "class Node:\n    def __init__(self, x):\n        self.x = x\nreturn Node(n).x",
    "a name that is bound twice": "def g(x):\n    return x\ng = g\nreturn g(n)",
    "a type that the body hides": "int = 3\ndef g(x):\n    return x\nreturn g(n) + int",
    "two statements in a line": "x = n; return 10 ** x",
    "more behind it": "return 10 ** n; print(n)",
    "a line that goes on": "if n > 1: \\\n    return 10 ** n\nreturn n",
    "an empty list of nothing": "found = []\nreturn len(found)",
    "a pair in a branch": "def g():\n    a.append(1)\nif n: a, b = [], n\ng()\nreturn n",
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_a_body_that_annotations_do_not_mend_is_left_alone(complete, text):
    found = complete(text)
    assert found is None or found == text


def test_a_right_body_is_returned_as_it_is(cut, types):
    candidate, subject, rebuild = cut("return n")
    assert annotate(candidate, subject, types.errors_of, rebuild) is candidate


def test_methods_of_a_class_are_mended(cut, types):
    methods = {
        "__init__": "        self.prices = [first]",
        "top": "        def scale(x):\n            return x * 2\n        return self.prices[-1] ** scale(n)",
    }
    candidate, subject, rebuild = cut("\n\n".join(methods.values()), "Pile", methods)
    assert [fault.code for fault in types.errors_of(candidate.module, subject)]
    found = annotate(candidate, subject, types.errors_of, rebuild)
    assert found is not None
    assert "        def scale(x: int) -> int:\n" in found.function
    assert types.check(found, subject).passed


def test_an_async_function_is_mended(complete):
    found = complete("async def double(x):\n    return x * 2\nreturn await double(n)", "later")
    assert found == "async def double(x: int) -> int:\n    return x * 2\nreturn await double(n)"


def test_imports_are_added_for_annotations(cut, types):
    text = "def each(k):\n    for i in range(k):\n        yield Counter([i])\nreturn len(list(each(n)))"
    candidate, subject, rebuild = cut("from collections import Counter\n" + text.replace("Counter([i])", "i"))
    found = annotate(candidate, subject, types.errors_of, rebuild)
    assert found is not None
    assert "from collections.abc import Iterator\n" in found.module
    assert [item.line for item in found.imports] == ["from collections.abc import Iterator"]


def test_it_ends_where_no_round_is_enough(cut, monkeypatch):
    monkeypatch.setattr(completion, "ROUNDS", 2)
    candidate, subject, rebuild = cut("if n:\n    return 10 ** n\nreturn 2 ** n")

    def errors_of(module, subject):
        lines = [number for number, line in enumerate(module.splitlines(), 1) if "return" in line and "**" in line]
        return [TypeFault(line=lines[0], text="", code="no-any-return")]

    assert annotate(candidate, subject, errors_of, rebuild) is None


def test_what_mypy_cannot_bear_is_left(cut):
    candidate, subject, rebuild = cut("def g(x):\n    return x\nreturn g(n)")
    line = candidate.first_line + candidate.header_lines

    def errors_of(module, subject):
        if "reveal_type" in module:
            raise HarnessError("mypy failed")
        return [TypeFault(line=line, text="", code="no-untyped-def"), TypeFault(line=1, text="", code=REVEALED)]

    assert annotate(candidate, subject, errors_of, rebuild) is None


def test_a_text_that_mypy_could_not_read_through_is_left(cut):
    candidate, subject, rebuild = cut("return 10 ** n")
    faults = [TypeFault(line=1, text="", code="no-any-return", blocks=True)]
    assert annotate(candidate, subject, lambda module, subject: faults, rebuild) is None
