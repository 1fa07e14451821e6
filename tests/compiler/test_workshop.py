from __future__ import annotations

import pytest

from pytest_compiled_ai import hookspecs
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.workshop import declared_names, open_workshop
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.gates.syntax import Elision
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier

SPEC = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    ...\n"
pytestmark = pytest.mark.usefixtures("near")


@pytest.fixture
def made(bench):
    return bench({"specs/it.py": SPEC})


class Mine(Elision):
    name = "mine"


class Plugin:
    @hookspecs.hookimpl
    def compiled_ai_gates(self, config):
        return [Mine()]


def test_gates_stand_in_the_order_of_their_stages_and_others_after_ours(made, monkeypatch):
    manager = load_extensions()
    manager.register(Plugin())
    monkeypatch.setattr(workshop, "load_extensions", lambda: manager)
    with open_workshop(made.project().config) as shop:
        names = [gate.name for gate in shop.gates_for(made.subject("f"))]
        assert shop.confirm.name == "confirm"
        assert (shop.shadow.root / "specs/it.py").is_file()
    security = ["suppressions", "characters", "policy", "imports", "secrets", "bandit"]
    assert names == [*security, "elision", "size", "hard-coding", "mypy", "mine", "tests", "determinism"]
    assert not shop.shadow.root.exists()


def test_the_artifact_is_put_back_as_the_project_has_it(made):
    project = made.project()
    (file,) = project.files
    with open_workshop(project.config) as shop:
        shop.shadow.put("src/generated/it.py", "candidate")
        shop.restore(made.root, file)
        assert not (shop.shadow.root / "src/generated/it.py").exists()
        file.target.parent.mkdir(parents=True)
        file.target.write_text("kept")
        shop.restore(made.root, file)
        assert (shop.shadow.root / "src/generated/it.py").read_text() == "kept"


def test_mypy_keeps_its_cache_beside_the_project_s_other_scratch(made, monkeypatch):
    asked = []
    near = workshop.MypyProcess
    monkeypatch.setattr(workshop, "MypyProcess", lambda *args: asked.append(args) or near(*args))
    with open_workshop(made.project().config) as shop:
        assert asked == [(shop.shadow.root, "3.11", made.root / ".compiled-ai" / "mypy")]
    assert (made.root / ".compiled-ai" / ".gitignore").is_file()


def test_what_cannot_be_sealed_is_refused(made, monkeypatch):
    none = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=False, problem="no filter", sealed=True)
    monkeypatch.setattr(workshop, "detect_sealed_tier", lambda: none)
    said = r'isolation = "sealed" cannot be had on this machine: no filter; isolation = "auto" allows less'
    with pytest.raises(ConfigError, match=said), open_workshop(made.project(isolation="sealed").config):
        pass
    with open_workshop(made.project().config):
        pass


def test_what_can_be_sealed_is_opened(made, monkeypatch):
    full = Tier(confinement=Confinement(landlock=7, seccomp=True), verified=True, sealed=True)
    monkeypatch.setattr(workshop, "detect_sealed_tier", lambda: full)
    with open_workshop(made.project(isolation="sealed").config) as shop:
        assert shop.gates


def test_declared_and_installed_dependencies_may_be_imported(made):
    made.edit("pyproject.toml", 'version = "0"', 'version = "0"\ndependencies = ["rich>=1", "not-installed-at-all"]')
    assert declared_names(made.project().config) == {"rich"}
