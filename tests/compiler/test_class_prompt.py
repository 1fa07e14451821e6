"""What a model is asked about a class, about generators, and about a spec that uses a class."""

from __future__ import annotations

from dataclasses import replace

from pytest_compiled_ai.compiler.prompt import SYSTEM_OF_CLASS, begin_reply, write_prompt, write_repair
from pytest_compiled_ai.compiler.question import make_prompt
from pytest_compiled_ai.compiler.search import PATTERNS, REPLY_TOKENS, RULES_FIRST, next_question, turns_of

SPEC = '''
    from collections.abc import AsyncIterator, Iterator
    from decimal import Decimal
    from fractions import Fraction

    from pytest_compiled_ai import spec

    LIMIT = 3
    OTHER = 4

    @spec
    class Stack:
        """Hold up to LIMIT items.

        More of it.
        """

        size: int = 0

        def push(self, item: Decimal, name: str) -> None:
            """Put it on.

            >>> Stack().push(Decimal(1), "a")
            """

        def peek(self) -> int:
            """Look."""
            return self.size

        def items(self) -> Iterator[int]: ...

    @spec(uses=[Stack])
    async def drain(stack: Stack) -> AsyncIterator[int]:
        """Yield all."""

    def test_push() -> None:
        Stack().push(Decimal(1), "b")
'''


def test_a_class_is_shown_whole_with_its_bodies_left_open(bench):
    made = bench({"specs/it.py": SPEC})
    subject = made.subject("Stack")
    system, user = make_prompt(made.project().config, replace(subject, tests=("specs/it.py::test_push",)))
    assert system.content.startswith(SYSTEM_OF_CLASS)
    assert user.content.startswith(
        "Write the methods of this class that have `...` for a body:\n\n```python\n"
        "from collections.abc import Iterator\nfrom decimal import Decimal\n\nLIMIT = 3\n\nclass Stack:\n"
    )
    assert '>>> Stack().push(Decimal(1), "a")\n        """\n        ...\n\n    def peek' in user.content
    assert "        return self.size\n" in user.content
    assert "add no method and no attribute" in user.content
    assert "`items` must `yield` values one by one." in user.content
    assert "def test_push" in user.content
    assert "OTHER" not in user.content
    assert "Fraction" not in user.content


def test_a_reply_begins_with_all_that_stands_before_the_first_body(bench):
    begun = begin_reply(bench({"specs/it.py": SPEC}).subject("Stack").stub)
    assert begun.startswith('```python\nclass Stack:\n    """Hold up to LIMIT items.\n')
    assert begun.endswith('>>> Stack().push(Decimal(1), "a")\n        """\n')


def test_a_used_class_is_shown_without_its_bodies(bench):
    user = write_prompt(bench({"specs/it.py": SPEC}).subject("drain"), [])[1].content
    assert "# exists already: use it, do not define it\nclass Stack:\n" in user
    assert "Hold up to LIMIT items." in user
    assert "More of it" not in user
    assert "    def peek(self) -> int:\n        ...\n" in user
    assert "@spec" not in user
    assert "`drain` must `yield` values one by one." in user


def test_a_used_class_without_a_docstring_is_shown_too(bench):
    plain = SPEC.replace('"""Hold up to LIMIT items.\n\n        More of it.\n        """\n', "")
    assert (
        "class Stack:\n    size: int = 0\n"
        in write_prompt(bench({"specs/it.py": plain}).subject("drain"), [])[1].content
    )


def test_a_repair_asks_for_the_class(bench):
    made = bench({"specs/it.py": SPEC})
    stub = made.subject("Stack").stub
    assert write_repair((), "x", "y")[-1].content.endswith("the whole corrected function.")
    assert write_repair((), "x", "y", "class")[-1].content.endswith("the whole corrected class.")
    request = next_question((), (), 1, stub).request
    assert request.max_tokens == REPLY_TOKENS
    many = stub._replace(methods=stub.methods * 3)
    assert next_question((), (), 1, many).request.max_tokens > REPLY_TOKENS


def test_the_approaches_to_a_class_are_hints_alone(bench):
    approaches = [turn.approach for turn in turns_of(bench({"specs/it.py": SPEC}).subject("Stack").stub)]
    assert {RULES_FIRST.hint, PATTERNS.hint} < {approach.hint for approach in approaches}
    assert not any(approach.opening for approach in approaches)
