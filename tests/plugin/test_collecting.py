"""Spec files are ordinary test modules, under their names from the root. The bodies here are written by hand."""

from __future__ import annotations

import pytest
from plugin_projects import BODY, DOUBLING, Sandbox, make_settings

NAMED = (
    DOUBLING
    + """

    def test_names() -> None:
        import generated.doubling

        assert __name__ == "specs.doubling"
        assert double is generated.doubling.double
    """
)


@pytest.mark.parametrize("package", [{}, {"specs/__init__.py": ""}], ids=["folder", "package"])
@pytest.mark.parametrize("mode", ["prepend", "importlib", "append"])
def test_a_spec_has_its_name_from_the_root(sandbox: Sandbox, package: dict[str, str], mode: str) -> None:
    sandbox.write({**package, "specs/doubling.py": NAMED, "src/generated/doubling.py": BODY})
    result = sandbox.run(f"--import-mode={mode}")
    result.assert_outcomes(passed=3)


def test_examples_are_collected_once(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, "src/generated/doubling.py": BODY})
    ids = ["specs/doubling.py::double", "specs/doubling.py::test_double_of_zero"]
    plain = sandbox.run("--collect-only", "-q", "specs")
    assert sorted(line for line in plain.outlines if "::" in line and " " not in line) == ids
    assert sandbox.run("specs/doubling.py::double").parseoutcomes() == {"passed": 1}
    both = sandbox.run("--doctest-modules", "specs")
    both.assert_outcomes(passed=2)


def test_a_wrong_example_is_shown_as_doctest_shows_it(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, "src/generated/doubling.py": BODY.replace("* 2", "* 3")})
    result = sandbox.run()
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["Expected:", "    4", "Got:", "    6", "*specs/doubling.py:*: DocTestFailure"])


def test_asserts_in_a_spec_are_rewritten(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, "src/generated/doubling.py": BODY.replace("n * 2", "[n, 2]")})
    result = sandbox.run("specs/doubling.py::test_double_of_zero")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *assert [[]0, 2] == 0", "E  *where [[]0, 2] = double(0)"])


def test_a_spec_may_be_called_like_a_standard_module(sandbox: Sandbox) -> None:
    leap = '''
        import calendar

        from pytest_compiled_ai import spec


        @spec
        def is_leap(year: int) -> bool:
            """Return whether a year is a leap year."""


        def test_as_the_standard_library_has_it() -> None:
            assert [is_leap(y) for y in (1900, 2000, 2024)] == [calendar.isleap(y) for y in (1900, 2000, 2024)]
        '''
    body = "def is_leap(year: int) -> bool:\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n"
    sandbox.write({"specs/calendar.py": leap, "src/generated/calendar.py": body})
    sandbox.run_apart().assert_outcomes(passed=1)


def test_a_spec_that_cannot_be_imported_is_an_error_of_that_file_alone(sandbox: Sandbox) -> None:
    files = {
        "specs/doubling.py": DOUBLING,
        "src/generated/doubling.py": BODY,
        "specs/broken.py": "import nowhere_at_all\n",
    }
    result = sandbox.write(files).run("--continue-on-collection-errors")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["*the spec file *specs/broken.py cannot be imported:*", "*No module named 'nowhere_at_all'*"]
    )


def test_a_module_may_skip_itself_and_bring_plugins(sandbox: Sandbox) -> None:
    skipping = 'import pytest\n\npytest.skip("not here", allow_module_level=True)\n'
    bringing = (
        DOUBLING
        + """

    pytest_plugins = ["more_fixtures"]


    def test_brought(seven: int) -> None:
        assert double(seven) == 14
    """
    )
    fixtures = "import pytest\n\n\n@pytest.fixture\ndef seven() -> int:\n    return 7\n"
    sandbox.write(
        {
            "specs/skipped.py": skipping,
            "specs/doubling.py": bringing,
            "src/generated/doubling.py": BODY,
            "src/more_fixtures.py": fixtures,
        }
    )
    sandbox.run().assert_outcomes(passed=3, skipped=1)


def test_ordinary_tests_and_globs_of_specs_are_told_apart(sandbox: Sandbox) -> None:
    table = {"pyproject.toml": make_settings().replace('"specs"', '"app/*_spec.py"')}
    plain = "def test_plain() -> None:\n    assert __name__ == 'test_plain'\n"
    files = {"app/doubling_spec.py": DOUBLING, "src/generated/doubling_spec.py": BODY, "app/helper.py": "x = 1\n"}
    sandbox.write({**table, **files, "tests/test_plain.py": plain, "app/conftest.py": "y = 2\n"})
    result = sandbox.run("--collect-only", "-q")
    assert sorted(line for line in result.outlines if "::" in line and " " not in line) == [
        "app/doubling_spec.py::double",
        "app/doubling_spec.py::test_double_of_zero",
        "tests/test_plain.py::test_plain",
    ]
    sandbox.run().assert_outcomes(passed=3)


def test_an_async_stub_is_awaited_by_the_projects_own_plugin(sandbox: Sandbox) -> None:
    waiting = '''
        import inspect

        import pytest

        from pytest_compiled_ai import spec


        @spec
        async def later(n: int) -> int:
            """Return a number, later."""


        def test_it_is_a_coroutine_function() -> None:
            assert inspect.iscoroutinefunction(later)


        @pytest.mark.asyncio
        async def test_later() -> None:
            assert await later(3) == 3
        '''
    sandbox.write({"specs/waiting.py": waiting})
    options = ("-o", "asyncio_default_fixture_loop_scope=function", "-p", "no:randomly")
    missing = sandbox.pytester.runpytest_subprocess(*options)
    missing.assert_outcomes(passed=1, failed=1)
    missing.stdout.fnmatch_lines(["compiled-ai: generated.waiting.later (specs/waiting.py:9) is not compiled; *"])
    sandbox.write(
        {"specs/waiting.py": waiting, "src/generated/waiting.py": "async def later(n: int) -> int:\n    return n\n"}
    )
    sandbox.pytester.runpytest_subprocess(*options).assert_outcomes(passed=2)


def test_examples_run_once_with_the_names_of_their_spec_file(sandbox: Sandbox) -> None:
    spec = DOUBLING.replace("    from pytest", "    import operator\n\n    from pytest", 1)
    spec = spec.replace(">>> double(2)", ">>> operator.neg(double(-2))")
    body = BODY.replace(":\n", ':\n    """\n    >>> operator.neg(double(-2))\n    4\n    """\n', 1)
    sandbox.write({"specs/doubling.py": spec, "src/generated/doubling.py": body, "src/plain.py": '""">>> 1\n1\n"""\n'})
    result = sandbox.run("--doctest-modules")
    result.assert_outcomes(passed=3)
    named = sandbox.run("--doctest-modules", "src/generated/doubling.py")
    named.assert_outcomes(failed=1)


def test_a_stub_that_no_reading_finds_has_its_examples_all_the_same(sandbox: Sandbox) -> None:
    spec = '''
        from pytest_compiled_ai import spec

        if True:

            @spec
            def double(n: int) -> int:
                """Return twice a number.

                >>> double(2)
                4
                """
        '''
    sandbox.write({"specs/doubling.py": spec, "src/generated/doubling.py": BODY})
    sandbox.run("specs/doubling.py").assert_outcomes(passed=1)


def test_without_the_plugin_for_doctests_the_other_tests_run(sandbox: Sandbox) -> None:
    sandbox.write({"specs/doubling.py": DOUBLING, "src/generated/doubling.py": BODY})
    sandbox.run_apart("-p", "no:doctest").assert_outcomes(passed=1)


def test_a_spec_file_without_examples_is_not_parsed_to_look_for_them(sandbox: Sandbox) -> None:
    told = "from pytest_compiled_ai.placeholder import read_stub_nodes as r\n\n\ndef pytest_unconfigure():\n"
    told += "    print('parsed', r.cache_info().misses)\n"
    bare = DOUBLING.replace(">>> double(2)\n        4", "Of 2 it is 4.")
    for spec, passed, parsed in ((DOUBLING, 2, 1), (bare, 1, 0)):
        sandbox.write({"specs/doubling.py": spec, "src/generated/doubling.py": BODY, "conftest.py": told})
        result = sandbox.run_apart("-s")
        result.assert_outcomes(passed=passed)
        result.stdout.fnmatch_lines([f"*parsed {parsed}"])
