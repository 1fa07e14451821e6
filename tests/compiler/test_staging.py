"""A compile whose bodies wait for a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compiler_scripts import ARTIFACT, FIRST, GOOD, PAIR, RECORD, SECOND, SPEC, WRONG

from pytest_compiled_ai.artifacts.staged import find_staged, read_staged, write_staged
from pytest_compiled_ai.compiler.approval import keep_body
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.staging import Staging, unstage
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.testing import ScriptedProvider, fenced

DOUBLE = "specs/number.py::double"
PLUS = fenced("def double(n: int) -> int:\n    return n + n")
USING = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        >>> double(2)
        4
        """

    @spec(uses=["double"])
    def fourfold(n: int) -> int:
        """Return four times n, by double.

        >>> fourfold(2)
        8
        """
'''
FOURFOLD = fenced("def fourfold(n: int) -> int:\n    return double(double(n))")

pytestmark = pytest.mark.usefixtures("near")


@pytest.fixture
def made(bench):
    return bench({"specs/number.py": SPEC})


class Staged:
    """One compile with a review."""

    def __init__(self, made, *replies, force=False):
        self.provider = ScriptedProvider(*replies)
        project = made.project(timeout=240)
        self.staging = Staging(project)
        report = Compiler(project, lambda: (self.provider,), made.watcher, staging=self.staging).compile(force=force)
        self.report = report
        self.results = {result.id.partition("::")[2]: result for result in report.results}

    @property
    def asked(self):
        return len(self.provider.requests)

    def outcomes(self):
        return {name: result.outcome for name, result in self.results.items()}


def rebuilt(made, staged):
    project = made.project()
    return unstage(project, *project.find(staged.spec), staged)


def test_a_new_body_waits_and_the_tree_stays(made):
    run = Staged(made, GOOD)
    assert (run.outcomes(), run.report.failed, run.staging.specs) == ({"double": "staged"}, False, {DOUBLE})
    assert not (made.root / "src").exists()
    staged = read_staged(made.root, DOUBLE)
    assert staged.artifact.endswith("    return 2 * n\n")
    assert (staged.replaces, staged.record["attempt"], staged.record["model"]) == ("", 1, "scripted")
    assert rebuilt(made, staged).section("double").body_hash == staged.record["body_hash"]


def test_what_waits_is_not_asked_for_again_until_its_spec_changes(made):
    Staged(made, GOOD)
    again = Staged(made, WRONG)
    assert (again.outcomes(), again.asked, again.staging.specs) == ({"double": "staged"}, 0, {DOUBLE})
    assert again.results["double"].attempts == 0
    made.edit("specs/number.py", "assert double(0) == 0", "assert double(3) == 6")
    changed = Staged(made, PLUS)
    assert (changed.outcomes(), changed.asked) == ({"double": "staged"}, 1)
    assert "n + n" in read_staged(made.root, DOUBLE).artifact


def test_force_asks_again(made):
    Staged(made, GOOD)
    assert Staged(made, PLUS, force=True).asked == 1
    assert "n + n" in read_staged(made.root, DOUBLE).artifact


def test_a_damaged_staged_file_is_compiled_anew(made):
    Staged(made, GOOD)
    (path,) = (made.root / ".compiled-ai/staged").iterdir()
    path.write_text("{", encoding="utf-8")
    assert Staged(made, GOOD).asked == 1
    assert read_staged(made.root, DOUBLE)


def test_a_failed_spec_is_not_staged(made):
    made.edit("pyproject.toml", "specs =", "attempts = 1\nspecs =")
    assert Staged(made, WRONG).outcomes() == {"double": "failed"}
    assert find_staged(made.root) == ([], [])


def test_a_body_that_stays_is_written_at_once_under_its_new_spec(made):
    made.compile(ScriptedProvider(GOOD))
    made.edit("specs/number.py", "assert double(0) == 0", "assert double(3) == 6")
    made.edit("specs/number.py", "Return twice n.", "Return n, two times.")
    run = Staged(made, WRONG)
    assert (run.outcomes(), run.asked, run.staging.specs) == ({"double": "restamped"}, 0, set())
    assert "Return n, two times." in made.read(ARTIFACT)
    assert find_staged(made.root) == ([], [])


def test_the_same_body_once_more_is_nothing_to_review(made):
    made.compile(ScriptedProvider(GOOD))
    run = Staged(made, GOOD, force=True)
    assert run.outcomes() == {"double": "compiled"}
    assert find_staged(made.root) == ([], [])


def test_a_body_in_the_place_of_another_waits_with_the_hash_of_that(made):
    made.compile(ScriptedProvider(GOOD))
    before = made.tree()
    assert Staged(made, PLUS, force=True).outcomes() == {"double": "staged"}
    assert made.tree() == before
    staged = read_staged(made.root, DOUBLE)
    assert staged.replaces
    assert "n + n" in rebuilt(made, staged).section("double").text


def test_what_is_written_ends_the_waiting(made):
    Staged(made, GOOD)
    made.compile(ScriptedProvider(PLUS))
    assert "n + n" in made.read(ARTIFACT)
    assert find_staged(made.root) == ([], [])


def test_bodies_of_one_file_wait_apart_and_come_together(bench):
    made = bench({"specs/number.py": PAIR})
    assert Staged(made, FIRST, SECOND).outcomes() == {"first": "staged", "second": "staged"}
    second, first = (read_staged(made.root, f"specs/number.py::{name}") for name in ("second", "first"))
    assert "first" not in second.artifact
    assert "Decimal" not in second.artifact
    project = made.project()
    for staged in (second, first):
        where = project.find(staged.spec)
        keep_body(project.config, *where, unstage(project, *where, staged), dict(staged.record))
    text = made.read(ARTIFACT)
    assert text.index("def first") < text.index("def second")
    assert "    # exact\n" in text
    assert {project.standing(file, stub).state for file in project.files for stub in file.stubs} == {"fresh"}
    assert made.read(RECORD).count('"model": "scripted"') == 2
    assert find_staged(made.root) == ([], [])


def test_a_spec_that_uses_one_that_waits_waits_for_it(bench):
    made = bench({"specs/number.py": USING})
    for _ in range(2):
        run = Staged(made, GOOD, FOURFOLD)
        assert run.outcomes() == {"double": "staged", "fourfold": "failed"}
        assert run.results["fourfold"].message == (
            "it uses specs/number.py::double, whose body waits for a review; run `compiled-ai review`, then compile again."
        )
        assert run.report.failed
    project, staged = made.project(), read_staged(made.root, DOUBLE)
    keep_body(project.config, *project.find("double"), rebuilt(made, staged), dict(staged.record))
    assert Staged(made, FOURFOLD).outcomes() == {"double": "fresh", "fourfold": "staged"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("specs/number.py", "Return twice n.", "Return two n."), "its spec changed since it was staged; run"),
        ((ARTIFACT, "2 * n", "n * 2"), "the body in its place changed since it was staged; run"),
    ],
)
def test_what_changed_since_cannot_be_taken(made, change, said):
    made.compile(ScriptedProvider(GOOD))
    Staged(made, PLUS, force=True)
    made.edit(*change)
    with pytest.raises(SpecError, match=said):
        rebuilt(made, read_staged(made.root, DOUBLE))


def test_a_staged_file_that_was_changed_by_hand_cannot_be_taken(made):
    Staged(made, GOOD)
    staged = read_staged(made.root, DOUBLE)
    write_staged(made.root, replace(staged, artifact=staged.artifact.replace("2 * n", "3 * n")))
    with pytest.raises(SpecError, match=f"{DOUBLE}: what its spec or its artifact has around it changed"):
        rebuilt(made, read_staged(made.root, DOUBLE))


def test_a_staged_body_of_another_kind_cannot_be_taken(made):
    Staged(made, GOOD)
    staged = read_staged(made.root, DOUBLE)
    kind = staged.artifact.partition("def double")[0] + "class double:\n    pass\n"
    with pytest.raises(SpecError, match="changed since it was staged"):
        rebuilt(made, replace(staged, artifact=kind))
