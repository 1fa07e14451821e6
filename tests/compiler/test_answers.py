"""What candidates answer to inputs: asked in real sealed workers, of which one that dies costs its own input alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_compiled_ai.compiler import answers as asking
from pytest_compiled_ai.compiler import tiers
from pytest_compiled_ai.compiler.answers import ask
from pytest_compiled_ai.compiler.outside import Outside
from pytest_compiled_ai.compiler.tiers import TieredRunner
from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.behaviour import UNASKED, cluster, find_difference
from pytest_compiled_ai.evaluation.suggestion import write_tests
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.worker.channel import CallLimits

pytestmark = pytest.mark.usefixtures("sealed")
SPEC = '''
    from collections.abc import AsyncIterator, Iterator
    from app import BadAmount, Money
    from pytest_compiled_ai import spec

    @spec
    def smallest(items: list[int]) -> int:
        """Return the smallest item.

        >>> smallest([2, 1])
        1
        """

    @spec
    async def later(n: int) -> int:
        """Return n.

        >>> import asyncio; asyncio.run(later(1))
        1
        """

    @spec
    def count(n: int) -> Iterator[int]:
        """Count from n.

        >>> next(count(1))
        1
        """

    @spec
    async def stream(n: int) -> AsyncIterator[int]:
        """Count up to n."""

    @spec
    def pay(n: int) -> Money:
        """Return an amount."""

    @spec(isolation="jailed")
    def jailed(n: int) -> int:
        """Return n.

        >>> jailed(1)
        1
        """
'''
APP = "class BadAmount(ValueError): ...\n\n\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Money:\n    amount: int\n"
QUICK = CallLimits(call=0.5, total=60.0)
LISTS = [make_input([items], {}) for items in ([3], [2, 1], [], [5, 4], [7, 6, 8])]


class Desk:
    """Asks bodies of one project's specs."""

    def __init__(self, made, shadow):
        self.made, self.shadow = made, shadow
        candidate, self.subject = made.candidate("smallest", "    raise BaseException")
        self.outside = Outside(made.project(timeout=60).config, shadow, self.subject, candidate.module)

    def ask(self, body, inputs=LISTS, *, name="smallest", limits=QUICK):
        candidate, subject = self.made.candidate(name, body)
        self.outside._ready()
        return ask(self.outside._zygotes[0], candidate.module, subject.stub.node, inputs, limits)

    def texts(self, body, values=(1,), **options):
        found = self.ask(body, [make_input([value], {}) for value in values], **options)
        return [(answer.kind, answer.text) for answer in found]


@pytest.fixture(scope="module")
def desk(shared_bench, sealed):
    made = shared_bench({"specs/number.py": SPEC, "src/app.py": APP})
    with Shadow(made.root) as shadow:
        desk = Desk(made, shadow)
        yield desk
        desk.outside.close()


def test_two_bodies_are_told_apart_by_the_shortest_input_on_which_they_differ(desk):
    bodies = ["    return min(items)", "    return sorted(items)[0]", "    return min(items, default=0)"]
    inputs = [*LISTS, make_input([[]], {})]
    found = cluster([desk.ask(body, inputs) for body in bodies])
    assert [each.candidates for each in found] == [(0,), (1,), (2,)]
    difference = find_difference(inputs, [found[0], found[2]])
    assert difference.input.text == "[]"
    assert [(each.kind, each.text) for each in difference.answers] == [("raises", "ValueError"), ("value", "0")]
    tests = write_tests(desk.subject.stub.node, difference)
    assert "with pytest.raises(ValueError):\n        smallest([])" in tests[0]
    assert "    assert smallest([]) == 0\n" in tests[1]


def test_a_body_that_hangs_on_an_input_answers_the_others(desk):
    body = "    while len(items) == 2:\n        pass\n    return len(items)"
    found = desk.ask(body)
    assert [answer.kind for answer in found] == ["value", "none", "value", "none", "value"]
    assert (found[1].text, found[4].text) == ("ran longer than 0.5 s", "3")


def test_a_body_that_dies_on_every_input_is_asked_three_times(desk):
    found = desk.ask("    import os\n    os._exit(3)")
    assert [answer.text for answer in found] == ["left with exit status 3"] * 3 + [UNASKED.text] * 2
    assert found[3:] == (UNASKED, UNASKED)


def test_a_program_that_cannot_be_loaded_answers_nothing(desk):
    desk.outside._ready()
    found = ask(desk.outside._zygotes[0], "1 / 0", desk.subject.stub.node, LISTS)
    assert "ZeroDivisionError" in found[0].text
    assert {answer.kind for answer in found} == {"none"}


def test_a_body_that_takes_too_long_in_all_is_asked_no_further(desk, monkeypatch):
    assert desk.ask("    return 1", limits=CallLimits(call=0.5, total=0.0)) == (UNASKED,) * 5
    moments = iter([0.0, 0.0, 1.0, 1.0, *[100.0] * 9])
    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    found = desk.ask("    return 1")
    assert [answer.kind for answer in found] == ["value", "value", "none", "none", "none"]
    assert found[2:] == (UNASKED,) * 3


def test_what_a_body_does_to_its_arguments_is_seen_and_undone(desk):
    sorting, plain = desk.ask("    items.sort()\n    return items[0]"), desk.ask("    return sorted(items)[0]")
    assert [one.key == other.key for one, other in zip(sorting, plain, strict=True)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert (sorting[1].text, plain[1].text, sorting[1].after, plain[1].after[0]) == (
        "1",
        "1",
        ("([1, 2],)", "{}"),
        "([2, 1],)",
    )
    assert [each.text for each in LISTS] == ["[3]", "[2, 1]", "[]", "[5, 4]", "[7, 6, 8]"]
    assert LISTS[1].arguments == ([2, 1],)


def test_coroutines_are_awaited_and_of_iterators_the_first_items_are_taken(desk):
    assert desk.texts("    import asyncio\n    await asyncio.sleep(0)\n    return n + 1", name="later") == [
        ("value", "2")
    ]
    endless = str(list(range(1, 21)))
    assert desk.texts("    while True:\n        yield n\n        n += 1", name="count") == [("value", endless)]
    assert desk.texts("    return iter([n, 2])", name="count") == [("value", "[1, 2]")]
    assert desk.texts("    yield n\n    raise KeyError(n)", name="count") == [("raises", "KeyError")]
    assert desk.texts("    for each in range(n):\n        yield each", [2], name="stream") == [("value", "[0, 1]")]
    # A function without such an annotation may yield, too.
    assert desk.texts("    yield from items", [[2, 1]]) == [("value", "[2, 1]")]


def test_what_the_codec_refuses_is_no_answer(desk):
    (found,) = desk.ask("    return object()", LISTS[:1])
    assert (found.kind, found.text) == (
        "none",
        "the value has the type `object`, and only data of known types can be sent",
    )


def test_objects_of_the_project_s_own_are_compared_by_what_was_sent(desk):
    one, same, other = (
        desk.ask(f"    return Money(n{by})", [make_input([1], {})], name="pay")[0] for by in ("", " + 0", " + 1")
    )
    assert {each.kind for each in (one, same, other)} == {"none"}
    assert (one.key == same.key, one.key == other.key) == (True, False)


def test_exceptions_go_by_their_name(desk):
    assert desk.texts("    raise SystemExit(1)", [[1]]) == [("raises", "SystemExit")]
    assert desk.texts("    raise BadAmount(n)", name="pay") == [("raises", "app.BadAmount")]
    text = "    from decimal import InvalidOperation\n    raise InvalidOperation"
    assert desk.texts(text, [[1]]) == [("raises", "decimal.InvalidOperation")]


def test_an_argument_that_cannot_be_sent_is_no_answer(desk):
    (found,) = desk.ask("    return 1", [SimpleNamespace(copies=lambda: ([object()], {}))])
    assert (found.kind, "could not be asked" in found.text) == ("none", True)


def test_a_spec_s_outside_asks_its_own_function(desk):
    candidate, _ = desk.made.candidate("smallest", "    return min(items, default=0)")
    assert [each.text for each in desk.outside.answer(candidate.module, LISTS)] == ["3", "1", "0", "4", "6"]


def test_a_jailed_spec_is_not_compared(desk):
    ran = []
    jail = SimpleNamespace(run=lambda *given: ran.append(given))
    runner = TieredRunner(desk.made.project().config, desk.shadow, jail)
    raising, subject = desk.made.candidate("jailed", "    raise BaseException")
    runner.begin(subject, raising)
    assert runner.answer(raising.module, LISTS) == ()
    assert len(ran) == 1


def test_a_sealed_spec_is_asked_in_the_workers_of_the_first_seed_until_it_ends(desk, monkeypatch):
    class Stand(SimpleNamespace):
        def __init__(self, *given, seeds):
            super().__init__(run=self.run, stop=print, close=print, seeds=seeds)

        def run(self, *given, **options):
            return SimpleNamespace(needs_jail="", results=())

        def answer(self, module, inputs, classes, *, hash_seed):
            return (self.seeds.index(hash_seed), module, inputs)

    monkeypatch.setattr(tiers, "Outside", Stand)
    runner = TieredRunner(desk.made.project().config, desk.shadow, SimpleNamespace())
    raising, subject = desk.made.candidate("smallest", "    raise BaseException")
    runner.begin(subject, raising)
    assert runner.answer("text", LISTS) == (0, "text", LISTS)
    runner.end()
    assert runner.answer("text", LISTS) == ()
