from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_compiled_ai.gates import security
from pytest_compiled_ai.gates.security import Bandit, Imports, Suppressions, find_declared


@pytest.mark.parametrize(
    "comment",
    [
        "type: ignore", "type:ignore[arg-type]", "mypy: disable-error-code=x", "nosec", "NoSec B602", "noqa",
        "noqa: E501", "pragma: no cover", "pylint: disable=all", "pyright: ignore", "ruff: noqa", "fmt: off",
        "isort: skip", "flake8", "nosemgrep", "ty: ignore", "fine so far # type: ignore",
    ],
)  # fmt: skip
def test_a_comment_that_silences_a_checker_is_refused(cut, comment):
    verdict = Suppressions().check(*cut(f"return n  # {comment}"))
    assert not verdict.passed
    assert "silences a checker" in verdict.message


@pytest.mark.parametrize("body", ["return n  # the type of n", "return len('# noqa')", '"""# nosec"""\nreturn n'])
def test_other_comments_and_strings_are_let_be(cut, body):
    assert Suppressions().check(*cut(body)).passed


@pytest.mark.parametrize("name", ["no_type_check", "typing.no_type_check"])
def test_a_decorator_that_turns_checking_off_is_refused(cut, name):
    verdict = Suppressions().check(*cut(f"import typing\n@{name}\ndef g(): ...\nreturn n"))
    assert "`no_type_check`" in verdict.message


def test_what_the_spec_wrote_is_not_the_candidate_s(cut):
    spec = """
        from pytest_compiled_ai import spec

        @spec
        def f(
            n: int,  # noqa: todo
        ) -> int:
            ...
    """
    assert Suppressions().check(*cut("return n", spec=spec)).passed


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("import re\nreturn n", ""),
        ("from os import path\nreturn n", ""),
        ("import app.types\nreturn n", ""),
        ("return np(n)", "from numpy import np\n"),
        ("import numpy.linalg\nreturn n", ""),
    ],
)
def test_the_standard_library_the_spec_s_imports_and_declared_packages_may_be_imported(cut, body, before):
    assert Imports(frozenset({"numpy"})).check(*cut(body, before=before)).passed


@pytest.mark.parametrize(
    ("body", "before", "named"),
    [
        ("import numpy\nreturn n", "", "`numpy`"),
        ("from requests import get\nreturn n", "", "`requests`"),
        ("return get(n)", "from requests import get\n", "`requests`"),
        ("import app.secrets\nreturn n", "", "`app.secrets`"),
        ("from . import it\nreturn n", "", "a relative import"),
        ("from .types import Money\nreturn n", "", "a relative import"),
    ],
)
def test_any_other_import_is_refused(cut, body, before, named):
    verdict = Imports(frozenset()).check(*cut(body, before=before))
    assert not verdict.passed
    assert verdict.message.startswith(named)


@pytest.mark.parametrize(
    ("body", "before", "test"),
    [
        ("return int(eval(str(n)))", "", "B307"),
        ("exec(str(n))\nreturn n", "", "B102"),
        ("import subprocess\nsubprocess.run('ls', shell=True)\nreturn n", "", "B404"),
        ("import pickle\nreturn int(pickle.loads(b''))", "", "B403"),
        ("return int(eval(str(n)))  # nosec", "", "B307"),
        ("return int(pickle.loads(b''))", "import pickle\n", "B403"),
    ],
)
def test_what_bandit_knows_is_refused_and_nosec_does_not_help(cut, tmp_path, body, before, test):
    verdict = Bandit(tmp_path).check(*cut(body, before=before))
    assert not verdict.passed
    assert verdict.message.startswith(f"bandit {test} (")


def test_a_quiet_body_and_its_asserts_pass_and_the_spec_s_own_lines_are_not_judged(cut, tmp_path):
    assert Bandit(tmp_path).check(*cut("assert n\nreturn n")).passed
    spec = """
        import pickle
        from pytest_compiled_ai import spec

        @spec
        def f(n: int = hash(eval("1"))) -> int:
            ...
    """
    assert Bandit(tmp_path).check(*cut("return len(pickle.__name__)", spec=spec)).passed


def test_what_bandit_cannot_read_is_refused(cut, tmp_path, monkeypatch):
    unread = SimpleNamespace(get_issue_list=list, skipped=[("candidate.py", "syntax error")])
    monkeypatch.setattr(security, "_run_bandit", lambda _: unread)
    verdict = Bandit(tmp_path).check(*cut())
    assert verdict.message == "bandit could not read the candidate: syntax error."


def test_declared_dependencies_are_known_by_their_import_names():
    installed = {
        "yaml": ["PyYAML"], "numpy": ["numpy"], "pytest": ["pytest"], "google": ["a-b", "Google.Auth"], "x": ["x"],
    }  # fmt: skip
    declared = find_declared(["pyyaml>=6 ; python_version > '3'", "pytest", "google_auth[fast]~=1", "gone"], installed)
    assert declared == {"yaml", "google"}
