"""A project with three specs in one file, a model that answers by name, and what must hold after every fault."""

from __future__ import annotations

import ast
import doctest
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.plan import find_leftovers
from pytest_compiled_ai.checking import check_specs
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.providers.base import Reply
from pytest_compiled_ai.reports.model import RunReport
from pytest_compiled_ai.testing import ScriptedProvider, fenced, make_reply, write_project

NAMES = ("first", "second", "third")
SPEC = '''
    from datetime import date
    from decimal import Decimal

    from pytest_compiled_ai import spec

    @spec
    def first(n: int) -> Decimal:
        """Return n as a decimal.

        >>> first(2)
        Decimal('2')
        """

    @spec
    def second(n: int) -> int:
        """Return n squared.

        >>> second(3)
        9
        """

    @spec
    def third(n: int) -> date:
        """Return the first day of a year.

        >>> third(1999)
        datetime.date(1999, 1, 1)
        """
'''
CHANGED = {
    "first": ("Decimal('2')", "Decimal('3')"),
    "second": ("        9\n", "        27\n"),
    "third": ("datetime.date(1999, 1, 1)", "datetime.date(1999, 12, 31)"),
}
"""What turns an example of the first version of a spec into that of the second."""
RETURNS = {
    "first": ("int", "Decimal", "Decimal(n)", "Decimal(n + 1)", "Decimal(0) + n"),
    "second": ("int", "int", "n * n", "n * n * n"),
    "third": ("int", "date", "date(n, 1, 1)", "date(n, 12, 31)"),
}
REFUSED = "a candidate that no gate lets pass"
"""In every candidate that must not be approved."""
ARTIFACT, RECORD = "src/generated/number.py", "src/generated/number.provenance.json"
KNOWN = {ARTIFACT, RECORD, "src/generated/__init__.py"}


def body_of(name: str, version: int) -> str:
    """Return the body that is right for a version of a spec."""
    return f"    # {name}, as of version {version}\n    return {RETURNS[name][1 + version]}\n"


def reply_of(name: str, body: str) -> str:
    given, returned, *_ = RETURNS[name]
    return fenced(f"def {name}(n: {given}) -> {returned}:\n{body}")


class NamedProvider(ScriptedProvider):
    """Answers for the spec that is asked for: first what is refused, then what is right."""

    def __init__(self, versions: Mapping[str, int]) -> None:
        super().__init__("")
        self.versions, self.asked = versions, []

    def complete(self, request: Any, on_token: Any = None) -> Reply:
        text = "\n".join([*(message.content for message in request.messages), request.opening, request.prefill])
        name = re.findall(r"def (first|second|third)\(", text)[-1]
        self.asked.append(name)
        if self.asked.count(name) == 1:
            return make_reply(reply_of(name, f"    # {REFUSED}\n    return {RETURNS[name][2]} - 1"))
        return make_reply(reply_of(name, body_of(name, self.versions[name])))


@dataclass
class Ground:
    """A project on disk; `versions` are those of its specs, `before` what stood in it when the fault came."""

    root: Path
    versions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 1))
    before: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path) -> Ground:
        return cls(write_project(root, {"specs/number.py": SPEC, "src/generated/__init__.py": ""}))

    @property
    def artifact(self) -> Path:
        return self.root / ARTIFACT

    @property
    def record(self) -> Path:
        return self.root / RECORD

    @property
    def project(self) -> Project:
        # A busy machine must not be taken for an endless body.
        return Project(load_config(self.root, timeout=240))

    def remember(self) -> Ground:
        self.before = self.tree()
        return self

    def change(self, *names: str) -> Ground:
        """Give specs their second version."""
        for name in names or NAMES:
            self.edit_spec(*(item.replace("        ", "    ") for item in CHANGED[name]))
            self.versions[name] = 2
        return self.remember()

    def edit_spec(self, old: str, new: str) -> None:
        path = self.root / "specs/number.py"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def compile(self, watcher: Any = None, **choice: Any) -> RunReport:
        self.provider = NamedProvider(self.versions)
        return Compiler(self.project, lambda: (self.provider,), watcher or Silent()).compile(**choice)

    def tree(self) -> dict[str, bytes]:
        folder = self.artifact.parent
        found = (path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else ()
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def states(self) -> dict[str, str]:
        project = self.project
        return {stub.name: project.standing(file, stub).state for file in project.files for stub in file.stubs}

    def check(self) -> tuple[bool, str]:
        lines: list[str] = []
        report = check_specs(load_config(self.root), lines.append)
        return not report.failed, "\n".join(lines)

    def sections(self) -> dict[str, str]:
        artifact = self.project.artifact(self.project.files[0])
        return {section.name: section.text for section in artifact.sections} if artifact else {}


class Silent:
    """Is told everything, and says nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def assert_sound(ground: Ground) -> None:
    """Assert that nothing is half, nothing is lost, and nothing is called fresh that no gate has seen."""
    tree = ground.tree()
    for name, content in tree.items():
        assert REFUSED.encode() not in content, f"{name} holds a candidate that was refused"
        if name.endswith(".py") and content != ground.before.get(name):
            ast.parse(content)
    strays = {name for name in tree if name not in {*KNOWN, *ground.before}}
    assert strays <= {path.relative_to(ground.root).as_posix() for path in find_leftovers(ground.artifact.parent)}
    states, sections = ground.states(), ground.sections()
    for name in (name for name, state in states.items() if state == "fresh"):
        said = ast.unparse(ast.parse(sections[name]).body[0].body[-1])
        assert said in {f"return {RETURNS[name][1 + version]}" for version in range(1, len(RETURNS[name]) - 1)}
        assert_right(ground, name)
    assert ground.check()[0] <= all(state == "fresh" for state in states.values())


def assert_right(ground: Ground, name: str) -> None:
    """Assert that a body gives what the spec's example says."""
    names: dict[str, Any] = {}
    exec(compile(ground.artifact.read_bytes(), "artifact", "exec"), names)
    (file,) = ground.project.files
    stub = next(stub for stub in file.stubs if stub.name == name)
    names["datetime"] = __import__("datetime")
    test = doctest.DocTestParser().get_doctest(stub.docstring, names, name, None, None)
    assert doctest.DocTestRunner().run(test, out=lambda _: None).failed == 0, f"{name} is fresh and wrong"


def assert_finished(ground: Ground, **choice: Any) -> None:
    """Assert that the next compile makes all fresh, keeps what was, and leaves nothing behind."""
    kept = {name: ground.sections()[name] for name, state in ground.states().items() if state == "fresh"}
    report = ground.compile(**choice)
    assert not report.failed, [result.message for result in report.results]
    assert set(ground.states().values()) == {"fresh"}
    assert ground.check() == (True, "compiled-ai: 3 specs, all fresh")
    assert {name: ground.sections()[name] for name in kept if not choice} == (kept if not choice else {})
    assert find_leftovers(ground.artifact.parent) == ()
    assert set(ground.tree()) == KNOWN
    assert_sound(ground)


def kill_at(
    owner: Any, name: str, *, nth: int = 1, after: bool = False, first: Callable[..., None] | None = None
) -> None:
    """Have this process killed at the nth call of a function, before it or after it; `first` is done before that."""
    original, calls = getattr(owner, name), count(1)

    def dying(*args: Any, **options: Any) -> Any:
        is_end = next(calls) == nth
        if is_end and not after:
            if first:
                first(*args)
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **options)
        if is_end:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def in_child(act: Callable[[], None]) -> int:
    """Do something in a fork of this process, and return how that ended, as a shell would say it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        code = 99
        try:
            act()
            code = 0
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fail_as(code: int, path: str = "somewhere") -> Callable[..., None]:
    """Return what fails as the machine does."""

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code), path)

    return fail
