from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Import,
    Section,
    names_shared,
    names_used,
    parse_module,
    parse_shared,
    read_imports,
    render_imports,
    render_module,
    section_nodes,
    with_section,
)

DECIMAL = Import(module="decimal", name="Decimal", bound="Decimal")
OTHER_DECIMAL = Import(module="mine.numbers", name="Decimal", bound="Decimal")
NAMES = ["alpha", "beta", "gamma"]


def section(name: str, body: str = "return n", *, head: str = "", digest: str = "v1:ab") -> Section:
    return Section(name=name, text=f"{head}def {name}(n: int) -> int:\n    {body}\n", digest=digest, body_hash="cd")


def module(*sections: Section, **names: object) -> ArtifactModule:
    return ArtifactModule(**{"spec_path": "specs/x.py", "constants": {}, "sections": sections, **names})


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (Import(module="os", name=None, bound="os"), "import os"),
        (Import(module="os.path", name=None, bound="os"), "import os.path"),
        (Import(module="os.path", name=None, bound="p"), "import os.path as p"),
        (DECIMAL, "from decimal import Decimal"),
        (Import(module="decimal", name="Decimal", bound="D"), "from decimal import Decimal as D"),
    ],
)
def test_an_import_is_spelled_as_it_is_read(item, line):
    assert item.line == line
    assert read_imports(ast.parse(line).body[0]) == [item]


def test_imports_are_laid_out_like_a_formatter_would():
    items = [
        OTHER_DECIMAL,
        DECIMAL,
        Import(module="decimal", name="ROUND_UP", bound="UP"),
        Import(module="re", name=None, bound="re"),
        Import(module="numpy", name=None, bound="np"),
    ]
    standard, others = render_imports(items)
    assert standard == "import re\nfrom decimal import Decimal, ROUND_UP as UP"
    assert others == "import numpy as np\nfrom mine.numbers import Decimal"
    assert render_imports([]) == []


def test_a_whole_artifact_is_rendered():
    made = module(section("alpha"), future=True, imports=(DECIMAL,), constants={"A": "A = 1", "B": "B: int = 2"})
    assert render_module(made) == (
        "# Compiled from specs/x.py by pytest-compiled-ai.\n"
        "# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.\n"
        "\nfrom __future__ import annotations\n\nfrom decimal import Decimal\n\nA = 1\nB: int = 2\n"
        "\n\n# spec v1:ab body cd\ndef alpha(n: int) -> int:\n    return n\n"
    )
    assert parse_module(render_module(made), "specs/x.py") == made


def test_a_function_without_a_stamp_has_an_empty_one():
    (first, second) = parse_module("def alpha(): ...\n\n# spec nonsense\nasync def beta(): ...\n", "s").sections
    assert (first.digest, first.body_hash) == ("", "")
    assert (second.digest, second.body_hash) == ("", "")
    assert first.node.name == "alpha"


def test_decorators_and_windows_line_ends_belong_to_a_section():
    text = "# spec v1:0a body 0b\r\n@one\r\n@two\r\ndef alpha():\r\n    return 1\r\n"
    (found,) = parse_module(text, "s").sections
    assert found.text == "@one\n@two\ndef alpha():\n    return 1\n"
    assert found.stamp == "# spec v1:0a body 0b"


def test_what_is_no_python_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        parse_module("def (", "s")


def test_other_statements_are_passed_over():
    assert parse_module('"""Say."""\nprint(1)\nif True: ...\n', "s") == module(spec_path="s")


CLASS = "@one\nclass A:\n    x: int = LIMIT\n\n    def f(self) -> int:\n        'Say.'\n        return sqrt(4)\n"


def test_a_class_is_a_section():
    text = f"LIMIT = 3\n\n\n# spec v1:0a body 0b\n{CLASS}"
    read = parse_module(text, "s")
    (found,) = read.sections
    assert (found.name, found.text, found.digest, found.body_hash) == ("A", CLASS, "v1:0a", "0b")
    assert found.node.name == "A"
    assert parse_module(render_module(read), "s") == read


def test_an_import_of_another_meaning_moves_into_the_methods_that_use_it():
    other = Section(name="f", text="def f() -> float:\n    return sqrt(2)\n", digest="v1:1", body_hash="1")
    first = with_section(module(), other, [Import(module="math", name="sqrt", bound="sqrt")], {}, ["f", "A"])
    text = CLASS + "\n    def g(self) -> int:\n        return 1\n"
    section = Section(name="A", text=text, digest="v1:2", body_hash="2")
    both = with_section(
        first, section, [Import(module="cmath", name="sqrt", bound="sqrt")], {"LIMIT": "LIMIT = 3"}, ["f", "A"]
    )
    assert [item.line for item in both.imports] == ["from math import sqrt"]
    moved = "        'Say.'\n        from cmath import sqrt\n        return sqrt(4)\n"
    assert both.section("A").text == text.replace("        'Say.'\n        return sqrt(4)\n", moved)


def test_names_in_string_annotations_count_as_used():
    assert names_used(ast.parse("def f(x: 'Money', y: 'a b') -> int: return g(x)")) == {"Money", "int", "g", "x"}


def test_a_new_section_stands_in_stub_order_and_brings_its_imports_and_constants():
    made = module(section("alpha"), section("gamma"), section("gone"))
    beta = section("beta", "return int(Decimal(n)) + LIMIT")
    made = with_section(
        made, beta, [DECIMAL, Import(module="re", name=None, bound="re")], {"LIMIT": "LIMIT = 3"}, NAMES
    )
    assert [item.name for item in made.sections] == ["alpha", "beta", "gamma", "gone"]
    assert made.imports == (DECIMAL,)
    assert made.constants == {"LIMIT": "LIMIT = 3"}
    assert made.section("beta") == beta
    assert made.section("delta") is None


def test_an_import_that_a_constant_alone_needs_comes_with_it_and_stays():
    constants = {"CENT": 'CENT = Decimal("0.01")', "CENTS": "CENTS = [CENT, CENT]"}
    made = with_section(module(), section("alpha", "return CENTS[n]"), [DECIMAL], constants, NAMES)
    assert (made.imports, made.constants) == ((DECIMAL,), constants)
    made = with_section(made, section("beta"), [], {}, NAMES)
    assert (made.imports, made.constants) == ((DECIMAL,), constants)
    made = with_section(made, section("alpha"), [], {}, NAMES)
    assert (made.imports, made.constants) == ((), {})


def test_a_module_may_be_imported_beside_a_name_out_of_it():
    both = [Import(module="re", name="sub", bound="sub"), Import(module="re", name=None, bound="re")]
    made = with_section(module(), section("beta", "return sub(re.M, n)"), both, {}, NAMES)
    assert [item.line for item in made.imports] == ["import re", "from re import sub"]
    assert "import re\nfrom re import sub\n" in render_module(made)


def test_what_no_section_uses_any_more_is_dropped():
    made = module(
        section("alpha", "return int(Decimal(n)) + LIMIT"), imports=(DECIMAL,), constants={"LIMIT": "LIMIT = 3"}
    )
    made = with_section(made, section("alpha"), [], {}, NAMES)
    assert (made.imports, made.constants) == ((), {})


@pytest.mark.parametrize("docstring", ["", '"""Say."""\n    '])
def test_an_import_that_would_change_another_section_s_meaning_moves_inside(docstring):
    made = module(section("alpha", "return int(Decimal(n))"), imports=(DECIMAL,))
    beta = section("beta", f"{docstring}return Decimal.of(n)")
    made = with_section(made, beta, [OTHER_DECIMAL], {}, NAMES)
    assert made.imports == (DECIMAL,)
    inside = f"    {docstring}from mine.numbers import Decimal\n    return Decimal.of(n)\n"
    assert made.section("beta").text == "def beta(n: int) -> int:\n" + inside


def test_an_import_in_a_function_that_is_its_docstring_alone_stays_code():
    made = module(section("alpha", "return int(Decimal(n))"), imports=(DECIMAL,))
    beta = Section(name="beta", text='def beta(n: "Decimal"):\n    """Say."""\n', digest="", body_hash="")
    made = with_section(made, beta, [OTHER_DECIMAL], {}, NAMES)
    (function,) = ast.parse(made.section("beta").text).body
    assert ast.unparse(function.body[-1]) == "'Say.'"
    assert "from mine.numbers import Decimal" in ast.unparse(function)


imports = st.builds(
    Import,
    module=st.sampled_from(["re", "decimal", "os.path", "pkg.inner"]),
    name=st.sampled_from(["a", "b"]),
    bound=st.sampled_from(["p", "q", "r"]),
)
bodies = st.sampled_from(
    [
        "return n",
        'return len("""x\n  y\n""") + n',
        "p = q\n    # say\n    return r",
        "return (\n        n\n    )",
        "A; B",
    ]
)


@st.composite
def modules(draw):
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    sections = [
        section(name, draw(bodies), head=draw(st.sampled_from(["", "@cache\n", "async "]))) for name in sorted(names)
    ]
    unique = {item.bound: item for item in draw(st.lists(imports, max_size=3))}
    constants = {name: f"{name} = 1" for name in draw(st.lists(st.sampled_from("AB"), unique=True))}
    return module(*sections, future=draw(st.booleans()), imports=tuple(sorted(unique.values())), constants=constants)


@settings(max_examples=40, deadline=None)
@given(modules())
def test_what_is_rendered_is_read_back(made):
    read = parse_module(render_module(made), made.spec_path)
    assert sorted(read.imports) == sorted(made.imports)
    assert (read.sections, read.constants, read.future) == (made.sections, made.constants, made.future)
    assert render_module(read) == render_module(made)


@settings(max_examples=40, deadline=None)
@given(modules(), bodies, st.lists(imports, max_size=3))
def test_a_new_section_leaves_the_others_byte_equal(made, body, brought):
    changed = with_section(made, section("beta", body), brought, {}, NAMES)
    assert [s for s in changed.sections if s.name != "beta"] == [s for s in made.sections if s.name != "beta"]
    before, after = ({s.name: s.text for s in parse_module(render_module(m), "s").sections} for m in (made, changed))
    assert all(after[name] == text for name, text in before.items() if name != "beta")
    used = {name for other in changed.sections if other.name != "beta" for name in names_used(other.node)}
    assert [i for i in changed.imports if i.bound in used] == [i for i in made.imports if i.bound in used] or all(
        i in changed.imports for i in made.imports if i.bound in used
    )


def test_the_nodes_of_sections_are_their_texts() -> None:
    made = module(
        section("one", "return n + LIMIT"), section("two", head="@cached\n"), constants={"LIMIT": "LIMIT = 3"}
    )
    text = render_module(made)
    nodes = section_nodes(text)
    assert {name: ast.dump(node) for name, node in nodes.items()} == {
        each.name: ast.dump(each.node) for each in parse_module(text, "specs/x.py").sections
    }
    assert section_nodes("\ufeff" + text.replace("\n", "\r\n")) == nodes


def test_of_two_sections_of_a_name_the_first_counts_and_helpers_are_none() -> None:
    text = "# helper money\ndef help():\n    return 1\n\n\ndef one():\n    return 2\n\n\ndef one():\n    return 3\n"
    nodes = section_nodes(text)
    assert [(name, node.lineno) for name, node in nodes.items()] == [("one", 6)]
    with pytest.raises(SyntaxError):
        section_nodes("def")


def test_what_is_read_of_equal_texts_is_nobody_elses() -> None:
    text = render_module(module(section("one", "return LIMIT"), constants={"LIMIT": "LIMIT = 3"}))
    first = parse_module(text, "specs/x.py")
    first.constants.clear()
    second = parse_module(text, "specs/y.py")
    assert (second.constants, second.spec_path) == ({"LIMIT": "LIMIT = 3"}, "specs/y.py")


def test_a_tree_is_parsed_once_for_all_who_ask_in_a_row() -> None:
    tree = parse_shared("x = y + 'z'\n")
    assert parse_shared("x = y + " + "'z'\n") is tree
    assert names_shared(tree) == names_used(tree) == {"x", "y", "z"}
