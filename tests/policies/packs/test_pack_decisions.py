"""Audit records, failures and times: what makes a decision found again."""

from __future__ import annotations

import pytest

AUDITED = "f(n: int, rows: list[int], audit: Callable[[str], None]) -> int"
SAID = 'audit("seen")\n'
WAYS = [
    ("return n", SAID + "return n", [1]),
    ("raise ValueError", SAID + "raise ValueError", [1]),
    ("return n\naudit('late')", "audit('early')\nreturn n", [1]),
    ("audit()\nreturn n", "audit(message='m')\nreturn n", [2]),
    ("if n:\n    audit('a')\nreturn n", "if n:\n    audit('a')\nelse:\n    audit('b')\nreturn n", [3]),
    ("if n:\n    return 1\naudit('a')\nreturn n", "if n:\n    audit('b')\n    return 1\naudit('a')\nreturn n", [2]),
    ("if n:\n    audit('a')\n    return 1\nelif n > 3:\n    return 2\nraise ValueError", "if n:\n    audit('a')\n    return 1\naudit('b')\nraise ValueError", [5, 6]),
    ("for r in rows:\n    audit('a')\nreturn n", "for r in rows:\n    audit('a')\n    return r\naudit('b')\nreturn n", [3]),
    ("for r in rows:\n    break\nelse:\n    audit('a')\nreturn n", "audit('a')\nfor r in rows:\n    continue\nelse:\n    n = 3\nreturn n", [5]),
    ("while True:\n    if n:\n        return n", "while True:\n    if n:\n        audit('a')\n        return n", [3]),
    ("while True:\n    while n:\n        break\n    for r in rows:\n        return r", "audit('a')\nwhile True:\n    for r in rows:\n        break", [5]),
    ("while True:\n    if n:\n        break\n    audit('a')\nreturn n", "while n:\n    n -= 1\naudit('a')\nreturn n", [5]),
    ("try:\n    m = 1 // n\nexcept ZeroDivisionError:\n    return 0\naudit('a')\nreturn m", "try:\n    m = 1 // n\nexcept ZeroDivisionError:\n    audit('b')\n    return 0\naudit('a')\nreturn m", [4]),
    ("try:\n    audit('a')\nexcept ValueError:\n    n = 3\nreturn n", "try:\n    return n\nfinally:\n    audit('a')", [5]),
    ("try:\n    n = 3\nfinally:\n    if n:\n        audit('a')\nreturn n", "try:\n    n = 3\nfinally:\n    audit('a')\nreturn n", [6]),
    ("match n:\n    case 1:\n        audit('a')\n    case 2:\n        audit('b')\nreturn n", "match n:\n    case 1:\n        audit('a')\n    case _:\n        audit('b')\nreturn n", [6]),
    ("with open('x') as x:\n    return n", "with open('x') as x:\n    audit('a')\nreturn n", [2]),
    ("_ = n and audit('a')\nreturn n", "_ = audit('a') or n\nreturn n", [2]),
    ("_ = audit('a') if n else None\nreturn n", "_ = audit('a') if n else audit('b')\nreturn n", [2]),
    ("_ = 1 < n < audit('a')\nreturn n", "_ = audit('a') == n\nreturn n", [2]),
    ("_ = [audit('a') for r in rows]\nreturn n", "_ = [r for r in [audit('a')]]\nreturn n", [2]),
    ("_ = lambda: audit('a')\nreturn n", "return n if audit('a') else n", [2]),
    ("def say() -> None:\n    if n:\n        audit('a')\nsay()\nreturn n", "def say() -> None:\n    audit('a')\nsay()\nreturn n", [5]),
    ("class say:\n    pass\nsay()\nreturn n", "def bad() -> int:\n    audit('a')\n    raise ValueError\nreturn bad()", [4]),
    ("n = 3", "audit('a')\nn = 3", [1]),
    ("n = 3\nif n:\n    pass", "n = 3\nif n:\n    pass\nraise ValueError(audit('a'))", [3]),
]  # fmt: skip
RENAMED = [
    "audit = print\naudit('a')\nreturn n",
    "def audit(text: str) -> None: ...\naudit('a')\nreturn n",
    "def go(audit: object) -> None: ...\nreturn n",
    "from math import ceil as audit\naudit(3)\nreturn n",
    "audit.x = 3\naudit('a')\nreturn n",
    "match n:\n    case audit: audit(3)\nreturn n",
    "try:\n    n = 3\nexcept ValueError as audit:\n    audit(3)\nreturn n",
]
BROAD = [
    ("try:\n    return n\nexcept Exception:\n    return 0", "try:\n    return n\nexcept ValueError:\n    return 0", 3),
    ("try:\n    return n\nexcept:\n    return 0", "try:\n    return n\nexcept:\n    raise", 3),
    ("try:\n    return n\nexcept (ValueError, Exception) as e:\n    return 0", "try:\n    return n\nexcept Exception as e:\n    raise ValueError from None", 3),
    ("any_ = Exception\ntry:\n    return n\nexcept any_:\n    return 0", "any_ = OSError\ntry:\n    return n\nexcept any_:\n    return 0", 4),
    ("try:\n    return n\nexcept Exception:\n    if n:\n        raise", "try:\n    return n\nexcept Exception:\n    if n:\n        raise\n    else:\n        raise ValueError", 3),
    ("from contextlib import suppress\nwith suppress(Exception):\n    return n", "from contextlib import suppress\nwith suppress(KeyError):\n    return n", 2),
]  # fmt: skip
HIDDEN = [
    ("try:\n    return n\nexcept ValueError:\n    return 0", "try:\n    return n\nexcept ValueError:\n    raise KeyError('a') from None", 3),
    ("try:\n    return n\nexcept ValueError:\n    pass", "try:\n    return n\nexcept ValueError:\n    audit('refused')\n    return 0", 3),
    ("import contextlib\nwith contextlib.suppress(ValueError):\n    return n", "import contextlib\nwith contextlib.nullcontext():\n    return n", 2),
    ("try:\n    return n\nexcept ValueError:\n    x = lambda: audit('a')", "try:\n    return n\nexcept ValueError:\n    logger.info('a')\nreturn 0", 3),
]  # fmt: skip
TIMES = [
    ("return datetime(2024, 1, 1)", "return datetime(2024, 1, 1, tzinfo=timezone.utc)"),
    ("return datetime(2024, 1, 1, tzinfo=None)", "return datetime(2024, 1, 1, 0, 0, 0, 0, timezone.utc)"),
    ("return datetime.now()", "return datetime.now(timezone.utc)"),
    ("return datetime.utcnow()", "return datetime.now(tz=timezone.utc)"),
    ("return datetime.fromtimestamp(n)", "return datetime.fromtimestamp(n, timezone.utc)"),
    ("return datetime.utcfromtimestamp(n)", "return datetime.fromtimestamp(n, tz=timezone.utc)"),
    ("return datetime.strptime(s, '%Y')", "return datetime.strptime(s, '%Y %z')"),
    ("return datetime.strptime(s, '%Y').replace(tzinfo=None)", "return datetime.strptime(s, '%Y').replace(tzinfo=timezone.utc)"),
    ("return datetime.strptime(s, '%Y').timetuple()", "return datetime.strptime(s, '%Y').date()"),
    ("return datetime.combine(d, t)", "return datetime.combine(d, t, timezone.utc)"),
    ("return d.replace(tzinfo=None)", "return d.replace(day=3)"),
    ("import datetime as dt\nreturn dt.datetime(2024, 1, 1)", "import datetime as dt\nreturn dt.date(2024, 1, 1)"),
    ("make = datetime\nreturn make(2024, 1, 1)", "make = datetime\nreturn make(*s)"),
]  # fmt: skip


@pytest.mark.parametrize(("breaking", "right", "lines"), WAYS)
def test_no_way_out_without_a_record(court, breaking, right, lines):
    assert court.breaches("audit-record", AUDITED, breaking, "soc2-style") == lines
    assert court.breaches("audit-record", AUDITED, right, "soc2-style") == []


@pytest.mark.parametrize("body", RENAMED)
def test_the_audit_function_keeps_its_meaning(court, body):
    assert "`audit` is given another meaning" in court.judge(AUDITED, body, "soc2-style").feedback


@pytest.mark.parametrize(("breaking", "right", "line"), BROAD)
@pytest.mark.parametrize("pack", ["hipaa-style", "soc2-style"])
def test_not_every_exception_is_taken(court, breaking, right, line, pack):
    assert court.breaches("broad-except", AUDITED, breaking, pack) == [line]
    assert court.breaches("broad-except", AUDITED, right, pack) == []


@pytest.mark.parametrize(("breaking", "right", "line"), HIDDEN)
def test_a_failure_is_shown(court, breaking, right, line):
    assert court.breaches("hidden-failure", AUDITED, breaking, "soc2-style") == [line]
    assert court.breaches("hidden-failure", AUDITED, right, "soc2-style") == []


@pytest.mark.parametrize(("breaking", "right"), TIMES)
def test_times_have_zones(court, breaking, right):
    signature = "f(n: int, s: str, d: datetime, t: Any, audit: Any) -> Any"
    assert court.breaches("naive-times", signature, breaking, "soc2-style")
    assert court.breaches("naive-times", signature, right, "soc2-style") == []
