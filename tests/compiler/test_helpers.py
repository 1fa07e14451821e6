from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from pytest_compiled_ai.artifacts.module import parse_module, render_module
from pytest_compiled_ai.artifacts.stamping import restamp
from pytest_compiled_ai.compiler import helpers
from pytest_compiled_ai.compiler.assembly import assemble
from pytest_compiled_ai.compiler.project import find_foreign_code, hash_section
from pytest_compiled_ai.compiler.prompt import render_stub
from pytest_compiled_ai.compiler.pruning import plan_pruning
from pytest_compiled_ai.compiler.question import screen_question
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.compiler.salvage import salvage
from pytest_compiled_ai.compiler.verification import cut_present
from pytest_compiled_ai.ejection.artifact import plain_module
from pytest_compiled_ai.gates.base import Candidate
from pytest_compiled_ai.providers.base import Reply
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.testing import ScriptedProvider

ARTIFACT = "src/generated/trips.py"
SPEC = '''
    from typing import Any

    from pytest_compiled_ai import spec

    SCHEMA = {
        "type": "object",
        "properties": {"days": {"type": "integer"}, "place": {"type": "string"}},
        "required": [],
        "additionalProperties": False,
    }


    @spec(template="tool_call")
    def plan(text: str) -> dict[str, Any]:
        """Read how many days a trip takes, as SCHEMA says."""


    @spec(template="tool_call")
    def goal(text: str) -> dict[str, Any]:
        """Read where a trip leads, as SCHEMA says."""


    def test_plan() -> None:
        assert plan("two weeks, that is 14 days, in Rome") == {"days": 14}
        assert plan("") == {}


    def test_goal() -> None:
        assert goal("14 days, in Rome") == {"place": "Rome"}
        assert goal("") == {}
'''
PLAN = """
def plan(text: str) -> dict[str, Any]:
    days = quantity_in(text, "days")
    return {"days": days} if isinstance(days, int) else {}
"""
GOAL = """
def goal(text: str) -> dict[str, Any]:
    place = text_after(text, "in")
    return {"place": place} if place else {}
"""
COUNTED = """
def goal(text: str) -> dict[str, Any]:
    return {"place": "Rome"} if numbers_in(text) == [14] else {}
"""


@pytest.fixture
def made(bench, near):
    return bench({"specs/trips.py": SPEC})


@pytest.fixture
def both(made):
    """Write the artifact that both replies make."""
    project = made.project()
    (file,) = project.files
    artifact = project.blank(file)
    for stub, reply in zip(file.stubs, (PLAN, GOAL), strict=True):
        body = read_reply(Reply(text=reply, finish="stop", prompt_tokens=0, completion_tokens=0, seconds=0.0), stub)
        artifact = assemble(artifact, project.subject(file, stub), body, project.standing(file, stub).digest.value)
    (made.root / ARTIFACT).parent.mkdir(parents=True)
    made.write(ARTIFACT, render_module(artifact))
    return made


def states(made):
    project = made.project()
    return {stub.name: project.standing(file, stub).state for file in project.files for stub in file.stubs}


def constants(made):
    return list(parse_module(made.read(ARTIFACT), "").constants)


def test_a_helper_is_copied_with_all_that_it_needs(both):
    assert states(both) == {"plan": "fresh", "goal": "fresh"}
    assert constants(both)[-2:] == ["_cut", "text_after"]
    assert {"quantity_in", "find_numbers", "_NUMBER", "_SYMBOLS"} <= set(constants(both))
    assert not {"SCHEMA", "numbers_in", "names_in", "dates_in"} & set(constants(both))


def test_the_artifact_runs_without_this_package(both):
    code = "import sys, trips; print(trips.plan('a week, 7 days'), trips.goal('in Rome')); print('pytest_compiled_ai' in sys.modules)"
    folder = (both.root / ARTIFACT).parent
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert (done.stdout, done.stderr) == ("{'days': 7} {'place': 'Rome'}\nFalse\n", "")


def test_it_reads_back_to_the_letter(both):
    text = both.read(ARTIFACT)
    assert render_module(parse_module(text, "specs/trips.py")) == text
    both.write(ARTIFACT, text.replace("\n", "\r\n"))
    assert states(both) == {"plan": "fresh", "goal": "fresh"}


def test_a_helper_is_there_once_and_a_sibling_stays_as_it_is(both):
    before = parse_module(both.read(ARTIFACT), "").section("plan")
    assert not both.report(ScriptedProvider(COUNTED), only="*goal", force=True).failed
    text = both.read(ARTIFACT)
    assert text.count("def find_numbers(") == 1
    assert parse_module(text, "").section("plan") == before
    assert "text_after" not in constants(both)
    assert states(both) == {"plan": "fresh", "goal": "fresh"}


def test_what_nobody_uses_any_more_goes(both):
    bare = """def plan(text: str) -> dict[str, Any]:\n    return {"days": 14} if "14 days" in text else {}\n"""
    assert not both.report(ScriptedProvider(bare), only="*plan", force=True).failed
    assert constants(both) == ["_PHRASE_END", "_cut", "text_after"]
    assert "import math" not in both.read(ARTIFACT)


@pytest.mark.parametrize(
    ("old", "new", "edited"),
    [
        ("return [(value, _unit_at(text, end))", "return [(value + 0, _unit_at(text, end))", ["plan"]),
        ('"km": "kilometer kilometre"', '"km": "kilometer"', ["plan"]),
        ("import math", "import cmath as math", ["plan"]),
        ("# helper spans\ndef text_after", "def text_after", ["goal"]),
        ("# In brackets", "# Within brackets", []),
    ],
)
def test_a_changed_helper_is_an_edit_of_those_that_use_it(both, old, new, edited):
    both.edit(ARTIFACT, old, new)
    assert [name for name, state in states(both).items() if state == "edited"] == edited


def test_a_helper_that_no_body_uses_is_foreign(both):
    text = both.read(ARTIFACT)
    assert find_foreign_code(both.project().files[0]) == []
    both.write(ARTIFACT, text + "\n\n# helper spans\ndef idle() -> int:\n    return other()\n")
    found = find_foreign_code(both.project().files[0])
    assert [(each.what, each.is_kept) for each in found] == [("idle, which no body uses", False)]
    both.write(ARTIFACT, text + "\n\ndef idle() -> int:\n    return 1\n")
    assert [each.what for each in find_foreign_code(both.project().files[0])] == ["idle, which no spec asks for"]


def test_both_sides_of_a_merge_keep_their_helpers(both):
    text = both.read(ARTIFACT)
    at, end = text.index("# helper numbers"), text.index("# spec ")
    spans = text.index("# helper spans")
    conflict = f"<<<<<<< a\n{text[at:spans]}=======\n{text[spans:end]}>>>>>>> b\n"
    found = salvage(text[:at] + conflict + text[end:], "specs/trips.py")
    assert found.is_merge
    assert found.module.constants.keys() == parse_module(text, "").constants.keys()
    assert all(hash_section(found.module, section) == section.body_hash for section in found.module.sections)


def test_pruning_takes_the_helpers_of_what_it_takes(both):
    at, end = SPEC.index("    @spec"), SPEC.index("    @spec", SPEC.index("    @spec") + 9)
    test = SPEC.index("    def test_plan")
    both.write("specs/trips.py", textwrap.dedent(SPEC[:at] + SPEC[end:test] + SPEC[SPEC.index("    def test_goal") :]))
    (change,) = [c for p in plan_pruning(both.project()) for c in p.changes if c.path.name == "trips.py"]
    assert list(parse_module(change.new, "").constants) == ["_PHRASE_END", "_cut", "text_after"]
    both.write(ARTIFACT, change.new)
    assert states(both) == {"goal": "fresh"}
    assert [change for pruning in plan_pruning(both.project()) for change in pruning.changes] == []


def test_an_ejected_module_has_no_marks(both):
    plain = plain_module(both.read(ARTIFACT), "specs/trips.py")
    assert "# helper" not in plain
    assert "def find_numbers(" in plain
    assert ast.dump(ast.parse(plain)).count("FunctionDef") == ast.dump(ast.parse(both.read(ARTIFACT))).count(
        "FunctionDef"
    )


def test_a_body_is_verified_with_its_helpers_and_not_with_others(both):
    project = both.project()
    file, stub = project.find("plan")
    text, subject = both.read(ARTIFACT), project.subject(file, stub)
    assert isinstance(cut_present(parse_module(text, ""), subject, text), Candidate)
    forged = restamped(text.replace("value * factor", "value * factor * 2"), "plan")
    assert cut_present(parse_module(forged, ""), subject, forged) == "the helper _value_of is not this version's"
    formatted = text.replace("value * factor", "(value) * factor")
    assert isinstance(cut_present(parse_module(formatted, ""), subject, formatted), Candidate)


def test_a_helper_that_two_bodies_share_is_verified_too(both):
    assert not both.report(ScriptedProvider(COUNTED), only="*goal", force=True).failed
    forged = restamped(restamped(both.read(ARTIFACT).replace("value * factor", "value * factor * 2"), "plan"), "goal")
    both.write(ARTIFACT, forged)
    assert states(both) == {"plan": "fresh", "goal": "fresh"}
    project = both.project()
    subject = project.subject(*project.find("plan"))
    assert cut_present(parse_module(forged, ""), subject, forged) == "the helper _value_of is not this version's"


def restamped(text, name):
    module = parse_module(text, "")
    section = module.section(name)
    return restamp(text, replace(section, body_hash=hash_section(module, section)))


def offered(made, name="plan"):
    return [helper.name for helper in made.subject(name).helpers if helper.is_offered]


def test_what_a_template_offers_is_shown_and_not_screened(made):
    assert {"numbers_in", "quantity_in", "dates_in", "closest_option", "text_after"} <= set(offered(made))
    shown = render_stub(made.subject("plan"))
    assert 'def numbers_in(text: str) -> list[int | float]:\n    """Return the numbers in a text: ' in shown
    assert "find_numbers" not in shown
    assert "SCHEMA = {" in shown
    assert screen_question(made.project().config, made.subject("plan"), "models.example.com") == ()


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("numbers_in = 3", ["numbers_in"]),
        ("def numbers_in(text): ...", ["numbers_in"]),
        (
            "_NUMBER = 3",
            [
                "numbers_in",
                "number_lists_in",
                "matrices_in",
                "number_after",
                "number_before",
                "quantities_in",
                "quantity_in",
            ],
        ),
        ("from money import date", ["dates_in", "date_texts_in", "relative_date"]),
        ("from datetime import date", []),
        ("import re", []),
    ],
)
def test_the_names_of_the_spec_come_first(made, line, gone):
    every = offered(made)
    made.edit("specs/trips.py", "SCHEMA = {", f"{line}\n\nSCHEMA = {{")
    assert [name for name in every if name not in offered(made)] == gone


def test_what_other_bodies_need_comes_next(both):
    every = offered(both)
    both.edit(ARTIFACT, "import math\n", "import math\nfrom mine import date\n")
    both.edit(ARTIFACT, 'place = text_after(text, "in")', 'place = text_after(text, date or "in")')
    assert [name for name in every if name not in offered(both)] == ["dates_in", "date_texts_in", "relative_date"]
    both.edit(ARTIFACT, "\ndef _cut(", "\ndef _cut(*more: int, ")
    assert [name for name in every if name not in offered(both)][3:] == ["text_after", "text_between"]
    assert {"text_after", "text_between"} <= set(offered(both, "goal"))


def test_an_import_of_the_reply_yields_to_a_helpers(made):
    body = """from datetime import time as re
def plan(text: str) -> dict[str, Any]:
    return {"days": int(quantity_in(text, "day") or 0)} if re(1) and "days" in text else {}
"""
    assert not made.report(ScriptedProvider(body, GOAL)).failed
    assert states(made) == {"plan": "fresh", "goal": "fresh"}
    module = parse_module(made.read(ARTIFACT), "")
    assert "import re\n" in made.read(ARTIFACT)
    assert "    from datetime import time as re\n" in module.section("plan").text


def test_a_plain_function_is_offered_nothing(made):
    made.edit("specs/trips.py", '@spec(template="tool_call")\ndef plan', "@spec\ndef plan")
    assert made.subject("plan").helpers == ()
    assert "exist already" not in render_stub(made.subject("plan"))


def test_a_helper_whose_library_the_project_does_not_declare_is_not_offered(made, monkeypatch):
    shop = Template(name="tool_call", summary="", modules=("http", "database", "notification"))
    monkeypatch.setattr(helpers, "template_of", lambda stub: shop)
    assert offered(made) == ["compose_mail", "send_mail"]
    made.edit("pyproject.toml", "[project]\n", '[project]\ndependencies = ["urllib3>=2"]\n')
    assert offered(made) == ["fetch_text", "fetch_json", "post_json", "compose_mail", "send_mail", "post_message"]


def test_a_body_with_a_helper_passes_every_gate(bench, sealed):
    made = bench({"specs/trips.py": SPEC})
    report = made.report(ScriptedProvider(PLAN), only="*plan")
    assert [(result.outcome, result.message) for result in report.results] == [("compiled", "")]
    assert states(made) == {"plan": "fresh", "goal": "missing"}
