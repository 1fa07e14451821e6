from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.module import parse_module
from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.commands.explain import explain_spec
from pytest_compiled_ai.compiler.confirm import Confirm
from pytest_compiled_ai.compiler.selection import select
from pytest_compiled_ai.evaluation.behaviour import value_answer
from pytest_compiled_ai.gates.base import failing
from pytest_compiled_ai.testing import ScriptedProvider, fenced

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def clip(n: int) -> int:
        """Return a number between its bounds.

        >>> clip(-2)
        0
        """

    def test_in_between() -> None:
        assert clip(3) == 3
'''
BOX = '''
    from pytest_compiled_ai import spec

    @spec
    class Box:
        """Hold a number."""

        def get(self) -> int:
            """Return it."""

    def test_box() -> None:
        assert Box().get() == 1
'''
HEAD = "def clip(n: int) -> int:\n    "
LOW = fenced(HEAD + "return max(n, 0)")
LOW_TOO = fenced(HEAD + "return n if n > 0 else 0")
BOTH = fenced(HEAD + "return min(max(n, 0), 3)")
WRONG = fenced(HEAD + "return n + 1")
RECORD = "src/generated/number.provenance.json"

pytestmark = pytest.mark.usefixtures("untyped", "sealed")


@pytest.fixture
def run(bench):
    """Return a function that compiles the spec with some replies and settings."""

    def run(*replies, spec=SPEC, **settings):
        made, provider = bench({"specs/number.py": spec}), ScriptedProvider(*replies)
        (result,) = made.compile(provider, **{"confirm_samples": len(replies) - 1, **settings}).values()
        body = made.read("src/generated/number.py") if made.tree() else ""
        return made, result, provider, body.rpartition("    return ")[2].strip()

    return run


def test_without_further_samples_the_first_body_is_taken(run):
    _, result, provider, body = run(BOTH, LOW, LOW, confirm_samples=0)
    assert (result.outcome, result.attempts, result.notes) == ("compiled", 1, ())
    assert (len(provider.requests), body) == (1, "min(max(n, 0), 3)")


def test_the_behaviour_of_most_bodies_wins_and_what_they_disagree_on_is_told(run):
    made, result, provider, body = run(BOTH, LOW, LOW_TOO)
    assert (result.outcome, result.attempts, len(provider.requests), body) == ("compiled", 3, 3, "max(n, 0)")
    assert [request.temperature >= 0.7 for request in provider.requests] == [False, True, True]
    (note,) = result.notes
    assert note == (
        "ambiguous: clip(4) is 4 in 2 of the bodies that pass, and is 3 in 1; "
        "`compiled-ai explain specs/number.py::clip` has a test for each"
    )
    record = read_records(made.root / RECORD)["clip"]
    assert record["attempt"] == 2
    assert record["ambiguity"]["call"] == "clip(4)"
    assert [choice["bodies"] for choice in record["ambiguity"]["choices"]] == [2, 1]
    said = "\n".join(explain_spec(made.project().config, "clip"))
    assert "    assert clip(4) == 4" in said
    assert "    assert clip(4) == 3" in said


def test_a_test_that_decides_ends_it(run):
    _, result, _, body = run(
        BOTH, LOW, LOW_TOO, spec=SPEC + "\n    def test_decided() -> None:\n        assert clip(4) == 3\n"
    )
    assert (result.outcome, result.notes, body) == ("compiled", (), "min(max(n, 0), 3)")


def test_bodies_that_agree_are_no_ambiguity(run):
    made, result, _, body = run(LOW, LOW, LOW_TOO)
    assert (result.outcome, result.attempts, result.notes, body) == ("compiled", 3, (), "max(n, 0)")
    assert read_records(made.root / RECORD)["clip"]["ambiguity"] == {}


def test_a_sample_that_fails_has_no_say(run):
    made, result, _, body = run(BOTH, WRONG, WRONG)
    assert (result.outcome, result.attempts, result.notes, body) == ("compiled", 3, (), "min(max(n, 0), 3)")
    assert len(made.watcher.refusals) == 2


def test_a_difference_may_be_an_error(run):
    made, result, _, _ = run(BOTH, LOW, LOW_TOO, ambiguity="error")
    assert result.outcome == "failed"
    assert result.message.startswith("ambiguous: clip(4) is 4 in 2 of the bodies that pass, and is 3 in 1; add a test")
    assert made.tree() == {}
    said = "\n".join(explain_spec(made.project().config, "clip"))
    assert "    assert clip(4) == 4" in said
    assert "    assert clip(4) == 3" in said
    assert "--- why it was refused" not in said


def test_equal_bodies_are_asked_once_and_count_each(bench):
    made, asked = bench({"specs/number.py": SPEC}), []

    class Counting:
        def answer(self, module, inputs):
            asked.append(module)
            return tuple(value_answer("min" in module) for _ in inputs)

    subject = made.subject("clip")
    texts = ("min(max(n, 0), 3)", "max(n, 0)", "max(n, 0)")
    candidates = [made.candidate("clip", f"    return {text}")[0] for text in texts]
    modules = [parse_module(candidate.module, subject.file.relative) for candidate in candidates]
    order, ambiguity = select(modules, subject, Counting(), made.root)
    assert (order, len(asked), [choice.bodies for choice in ambiguity.choices]) == ((1, 2, 0), 2, [2, 1])


def test_samples_are_attempts(run):
    _, result, provider, body = run(BOTH, LOW, LOW_TOO, attempts=2)
    assert (result.outcome, len(provider.requests), body) == ("compiled", 2, "min(max(n, 0), 3)")


@pytest.mark.parametrize("isolation", ["jailed"])
def test_what_runs_in_the_jail_is_not_compared(run, isolation):
    spec = SPEC.replace("@spec", f'@spec(isolation="{isolation}")')
    _, result, _, body = run(BOTH, LOW, LOW_TOO, spec=spec)
    assert (result.outcome, result.attempts, body) == ("compiled", 3, "min(max(n, 0), 3)")
    assert not any("ambiguous" in note for note in result.notes)


def test_bodies_that_change_their_arguments_in_different_ways_are_told_apart(run):
    spec = SPEC.replace("n: int", "n: list[int]").replace("-> int", "-> list[int]")
    spec = spec.replace("clip(-2)\n        0", "clip([1, 2])\n        [1, 2]").replace(
        "clip(3) == 3", "clip([3]) == [3]"
    )
    head = "def clip(n: list[int]) -> list[int]:\n    "
    kept, cleared = head + "return list(n)", head + "found = list(n)\n    n.clear()\n    return found"
    _, result, _, body = run(fenced(cleared), fenced(kept), fenced(head + "return n[:]"), spec=spec)
    assert body == "list(n)"
    assert "and leaves its arguments as" in result.notes[0]


@pytest.fixture
def refuse(monkeypatch):
    """Return a function that lets the last gate refuse the bodies that hold a text."""

    def refuse(text):
        check = Confirm.check

        def refuse_some(self, candidate, subject):
            return failing(self, "not so.") if text in candidate.body else check(self, candidate, subject)

        monkeypatch.setattr(Confirm, "check", refuse_some)

    return refuse


def test_a_body_that_is_not_confirmed_makes_room_for_the_next(run, refuse):
    refuse("max(n, 0)")
    made, result, _, body = run(BOTH, LOW, LOW_TOO)
    assert (result.outcome, result.attempts, body) == ("compiled", 3, "n if n > 0 else 0")
    assert made.watcher.refusals == ["not so."]


def test_where_none_is_confirmed_the_search_goes_on(run, refuse):
    refuse("max(n, 0)")
    made, result, provider, body = run(LOW, LOW, LOW_TOO, confirm_samples=1)
    assert (result.outcome, len(provider.requests), body) == ("compiled", 4, "n if n > 0 else 0")
    assert made.watcher.refusals == ["not so.", "not so."]


def test_classes_are_not_compared(bench):
    made = bench({"specs/box.py": BOX})
    subject = made.subject("Box")
    module = made.project().blank(subject.file)
    assert select([module, module], subject, None, made.root) == ((0, 1), None)
