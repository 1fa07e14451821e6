from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.module import Import, parse_module, render_module
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.compiler.reply import Body

SPEC = '''
    from __future__ import annotations

    import re
    from decimal import Decimal

    from pytest_compiled_ai import spec

    ONE = 1
    TWO = ONE + 1
    THREE = 3

    @spec
    def f(n: Decimal) -> int:
        """Return n."""
'''
RE, DECIMAL = Import(module="re", name=None, bound="re"), Import(module="decimal", name="Decimal", bound="Decimal")
MATH = Import(module="math", name=None, bound="math")


@pytest.fixture
def made(bench):
    return bench({"specs/it.py": SPEC})


@pytest.fixture
def build(made):
    def assembled(text, *imports):
        subject = made.subject("f")
        body = Body(text=f"    {text}", imports=imports)
        return assemble(made.project().blank(subject.file), subject, body, "v1:12"), subject, body

    return assembled


def test_an_artifact_has_what_the_body_and_the_signature_need_and_no_more(build):
    module, _, _ = build("return int(n) + math.floor(TWO)", MATH)
    assert module.imports == (DECIMAL, MATH)
    assert list(module.constants) == ["ONE", "TWO"]
    assert module.future
    assert render_module(module).startswith("# Compiled from specs/it.py by pytest-compiled-ai.")


def test_an_import_of_the_spec_is_used_where_the_body_brings_none(build):
    assert build("return len(re.escape(str(n)))")[0].imports == (DECIMAL, RE)
    other = Import(module="regex", name=None, bound="re")
    assert other not in build("return len(re.escape(str(n)))")[0].imports


def test_the_reply_cannot_take_a_name_that_the_signature_needs(build):
    module, _, _ = build("return int(Decimal(n))", Import(module="mine", name="Decimal", bound="Decimal"))
    assert module.imports == (DECIMAL,)
    assert "    from mine import Decimal\n    return int(Decimal(n))" in module.sections[0].text


def test_the_stamp_is_right_for_what_is_read_back(build):
    module, _, _ = build("return int(n)")
    read = parse_module(render_module(module), "specs/it.py")
    assert read.sections[0].body_hash == hash_section(read, read.sections[0]) != ""
    assert read.sections[0].digest == "v1:12"


def test_a_candidate_is_cut_at_its_own_lines(build):
    module, subject, body = build("return int(n) + math.floor(1)", MATH)
    candidate = cut_candidate(module, subject, body)
    lines = candidate.module.splitlines()
    assert lines[candidate.first_line - 1] == "def f(n: Decimal) -> int:"
    assert candidate.header_lines == 2
    assert candidate.imports == (MATH,)
    assert candidate.body == "    return int(n) + math.floor(1)"


def test_a_body_is_read_back_from_its_artifact(build, made):
    module, subject, body = build("return int(n) + math.floor(1)", MATH)
    assert read_body(module, subject) == body
    assert read_body(made.project().blank(subject.file), subject) is None


def test_a_section_whose_body_was_deleted_has_none(build):
    module, subject, _ = build("return int(n)")
    emptied = parse_module(render_module(module).replace("    return int(n)\n", ""), "specs/it.py")
    assert emptied.section("f") is not None
    assert read_body(emptied, subject) is None
