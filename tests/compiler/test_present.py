"""A stale spec: its body is judged first, then revised, and what is kept is kept to the letter."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import re
from dataclasses import asdict, replace

import pytest
from compiler_scripts import ARTIFACT, GOOD, RECORD, SPEC, WRONG

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.artifacts.provenance import read_records
from pytest_compiled_ai.commands.explain import explain_spec
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.confirm import Confirm
from pytest_compiled_ai.compiler.present import Present, reconcile, screen_present, write_present
from pytest_compiled_ai.compiler.question import make_prompt
from pytest_compiled_ai.compiler.search import next_question
from pytest_compiled_ai.gates.base import HeldOut, failing, name_example
from pytest_compiled_ai.gates.size import Size
from pytest_compiled_ai.providers.base import THIS_MACHINE
from pytest_compiled_ai.testing import ScriptedProvider, fenced

FEES = '''
    from pytest_compiled_ai import spec

    @spec
    def fee(cents: list[int]) -> int:
        """Return the sum of a tenth of each amount, rounded down, and of 5.

        >>> fee([100, 19])
        16
        """

    def test_none() -> None:
        assert fee([]) == 5
'''
OLD = fenced("""
    def fee(cents: list[int]) -> int:
        # What everybody pays.
        total = 5

        for amount in cents:
            # A tenth of it.
            share = amount // 10
            total += share  # whole cents
        return total
""")
REVISED = fenced("""
    def fee(cents: list[int]) -> int:
        fee_sum = 5
        for c in cents:
            part = -(-c // 10)
            fee_sum += part
        return fee_sum
""")
UP = ("down, and of 5.\n\n    >>> fee([100, 19])\n    16", "up, and of 5.\n\n    >>> fee([100, 19])\n    17")
UNTOUCHED = "    # What everybody pays.\n    total = 5\n\n    for amount in cents:\n        # A tenth of it.\n"


@pytest.fixture
def stale(bench):
    """Return a project whose compiled spec has changed."""
    made = bench({"specs/number.py": FEES})
    made.compile(ScriptedProvider(OLD))
    made.edit("specs/number.py", *UP)
    return made


@pytest.mark.usefixtures("sealed", "untyped")
def test_a_test_more_that_passes_costs_no_question(bench):
    made = bench({"specs/number.py": FEES})
    made.compile(ScriptedProvider(OLD))
    before = made.read(ARTIFACT).splitlines()
    made.write("specs/number.py", made.read("specs/number.py") + "\ndef test_one():\n    assert fee([10]) == 6\n")
    provider = ScriptedProvider(WRONG)
    result = made.compile(provider)["fee"]
    assert (result.before, result.outcome, result.attempts, provider.requests) == ("stale", "restamped", 0, [])
    changed = [line for old, line in zip(before, made.read(ARTIFACT).splitlines(), strict=True) if old != line]
    assert len(changed) == 1
    assert changed[0].startswith("# spec v1:")


@pytest.mark.usefixtures("sealed", "untyped")
def test_a_changed_line_of_a_docstring_changes_no_more_than_the_body_needs(stale):
    before = stale.read(ARTIFACT).splitlines()
    provider = ScriptedProvider(REVISED)
    result = stale.compile(provider)["fee"]
    assert (result.outcome, result.attempts) == ("compiled", 1)
    diff = difflib.unified_diff(before, stale.read(ARTIFACT).splitlines(), n=0, lineterm="")
    assert [
        line for line in diff if line[:1] in "+-" and not line.startswith(("---", "+++", "-# spec", "+# spec"))
    ] == [
        '-    """Return the sum of a tenth of each amount, rounded down, and of 5.',
        '+    """Return the sum of a tenth of each amount, rounded up, and of 5.',
        "-    16",
        "+    17",
        "-        share = amount // 10",
        "+        share = -(-amount // 10)",
    ]
    # And those who call it are told what they will get.
    notes = [note for note in result.notes if note.startswith("for callers: ")]
    assert 1 < len(notes) <= 5
    for note in notes:
        cents, before, after = re.fullmatch(r"for callers: fee\((\[.*\])\): (\S+) -> (\S+)", note).groups()
        amounts = ast.literal_eval(cents)
        assert int(before) == 5 + sum(c // 10 for c in amounts)
        assert int(after) == 5 + sum(-(-c // 10) for c in amounts)
    record = read_records(stale.root / RECORD)["fee"]
    assert [f"for callers: {change}" for change in record["changes"]] == notes
    said = "\n".join(explain_spec(stale.project().config, "fee"))
    assert "\n--- changed for callers when this body took the place of the one before\n" + record["changes"][0] in said


@pytest.mark.usefixtures("near")
def test_the_first_question_shows_the_body_and_what_refuses_it(stale):
    provider = ScriptedProvider(WRONG, REVISED)
    result = stale.compile(provider)["fee"]
    assert (result.outcome, result.attempts) == ("compiled", 2)
    revision, fresh = provider.requests
    assert revision.messages[: len(fresh.messages)] == fresh.messages
    shown, asked = (message.content for message in revision.messages[len(fresh.messages) :])
    assert shown.startswith("```python\ndef fee(cents: list[int]) -> int:\n")
    assert "rounded up" in shown
    assert UNTOUCHED in shown
    assert "Change only what has to change" in asked
    assert "# Earlier versions were wrong" in revision.note
    assert (revision.temperature, revision.first, revision.opening, revision.hint) == (0.0, True, "", "")
    assert (fresh.temperature, fresh.first, fresh.note, len(fresh.messages)) == (0.0, False, "", 2)
    assert [kind for *_, kind in stale.watcher.named("attempt_started")] == ["repair", "ask"]
    assert len(shown) + len(asked) < 1500
    # The fresh one is put into the old words, too.
    assert UNTOUCHED + "        share = -(-amount // 10)\n        total += share  # whole cents\n" in stale.read(
        ARTIFACT
    )


@pytest.mark.usefixtures("near")
def test_every_provider_is_shown_it_and_the_same_code_is_not_judged_again(stale):
    result = stale.compile(provider := ScriptedProvider(OLD), attempts=1)["fee"]
    assert (result.outcome, len(provider.requests)) == ("failed", 1)
    # The old body, when the compile began; its echo has the same verdict.
    assert [name for (name,) in stale.watcher.named("gate_started")].count("tests") == 1
    assert "rounded down" in stale.read(ARTIFACT)


@pytest.mark.usefixtures("near")
def test_what_is_forced_or_missing_is_asked_for_from_scratch(bench):
    made = bench({"specs/number.py": FEES})
    made.compile(first := ScriptedProvider(OLD))
    made.compile(
        forced := ScriptedProvider(
            fenced("def fee(cents: list[int]) -> int:\n    total = 5\n    return total + sum(c // 10 for c in cents)")
        ),
        force=True,
    )
    assert first.requests == forced.requests
    assert "# What everybody pays." not in made.read(ARTIFACT)


@pytest.mark.usefixtures("sealed", "untyped")
def test_a_forced_body_that_answers_otherwise_is_told_of(bench):
    made = bench({"specs/number.py": SPEC})
    made.compile(ScriptedProvider(GOOD))
    low = fenced("def double(n: int) -> int:\n    return 2 * n if n < 3 else 0")
    result = made.compile(ScriptedProvider(low), force=True)["double"]
    assert result.notes[0] == "for callers: double(3): 6 -> 0"
    assert made.compile(ScriptedProvider(low), force=True)["double"].notes == ()
    assert read_records(made.root / RECORD)["double"]["changes"] == []


@pytest.mark.usefixtures("near")
def test_an_old_comment_that_a_gate_refuses_does_not_come_back(stale, monkeypatch):
    check = Size.check

    def refuse(self, candidate, subject):
        return failing(self, "no such comment.") if "whole cents" in candidate.body else check(self, candidate, subject)

    monkeypatch.setattr(Size, "check", refuse)
    result = stale.compile(ScriptedProvider(REVISED))["fee"]
    assert (result.outcome, result.attempts) == ("compiled", 1)
    assert "fee_sum += part" in stale.read(ARTIFACT)


@pytest.mark.usefixtures("near")
def test_a_body_that_was_refused_for_a_comment_alone_passes_without_it(bench, monkeypatch):
    made = bench({"specs/number.py": FEES})
    made.compile(ScriptedProvider(OLD))
    made.edit("specs/number.py", "assert fee([]) == 5", "assert fee([20]) == 7")
    check = Size.check
    monkeypatch.setattr(Size, "check", lambda *a: failing(a[0], "no.") if "whole cents" in a[1].body else check(*a))
    bare = OLD.replace("  # whole cents", "")
    result = made.compile(ScriptedProvider(bare))["fee"]
    assert (result.outcome, result.attempts) == ("compiled", 1)
    assert "        total += share\n" in made.read(ARTIFACT)


@pytest.mark.usefixtures("near")
def test_a_sample_with_another_comment_is_judged_for_itself(bench, monkeypatch):
    made = bench({"specs/number.py": SPEC})
    check = Size.check
    monkeypatch.setattr(Size, "check", lambda *a: failing(a[0], "no.") if "odd" in a[1].body else check(*a))
    odd = fenced("def double(n: int) -> int:\n    return 2 * n  # odd")
    made.compile(ScriptedProvider(GOOD, odd), confirm_samples=1)
    assert made.watcher.refusals == ["no."]


@pytest.mark.usefixtures("near")
def test_a_body_that_must_not_leave_the_machine_is_not_shown(bench):
    made = bench({"specs/number.py": FEES})
    made.compile(ScriptedProvider(OLD.replace("whole cents", "ask max.muster@gmail.com")))
    made.edit("specs/number.py", *UP)
    result = made.compile(provider := ScriptedProvider(REVISED))["fee"]
    assert result.outcome == "compiled"
    assert len(provider.requests[0].messages) == 2
    (note,) = [note for note in result.notes if "is not shown to" in note]
    assert note.startswith("its present body is not shown to a script: ")
    assert "max" not in note


BOX = '''
    from pytest_compiled_ai import spec

    @spec
    class Box:
        """A box."""

        def get(self) -> int:
            """Return one."""

        def more(self) -> int:
            """Return two."""

    def test_get() -> None:
        assert Box().get() == 1
'''


@pytest.mark.usefixtures("near")
def test_a_class_is_revised_method_by_method(bench):
    made = bench({"specs/box.py": BOX})
    code = "class Box:\n    def get(self) -> int:\n        # a\n        x = {}\n        return x\n\n"
    code += "    def more(self) -> int:\n        # b\n        return 2  # c\n"
    made.compile(ScriptedProvider(fenced(code.format(1))))
    made.edit("specs/box.py", "== 1", "== 3")
    plain = "class Box:\n    def get(self) -> int:\n        y = 3\n        return y\n\n    def more(self) -> int:\n        return 2"
    result = made.compile(provider := ScriptedProvider(fenced(plain)))["Box"]
    assert (result.outcome, result.attempts) == ("compiled", 1)
    text = made.read("src/generated/box.py")
    assert "        # a\n        x = 3\n        return x\n" in text
    assert "        # b\n        return 2  # c\n" in text
    asked = provider.requests[0].messages
    assert "        # a\n        x = 1\n" in asked[-2].content
    assert "the whole class" in asked[-1].content


def make_present(made, name, text, imports=()):
    subject = made.tested(name)
    body = Body(text=text, imports=imports)
    project = made.project()
    module = assemble(project.blank(subject.file), subject, body, "v1:0")
    verdicts = (failing(Confirm(None), "no."),)
    return Present(body=body, module=module, candidate=cut_candidate(module, subject, body), verdicts=verdicts), subject


MANY = SPEC.replace(">>> double(2)", ">>> double(7)\n        14\n        >>> double(2)")


def test_what_is_held_out_of_the_docstring_is_not_shown_with_the_body(bench):
    present, subject = make_present(bench({"specs/number.py": MANY}), "double", "    return n + n")
    hidden = HeldOut(examples=frozenset({0}), names=frozenset({name_example(subject.stub.id, ">>> double(7)")}))
    assert "double(7)" in write_present(present, subject)
    shown = write_present(present, replace(subject, held=hidden))
    assert "double(7)" not in shown
    assert shown.endswith("    return n + n")


def test_what_the_body_imports_is_shown_above_it(bench):
    present, subject = make_present(
        bench({"specs/number.py": SPEC}), "double", "    return it.count(n)", (Import("itertools", None, "it"),)
    )
    assert write_present(present, subject).startswith("import itertools as it\n\ndef double(")


def test_a_body_is_looked_at_before_it_is_shown(bench):
    made = bench({"specs/number.py": SPEC})
    present, subject = make_present(made, "double", "    return 2 * n  # ask max.muster@gmail.com")
    config = made.project().config
    assert len(screen_present(config, subject, present, "api.example.com")) == 1
    assert screen_present(config, subject, present, THIS_MACHINE) == ()
    assert screen_present(config._replace(allow=("email",)), subject, present, "api.example.com") == ()


def test_imports_of_the_old_body_that_the_new_one_needs_are_kept(bench):
    subject = bench({"specs/number.py": SPEC}).tested("double")
    it, op = Import("itertools", None, "it"), Import("operator", None, "op")
    old = Body(text="    return next(it.count(2 * n))", imports=(it, op))
    assert reconcile(old, Body(text="    return next(it.count(n))", imports=()), subject).imports == (it,)
    other = Import("app", "it", "it")
    assert reconcile(old, Body(text="    return it(n)", imports=(other,)), subject).imports == (other,)
    assert reconcile(old, Body(text="    it = n\n    return it", imports=()), subject).imports == ()


@pytest.mark.usefixtures("near")
def test_a_body_may_begin_with_a_decorated_helper(bench):
    made = bench({"specs/number.py": SPEC})
    code = "def double(n: int) -> int:\n    # the helper\n    @staticmethod\n    def twice() -> int:\n        return 2 * n\n"
    assert made.compile(ScriptedProvider(fenced(code + "\n    return twice()")))["double"].message == ""
    assert "    # the helper\n    @staticmethod\n    def twice() -> int:\n" in made.read(ARTIFACT)


def test_what_is_asked_about_a_missing_spec_stays_as_it_was(bench):
    """Replies are kept by the question: another word in one, and all of them would have to be paid for again."""
    made = bench({"specs/number.py": SPEC})
    subject = made.tested("double")
    first = make_prompt(made.project().config, subject)
    asked, attempts = [], []
    for number in range(1, 13):
        question = next_question(first, attempts, 1, subject.stub)
        asked.append({"repairs": question.repairs, **asdict(question.request)})
        attempts.append(failed(question, number))
    assert (
        hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        == "4e329a615782309dd9e233946a5c39ca86fab37ebaf666d3a547eb92d6387f27"
    )


def failed(question, number):
    verdict = replace(failing(Confirm(None), f"fault {number}", faults=(f"fault {number}", "again")), score=1 / number)
    return Attempt(
        number=number, request=question.request, reply=f"reply {number}", candidate=None, verdicts=(verdict,),
        prompt_tokens=1, completion_tokens=1, seconds=0.0, repairs=question.repairs,
    )  # fmt: skip
