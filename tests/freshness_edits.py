"""Edits of a project, and what each does to a spec: the table of docs/freshness.md.

`PYTHONPATH=. python tests/freshness_edits.py` prints the table, with `--write` into the page. It needs no package.
"""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from freshness_project import BODIES, copy_project, make_project

from pytest_compiled_ai.checking import check_specs
from pytest_compiled_ai.config import load_config

PAGE = Path(__file__).parents[1] / "docs" / "freshness.md"
TABLE = re.compile(r"(?<=<!-- edits -->\n).*?(?=<!-- /edits -->)", re.S)
SPEC = "specs/prices.py::price"
LINE = re.compile(r"compiled-ai: (?P<spec>\S+) is (?P<state>\w+)(?: \((?P<inputs>.*) changed\))?; (?P<mend>.*)")
OWN, SHOP, BODY = "specs/prices.py", "tests/test_shop.py", "src/generated/prices.py"
RECORD = "src/generated/prices.provenance.json"

Change = Callable[[Path], None]


class Edit(NamedTuple):
    """One edit and what it is to do to `price`: its state, the inputs that are named, and the other specs it mars."""

    group: str
    what: str
    change: Change
    state: str = "fresh"
    inputs: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Finding(NamedTuple):
    """What a check says of a project: of `price`, of the other specs, and its lines."""

    state: str
    inputs: tuple[str, ...]
    others: tuple[str, ...]
    lines: tuple[str, ...]


def swap(path: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / path).read_bytes().decode()
        assert old in text, f"{path} holds no {old!r}"
        (root / path).write_bytes(text.replace(old, new).encode())

    return change


def add(path: str, text: str) -> Change:
    def change(root: Path) -> None:
        old = (root / path).read_bytes() if (root / path).exists() else b""
        (root / path).write_bytes(old + text.encode())

    return change


def drop(path: str) -> Change:
    return lambda root: (root / path).unlink()


def both(*changes: Change) -> Change:
    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


def carriage_returns(path: str) -> Change:
    return swap(path, "\n", "\r\n")


def move(path: str, start: str, end: str) -> Change:
    """Return the change that puts the text from `start` up to `end` last in its file."""

    def change(root: Path) -> None:
        text = (root / path).read_text()
        piece = text[text.index(start) : text.index(end)]
        (root / path).write_text(text.replace(piece, "") + "\n\n" + piece)

    return change


def in_group(group: str, *rows: tuple[Any, ...]) -> list[Edit]:
    return [Edit(group, *row) for row in rows]


OTHERS = ("specs/prices.py::label", "specs/rates.py::rate")
LABEL, RATE = OTHERS[:1], OTHERS[1:]
CASES = f"test {OWN}::test_cases"
NOTHING = f"test {OWN}::test_nothing_costs_nothing"
ALL = f"test {SHOP}::test_all"
A_TEST = """\
@given(st.integers(0, 100))
def test_nothing_costs_nothing(percent: int) -> None:
    assert price(Money("0"), percent) == Money("0")
"""
A_NEW_TEST = 'def test_more() -> None:\n    assert price(Money("3")) != price(Money("4"))\n'
IMPORTS = "from app.models import Money\nfrom generated.prices import price\n\n\n"
RENAME = (
    swap(OWN, "price(", "cost("),
    swap(OWN, "check_cost(", "check_price("),
    swap(SHOP, "price\n", "cost as price\n"),
)

EDITS = [
    *in_group(
        "The spec",
        ("a word of the docstring", swap(OWN, "Return a net price", "Give a net price"), "stale", ("docstring",)),
        ("what an example is to give", swap(OWN, "'1.19'\n", "'1.20'\n"), "stale", ("docstring",)),
        ("what an example calls", swap(OWN, '>>> price(Money("1.00"))', '>>> price(Money("1.0"))'), "stale", ("docstring", f"doctest {OWN}::price")),
        ("a parameter's name", swap(OWN, "percent: int = 19", "tax: int = 19"), "stale", ("signature",)),
        ("a parameter's type", swap(OWN, "percent: int = 19", "percent: float = 19"), "stale", ("signature",)),
        ("a parameter's default", swap(OWN, "percent: int = 19", "percent: int = 7"), "stale", ("signature",)),
        ("the type it returns", swap(OWN, "= 19) -> Money:", "= 19) -> Money | None:"), "stale", ("signature",)),
        ("`def` becomes `async def`", swap(OWN, "def price(", "async def price("), "stale", ("signature",)),
        ("`@spec(isolation=...)`", swap(OWN, "uses=[rate],", 'isolation="jailed", uses=[rate],'), "stale", ("options",)),
        ("`@spec(imports=[...])`", swap(OWN, "uses=[rate],", 'imports=["babel"], uses=[rate],'), "stale", ("options",)),
        ("`...` below the docstring", swap(OWN, "'1.19'\n    \"\"\"\n", "'1.19'\n    \"\"\"\n    ...\n")),
        ("a constant that the docstring names", swap(OWN, '"0.01"', '"0.1"'), "stale", (f"data {OWN}::CENT",)),
        ("a constant that nothing reaches", swap(OWN, "UNUSED = 1", "UNUSED = 2")),
        ("its place in the file", move(OWN, "@spec(uses", "@spec\ndef label")),
        ("another stub of the file", swap(OWN, "one of LABELS.", "one of LABELS, never none."), "fresh", (), LABEL),
        ("a constant that another stub's docstring names", swap(OWN, 'LABELS = ("net",', 'LABELS = ("Net",'), "fresh", (), LABEL),
    ),
    *in_group(
        "Its tests",
        ("an expected value", swap(OWN, '== Money("0")', '== Money("0.00")'), "stale", (NOTHING,)),
        ("a strategy", swap(OWN, "st.integers(0, 100)", "st.integers(0, 99)"), "stale", (NOTHING,)),
        ("a row of the parametrize data", swap(OWN, '("2.00", "2.38")', '("2.00", "2.39")'), "stale", (f"data {OWN}::CASES",)),
        ("a mark", swap(OWN, "@given(st", "@pytest.mark.slow\n@given(st"), "stale", (NOTHING,)),
        ("a new test", add(OWN, f"\n\n{A_NEW_TEST}"), "stale", (f"test {OWN}::test_more",)),
        ("a test is deleted", swap(OWN, A_TEST, ""), "stale", (NOTHING,)),
        ("a test is renamed", swap(OWN, "test_cases(", "test_rows("), "stale", (CASES, f"test {OWN}::test_rows")),
        ("a test in a file of `tests=`", swap(SHOP, ".text >= text", ".text > text"), "stale", (ALL,)),
        ("a file is added to `tests=`", both(swap(OWN, '_shop.py"]', '_shop.py", "tests/test_more.py"]'), add("tests/test_more.py", f"{IMPORTS}{A_NEW_TEST}")), "stale", ("options", "test tests/test_more.py::test_more")),
        ("a test file that nothing names", swap("tests/test_other.py", "assert 1", "assert 2")),
        ("`pytestmark` of the file", add(OWN, "\n\npytestmark = pytest.mark.slow\n"), "stale", (f"data {OWN}::pytestmark",), LABEL),
        ("a test of another stub alone", swap(OWN, "label(True)", "label(gross=True)"), "fresh", (), LABEL),
        ("the order of the tests", move(OWN, "@pytest.mark.parametrize", "@given(st")),
        ("a local variable's name", swap(OWN, "expected", "wanted")),
        ("a test's docstring", swap(OWN, "    expected = Money", '    """Rows."""\n    expected = Money')),
    ),
    *in_group(
        "Helpers, fixtures, conftest",
        ("a helper that a test calls", swap("app/checks.py", "difference == 1", "difference <= 1"), "stale", ("helper app/checks.py::check_price",)),
        ("a helper of that helper", swap("app/checks.py", "float(a.text) /", "float(b.text) /"), "stale", ("helper app/checks.py::ratio",)),
        ("a helper's local variable and docstring", both(swap("app/checks.py", "difference", "gap"), swap("app/checks.py", "Compare.", "Look."))),
        ("a helper that no test reaches", swap("app/checks.py", "count > 0", "count > 1")),
        ("a helper becomes another module's", both(swap(OWN, "from app.checks", "from app.checking"), add("app/checking.py", "def check_price(got: object, expected: object) -> None:\n    assert got == expected\n")), "stale", ("helper app/checking.py::check_price", "helper app/checks.py::check_price", "helper app/checks.py::ratio", CASES)),
        ("a fixture that a test asks for", swap("tests/conftest.py", "sorted(catalogue)", "list(catalogue)"), "stale", ("fixture tests/conftest.py::shop",)),
        ("a fixture of that fixture", swap("conftest.py", '"2.00"]', '"3.00"]'), "stale", ("fixture conftest.py::catalogue",)),
        ("a fixture of the same name, nearer to the test", add("tests/conftest.py", '\n\n@pytest.fixture\ndef catalogue() -> list[str]:\n    return ["9"]\n'), "stale", ("fixture conftest.py::catalogue", "fixture tests/conftest.py::catalogue")),
        ("a fixture that no test asks for", swap("tests/conftest.py", "return 1", "return 2")),
        ("an autouse fixture", swap("conftest.py", 'print("quiet")', 'print("loud")'), "stale", ("fixture conftest.py::quiet",), OTHERS),
        ("a hook in conftest.py", swap("conftest.py", '"slow")', '"fast")'), "stale", ("hook conftest.py::pytest_configure",), OTHERS),
        ("a new conftest.py with nothing that runs unasked", add("specs/conftest.py", "import pytest\n\n\n@pytest.fixture\ndef till() -> int:\n    return 1\n")),
    ),
    *in_group(
        "Types of the project",
        ("a method of a type that the tests use", swap("app/models.py", "self.text[:DIGITS]", "self.text[DIGITS:]"), "stale", ("type app/models.py::Money",)),
        ("its base class", swap("app/models.py", "self.text = text", "self.text = str(text)"), "stale", ("type app/models.py::Base",)),
        ("a constant that it reads", swap("app/models.py", "DIGITS = 2", "DIGITS = 3"), "stale", ("data app/models.py::DIGITS",)),
        ("its docstring", swap("app/models.py", '"""Money."""', '"""Amounts of money."""')),
        ("another type of the same file", swap("app/models.py", '"kg"', '"g"')),
    ),
    *in_group(
        "Specs that it uses",
        ("the signature of a used spec", swap("specs/rates.py", "country: str", "land: str"), "stale", ("spec specs/rates.py::rate",), RATE),
        ("the docstring of a used spec", swap("specs/rates.py", "tax in percent", "tax as a percentage"), "stale", ("spec specs/rates.py::rate",), RATE),
        ("the tests of a used spec", swap("specs/rates.py", '"DE"', '"AT"'), "fresh", (), RATE),
        ("the body of a used spec", swap("src/generated/rates.py", "return 19", "return 20"), "fresh", (), RATE),
        ("`uses=` names none any more", swap(OWN, "uses=[rate], ", ""), "stale", ("options", "spec specs/rates.py::rate")),
    ),
    *in_group(
        "Data",
        ("a file that `depends=` names", swap("data/rates.json", "19", "20"), "stale", ("data data/rates.json",)),
        ("its line ends", carriage_returns("data/rates.json"), "stale", ("data data/rates.json",)),
        ("a new file that the glob fits", add("data/towns.json", "[]\n"), "stale", ("data data/towns.json",)),
        ("one of the files is deleted", drop("data/rates.json"), "stale", ("data data/rates.json",)),
        ("the glob is written otherwise and fits the same files", swap(OWN, '"data/*.json"', '"data/**/*.json"')),
        ("`depends=` is removed", swap(OWN, ', depends=["data/*.json"]', ""), "stale", ("data data/countries.json", "data data/rates.json")),
        ("a data file that nothing names", swap("data/names.csv", "Germany", "Deutschland")),
        ("the files' times", lambda root: (root / "data/rates.json").touch()),
    ),
    *in_group(
        "Formatting",
        ("comments", swap(OWN, "    expected = ", "    # As printed on the list.\n    expected = ")),
        ("blank lines", swap(OWN, "\n\n\n", "\n\n")),
        ("quotes", swap(OWN, 'Money("0")', "Money('0')")),
        ("wrapped lines and trailing commas", swap(OWN, "st.integers(0, 100)", "st.integers(\n    0,\n    100,\n)")),
        ("parentheses that change nothing", swap(OWN, 'assert price(Money("0"), percent) ==', 'assert (price(Money("0"), percent)) ==')),
        ("trailing spaces in the docstring", swap(OWN, "rounded to CENT.\n\n    >>>", "rounded to CENT.  \n\n    >>>")),
        ("the order of imports, and an unused one", swap(OWN, "import json\nfrom decimal", "import os\nimport json\nfrom decimal")),
        ("`from __future__ import annotations`", swap(OWN, "import json\n", "from __future__ import annotations\n\nimport json\n")),
        ("line ends and a byte order mark", both(carriage_returns(OWN), lambda root: (root / OWN).write_bytes(b"\xef\xbb\xbf" + (root / OWN).read_bytes()))),
    ),
    *in_group(
        "What it cannot see",
        ("an installed package's version", swap("pyproject.toml", "babel==2.16", "babel==2.17")),
        ("`attempts`, and other settings", swap("pyproject.toml", "attempts = 8", "attempts = 9\nheld_out = 0.5")),
        ("a module that imports the generated code", add("app/main.py", "from generated.prices import price\n")),
        ("the README", swap("README.md", "Shop", "Our shop")),
    ),
    *in_group(
        "The body",
        ("a value in it", swap(BODY, '"none"', '"nothing"'), "edited"),
        ("a local variable's name in it", swap(BODY, "gross =", "total ="), "edited"),
        ("it and the docstring", both(swap(BODY, '"none"', '"nothing"'), swap(OWN, "a net price", "a price")), "conflict", ("docstring",)),
        ("its quotes, comments and line ends", both(swap(BODY, '"none"', "'none'  # at all"), carriage_returns(BODY))),
        ("its artifact is no Python any more", add(BODY, "<<<<<<< HEAD\n"), "edited", (), LABEL),
        ("it is deleted", swap(BODY, BODIES[OWN]["price"], ""), "missing"),
        ("the artifact is deleted", drop(BODY), "missing", (), LABEL),
        ("the record is deleted (told in a line of its own)", drop(RECORD)),
        ("the record is deleted, and the docstring changed", both(drop(RECORD), swap(OWN, "a net price", "a price")), "stale"),
        ("the stub is renamed", both(*RENAME), "orphaned", (), ("specs/prices.py::cost",)),
        ("the spec file is deleted", drop(OWN), "orphaned"),
        ("the spec file is no Python", add(OWN, "def (\n"), "cannot be checked"),
        ("a test file that it needs is no Python", add(SHOP, "def (\n"), "cannot be checked"),
    ),
]  # fmt: skip


def look(root: Path) -> Finding:
    """Return what a check says."""
    lines: list[str] = []
    check_specs(load_config(root), lines.append)
    told = [found for line in lines if (found := LINE.fullmatch(line))]
    own = next((found for found in told if found["spec"] == SPEC), None)
    named = own["inputs"] if own else None
    inputs = tuple(named.split(", ")) if named and named != "no record says what" else ()
    others = tuple(found["spec"] for found in told if "::" in found["spec"] and found["spec"] != SPEC)
    return Finding(own["state"] if own else _state(lines), inputs, others, tuple(lines))


def _state(lines: list[str]) -> str:
    if any("src/generated/prices.py" in line and "is orphaned" in line for line in lines):
        return "orphaned"
    is_unread = any(f"{SPEC} cannot be checked" in line or re.match(rf"compiled-ai: {OWN}:\d", line) for line in lines)
    return "cannot be checked" if is_unread else "fresh"


def look_at_all() -> Iterator[tuple[Edit, Finding]]:
    """Make each edit in a project of its own, and yield what a check says of it."""
    with tempfile.TemporaryDirectory() as folder:
        made, root = Path(folder, "made"), Path(folder, "edited")
        make_project(made)
        for edit in EDITS:
            copy_project(made, root)
            edit.change(root)
            yield edit, look(root)


def render(findings: list[tuple[Edit, Finding]]) -> str:
    """Return the table, one for each group."""
    parts = []
    for group, rows in itertools.groupby(findings, key=lambda pair: pair[0].group):
        parts += [
            f"\n### {group}\n",
            "| what changes | `price` is | what the check names | also not fresh |",
            "|---|---|---|---|",
        ]
        parts += [
            f"| {edit.what} | {found.state} | {_listed(found.inputs)} | {_listed(name.partition('::')[2] for name in found.others)} |"
            for edit, found in rows
        ]
    return "\n".join([*parts, "", ""])


def _listed(names: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main(arguments: list[str]) -> int:
    """Print the table, or write it into the page."""
    table = render(list(look_at_all()))
    if "--write" in arguments:
        page = PAGE.read_text(encoding="utf-8")
        assert TABLE.search(page), f"{PAGE} has no place for the table"
        PAGE.write_text(TABLE.sub(lambda _: table, page), encoding="utf-8")
    else:
        print(table, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
