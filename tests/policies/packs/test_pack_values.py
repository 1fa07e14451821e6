"""Values in logs and in exceptions: each way out that a person would try, and the same thing without the value."""

from __future__ import annotations

import pytest

PATIENT = "f(name: str, age: int, rows: list[str], patient: Patient, note: Callable[[str], None]) -> int"
LOGS = [
    # plainly
    ("print(name)\nreturn 1", 'print("done")\nreturn 1', 1),
    ("logging.info(name)\nreturn 1", 'logging.info("done")\nreturn 1', 1),
    ("logger.warning('no', extra={'who': name})\nreturn 1", "logger.warning('no', extra={'step': 'two'})\nreturn 1", 1),
    ("log(patient.name)\nreturn 1", "log('no name')\nreturn 1", 1),
    ("import warnings\nwarnings.warn(name)\nreturn 1", "import warnings\nwarnings.warn('old')\nreturn 1", 2),
    # put into a text first
    ("text = f'for {name}'\nprint(text)\nreturn 1", "text = f'for {1 + 1}'\nprint(text)\nreturn 1", 2),
    ("print('for %s' % name)\nreturn 1", "print('for %s' % 'all')\nreturn 1", 1),
    ("print('for {}'.format(name))\nreturn 1", "print('for {}'.format('all'))\nreturn 1", 1),
    ("print('for ' + str(age))\nreturn age", "print('for ' + str(3))\nreturn age", 1),
    ("print(''.join(reversed(name)))\nreturn 1", "print(''.join(reversed('ab')))\nreturn 1", 1),
    ("print(name[:2])\nreturn 1", "print(len(name))\nreturn 1", 1),
    ("text = 'for '\ntext += name\nprint(text)\nreturn 1", "text = 'for '\ntext += 'all'\nprint(text)\nreturn 1", 3),
    ("parts = []\nparts.append(name)\nprint(parts)\nreturn 1", "parts = []\nparts.append('a')\nprint(parts)\nreturn 1", 3),
    ("row = {}\nrow['a'] = age\nprint(row)\nreturn 1", "row = {}\nrow['a'] = 1\nprint(row)\nreturn 1", 3),
    ("if (n := age) > 3:\n    print(n)\nreturn 1", "if (n := age) > 3:\n    print('old')\nreturn n", 2),
    ("first, last = name.split()\nprint(last)\nreturn 1", "first, last = name.split()\nprint('split')\nreturn 1", 2),
    ("a, b = name, 'b'\nprint(a)\nreturn 1", "a, b = name, 'b'\nprint(b)\nreturn len(a)", 2),
    ("[*all_] = rows\nprint(all_)\nreturn 1", "[*all_] = rows\nprint(len(all_))\nreturn 1", 2),
    ("for row in rows:\n    print(row)\nreturn 1", "for row in rows:\n    print('row')\nreturn 1", 2),
    ("for i, row in enumerate(rows):\n    print(row)\nreturn 1", "for i, row in enumerate(rows):\n    print(i)\nreturn 1", 2),
    ("print([r for r in rows])\nreturn 1", "print([1 for r in rows])\nreturn 1", 1),
    ("print({r: 1 for r in rows})\nreturn 1", "print({'n': 1 for r in rows})\nreturn 1", 1),
    ("match patient:\n    case Patient(name=who):\n        print(who)\nreturn 1", "match patient:\n    case Patient():\n        print('one')\nreturn 1", 3),
    ("match rows:\n    case [_, *rest]:\n        print(rest)\nreturn 1", "match rows:\n    case [_, *rest]:\n        print('more')\nreturn 1", 3),
    ("match {'a': name}:\n    case {**rest}:\n        print(rest)\nreturn 1", "match {'a': name}:\n    case {**rest}:\n        print('a')\nreturn 1", 3),
    ("print(name if age > 3 else 'x')\nreturn 1", "print('old' if age > 3 else 'young')\nreturn 1", 1),
    ("print(name or 'x')\nreturn 1", "print('' or 'x')\nreturn 1", 1),
    # under another name
    ("say = print\nsay(name)\nreturn 1", "say = str\nsay(name)\nreturn 1", 2),
    ("getattr(logging, 'info')(name)\nreturn 1", "getattr(logging, 'info')('a')\nreturn 1", 1),
    ("logging.getLogger('a').info(name)\nreturn 1", "logging.getLogger('a').info('b')\nreturn 1", 1),
    ("l = logging.getLogger(__name__)\nl.error(name)\nreturn 1", "l = logging.getLogger('a')\nl.error('b')\nreturn 1", 2),
    ("{'a': logger.info}['a'](name)\nreturn 1", "{'a': name.upper}['a']()\nreturn 1", 1),
    ("(logger.info if age else log)(name)\nreturn 1", "(logger.info if age else log)('a')\nreturn 1", 1),
    ("from functools import partial\npartial(print, name)()\nreturn 1", "from functools import partial\npartial(print, 'a')()\nreturn 1", 2),
    ("from functools import partial\nsay = partial(print)\nsay(name)\nreturn 1", "from functools import partial\nsay = partial(len)\nsay(name)\nreturn 1", 3),
    ("list(map(print, rows))\nreturn 1", "list(map(len, rows))\nreturn 1", 1),
    ("list(map(logger.info, rows))\nreturn 1", "list(map(logger.info, ['a']))\nreturn 1", 1),
    # in a function of its own
    ("def say() -> None:\n    print(name)\nsay()\nreturn 1", "def say() -> None:\n    print('a')\nsay()\nreturn 1", 2),
    ("def say(text: str) -> None:\n    print(text)\nsay(name)\nreturn 1", "def say(text: str) -> None:\n    print(text)\nsay('a')\nreturn 1", 2),
    ("def say(name: str) -> None:\n    print(name)\nsay(name)\nreturn 1", "def say(name: str) -> None:\n    print(name)\nsay('a')\nreturn 1", 2),
    ("def say(a: str, b: str) -> None:\n    print(b)\nsay('a', b=name)\nreturn 1", "def say(a: str, b: str) -> None:\n    print(a)\nsay('a', b=name)\nreturn 1", 2),
    ("def say(*parts: str) -> None:\n    print(parts)\nsay('a', name)\nreturn 1", "def say(*parts: str) -> None:\n    print(parts)\nsay('a', 'b')\nreturn 1", 2),
    ("def say(text: str) -> None:\n    print(text)\nsay(*rows)\nreturn 1", "def say(text: str) -> None:\n    print('a')\nsay(*rows)\nreturn 1", 2),
    ("def made() -> str:\n    return name\nprint(made())\nreturn 1", "def made() -> str:\n    return 'a'\nprint(made())\nreturn len(name)", 3),
    ("def kind(text: str) -> str:\n    return text\nprint(kind(name))\nreturn 1", "def kind(text: str) -> str:\n    return 'a' if text else 'b'\nprint(kind(name))\nreturn 1", 3),
    ("say = lambda text: print(text)\nsay(name)\nreturn 1", "say = lambda text: print(text)\nsay('a')\nreturn 1", 1),
    ("(lambda: print(name))()\nreturn 1", "(lambda: print('a'))()\nreturn 1", 1),
    ("print((lambda: name)())\nreturn 1", "print((lambda: 'a')())\nreturn 1", 1),
    ("list(map(lambda r: print(r), rows))\nreturn 1", "list(map(lambda r: print('a'), rows))\nreturn 1", 1),
    ("def say(r: str) -> None:\n    print(r)\nlist(map(say, rows))\nreturn 1", "def say(r: str) -> None:\n    print('a')\nlist(map(say, rows))\nreturn 1", 2),
    ("print(list(map(lambda _: name, [1])))\nreturn 1", "print(list(map(lambda _: 'a', [1])))\nreturn 1", 1),
    ("say = {'a': lambda r: print(r)}\nsay['a'](name)\nreturn 1", "say = {'a': lambda r: r}\nsay['a'](name)\nreturn 1", 1),
    ("class A:\n    def go(self, text: str) -> None:\n        print(text)\nA().go(name)\nreturn 1", "class A:\n    def go(self, text: str) -> None:\n        print('a')\nA().go(name)\nreturn 1", 3),
    ("seen = ''\ndef put() -> None:\n    nonlocal seen\n    seen = name\nput()\nprint(seen)\nreturn 1", "seen = ''\ndef put() -> None:\n    seen = name\nput()\nprint(seen)\nreturn 1", 6),
    ("try:\n    return int(name)\nexcept ValueError as error:\n    print(error)\n    return 0", "try:\n    return int(name)\nexcept ValueError:\n    print('no number')\n    return 0", 4),
    ("def g():\n    yield name\nprint(list(g()))\nreturn 1", "def g():\n    yield 'a'\nprint(list(g()))\nreturn 1", 3),
    ("x = [0]\nsetattr(x, 'a', name)\nprint(x)\nreturn 1", "x = [0]\nsetattr(x, 'a', 'b')\nprint(x)\nreturn 1", 3),
]  # fmt: skip
RAISED = [
    ("raise ValueError(name)", "raise ValueError('no name')", 1),
    ("raise ValueError(f'bad: {name!r}')", "raise ValueError(f'bad: {len(name)}')", 1),
    ("error = ValueError('bad', name)\nraise error", "error = ValueError('bad')\nraise error", 2),
    ("def bad(text: str) -> Exception:\n    return ValueError(text)\nraise bad(name)", "def bad(text: str) -> Exception:\n    return ValueError(text)\nraise bad('a')", 3),
    ("raise ValueError('bad') from KeyError(name)", "raise ValueError('bad') from KeyError('name')", 1),
    ("assert age > 0, age\nreturn 1", "assert age > 0, 'age'\nreturn 1", 1),
    ("assert age > 0\nraise ValueError([r for r in rows])", "assert age > 0\nraise ValueError", 2),
    ("error = ValueError('bad')\nerror.add_note(name)\nraise error", "error = ValueError('bad')\nerror.add_note('a')\nraise error", 2),
    ("error = ValueError('bad')\nerror.args = (name,)\nraise error", "error = ValueError('bad')\nerror.args = ('a',)\nraise error", 3),
    ("try:\n    return int(name)\nexcept ValueError as error:\n    raise KeyError('bad') from error", "try:\n    return int(name)\nexcept ValueError:\n    raise KeyError('bad') from None", 4),
    ("try:\n    return int(name)\nexcept ValueError:\n    raise KeyError('bad')", "try:\n    return int('3')\nexcept ValueError:\n    raise KeyError('bad')", 4),
    ("try:\n    return int(name)\nexcept ValueError:\n    raise", "try:\n    return int(name)\nexcept ValueError:\n    return 0", 4),
]  # fmt: skip


@pytest.mark.parametrize(("breaking", "right", "line"), LOGS)
def test_no_value_is_said_to_others(court, breaking, right, line):
    assert court.breaches("values-in-logs", PATIENT, breaking, "hipaa-style") == [line]
    assert court.breaches("values-in-logs", PATIENT, right, "hipaa-style") == []


@pytest.mark.parametrize(("breaking", "right", "line"), RAISED)
def test_no_value_leaves_with_an_exception(court, breaking, right, line):
    assert court.breaches("values-in-exceptions", PATIENT, breaking, "hipaa-style") == [line]
    assert court.breaches("values-in-exceptions", PATIENT, right, "hipaa-style") == []


def test_a_way_to_log_is_no_value_and_a_logarithm_is_no_log(court):
    signature = "f(n: float, log: Callable[[str], None], out: logging.Logger) -> float"
    body = "import math\nlog('begun')\nout.info('begun')\nprint(log)\nreturn math.log(n)"
    assert court.breaches("values-in-logs", signature, body, "hipaa-style") == []
    assert court.breaches("values-in-logs", signature, "log(str(n))\nout.info(n)\nreturn n", "hipaa-style") == [1, 2]


def test_a_helper_called_with_everything_may_say_all_of_it(court):
    body = "def say(**more: str) -> None:\n    print(more)\nsay(**{'a': name})\nsay(b=name)\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == [2]
    body = "def say(a: str = name) -> None:\n    print('a')\nsay()\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == []


def test_names_that_are_made_of_themselves_come_to_an_end(court):
    body = "say = print\nsay = say or log\nsay(name)\nf = lambda: f()\nprint(f())\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == [3]


def test_yes_or_no_and_lengths_are_no_values(court):
    body = "print(name.isdigit(), not name, age > 3, name.startswith('a'), len(rows), isinstance(age, int))\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == []
    shadowed = "def len(text: str) -> str:\n    return text\nprint(len(name))\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, shadowed, "hipaa-style") == [3]


def test_what_a_comprehension_binds_outside_of_itself_is_followed(court):
    body = "_ = [(last := row) for row in rows]\nprint(last)\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == [2]


def test_what_is_put_where_no_name_is_goes_nowhere(court):
    body = "list(rows)[0] = name\nlist(rows).append(name)\nprint('a')\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == []


def test_a_handler_inside_another_function_is_that_function_s(court):
    body = "try:\n    n = int(name)\nexcept ValueError:\n    def bad() -> None:\n        raise ValueError('a')\n    n = 3\nif n:\n    raise KeyError('b')\nreturn n"
    assert court.breaches("values-in-exceptions", PATIENT, body, "hipaa-style") == []


def test_a_name_means_what_binds_it_nearest(court):
    body = "seen = [name for name in ['a']]\nprint(seen)\nreturn 1"
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == []


HANDED_ON = [
    ("for say in (len, print):\n    say(name)\nreturn 1", [2]),
    ("n, say = 1, print\nsay(name)\nreturn 1", [2]),
    ("says = []\nsays.append(print)\nsays[0](name)\nreturn 1", [3]),
    ("def run(f: Callable[[str], None]) -> None:\n    f(name)\nrun(print)\nreturn 1", [2]),
    ("def run(f: Callable[[str], None]) -> None:\n    f(name)\nrun(lambda text: print(text))\nreturn 1", [3]),
    ("def run(f: Callable[[str], None] = print) -> None:\n    f(name)\nrun()\nreturn 1", [2]),
    ("def get() -> Callable[[str], None]:\n    return print\nget()(name)\nreturn 1", [3]),
    ("def say(text: str = name) -> None:\n    print(text)\nsay()\nreturn 1", [2]),
    ("def say(*, text: str = name) -> None:\n    print(text)\nsay()\nreturn 1", [2]),
    ("[say(name) for say in {print}]\nreturn 1", [1]),
    ("with print as say:\n    say(name)\nreturn 1", [2]),
    ("def run(f: Callable[[str], None]) -> None:\n    f(name)\nrun(str)\nrun(lambda text: text)\nreturn 1", []),
    ("x = logger\nwhile age:\n    x = x.next\nx.info('a')\nreturn 1", []),
]


@pytest.mark.parametrize(("body", "lines"), HANDED_ON)
def test_functions_are_followed_where_they_are_handed_on(court, body, lines):
    assert court.breaches("values-in-logs", PATIENT, body, "hipaa-style") == lines
