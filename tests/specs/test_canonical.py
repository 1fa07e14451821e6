from __future__ import annotations

import ast
import random
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pytest_compiled_ai.specs
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.canonical import body_hash, canonical, canonical_exact, hash_of
from pytest_compiled_ai.specs.nodes import FIELDS
from pytest_compiled_ai.specs.renames import name_field, renamable_locals

HERE = Path(pytest_compiled_ai.specs.__file__).parent
SAMPLES = [
    node
    for path in sorted(HERE.glob("*.py"))
    for node in ast.parse(path.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef | ast.ClassDef)
]
functions = st.sampled_from([node for node in SAMPLES if isinstance(node, ast.FunctionDef)])


def meaning(code: str) -> bytes:
    return canonical(ast.parse(textwrap.dedent(code)))


def exact(code: str) -> bytes:
    return canonical_exact(ast.parse(textwrap.dedent(code)))


def test_locals_may_be_numbered_in_any_piece_of_code() -> None:
    names = frozenset({"a", "b"})
    pieces = [ast.parse(code).body[0] for code in ("a = b + c", "b = a + c", "a = a + c", "a = b + d")]
    one, same, *others = (canonical_exact(piece, names) for piece in pieces)
    assert one == same == b"Assign([Name($0,)],BinOp(Name($1,),Add(),Name('c',),),)"
    assert one not in others
    inner = ast.parse("def g():\n    'said'\n    return a").body[0]
    assert b"said" in canonical_exact(inner, names)
    assert b"$0" in canonical_exact(inner, names)


def test_the_bytes_are_readable_and_fixed() -> None:
    code = 'def f(a, *, b: int = 2) -> str:\n    total = a + b\n    return f"{total:>{b}}x"'
    assert meaning(code) == (
        b"Module([FunctionDef([],'f',arguments([],[arg('a',-,)],-,[arg('b',Name('int',),)],[Constant(0x2,)],-,[],),"
        b"Name('str',),[Assign([Name($0,)],BinOp(Name('a',),Add(),Name('b',),),)"
        b"Return(JoinedStr([FormattedValue(Name($0,),-0x1,JoinedStr([Constant('>',)FormattedValue(Name('b',),-0x1,-,)],),)"
        b"Constant('x',)],),)],)],)"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a'", 'x = "a"'),
        ("x = u'a'", "x = 'a'"),
        ("x = 'a' 'b'", "x = ('a'\n  'b')"),
        ("x = f'a' f'{y}'", "x = f'a{y}'"),
        ("x = f'{y:}'", "x = f'{y}'"),
        ("x = f''", "x = ''"),
        ("x = f'a'", "x = 'a'"),
        ("x = 0xFF", "x = 255"),
        ("x = 1  # type: int", "x = 1  # a comment"),
        ("del (a, [b])", "del a, b"),
        ("from a import c, b", "from a import (\n    b,\n    c,\n)"),
        ("import b, a", "import a, b"),
        ("def f():\n    'Doc.'\n    return 1", "def f():\n    return 1"),
        ("class A:\n    '''Doc.'''\n    x = 1", "class A():\n    x = 1"),
        ("if x:\r\n    y = 1\r\n", "if (x):\n  y = 1\n"),
    ],
)
def test_spellings_of_one_meaning_are_equal(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = '1'", "x = b'1'"),
        ("x = None", "x = 'None'"),
        ("x = ...", "x = 'Ellipsis'"),
        ("x = 1j", "x = 1"),
        ("x = (1,)", "x = [1]"),
        ("x = ['a', 'b']", "x = ['ab']"),
        ("x = a < b", "x = a <= b"),
        ("x = f'{y!r}'", "x = f'{y!s}'"),
        ("x = f'{y=}'", "x = f'{y}'"),
        ("async def f(): pass", "def f(): pass"),
        ("def f(a, /): pass", "def f(a): pass"),
        ("def f(a: int): pass", "def f(a): pass"),
        ("from a import b", "from .a import b"),
        ("def f():\n    return 'Doc.'", "def f():\n    return 'Dog.'"),
        ("[x async for x in y]", "[x for x in y]"),
    ],
)
def test_other_meanings_differ(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


@pytest.mark.parametrize(
    "code", ["x = 10**400", f"x = {hex(16**5000)}", "x = 1e999", "x = '\\ud800é'", "x = 1e-7 + 2.5j"]
)
def test_odd_constants_are_written(code: str) -> None:
    assert meaning(code).isascii()


def test_constants_of_an_f_string_are_merged_whoever_parsed_it() -> None:
    value = ast.FormattedValue(ast.Name("y", ast.Load()), -1, None)
    parts = [ast.Constant("a"), ast.Constant("b"), value, ast.Constant("")]
    assert canonical(ast.JoinedStr(parts)) == canonical(ast.parse("f'ab{y}'", mode="eval").body)
    assert canonical(ast.JoinedStr([ast.Constant("")])) == canonical(ast.Constant(""))


def test_deep_trees_are_written() -> None:
    assert meaning("x = " + " + ".join(["a"] * 900)).count(b"BinOp(") == 899


def test_exact_keeps_docstrings_and_names_of_locals() -> None:
    assert exact("def f():\n    x = 1") != exact("def f():\n    y = 1")
    assert exact("def f():\n    'One.'") != exact("def f():\n    'Two.'")
    assert exact('def f():\n    """One.\n\n    Two.   \n    """') == exact(
        'def f():\n        """One.\n\n        Two."""'
    )
    assert exact("def f():\n    'One.'") != exact("def f():\n    x = 'One.'")


def test_unknown_syntax_is_an_error() -> None:
    class Novelty(ast.expr):
        _fields = ()

    with pytest.raises(SpecError, match=r"^digest v1 does not know the syntax Novelty; write it another way\.$"):
        canonical(ast.Expr(Novelty()))


def test_an_unknown_field_counts_only_where_it_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pass(ast.stmt):
        _fields = ("later",)

    node = Pass()
    node.later = None
    assert canonical(node) == b"Pass()"
    node.later = "x"
    with pytest.raises(SpecError, match=r"^digest v1 does not know the syntax Pass\.later; write it another way\.$"):
        canonical(node)


def test_unknown_constants_are_an_error() -> None:
    with pytest.raises(SpecError, match=r"^digest v1 does not know constants of type frozenset\.$"):
        canonical(ast.Constant(frozenset()))  # type: ignore[arg-type]


def test_every_node_of_this_python_is_in_the_table() -> None:
    concrete = {"Interactive", "FunctionType", "TypeIgnore", "Load", "Store", "Del"}
    old = {
        "Num",
        "Str",
        "Bytes",
        "NameConstant",
        "Ellipsis",
        "Suite",
        "AugLoad",
        "AugStore",
        "Param",
        "Index",
        "ExtSlice",
    }
    pending = list(ast.AST.__subclasses__())
    missing = set()
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        is_leaf = not kind.__subclasses__() and kind.__module__ in {"ast", "_ast"} and not kind.__name__.startswith("_")
        missing |= {kind.__name__} if is_leaf and kind.__name__ not in FIELDS else set()
    assert missing - concrete - old - {"slice"} == set()


def test_filled_type_parameters_are_written() -> None:
    class TypeVar(ast.AST):
        _fields = ("name", "bound", "default_value")

    parameter = TypeVar()
    parameter.name, parameter.bound, parameter.default_value = "T", None, None
    node = ast.parse("def f(): pass").body[0]
    plain = canonical(node)
    node.type_params = [parameter]  # type: ignore[attr-defined]
    assert canonical(node) == plain[:-1] + b"type_params:[TypeVar('T',-,)],)"


@settings(deadline=None)
@given(st.sampled_from(SAMPLES))
def test_formatting_never_matters(node: ast.AST) -> None:
    again = ast.parse(ast.unparse(node)).body[0]
    assert canonical(again) == canonical(node)
    assert canonical_exact(again) == canonical_exact(node)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False))
def test_every_change_of_a_constant_operator_or_name_matters(sample: ast.AST, chance: random.Random) -> None:
    before = canonical(sample)
    tree = ast.parse(ast.unparse(sample)).body[0]
    documented = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    docstrings = {id(item.body[0].value) for item in documented if isinstance(item.body[0], ast.Expr)}
    numbered = {name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for name in _numbered(node)}
    kept = [node for node in ast.walk(tree) if id(node) not in docstrings and _is_kept(node, numbered)]
    _change(chance.choice(kept))
    assert canonical(tree) != before


def _numbered(node: ast.FunctionDef) -> frozenset[str]:
    return renamable_locals(node, frozenset())


def _is_kept(node: ast.AST, numbered: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id not in numbered
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.Attribute | ast.BinOp | ast.arg | ast.keyword)


def _change(node: ast.AST) -> None:
    if isinstance(node, ast.Name):
        node.id += "_"
    elif isinstance(node, ast.Constant):
        node.value = str(node.value) + "x"
    elif isinstance(node, ast.Attribute):
        node.attr += "_"
    elif isinstance(node, ast.arg | ast.keyword):
        node.arg = f"{node.arg}_"
    elif isinstance(node, ast.BinOp):
        node.op = ast.Pow()


@settings(deadline=None)
@given(functions, st.randoms(use_true_random=False))
def test_names_of_locals_never_matter(node: ast.FunctionDef, chance: random.Random) -> None:
    names = sorted(renamable_locals(node, frozenset()))
    fresh = [f"fresh_{index}" for index in range(len(names))]
    chance.shuffle(fresh)
    renamed = ast.parse(ast.unparse(node)).body[0]
    _rename(renamed, dict(zip(names, fresh, strict=True)))
    assert canonical(renamed) == canonical(node)


def _rename(tree: ast.AST, names: dict[str, str]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif field := name_field(node):
            setattr(node, field, names.get(getattr(node, field), getattr(node, field)))


ARTIFACT = '''
from decimal import Decimal
from re import sub, split
VAT = 2
def price(text: str) -> Decimal:
    """Read.

    More.
    """
    digits = sub("a", 'b', text)
    return Decimal(digits) * VAT
'''


def _body_hash(code: str) -> str:
    body = ast.parse(code).body
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    constants = [node for node in body if isinstance(node, ast.Assign)]
    function = next(node for node in body if isinstance(node, ast.FunctionDef))
    return body_hash(function, imports, constants)


@pytest.mark.parametrize(
    ("old", "new", "is_edit"),
    [
        ("\n", "\r\n", False),
        ("'b'", '"b"', False),
        ("digits = sub", "digits = \\\n        sub", False),
        ("* VAT", "* VAT  # with tax", False),
        ("from re import sub, split", "from re import split\nfrom re import sub", False),
        ("    More.\n", "    More.  \n", False),
        ("digits", "number", True),
        ("VAT = 2", "VAT = 3", True),
        ("from re import sub, split", "from re import sub", True),
        ("More", "Less", True),
        ("* VAT", "+ VAT", True),
    ],
)
def test_body_hash_tells_edits_from_formatting(old: str, new: str, is_edit: bool) -> None:
    assert old in ARTIFACT
    assert (_body_hash(ARTIFACT.replace(old, new)) != _body_hash(ARTIFACT)) is is_edit


def test_hashes_have_one_length() -> None:
    assert hash_of(b"") == "e3b0c44298fc1c149afbf4c8996fb924"
    assert len(_body_hash(ARTIFACT)) == 32
