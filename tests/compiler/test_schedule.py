from pytest_compiled_ai.compiler.schedule import find_earlier
from pytest_compiled_ai.errors import SpecError

TWO = """
    from pytest_compiled_ai import spec

    @spec
    def one(n: int) -> int:
        \"\"\"Return n.\"\"\"

    @spec
    def two(n: int) -> int:
        \"\"\"Return n.\"\"\"
"""
USING = """
    from pytest_compiled_ai import spec

    @spec(uses=["a.two"])
    def three(n: int) -> int:
        \"\"\"Return n.\"\"\"
"""
TESTED = """
    from generated.b import three

    from pytest_compiled_ai import spec

    @spec
    def four(n: int) -> int:
        \"\"\"Return n.\"\"\"

    def test_both() -> None:
        assert four(1) == three(1)
"""
ALONE = """
    from pytest_compiled_ai import spec

    @spec
    def five(n: int) -> int:
        \"\"\"Return n.\"\"\"
"""


def plan(bench, files, tests=None):
    project = bench({f"specs/{name}.py": text for name, text in files.items()}).project()
    order = [(file, stub) for file in project.files for stub in file.stubs]
    before = find_earlier(order, tests or project.tests)
    return {key.partition("::")[2]: {id_.partition("::")[2] for id_ in ids} for key, ids in before.items()}


def test_a_spec_waits_for_those_before_it_in_its_file_that_it_uses_and_that_its_tests_reach(bench):
    found = plan(bench, {"a": TWO, "b": USING, "c": TESTED, "d": ALONE})
    assert found == {"one": set(), "two": {"one"}, "three": {"two"}, "four": {"three"}, "five": set()}


def test_what_cannot_be_read_waits_for_its_own_file_alone(bench):
    def unreadable(file, stub):
        raise SpecError("cannot be parsed")

    found = plan(bench, {"a": TWO, "c": TESTED}, unreadable)
    assert found == {"one": set(), "two": {"one"}, "four": set()}
