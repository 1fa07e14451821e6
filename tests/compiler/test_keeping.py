import pytest

from pytest_compiled_ai.compiler.keeping import Keeping
from pytest_compiled_ai.errors import HarnessError

SPEC = """
    from pytest_compiled_ai import spec

    @spec
    def f(n: int) -> int:
        \"\"\"Return n.\"\"\"
"""


@pytest.fixture
def kept(bench):
    project = bench({"specs/inner/a.py": SPEC}).project()
    (file,) = project.files
    written = []

    def keep(config, file, stub, module, record):
        file.target.parent.mkdir(parents=True)
        file.target.write_text(module)
        (file.target.parent / "__init__.py").write_text("")
        written.append((stub.name, record))

    return project, file, written, Keeping(keep)


def test_what_is_kept_is_told_to_the_other_lanes(kept):
    project, file, written, keeping = kept
    keeping(project.config, file, file.stubs[0], "text", {"digest": "v1"})
    assert written == [("f", {"digest": "v1"})]
    assert keeping.approved == {"src/generated/inner/a.py": "text", "src/generated/inner/__init__.py": ""}


def test_nothing_is_kept_behind_the_end(kept):
    project, file, written, keeping = kept
    keeping.end()
    with pytest.raises(HarnessError, match="the run was ended"):
        keeping(project.config, file, file.stubs[0], "text", {})
    assert (written, keeping.approved) == ([], {})
