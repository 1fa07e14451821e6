"""Bodies before the gate, in real sealed workers: for each template and property one that breaks it, and a right one."""

from __future__ import annotations

from dataclasses import replace
from textwrap import indent

import pytest
from template_types import TYPES

from pytest_compiled_ai.compiler.assembly import RAISING, assemble, cut_candidate
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.compiler.tiers import OTHER_SEED, TieredRunner
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import HeldOut, Stage
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.templates.gate import Properties
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from typing import Any
    import pytest
    from app.types import BadText, Item, Kind, Receipt, WorseText
    from pytest_compiled_ai import spec

    SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    FALLBACK = 8080

    @spec(template="classifier")
    def kind(text: str) -> Kind:
        """Say what a text is.

        >>> kind("An invoice").name
        'INVOICE'
        """

    @spec(template="extractor")
    def receipt(text: str) -> Receipt:
        """Read a receipt.

        >>> receipt("ACME\\\\nTotal: 1,234.50").company
        'ACME'
        """

    @spec(template="normalizer")
    def clean(item: Item) -> Item:
        """Clean an item.

        >>> clean(Item(" a ")).name
        'a'
        """

    @spec(template="tool_call")
    def weather(text: str) -> dict[str, Any]:
        """Read a question about the weather.

        >>> weather("Rome")
        {'city': 'Rome'}
        """

    @spec(template="validator")
    def port(text: str) -> int:
        """Read a port.

        >>> port("80")
        80
        """

    @spec(template="classifier")
    def strict(text: str) -> Kind:
        """Say what a text is.

        >>> strict("invoice").name
        'INVOICE'
        """

    @spec(template="function")
    def free(text: str) -> str:
        """Do.

        >>> free("a")
        'a'
        """

    @spec
    def plain(text: str) -> str:
        """Do.

        >>> plain("a")
        'a'
        """

    @spec(template="extractor", isolation="jailed")
    def jailed(text: str) -> Receipt:
        """Read.

        >>> jailed("a").company
        'a'
        """

    def test_strict() -> None:
        with pytest.raises(BadText):
            strict("nothing")
'''


class Shop:
    """One project, a runner of the spec that was asked about last, and the gate."""

    def __init__(self, root, shadow):
        self.project = Project(load_config(root, timeout=60))
        self.shadow, self.runners = shadow, {}

    def check(self, name, body, **more):
        project = self.project
        file, stub = project.find(name)
        subject = replace(project.subject(file, stub), tests=tuple(ref.id for ref in project.tests(file, stub)), **more)

        def cut(text):
            written = Body(text=indent(text, "    "), imports=())
            return cut_candidate(assemble(project.blank(file), subject, written, "v1:0"), subject, written)

        if name not in self.runners:
            runner = TieredRunner(project.config, self.shadow, JailedRunner(self.shadow, 60))
            self.runners[name] = runner
            runner.begin(subject, cut(RAISING.strip()))
        verdict = Properties(project.config, self.runners[name], OTHER_SEED).check(cut(body), subject)
        assert (verdict.gate, verdict.stage) == ("properties", Stage.ACCURACY)
        return verdict


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    if not detect_sealed_tier().verified:
        pytest.skip("this machine has no sealed tier")
    files = {"specs/it.py": SPEC, "src/app/__init__.py": "", "src/app/types.py": TYPES}
    root = write_project(tmp_path_factory.mktemp("properties") / "example", files)
    with Shadow(root) as shadow:
        shop = Shop(root, shadow)
        yield shop
        for runner in filter(None, shop.runners.values()):
            runner.end()


FIND = (
    'import re\nfrom decimal import Decimal, InvalidOperation\nfound = re.search(r"total: *([0-9,.]+)", text, re.I)\n'
)
RIGHT = {
    "kind": 'return Kind.INVOICE if "invoice" in text.casefold() else Kind.OTHER',
    "receipt": FIND
    + 'try:\n    total = Decimal(found[1].replace(",", "")) if found else None\nexcept InvalidOperation:\n'
    '    total = None\nreturn Receipt(company=next(iter(text.splitlines()), ""), total=total)',
    "clean": "return Item(item.name.strip(), list(item.tags), item.kind)",
    "weather": 'return {"city": text}',
    "port": "try:\n    return int(text)\nexcept ValueError:\n    return FALLBACK",
    "strict": 'if "invoice" in text:\n    return Kind.INVOICE\nraise WorseText(text)',
}
ALL = "total, unmodified, valid, deterministic"


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_right_bodies_pass(shop, name):
    verdict = shop.check(name, RIGHT[name])
    assert (verdict.passed, verdict.message) == (True, "")
    held = "total, unmodified, valid, grounded, deterministic" if name == "receipt" else ALL
    assert verdict.evidence["held"] == held
    assert int(verdict.evidence["calls"]) > 40


WRONG = [
    ("kind", "return Kind[text.split()[1].upper()]", "total", "kind('') raised IndexError"),
    ("kind", 'return "invoice"', "valid", "kind('') gave 'invoice': the value is str, not Kind"),
    ("kind", "return list(Kind)[hash(text) % 3]", "deterministic", "in one process and Kind."),
    ("kind", "raise BadText(text)", "total", "kind('') raised app.types.BadText"),
    ("kind", "import os\nos._exit(3)", "total", "kind('') gave no answer: it left with exit status 3"),
    ("strict", "return Kind[text.upper()]", "total", "raised KeyError, where only BadText may come"),
    ("receipt", FIND + 'return Receipt("", Decimal(found[1]) if found else None)', "total", "raised decimal.InvalidOperation"),
    ("receipt", 'return Receipt("ACME")', "grounded", "receipt('') gave Receipt(company='ACME', day=None, total=None): .company is 'ACME', which does"),
    ("receipt", "from decimal import Decimal\nreturn Receipt(text, Decimal(len(text)))", "grounded", ".total is Decimal("),
    ("receipt", "return Receipt(None)", "valid", "the value.company is None, not str"),
    ("receipt", "return object()", "total", "gave no answer: it the value has the type `object`"),
    ("clean", "item.tags.append('x')\nreturn item", "unmodified", "changed its arguments, to (Item("),
    ("clean", "return Item(item.name[0])", "total", "raised IndexError"),
    ("clean", "return Item(item.name, list(set(item.tags)))", "deterministic", "in one process"),
    ("clean", "return Item(item.name, item.tags, 3)", "valid", "the value.kind is int, not Kind"),
    ("weather", "return {}", "valid", "weather('') gave {}: the value lacks the key 'city'"),
    ("weather", 'return {"city": text, "unit": "C"}', "valid", "the value has the key 'unit', which the schema does not have"),
    ("weather", 'return {"city": len(text)}', "valid", "the value['city'] is 0, not of the type string"),
    ("weather", 'import re\nreturn {"city": re.search(r"\\w+", text)[0]}', "total", "weather('') raised TypeError"),
    ("port", "return int(text) if text.isdigit() else FALLBACK", "total", "raised ValueError"),
    ("port", "return str(FALLBACK)", "valid", "is str, not int"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "broken", "said"), WRONG)
def test_wrong_bodies_are_refused_with_the_shortest_call_that_shows_it(shop, name, body, broken, said):
    verdict = shop.check(name, body)
    assert (verdict.passed, verdict.message.startswith(f"it is not {broken}: {name}(")) == (False, True)
    assert said in verdict.message
    assert verdict.feedback.startswith(verdict.message.removeprefix(f"it is not {broken}: "))
    assert verdict.faults[0] == verdict.feedback.splitlines()[0]
    assert 0 <= verdict.score < 1


def test_answers_that_hang_on_earlier_calls_are_refused(shop):
    body = "clean.calls = getattr(clean, 'calls', 0) + 1\nreturn Item(str(clean.calls))"
    assert shop.check("clean", body).message.startswith("it is not deterministic")


def test_a_score_tells_how_many_calls_were_right(shop):
    few = shop.check("kind", "return Kind.OTHER if text else Kind[text]")
    many = shop.check("kind", "return Kind[text]")
    assert 0.9 < few.score < 1
    assert many.score == 0


@pytest.mark.parametrize("name", ["free", "plain"])
def test_a_plain_function_is_asked_nothing(shop, name):
    shop.runners[name] = None
    verdict = shop.check(name, "return text[0]")
    assert verdict.passed
    assert verdict.evidence == {"held": "nothing: the template has no properties"}


def test_what_is_jailed_passes_and_says_that_nothing_was_asked(shop):
    verdict = shop.check("jailed", "return Receipt(text[0])")
    assert verdict.passed
    assert verdict.evidence == {"held": "nothing: the body was not run from outside"}


def test_a_held_out_example_is_no_input(shop):
    body = 'return Kind.OTHER if text != "An invoice" else Kind["x"]'
    assert not shop.check("kind", body).passed
    assert shop.check("kind", body, held=HeldOut(examples=frozenset({0}))).passed
