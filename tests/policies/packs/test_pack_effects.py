"""`pure`, and what of it other packs share; and whole records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.policies.packs.pure import PURE

SIGNATURE = "f(n: int, rows: list[int], text: str, table: dict[str, int], say: Callable[[str], None], log: Any) -> Any"
EFFECTS = [
    ("no-output", "print(n)\nreturn n", "say('a')\nlog('b')\nreturn n"),
    ("no-output", "logger.info('a')\nreturn n", "import math\nreturn math.log(n)"),
    ("no-output", "import warnings\nwarnings.warn('a')\nreturn n", "warn = len\nreturn warn(text)"),
    ("no-output", "list(map(print, rows))\nreturn n", "list(map(str, rows))\nreturn n"),
    ("no-input", "return input()", "input = text\nreturn input"),
    ("no-input", "import sys\nreturn sys.stdin.read()", "import io\nreturn io.StringIO(text).read()"),
    ("no-files", "return open(text).read()", "from io import BytesIO\nreturn BytesIO(b'')"),
    ("no-files", "from pathlib import Path\nreturn Path(text).name", "from pathlib import PurePath\nreturn PurePath(text).name"),
    ("no-files", "opened = open\nreturn opened(text)", "opened = str\nreturn opened(text)"),
    ("no-files", "import os\nreturn os.listdir()", "import posixpath\nreturn posixpath.join(text, 'a')"),
    ("no-network", "import socket\nreturn socket.socket()", "import ipaddress\nreturn ipaddress.ip_address(text)"),
    ("no-network", "from urllib.request import urlopen\nreturn urlopen(text)", "from urllib.parse import quote\nreturn quote(text)"),
    ("no-network", "import urllib.request as r\nreturn r.urlopen(text)", "import http\nreturn http.HTTPStatus.OK"),
    ("no-network", "import requests\nreturn requests.get(text)", "requests = [text]\nreturn requests"),
    ("no-clock", "return datetime.now(timezone.utc)", "return datetime(2024, 1, 1, tzinfo=timezone.utc)"),
    ("no-clock", "day = date\nreturn day.today()", "day = date\nreturn day(2024, 1, 1)"),
    ("no-clock", "import time\nreturn time.time()", "import time\nreturn time.strptime(text)"),
    ("no-clock", "from time import monotonic as tick\nreturn tick()", "from datetime import time\nreturn time(1)"),
    ("no-clock", "return text.now()", "return text.upper()"),
    ("no-randomness", "import random\nreturn random.choice(rows)", "return rows[n % len(rows)]"),
    ("no-randomness", "from uuid import uuid4\nreturn uuid4()", "from uuid import uuid5, NAMESPACE_DNS\nreturn uuid5(NAMESPACE_DNS, text)"),
    ("no-randomness", "import secrets\nreturn secrets.token_hex()", "secrets = rows\nreturn secrets"),
    ("no-environment", "import os\nreturn os.environ[text]", "environ = {'a': 1}\nreturn environ[text]"),
    ("no-environment", "import platform\nreturn platform.node()", "platform = text\nreturn platform"),
    ("no-changes", "rows.append(n)\nreturn rows", "return [*rows, n]"),
    ("no-changes", "rows[0] = n\nreturn rows", "rows = list(rows)\nrows[0] = n\nreturn rows"),
    ("no-changes", "rows[0] = n\nrows = list(rows)\nreturn rows", "rows: list[int] = [*rows]\nfor i in (1, 2):\n    rows.append(i)\nreturn rows"),
    ("no-changes", "if n:\n    rows = list(rows)\nrows.pop()\nreturn rows", "if n:\n    rows = rows.copy()\n    rows.pop()\nreturn rows"),
    ("no-changes", "rows = rows\nrows.pop()\nreturn rows", "rows, n = [], 3\nm = n\nm += 1\nreturn rows"),
    ("no-changes", "mine = rows\nmine.sort()\nreturn mine", "mine = sorted(rows)\nmine.sort()\nreturn mine"),
    ("no-changes", "del table[text]\nreturn table", "mine = dict(table)\ndel mine[text]\nreturn mine"),
    ("no-changes", "rows += [n]\nreturn rows", "n += 1\nreturn n"),
    ("no-changes", "import heapq\nheapq.heapify(rows)\nreturn rows", "import heapq\nmine = list(rows)\nheapq.heapify(mine)\nreturn mine"),
    ("no-changes", "from heapq import heapify\nheapify(rows)\nreturn rows", "from heapq import nsmallest\nreturn nsmallest(1, rows)"),
    ("no-changes", "setattr(say, 'a', n)\nreturn n", "return getattr(say, 'a')"),
    ("no-changes", "say.count = n\nreturn n", "return say.count"),
    ("no-changes", "FIXED.append(text)\nreturn n", "return [*FIXED, text]"),
    ("no-changes", "global seen\nseen = n\nreturn n", "seen = n\nreturn seen"),
    ("no-changes", "for row in [rows]:\n    row.pop()\nreturn n", "parts = []\nparts.append(n)\nreturn parts"),
]  # fmt: skip
WHOLE = [
    ("return patient", "return patient.name"),
    ("return {**table}", "return {'a': table['a']}"),
    ("return dict(**table)", "return dict(a=table['a'])"),
    ("return dict(table)", "return dict(a=1)"),
    ("return table.copy()", "return [1].copy()"),
    ("return table | {'a': 1}", "return 1 | 2"),
    ("out = {}\nout |= table\nreturn out", "out = {}\nout |= {'a': table['a']}\nreturn out"),
    ("out = {}\nout.update(table)\nreturn out", "out = {}\nout.update(a=table['a'])\nreturn out"),
    (
        "from dataclasses import asdict\nreturn asdict(patient)",
        "from dataclasses import asdict\nreturn asdict(Receipt(patient.name))",
    ),
    ("return vars(patient)", "return len(patient.name)"),
    ("return patient.__dict__", "return patient.name.upper()"),
    ("return {k: v for k, v in table.items()}", "return {k: v for k, v in table.items() if k in FIXED}"),
    ("return list(table.values())", "for v in table.values():\n    return v"),
    ("mine = patient\nreturn mine", "mine = patient\nreturn mine.name"),
    ("return (mine := patient)", "return (mine := patient.name)"),
    ("return patient if table else None", "return patient.name if table else None"),
    ("return [patient, 1]", "return [patient.name, 1]"),
    ("return {'who': patient}", "return {'who': patient.name}"),
    ("return None or patient", "return None or patient.name"),
    ("yield patient", "yield patient.name"),
]


@pytest.mark.parametrize(("rule", "breaking", "right"), EFFECTS)
def test_a_pure_body_reaches_nothing_but_its_arguments(court, rule, breaking, right):
    assert court.breaches(rule, SIGNATURE, breaking, "pure")
    assert court.breaches(rule, SIGNATURE, right, "pure") == []


@pytest.mark.parametrize("pack", ["hipaa-style", "pci-style"])
def test_the_network_is_closed_in_other_packs_too(court, pack):
    assert court.breaches("no-network", SIGNATURE, "n = 3\nimport socket", pack) == [2]


@pytest.mark.parametrize(("breaking", "right"), WHOLE)
def test_a_record_is_not_taken_whole(court, breaking, right):
    signature = "f(patient: Patient, table: dict[str, str], n: int, plain, log: Callable[[str], None]) -> Any"
    assert court.breaches("whole-records", signature, breaking, "hipaa-style")
    assert court.breaches("whole-records", signature, right, "hipaa-style") == []


def test_what_a_reply_imports_above_its_function_counts_as_its_first_line(court):
    candidate, subject = court.cut(SIGNATURE, "return n", "pure")
    imports = (Import(module="random", name=None, bound="random"), Import(module="time", name="time", bound="time"))
    rules = {rule.name: rule for rule in PURE.rules}
    found = [*rules["no-randomness"].check(replace(candidate, imports=imports), subject)]
    assert [(finding.what, finding.line) for finding in found] == [("`import random` is not for this body", 0)]
    found = [*rules["no-clock"].check(replace(candidate, imports=imports), subject)]
    assert [finding.what for finding in found] == ["`from time import time` is not for this body"]


def test_a_record_may_be_returned_where_the_spec_says_so(court):
    body = "return patient"
    assert court.breaches("whole-records", "f(patient: Patient) -> Patient | None", body, "hipaa-style") == []
    assert court.breaches("whole-records", "f(patient: Patient) -> Receipt", body, "hipaa-style") == [1]
    assert court.breaches("whole-records", "f(patient: Decimal) -> Decimal", "return patient", "hipaa-style") == []
