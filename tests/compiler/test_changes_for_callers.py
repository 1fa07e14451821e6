from __future__ import annotations

import pytest
from compiler_scripts import SPEC

from pytest_compiled_ai.compiler.assembly import assemble
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.changes import find_changes
from pytest_compiled_ai.evaluation.behaviour import Answer, value_answer

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


class Near:
    """Asks a body in this process, and remembers what."""

    def __init__(self, *, is_sealed: bool = True) -> None:
        self.is_sealed, self.asked = is_sealed, []

    def answer(self, module: str, inputs: object) -> tuple[Answer, ...]:
        names: dict[str, object] = {}
        exec(module, names)
        self.asked.append([each.text for each in inputs])
        return tuple(value_answer(names["double"](*each.arguments)) for each in inputs) if self.is_sealed else ()


@pytest.fixture
def compare(bench):
    """Return a function that tells what changes from one body to another."""
    made = bench({"specs/number.py": SPEC})
    subject, blank = made.tested("double"), made.project().blank(made.subject("double").file)

    def compare(old, new, answerer):
        modules = [assemble(blank, subject, Body(text=f"    return {text}", imports=()), "v1:0") for text in (old, new)]
        return find_changes(*modules, subject, answerer, made.root)

    compare.made, compare.subject, compare.blank = made, subject, blank
    return compare


def test_calls_of_the_tests_and_others_are_asked(compare):
    changes = compare("2 * n", "2 * n if n < 2 else 0", near := Near())
    assert "double(2): 4 -> 0" in changes
    assert len(changes) == 5
    asked, again = near.asked
    assert asked == again
    assert {"0", "2"} <= set(asked[:2])
    assert len(asked) > 30
    assert compare("2 * n", "n + n", Near()) == ()


def test_what_cannot_be_asked_from_outside_is_not_compared(compare):
    assert compare("2 * n", "3 * n", Near(is_sealed=False)) == ()


def test_where_there_was_no_body_nothing_changes(compare):
    new = assemble(compare.blank, compare.subject, Body(text="    return n", imports=()), "v1:0")
    assert find_changes(compare.blank, new, compare.subject, None, compare.made.root) == ()


def test_classes_are_not_compared(bench):
    made = bench({"specs/box.py": BOX})
    subject = made.tested("Box")
    body = Body(text="        return 1", imports=(), methods={"get": "        return 1"})
    module = assemble(made.project().blank(subject.file), subject, body, "v1:0")
    assert find_changes(module, module, subject, None, made.root) == ()


def test_calls_that_the_old_signature_does_not_take_are_left_out(compare):
    made = compare.made
    old = assemble(compare.blank, compare.subject, Body(text="    return 2 * n", imports=()), "v1:0")
    made.edit("specs/number.py", "double(n: int)", "double(n: int, plus: int = 0)")
    made.edit("specs/number.py", "assert double(0) == 0", "assert double(0, 4) == 4")
    subject = made.tested("double")
    new = assemble(compare.blank, subject, Body(text="    return 2 * n + plus + 1", imports=()), "v1:0")
    assert "double(2): 4 -> 5" in find_changes(old, new, subject, near := Near(), made.root)
    assert near.asked[0]
    assert not any("," in text or "plus" in text for text in near.asked[0])
