from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.compiler.reply import Refusal, read_reply, splice
from pytest_compiled_ai.testing import fenced, make_reply

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def f(n: int, *rest: int, k: int = 1, **more: int) -> int:
        """Return n."""
'''
HEAD = "def f(n: int, *rest: int, k: int = 1, **more: int) -> int:\n"


@pytest.fixture
def stub(bench):
    return bench({"specs/it.py": SPEC}).subject("f").stub


@pytest.fixture
def body(stub):
    return lambda text, **names: read_reply(make_reply(text), stub, **names).text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (HEAD + "    return n", "    return n"),
        (HEAD + '    """Say."""\n    return n', "    return n"),
        (HEAD + '    """Say."""\n    # why\n    return n', "    # why\n    return n"),
        (HEAD + '    """Say."""; return n', "    return n"),
        (HEAD + "    # why\n    # so\n    return n", "    # why\n    # so\n    return n"),
        (HEAD.rstrip() + " return n", "    return n"),
        (HEAD + "  if n:\n     return n\n  return 0", "    if n:\n       return n\n    return 0"),
        (HEAD + "\treturn n", "    return n"),
        (HEAD + '    x = """a\n  b\n"""\n    return len(x)', '    x = """a\n  b\n"""\n    return len(x)'),
        (HEAD + "    return len('ü')  # ü", "    return len('ü')  # ü"),
    ],
)
def test_the_statements_are_cut_out_as_they_stand(body, code, text):
    assert body(f"```python\n{code}\n```") == text
    assert body(code) == text


def test_a_body_is_put_under_the_spec_s_own_header(stub):
    assert splice(stub, "    return n") == HEAD + '    """Return n."""\n    return n\n'


def test_a_reply_without_a_closing_fence_and_with_words_around_is_read(body):
    assert body(f"Sure:\n```python\n{HEAD}    return n\n") == "    return n"
    assert body(f"Sure:\n```\nx = 1\n```\nor\n  ```py\n  {HEAD}      return n\n  ```\nDone.") == "    return n"


def test_an_async_stub_takes_a_plain_def_s_body(bench):
    stub = bench({"specs/it.py": SPEC.replace("def f", "async def f")}).subject("f").stub
    assert read_reply(make_reply(fenced("async " + HEAD + "    return n")), stub).text == "    return n"
    awaiting = read_reply(make_reply(fenced("async " + HEAD + "    await g()\n    return n")), stub)
    assert "await g()" in splice(stub, awaiting.text)


def test_imports_beside_the_function_are_brought_along(stub):
    code = "from __future__ import annotations\nimport re\nfrom math import pi as p\n" + HEAD + "    return n"
    found = read_reply(make_reply(fenced(code)), stub).imports
    assert found == (Import(module="re", name=None, bound="re"), Import(module="math", name="pi", bound="p"))


def test_an_echo_of_the_question_is_passed_over(body):
    bare = HEAD + '    """Return n."""\n\n'
    tests = "\n\ndef test_it() -> None:\n    assert f(1) == 1\n\nclass TestMore: ...\n"
    assert (
        body(fenced(bare + HEAD + "    return n" + tests), echoes=frozenset({"test_it", "TestMore"})) == "    return n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the reply is empty"),
        (" \n", "the reply is empty"),
        ("I am sorry, I cannot.", "not valid Python"),
        (fenced("x = 1"), "does not define `f`"),
        ("x = 1", "does not define `f`"),
        (fenced(HEAD + "    return ("), "not valid Python: .* was never closed"),
        (fenced(HEAD + "    return n\0"), "not valid Python"),
        (fenced(HEAD + "    from math import *\n    return n"), "not valid Python: import \\* only allowed"),
        (fenced(HEAD + "    nonlocal m\n    return n"), "not valid Python: no binding for nonlocal"),
        (fenced(HEAD + "    return n\n\nreturn f(1)"), "not valid Python: 'return' outside function"),
        (fenced(HEAD + "    n.x: int = 1\n    global n\n    return n"), "not valid Python"),
        (fenced(HEAD + '    """Say."""'), "`f` has a docstring and no code. Write the body"),
        (fenced(HEAD.replace(" f", " g") + '    """Say."""'), "does not define `f`"),
        (fenced("class f: ...\ndef f_too(): ..."), "does not define `f`"),
        (fenced(HEAD + "    return g(n)\n\ndef g(n): return n"), "defines `g` beside `f`; put helpers inside"),
        (fenced("LIMIT = 3\n" + HEAD + "    return n"), "`LIMIT = 3` stands outside the function"),
        (fenced("from . import x\n" + HEAD + "    return n"), "relative imports cannot be used"),
        (fenced("from math import *\n" + HEAD + "    return n"), "`import \\*` cannot be used"),
        (fenced("def f(n, k):\n    return n"), r"parameters of `f` are n, k, \*rest, \*\*more, not n, k"),
        (fenced("def f():\n    return 1"), r"not none"),
        (fenced("async " + HEAD + "    await g()\n    return n"), ""),
        (fenced(HEAD + '  if n:\n    x = """\n  a"""\n  return n'), "indent the body by four spaces"),
        (fenced(HEAD + '  x = """\na"""\n  return n'), r"under the signature \(unexpected indent\); indent it by four"),
    ],
)
def test_a_reply_that_is_no_body_is_refused_in_words(body, text, said):
    if not said:
        # An awaiting body parses under a plain header, and is a type checker's business.
        assert "await" in body(text)
        return
    with pytest.raises(Refusal, match=said):
        body(text)


def test_a_reply_that_was_cut_off_is_refused(stub):
    with pytest.raises(Refusal, match="cut off"):
        read_reply(make_reply(fenced(HEAD + "    return n"), finish="length"), stub)
