"""Each rule with a body that breaks it and an honest neighbour that does not."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.module import names_used, parse_module
from pytest_compiled_ai.gates.allow_list import AllowList
from pytest_compiled_ai.policies.policy import Policy

SPEC = '''
    import numpy as np
    from decimal import Decimal
    from pathlib import Path
    from app.types import Money
    from pytest_compiled_ai import spec

    CACHE: dict[str, int] = {}
    WORDS = ("a", "b")

    @spec
    def f(n: int, text: str = "", items: list[int] = [], *, home: Path | None = None, seen: set[int] = set()) -> object:
        """Return anything."""

    @spec
    def g(n: int) -> int: ...
'''
CLASS = "class A:\n    {}\nreturn A()"

RULES = [
    # names
    ("return eval(text)", "import ast\nreturn ast.literal_eval(text)", "`eval` may not be used"),
    ("return open(text).read()", "opened = text\nreturn opened", "`open` may not be used"),
    ("run = exec\nrun(text)", "run = str\nreturn run(text)", "`exec` may not be used"),
    ("class A:\n    r = eval\n    eval = 1\nreturn A.r(text)", "class A:\n    r = n\n    s = r\nreturn A.r", "`eval`"),
    ("return input()", "input = text\nreturn input", "`input` may not be used"),
    ("raise SystemExit(0)", "raise ValueError(text)", "`SystemExit` may not be used"),
    ("return __builtins__", "return n", "`__builtins__` is not for a body"),
    ("return nothing", "return g(n)", "`nothing` is not defined here"),
    ("return f'{list(map(getattr, items, text))}'", "return getattr(text, 'upper')()", "`getattr` stands where"),
    # shadowing
    ("isinstance = 1\nreturn n", "sum = 1\nreturn sum", "`isinstance` is a builtin's name"),
    ("def isinstance(a, b): return True\nreturn n", "def filter(a): return a\nreturn filter(n)", "`isinstance`"),
    ("go = lambda isinstance: 1\nreturn go(n)", "go = lambda id: id\nreturn go(n)", "`isinstance`"),
    ("go = lambda __class__: 1\nreturn go(n)", "go = lambda cls: 1\nreturn go(n)", "`__class__` is not for a body"),
    ("try: n\nexcept ValueError as repr: n", "try: n\nexcept ValueError as error: n\nreturn n", "`repr`"),
    ("match n:\n    case repr: return n", "match n:\n    case other: return other", "`repr`"),
    ("match items:\n    case [*repr]: return n", "match items:\n    case [*_]: return n", "`repr`"),
    ("from math import sqrt as len\nreturn n", "from math import sqrt as root\nreturn root(n)", "takes a builtin's"),
    # imports and modules
    ("import os\nreturn os.getcwd()", "import posixpath\nreturn posixpath.join(text)", "`import os` is not for a body"),
    ("from subprocess import run\nreturn run", "from re import sub\nreturn sub", "`from subprocess import run`"),
    ("from . import it\nreturn n", "import re\nreturn re.escape(text)", "a relative import"),
    ("from os import path\nreturn n", "from urllib import parse\nreturn parse.quote(text)", "`from os import path`"),
    ("import urllib.request\nreturn n", "import urllib.parse\nreturn urllib.parse.quote(text)", "`import urllib.request`"),
    ("import json\nreturn json.codecs", "import json\nreturn json.dumps(n)", "`json.codecs` is not for a body"),
    ("import json\nreturn json._default_decoder", "import json\nreturn json.loads(text)", "`json._default_decoder`"),
    ("import json\nm = json\nreturn m", "import json\nm = json.dumps\nreturn m", "the module `json` is used as a value"),
    ("import urllib.parse as p\nreturn [p]", "import urllib.parse as p\nreturn p.quote", "`urllib.parse` is used as a value"),
    ("import collections\nreturn collections.abc", "import collections\nreturn collections.abc.Sized", "`collections.abc` is used"),
    ("import xml\nreturn n", "import html\nreturn html.escape(text)", "`import xml`"),
    ("return np.os.getcwd()", "return np.linalg.norm(items)", "`np.os`"),
    ("return np.core.os.getcwd()", "return np.core.numeric", "is another module's"),
    ("from app.types import os\nreturn n", "from app.types import Money\nreturn Money", "`from app.types import os`"),
    ("return Money._hidden", "return Money.shown", "is private"),
    ("import pathlib\nreturn pathlib.Path(text)", "return Path(text)", "`pathlib.Path` is not for a body"),
    ("import operator as o\nreturn o.attrgetter(text)(n)", "import operator as o\nreturn o.itemgetter(1)", "`operator.attrgetter`"),
    ("from string import Formatter\nreturn n", "from string import digits\nreturn digits", "`from string import Formatter`"),
    # the clock, and chance
    ("import time\nreturn time.time()", "import time\nreturn time.strptime(text)", "`time.time` is not for a body"),
    ("import time\nreturn time.strftime(text)", "import time\nreturn time.mktime", "`time.strftime` is not for a body"),
    ("import datetime\nreturn datetime.date.today()", "import datetime\nreturn datetime.date.min", "reads the clock"),
    ("from datetime import datetime as d\nreturn map(d.now, items)", "return map(text.find, items)", "reads the clock"),
    ("import datetime as d\nreturn map(d.date.today, items)", "return map(Money.name.today, items)", "reads the clock"),
    ("from datetime import date\nday = date\nreturn day.today()", "return Money.today", "`day.today` reads the clock"),
    ("import uuid\nreturn uuid.uuid4()", "import uuid\nreturn uuid.UUID(text)", "`uuid.uuid4` is not for a body"),
    # attributes
    ("return n.__class__.__subclasses__()", "return n.__class__.__name__", "`.__subclasses__` is the language's own"),
    ("return (x for x in items).gi_frame", "return (x for x in items)", "`.gi_frame` is the interpreter's own"),
    ("return int.mro()", "return n.real", "`.mro` is the interpreter's own"),
    ("n.__class__ = str", "return n.__class__", "`.__class__` is the language's own"),
    ("return text._secret", "import collections\nP = collections.namedtuple('P', 'x')\nreturn P(1)._replace(x=n)", "`._secret` is private"),
    ("return getattr(n, text)", "return getattr(n, 'real', None)", "with a name that is not a string literal"),
    ("return getattr(n, '__dict__')", "return hasattr(n, text)", "`.__dict__`"),
    ("return getattr(text, 'format')(n)", "return getattr(text, 'upper')()", "`format` is named by text"),
    ("match n:\n    case object(__dict__=d): return d", "match n:\n    case object(real=r): return r", "`.__dict__`"),
    ("return '__' + '__class__'", "return '__' + 'x_y__'", "is one of the language's own names"),
    # templates
    ("return text.format(n)", "return '{:>5} {x}'.format(n, x=1)", "is used on something that is not a string literal"),
    ("return text.format_map({})", "return format(n, '>5')", "`.format_map` is used"),
    ("return '{0.__class__}'.format(n)", "return '{0.real} {1[0]}'.format(n, items)", "reads attributes"),
    ("return '{0[__x]:{1._y}}'.format(n)", "return '{__x}'.format(__x=1)", "reads attributes"),
    # types and classes
    ("return type('A', (int,), {})(n)", "return type(n)", "`type` makes a class here"),
    ("make = type\nreturn make", "return isinstance(n, type) or type(n) is int", "`type` makes a class here"),
    ("return type(int)", "from itertools import groupby\nreturn groupby(items, type)", "`type` makes a class here"),
    ("return type(type(n))", "kind: type | None = None\nx: type = int\nreturn list[type[int]]", "`type` makes a class here"),
    ("return sorted(items, key=type)", "def h(x: type) -> type: return x\nreturn h(int)", "`type` makes a class here"),
    ("k = n.__class__\nreturn k('A', (k,), {})", "return max('A', (n,), items)", "this call makes a class"),
    ("return n.__class__(*items, 1, 2)", "return n.__class__(1, 2)", "this call makes a class"),
    ("return type(n)('A', items, text)", "return type(n)(1)", "this call makes a class"),
    (CLASS.format("def __eq__(self, o): return True"), CLASS.format("def __init__(self): self._x = 1"), "`__eq__` is defined"),
    (CLASS.format("__eq__ = lambda s, o: True"), CLASS.format("__slots__ = ('x',)"), "`__eq__` is not for a body"),
    ("class A(metaclass=str): ...\nreturn n", "class A(int): ...\nreturn A", "the class `A` takes `metaclass`"),
    ("class A(Money, x=1): ...\nreturn n", "from typing import TypedDict\nclass A(TypedDict, total=False): ...\nreturn A", "takes arguments"),
    ("from functools import wraps\nreturn wraps(g, assigned=['x'])", "import functools\nreturn functools.wraps(g)(abs)", "`wraps` is told"),
    # handlers
    ("try: return n\nexcept: return 1", "try: return n\nexcept:\n    n = 1\n    raise", "a bare `except:`"),
    ("try: return n\nexcept BaseException: return 1", "try: return n\nexcept Exception: return 1", "`BaseException`"),
    ("try: n\nfinally: return 1", "try: return n\nfinally: n = 1", "`return` in `finally`"),
    ("for i in items:\n    try: n\n    finally: break", "try: return n\nfinally:\n    for i in items: break", "`break` in `finally`"),
    ("for i in items:\n    try: n\n    finally:\n        if i: continue", "try: return n\nfinally:\n    go = lambda: 1", "`continue` in"),
    # state
    ("global x\nx = 1", "x = 1\ndef h():\n    nonlocal x\n    x = 2\nreturn h()", "`global x` keeps state"),
    ("f.x = 1", "class A: ...\na = A()\na.x = 1\nreturn a.x", "`f.x` is changed"),
    ("me = f\nme.x = 1", "me = str(n)\nreturn me", "`me.x` is changed"),
    ("setattr(f, 'x', 1)", "class A: ...\nreturn setattr(A, 'x', 1)", "`f` is changed"),
    ("CACHE['x'] = 1", "c = dict(CACHE)\nc['x'] = 1\nreturn c", "`CACHE['x']` is changed"),
    ("del CACHE['x']", "items2 = [n]\ndel items2[0]\nreturn n", "`CACHE['x']` is changed"),
    ("c = CACHE if n else None\nc.update(x=1)", "c = CACHE.copy()\nc.update(x=1)\nreturn c", "`c` is changed"),
    ("(c := CACHE).pop(text)\nc.clear()", "return CACHE.get(text)", "`c` is changed"),
    ("c, d = CACHE or {}, 1\nc.clear()", "c, d = {}, 1\nc.clear()\nreturn c", "`c` is changed"),
    ("for c in [CACHE]:\n    c.clear()", "for c in [{}]:\n    c.clear()\nreturn n", "`c` is changed"),
    ("dict.update(CACHE, x=1)", "d = {}\ndict.update(d, x=1)\nreturn d", "`CACHE` is changed"),
    ("c = CACHE\nc |= {}", "c = n\nc += 1\nreturn c", "`c` is changed"),
    ("items.append(n)", "i = items[:]\ni.append(n)\nreturn i", "`items` is changed"),
    ("seen.add(n)", "s = seen | {n}\ns.add(n)\nreturn s", "`seen` is changed"),
    ("from os import system as Path\nreturn Path(text)", "return Path(text)", "`from os import system as Path`"),
    ("from heapq import heappush\nheappush(items, n)", "from heapq import heappush\nh = []\nheappush(h, n)\nreturn h", "`items` is changed"),
    ("Decimal.x = 1", "d = Decimal(n)\nreturn d", "`Decimal.x` is changed"),
    ("type(n).x = 1", "return type(n).real", "`type(n).x` is changed"),
    ("n.__class__.x = 1", "return n.__class__.real", "`n.__class__.x` is changed"),
    ("n.__class__.x.y[0] = 1", "from pathlib import Path\nreturn Path(text)", "`n.__class__.x.y[0]` is changed"),
    ("from collections.abc import Sized\nSized.register(int)", "import heapq\nh = [n]\nheapq.heappush(h, n)\nreturn h", "`Sized` is changed"),
]  # fmt: skip


@pytest.fixture
def judge(cut):
    def check(body, *, policy=None, spec=SPEC, before=""):
        return AllowList(policy or Policy()).check(*cut(body, spec=spec, before=before))

    return check


@pytest.mark.parametrize(("body", "neighbour", "said"), RULES, ids=[str(number) for number in range(len(RULES))])
def test_a_breach_is_refused_and_its_honest_neighbour_passes(judge, body, neighbour, said):
    refused, passed = judge(body), judge(neighbour)
    assert not refused.passed
    assert said in refused.feedback
    assert passed.passed, passed.feedback


def test_what_parses_and_is_no_program_is_refused(cut):
    candidate, subject = cut("return n")
    edited = candidate.function.replace("return n", "from math import *\n    return n")
    verdict = AllowList(Policy()).check(replace(candidate, function=edited), subject)
    assert not verdict.passed
    assert verdict.message == "the body is not valid Python: import * only allowed at module level."


def test_a_verdict_says_what_to_do_instead_and_where_it_was(judge):
    verdict = judge("x = n\nreturn eval(text)")
    assert verdict.message == "`eval` may not be used: parse the text yourself, or use ast.literal_eval for literals."
    assert verdict.evidence == {"rule": "names", "line": "4"}


def test_the_model_is_told_of_the_first_few_breaches_once_each(judge):
    verdict = judge("eval(text)\neval(text)\nexec(text)\nopen(text)\nvars(text)")
    assert [line.partition(" ")[0] for line in verdict.feedback.splitlines()] == ["`eval`", "`exec`", "`open`"]


@pytest.mark.parametrize(
    ("before", "said"),
    [("import os\n", "`import os`"), ("from math import sqrt as len\n", "takes a builtin's name")],
)
def test_imports_at_the_top_of_the_reply_are_judged(judge, before, said):
    assert said in judge("return len(items) or os", before=before).feedback


def test_what_the_project_or_the_spec_names_is_allowed(judge):
    body = "import os\nreturn os.path.exists(text) or vars(n)"
    assert not judge(body).passed
    assert judge(body, policy=Policy(imports=("os",), builtins=("vars",))).passed
    asked = SPEC.replace("@spec\n    def f", "@spec(imports=['os.path'])\n    def f")
    assert judge("import os\nreturn os.path.join(text)", spec=asked).passed
    assert not judge("import os\nreturn os.getcwd()", spec=asked).passed
    assert not judge("import os\nreturn [os]", spec=asked).passed


def test_a_spec_about_time_may_be_given_the_clock(judge):
    body = "from datetime import date\nreturn date.today()"
    assert not judge(body).passed
    assert judge(body, policy=Policy(imports=("time",))).passed


@pytest.mark.parametrize("body", ["import time\ntime.sleep(0)\nreturn n", "from time import sleep\nsleep(0)\nreturn n"])
def test_a_module_that_the_policy_names_is_allowed_with_all_of_its_public_names(judge, body):
    assert not judge(body).passed
    assert judge(body, policy=Policy(imports=("time",))).passed


def test_what_the_spec_wrote_is_not_judged(judge):
    spec = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int = eval('1')) -> int:\n    '''__class__'''\n"
    assert judge("return n", spec=spec).passed


def test_the_artifacts_of_this_project_pass(cut):
    root = Path(__file__).parents[2]
    for path in sorted((root / "src" / "generated").glob("*.py")):
        spec_path = root / "specs" / path.name
        module = parse_module(path.read_text(encoding="utf-8"), path.name)
        for section in module.sections if spec_path.is_file() else ():
            candidate, subject = _as_candidate(cut, section.text, spec_path)
            # An import that no spec has came with the body.
            brought = tuple(item for item in module.imports if item.bound in names_used(section.node))
            candidate = replace(candidate, imports=brought)
            assert AllowList(Policy()).check(candidate, subject).passed, section.name


def _as_candidate(cut, text, spec_path):
    candidate, subject = cut()
    node = ast.parse(text).body[0]
    head = node.body[0].end_lineno
    tree = ast.parse(spec_path.read_text(encoding="utf-8"))
    constants = {
        name.id: ast.unparse(item)
        for item in tree.body
        if isinstance(item, ast.Assign | ast.AnnAssign | ast.ImportFrom | ast.Import | ast.FunctionDef)
        for name in [ast.Name(id=getattr(item, "name", ""))]
        if name.id
    }
    known = {n.id: f"{n.id} = 0" for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
        k: f"{k} = 0" for k in constants
    }
    return replace(candidate, function=text, header_lines=head), replace(subject, constants=known)
