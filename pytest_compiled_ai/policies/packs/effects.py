"""Effects: what a body reaches beside its arguments, by the names that it takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import Check, PackRule
from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.sinks import find_said
from pytest_compiled_ai.policies.packs.words import names_in
from pytest_compiled_ai.policies.rules.finding import Finding

_NETWORK = names_in(
    "aiohttp botocore boto3 ftplib grpc http.client http.server httpx imaplib nntplib paramiko poplib requests smtplib "
    "socket socketserver ssl telnetlib urllib.request urllib3 webbrowser websockets xmlrpc"
)
_CLOCK = names_in(
    "datetime.date.today datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow time.ctime "
    "time.gmtime time.localtime time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns "
    "time.process_time time.sleep time.strftime time.time time.time_ns time.asctime uuid.uuid1 asyncio.sleep sched "
    "email.utils.formatdate email.utils.localtime"
)
_CHANCE = names_in("numpy.random os.urandom random secrets uuid.uuid1 uuid.uuid4")
_ENVIRONMENT = names_in(
    "getpass gc inspect locale multiprocessing os platform resource signal subprocess sys sysconfig threading"
)
_FILES = names_in(
    "bz2.open codecs.open dbm fileinput glob gzip.open io.FileIO io.open lzma.open mmap open os pathlib.Path "
    "pathlib.PosixPath pathlib.WindowsPath shelve shutil sqlite3 tarfile tempfile zipfile"
)
_INPUT = frozenset({"breakpoint", "input", "sys.stdin"})
_METHODS = {"clock": frozenset({"now", "today", "utcnow"})}
_PATH_PARTS = ("os.path.", "posixpath.", "ntpath.")


def _rule(name: str, explain: str, taken: frozenset[str], instead: str) -> PackRule:
    return PackRule(name=name, explain=explain, check=_refuse(name, taken, instead))


def _refuse(rule: str, taken: frozenset[str], instead: str) -> Check:
    def check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
        reading = read_body(candidate, subject)
        for item in candidate.imports:
            if _is_taken(f"{item.module}.{item.name}" if item.name else item.module, taken):
                yield Finding(rule=rule, what=f"`{item.line}` is not for this body", instead=instead, line=0)
        for node in reading.nodes:
            if name := next(_taken_at(node, reading, taken), ""):
                yield Finding(rule=rule, what=f"`{name}` is not for this body", instead=instead, line=_line(node))
            elif _is_asked(node, rule):
                what = f"`{ast.unparse(node)}` is not for this body"
                yield Finding(rule=rule, what=what, instead=instead, line=_line(node))

    return check


def _taken_at(node: ast.AST, reading: Reading, taken: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if _is_taken(alias.name, taken))
    elif isinstance(node, ast.ImportFrom):
        names = (f"{node.module}.{alias.name}" for alias in node.names)
        yield from (name for name in names if _is_taken(name, taken))
    elif isinstance(node, ast.Name | ast.Attribute | ast.Call):
        yield from sorted(name for name in read_calls(reading).origins(node) if _is_taken(name, taken))


def _is_taken(name: str, taken: frozenset[str]) -> bool:
    if f"{name}.".startswith(_PATH_PARTS):
        return False
    parts = name.replace("()", "").split(".")
    return any(".".join(parts[:number]) in taken for number in range(1, len(parts) + 1))


def _is_asked(node: ast.AST, rule: str) -> bool:
    """Tell whether a method is called that reads the clock, whatever it is a method of."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr in _METHODS.get(rule.removeprefix("no-"), ())


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _check_output(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    # What is handed in is the caller's: a parameter `audit` may be called.
    given = {argument.arg for _, argument in reading.parameters()}
    for call, name, _ in find_said(reading):
        if name.partition(".")[0] not in given:
            what = f"`{name}` says something to others than the caller"
            yield Finding(rule="no-output", what=what, instead="return the result only", line=call.lineno)


_ARGUMENTS = "compute the result from the arguments alone"
NO_NETWORK = _rule("no-network", "Nothing of the network is named.", _NETWORK, _ARGUMENTS)
NO_CLOCK = _rule("no-clock", "No clock is read, and nothing waits.", _CLOCK, "take the time as an argument")
NO_CHANCE = _rule("no-randomness", "No chance: the same arguments give the same result.", _CHANCE, _ARGUMENTS)
NO_ENVIRONMENT = _rule("no-environment", "No process, thread, locale or variable is asked.", _ENVIRONMENT, _ARGUMENTS)
NO_FILES = _rule("no-files", "No file is opened, looked for or written.", _FILES, _ARGUMENTS)
NO_INPUT = _rule("no-input", "Nothing is read from the terminal.", _INPUT, _ARGUMENTS)
NO_OUTPUT = PackRule(
    name="no-output",
    explain="Nothing is printed, logged or warned of; a function that is handed in may be called.",
    check=_check_output,
)
