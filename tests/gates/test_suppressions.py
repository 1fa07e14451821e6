from __future__ import annotations

import pytest

from pytest_compiled_ai.gates.suppressions import Suppressions


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


@pytest.mark.parametrize(
    "body",
    ["return n  # the type of n", "return len('# noqa')", '"""# nosec"""\nreturn n'],
)
def test_other_comments_and_strings_are_let_be(cut, body):
    assert Suppressions().check(*cut(body)).passed


@pytest.mark.parametrize("name", ["no_type_check", "typing.no_type_check"])
def test_a_decorator_that_turns_checking_off_is_refused(cut, name):
    verdict = Suppressions().check(*cut(f"import typing\n@{name}\ndef g(): ...\nreturn n"))
    assert "`no_type_check`" in verdict.message


@pytest.mark.parametrize(
    "body",
    [
        "from typing import TYPE_CHECKING\nreturn n",
        "import typing\nif not typing.TYPE_CHECKING:\n    return 'x'\nreturn n",
        "PY2 = True\nif PY2:\n    return 'x'\nreturn n",
        "MYPY = False\nif not MYPY:\n    return 'x'\nreturn n",
    ],
)
def test_a_name_that_hides_a_branch_from_the_type_checker_is_refused(cut, body):
    assert "hides a branch" in Suppressions().check(*cut(body)).message


def test_an_encoding_cookie_is_refused(cut):
    assert "names an encoding" in Suppressions().check(*cut("m = n  # -*- coding: utf-7 -*-\nreturn m")).message


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
