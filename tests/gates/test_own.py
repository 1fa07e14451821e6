"""Whose lines are whose: gates judge what the model wrote, in a function and in a class."""

from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.confirm import measure_body
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.allow_list import AllowList
from pytest_compiled_ai.gates.bandit import Bandit
from pytest_compiled_ai.gates.imports import Imports
from pytest_compiled_ai.gates.own import own_functions, own_nodes, own_statements, own_text, own_tokens
from pytest_compiled_ai.gates.size import Size, measure
from pytest_compiled_ai.gates.suppressions import Suppressions
from pytest_compiled_ai.gates.syntax import Elision
from pytest_compiled_ai.gates.types import TypeFault, _is_own
from pytest_compiled_ai.policies.policy import Policy
from pytest_compiled_ai.sandbox.suite.results import FileCoverage
from pytest_compiled_ai.testing import make_reply, write_project

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    class Box:
        """Hold one value."""

        _value: int = 0
        names: list[str] = []

        def put(self, value: int) -> None:
            """Put it in."""

        def dump(self) -> object:
            import pickle  # noqa
            # TODO ...
            return pickle.loads(pickle.dumps(eval("self._value")))

        def later(self) -> None:
            self._value += 1
            raise NotImplementedError("another day")

        @classmethod
        def make(cls, value: int) -> "Box": ...

        @property
        def top(self) -> int: ...
'''
BODIES = {
    "put": "self._value = value",
    "make": "box = cls()\n        box.put(value)\n        return box",
    "top": "return self._value",
}


@pytest.fixture
def cut(tmp_path):
    def make(**bodies):
        project = Project(load_config(write_project(tmp_path / "example", {"specs/it.py": SPEC})))
        (file,) = project.files
        subject = project.subject(file, file.stubs[0])
        bodies = {**BODIES, **bodies}
        code = (
            f"class Box:\n    def put(self, value):\n        {bodies['put']}\n"
            f"    @classmethod\n    def make(cls, value):\n        {bodies['make']}\n"
            f"    @property\n    def top(self):\n        {bodies['top']}\n"
        )
        body = read_reply(make_reply(code), subject.stub)
        return cut_candidate(assemble(project.blank(file), subject, body, "v1:0"), subject, body), subject

    return make


def test_only_the_bodies_are_own(cut):
    candidate, _ = cut()
    assert [function.name for function in own_functions(candidate)] == ["put", "make", "top"]
    assert [ast.unparse(node) for node in own_statements(candidate)] == [
        "self._value = value", "box = cls()", "box.put(value)", "return box", "return self._value",
    ]  # fmt: skip
    assert own_text(candidate).split() == "\n".join(BODIES.values()).split()
    assert {token.string for token in own_tokens(candidate)} >= {"value", "cls", "return"}
    assert not any(isinstance(node, ast.Import) for node in own_nodes(candidate))


GATES = (
    Suppressions(), AllowList(Policy()), Imports(frozenset(), Policy()), Bandit(Policy()), Elision(), Size(Policy()),
)  # fmt: skip


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_what_the_author_wrote_is_not_judged(cut, gate):
    assert gate.check(*cut()).passed


@pytest.mark.parametrize(
    ("gate", "bodies", "said"),
    [
        (Suppressions(), {"put": "self._value = value  # type: ignore"}, "silences a checker"),
        (AllowList(Policy()), {"top": "return eval('1')"}, "`eval` may not be used"),
        (AllowList(Policy()), {"top": "return self.other._hidden"}, "`._hidden` is private"),
        (AllowList(Policy()), {"make": "cls.names.append('x')\n        return cls()"}, "outlives the call"),
        (AllowList(Policy()), {"put": "Box._value = value"}, "outlives the call"),
        (Imports(frozenset(), Policy()), {"top": "import requests\n        return 1"}, "`requests` is neither"),
        (Bandit(Policy()), {"top": "import subprocess\n        return subprocess.call('ls', shell=True)"}, "bandit B"),
        (Elision(), {"top": "# ... the rest\n        return 1"}, "stands for missing code"),
        (Elision(), {"top": "if self._value:\n            ...\n        return 1"}, "the body is not whole"),
        (Size(Policy(max_lines=2)), {}, "the body has 3 lines of code, and 2 are the limit"),
    ],
)
def test_what_the_model_wrote_is(cut, gate, bodies, said):
    verdict = gate.check(*cut(**bodies))
    assert not verdict.passed
    assert said in verdict.message


def test_the_limits_are_those_of_one_method(cut):
    candidate, _ = cut(top="if self._value:\n            return 1\n        return 0")
    assert dict(measure(candidate)) == {
        "lines of code": 3, "statements": 3, "blocks inside blocks": 1, "ways through it": 2,
    }  # fmt: skip


def test_a_type_error_at_a_header_is_the_candidate_s_unless_a_type_is_missing(cut):
    candidate, _ = cut()
    lines = candidate.module.splitlines()
    header, body = (next(n for n, line in enumerate(lines, 1) if sign in line) for sign in ("def put", "box.put"))
    for line, code, is_own in [
        (header, "return", True), (header, "no-untyped-def", False), (body, "no-untyped-def", True), (1, "x", False),
    ]:  # fmt: skip
        assert _is_own(TypeFault(line=line, text="", code=code), candidate) is is_own


def test_the_coverage_is_that_of_the_bodies(cut):
    candidate, _ = cut()
    every = tuple(range(1, candidate.module.count("\n") + 1))
    text = candidate.function.splitlines()
    found = measure_body(FileCoverage(executed=every[:-1], missing=every[-1:], missing_branches=((1, 2),)), candidate)
    assert (found.executed, found.branches) == (4, 0)
    assert [text[line - 1].strip() for line in found.unreached] == ["return self._value"]


def test_a_function_named_top_has_locals(tmp_path):
    spec = "from pytest_compiled_ai import spec\n\n@spec\ndef top(n: int) -> int:\n    'Say.'\n"
    project = Project(load_config(write_project(tmp_path / "example", {"specs/it.py": spec})))
    (file,) = project.files
    subject = project.subject(file, file.stubs[0])
    body = read_reply(make_reply("def top(n: int) -> int:\n    m = n\n    return m\n"), subject.stub)
    candidate = cut_candidate(assemble(project.blank(file), subject, body, "v1:0"), subject, body)
    assert AllowList(Policy()).check(candidate, subject).passed
