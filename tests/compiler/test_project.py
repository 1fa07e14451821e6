from __future__ import annotations

import json

import pytest

from pytest_compiled_ai.artifacts.module import render_module
from pytest_compiled_ai.compiler.assembly import assemble
from pytest_compiled_ai.compiler.project import Project, find_orphans
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def f(n: int) -> int:
        """Return n."""

    @spec
    def g(n: int) -> int:
        """Return n.

        >>> g(1)
        1
        """
'''
ARTIFACT = "src/generated/it.py"


@pytest.fixture
def made(bench):
    return bench({"specs/it.py": SPEC, "specs/other.py": SPEC.replace("def g", "def h")})


def standing(made, name):
    project = made.project()
    return project.standing(*project.find(name))


def compile_by_hand(made, name="g"):
    project, subject = made.project(), made.subject(name)
    artifact = project.artifact(subject.file) or project.blank(subject.file)
    digest = standing(made, name).digest
    body = Body(text="    return n", imports=())
    (made.root / "src/generated").mkdir(parents=True, exist_ok=True)
    made.write(ARTIFACT, render_module(assemble(artifact, subject, body, digest.value)))
    return digest


def test_a_spec_is_found_by_id_name_or_import_name(made):
    project = made.project()
    for wanted in ("specs/it.py::g", "g", "generated.it.g", "it.g"):
        assert project.find(wanted)[1].id == "specs/it.py::g"
    with pytest.raises(SpecError, match=r"'f' names 2 specs; the specs are: specs/it\.py::f, "):
        project.find("f")
    with pytest.raises(SpecError, match="'x' names 0 specs"):
        project.find("x")


def test_without_specs_there_is_none_to_name(bench):
    with pytest.raises(SpecError, match="the specs are: none"):
        bench({}).project().find("x")


def test_states(made):
    assert standing(made, "g").state == "missing"
    compile_by_hand(made)
    assert standing(made, "g").state == "fresh"
    assert standing(made, "specs/it.py::f").state == "missing"
    made.edit(ARTIFACT, "return n\n", "return  (n)  # same\n")
    assert standing(made, "g").state == "fresh"
    made.edit(ARTIFACT, "return  (n)", "return 2")
    assert standing(made, "g").state == "edited"
    made.edit("specs/it.py", ">>> g(1)", ">>> g(2)")
    assert standing(made, "g").state == "conflict"
    made.edit(ARTIFACT, "return 2", "return n")
    assert standing(made, "g").state == "stale"
    made.write(ARTIFACT, "def (")
    assert standing(made, "g").state == "edited"


def test_what_changed_is_known_if_the_record_is_about_that_body(made):
    digest = compile_by_hand(made)
    record = {"specs": {"g": {"digest": digest.value, "inputs": digest.parts}}}
    made.write("src/generated/it.provenance.json", json.dumps(record))
    made.edit("specs/it.py", ">>> g(1)", ">>> g(2)")
    assert standing(made, "g").changed == ("docstring", "doctest specs/it.py::g")
    made.write("src/generated/it.provenance.json", "{}")
    assert standing(made, "g").changed == ()


def test_artifacts_without_a_spec_file_are_orphans(made):
    project = made.project()
    assert find_orphans(project.config, project.files) == ()
    compile_by_hand(made)
    made.write("src/generated/gone.py", "")
    made.write("src/generated/__init__.py", "")
    assert find_orphans(project.config, project.files) == (made.root / "src/generated/gone.py",)


def test_a_circular_import_stops_a_spec_with_the_way_of_it(tmp_path):
    spec = "from app.models import Money\nfrom pytest_compiled_ai import spec\n\n\n@spec\ndef double(money: Money) -> Money: ...\n"
    write_project(tmp_path, {"specs/money.py": spec, "app/models.py": "from generated.money import double\n"})
    project = Project(load_config(tmp_path))
    file, stub = project.find("double")
    subject = project.subject(file, stub)
    artifact = assemble(project.blank(file), subject, Body(text="    return money", imports=()), "v1:0")
    with pytest.raises(SpecError, match=r"circular import: generated\.money, which imports app\.models, which imports"):
        project.check_circle(file, stub, artifact)
