"""A template's own gates, in a workshop and in the loop."""

from __future__ import annotations

import pytest
from doubles import NearRunner, NoMypy

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.compiler.workshop import open_workshop
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.gates.base import Stage, failing
from pytest_compiled_ai.templates import catalogue
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.own_gates import concerns
from pytest_compiled_ai.templates.validator import Fallback
from pytest_compiled_ai.testing import ScriptedProvider, fenced

SPEC = '''
    from pytest_compiled_ai import spec

    FALLBACK = 8080

    @spec(template="{template}")
    def port(text: str) -> int:
        """Read a port.

        >>> port("80")
        80
        """

    @spec
    def plain(text: str) -> int:
        """Read a number.

        >>> plain("80")
        80
        """
'''


@pytest.fixture(autouse=True)
def _near(monkeypatch):
    monkeypatch.setattr(workshop, "TieredRunner", NearRunner)
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)


class Silent:
    """Hears nothing."""

    def __getattr__(self, name):
        return lambda *args: None


def compile_with(project, *replies):
    report = Compiler(project, lambda: (ScriptedProvider(*replies),), Silent()).compile()
    return {result.id.partition("::")[2]: result for result in report.results}


def test_gates_of_a_template_are_asked_about_its_specs_alone(project_of):
    project = project_of(SPEC.format(template="validator"))
    (file,) = project.files
    with open_workshop(project.config) as shop:
        names = {stub.name: [gate.name for gate in shop.gates_for(project.subject(file, stub))] for stub in file.stubs}
    assert [name for name in names["port"] if name not in names["plain"]] == ["fallback", "properties"]
    assert names["port"].index("fallback") < names["port"].index("tests") < names["port"].index("properties")
    assert concerns(Fallback(), project.subject(file, file.stubs[1]))


def test_a_body_that_copies_the_fallback_is_refused_and_told(project_of):
    project = project_of(SPEC.format(template="validator"))
    head = "def port(text: str) -> int:\n"
    copied = f"{head}    try:\n        return int(text)\n    except ValueError:\n        return 8080"
    named = copied.replace("8080", "FALLBACK")
    other = "def plain(text: str) -> int:\n    return int(text)"
    provider = ScriptedProvider(fenced(copied), fenced(named), fenced(other))
    report = Compiler(project, lambda: (provider,), Silent()).compile()
    assert [result.outcome for result in report.results] == ["compiled", "compiled"]
    said = "the body never uses `FALLBACK`; return it, by its name, for what is not valid."
    again = provider.requests[1]
    assert said in again.note + "".join(message.content for message in again.messages)
    written = (project.config.root / "src/generated/it.py").read_text()
    assert "FALLBACK = 8080" in written
    evidence = {verdict.gate: dict(verdict.evidence) for verdict in report.results[0].verdicts}
    assert evidence["fallback"] == {"fallback": "FALLBACK"}
    assert evidence["properties"] == {"held": "nothing: the body was not run from outside"}
    assert "properties" not in {verdict.gate for verdict in report.results[1].verdicts}


def test_a_parameter_may_be_the_fallback(project_of):
    spec = (
        SPEC.format(template="validator")
        .replace("FALLBACK = 8080", "")
        .replace("port(text: str)", "port(text: str, fallback: int = 0)")
    )
    project = project_of(spec)
    (file,) = project.files
    subject = project.subject(file, file.stubs[0])

    def judge(text):
        body = Body(text=text, imports=())
        return Fallback().check(
            cut_candidate(assemble(project.blank(file), subject, body, "v1:0"), subject, body), subject
        )

    assert judge("    return int(text) if text else fallback").passed
    verdict = judge("    return 1")
    assert (verdict.passed, verdict.stage) == (False, Stage.SYNTAX)
    assert "never uses `fallback`" in verdict.message


def test_a_misfit_costs_no_question(project_of):
    project = project_of(SPEC.format(template="classifier"))
    provider = ScriptedProvider(fenced("def plain(text: str) -> int:\n    return int(text)"))
    report = Compiler(project, lambda: (provider,), Silent()).compile()
    assert [(result.outcome, result.attempts) for result in report.results] == [("failed", 0), ("compiled", 1)]
    assert "port is no classifier" in report.results[0].message


class Loud:
    name = "loud"
    stage = Stage.SYNTAX

    def check(self, candidate, subject):
        return failing(self, "it is not loud enough.")


class Plugin:
    @hookspecs.hookimpl
    def compiled_ai_templates(self):
        return [Template(name="loud", summary="anything, loud", gates=(Loud(),))]


def test_a_plugin_s_template_brings_its_gates(project_of, monkeypatch):
    manager = load_extensions()
    manager.register(Plugin())
    for module in (workshop, catalogue):
        monkeypatch.setattr(module, "load_extensions", lambda: manager)
    project = project_of(SPEC.format(template="loud"))
    project = Project(load_config(project.config.root, attempts=1))
    replies = [fenced(f"def {name}(text: str) -> int:\n    return int(text)") for name in ("port", "plain")]
    found = compile_with(project, *replies)
    assert {name: result.outcome for name, result in found.items()} == {"port": "failed", "plain": "compiled"}
