from __future__ import annotations

import json
from dataclasses import replace

from compiler_scripts import SPEC

from pytest_compiled_ai.compiler.question import first_prompt, is_example, make_prompt


def test_the_first_prompt_shows_the_tests_of_all_test_files(bench):
    made = bench(
        {
            "specs/number.py": SPEC.replace("@spec", '@spec(tests=["tests/test_more.py"])'),
            "tests/test_more.py": "from specs.number import double\n\ndef test_more():\n    assert double(7) == 14\n",
        }
    )
    project = made.project()
    text = first_prompt(project, *project.find("double"))[1].content
    assert "def test_zero" in text
    assert "assert double(7) == 14" in text
    assert json.dumps(">>> double(2)")[1:-1] in text


def test_the_prompt_shows_the_tests_that_were_frozen_and_no_other(bench):
    made = bench({"specs/number.py": SPEC + "\n    def test_rows(n):\n        assert double(n) > 6\n"})
    subject = made.tested("double")
    frozen = replace(subject, tests=("specs/number.py::double", "specs/number.py::test_rows[4]"))
    text = make_prompt(made.project().config, frozen)[1].content
    assert "def test_rows" in text
    assert "def test_zero" not in text


def test_the_examples_of_the_docstring_are_no_test_to_be_shown_again(bench):
    subject = bench({"specs/number.py": SPEC}).tested("double")
    assert subject.tests == ("specs/number.py::double", "specs/number.py::test_zero")
    assert [is_example(subject, test) for test in subject.tests] == [True, False]
