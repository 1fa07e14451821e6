"""A project in a git repository whose bodies are written without a model, and a report with something of everything."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

from pytest_compiled_ai.compiler.approval import keep_body
from pytest_compiled_ai.compiler.assembly import assemble
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.evaluation.mutants import Mutant
from pytest_compiled_ai.evaluation.strength import Measured, Strength, Survivor
from pytest_compiled_ai.reports.changes import ChangeReport, Choice, Edit, Finding, GateLine, Origin, SpecChange
from pytest_compiled_ai.testing import write_project

SPECS = '''
    from pytest_compiled_ai import spec

    UNIT = "cm"


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """


    @spec
    def shout(text: str) -> str:
        """Return a text in upper case, with an exclamation mark."""


    def test_double_of_zero() -> None:
        assert double(0) == 0


    def test_shout() -> None:
        assert shout("hey") == "HEY!"
    '''
DOUBLE, SHOUT = "specs/numbers.py::double", "specs/numbers.py::shout"
ARTIFACT, RECORD = "src/generated/numbers.py", "src/generated/numbers.provenance.json"
STEPS = count()
IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


@dataclass
class Sample:
    """A project on disk."""

    root: Path

    def project(self) -> Project:
        return Project(load_config(self.root))

    def write_body(self, name: str, text: str, **record: Any) -> None:
        """Write a body as a compile would, with a record about it; no gate looks at it."""
        project = self.project()
        file, stub = project.find(name)
        digest = project.standing(file, stub).digest
        artifact = project.artifact(file) or project.blank(file)
        module = assemble(artifact, project.subject(file, stub), Body(text=text, imports=()), digest.value)
        section = module.section(stub.name)
        assert section is not None
        about = {"digest": digest.value, "body_hash": section.body_hash, "inputs": digest.parts}
        told = {"model": "small", "provider": "openai", "prompt_tokens": 90, "completion_tokens": 10, "tier": "sealed"}
        keep_body(project.config, file, stub, module, {**told, **about, **record})

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *IDENTITY, *arguments], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self) -> str:
        """Commit everything, in a new repository where there is none, and return the commit."""
        if not (self.root / ".git").exists():
            self.git("init", "--quiet", "-b", "main")
        self.git("add", "--all", "--force")
        # Two empty commits of one second would be one and the same.
        self.git("commit", "--quiet", "--allow-empty", "--message", f"step {next(STEPS)}")
        return self.git("rev-parse", "HEAD")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")


def make_sample(root: Path) -> Sample:
    """Write a project with two specs, one of which has a body, and commit it."""
    sample = Sample(write_project(root, {"specs/numbers.py": SPECS}))
    sample.write_body("double", "    return n * 2\n")
    sample.commit()
    return sample


def make_spec(**changes: Any) -> SpecChange:
    """Return a spec whose body is new."""
    spec = SpecChange(
        id=DOUBLE,
        kind="changed",
        state="fresh",
        path="specs/numbers.py",
        line=7,
        artifact=ARTIFACT,
        body_line=6,
        inputs=("docstring", "test specs/numbers.py::test_double_of_zero"),
        edits=(Edit(title=DOUBLE, old="a\n", new="b\n"),),
        body=Edit(title=ARTIFACT, old="return n + n\n", new="return n * 2\n"),
        origin=Origin(provider="big", model="large", attempt=2, attempts=8, prompt_tokens=1200, completion_tokens=34,
                      cost=0.0123, tier="sealed", coverage="1/1 lines", tests=("t",), held_out=("t",),
                      gates=(GateLine(gate="mypy", evidence={}), GateLine(gate="tests", evidence={"tests": "2"}))),
    )  # fmt: skip
    return replace(spec, **changes)


def make_report(*specs: SpecChange, **changes: Any) -> ChangeReport:
    """Return a report on these specs."""
    states = {"fresh": len(specs)} if specs else {}
    return replace(ChangeReport(project="example", base="main (0123456)", specs=specs, states=states), **changes)


def make_strength(*, survivors: int = 1) -> Measured:
    """Return the strength of a spec's tests."""
    mutant = Mutant(line=2, before="n * 2", after="n + 2", source="", operator="arithmetic")
    found = tuple(Survivor(line=7 + n, mutant=mutant) for n in range(survivors))
    return Measured(id=DOUBLE, artifact=ARTIFACT, strength=Strength(killed=3, total=3 + survivors, survivors=found))


def make_full_report() -> ChangeReport:
    """Return a report in which nothing is left out."""
    stray = Finding(
        rule="stray-code", level="error", path="src/generated/old.py", line=1, subject="old", message="gone"
    )
    choices = (Choice(answer="is 1", bodies=3, test="def test_a(): ..."), Choice(answer="is 2", bodies=1, test=""))
    spec = make_spec()
    assert spec.origin
    origin = replace(
        spec.origin, changes=("double(-1) is -2, was 2",), call="double(0)", choices=choices, tier="jailed"
    )
    return make_report(
        make_spec(origin=origin, strength=make_strength()),
        make_spec(id=SHOUT, kind="added", state="missing", message="missing; run `x`", origin=None, inputs=(), edits=(),
                  body=Edit(title=ARTIFACT), line=16),
        make_spec(id="specs/numbers.py::gone", kind="removed", state=None, origin=None,
                  body=Edit(title=ARTIFACT, old="return 1\n")),
        stray=(stray,),
    )  # fmt: skip
