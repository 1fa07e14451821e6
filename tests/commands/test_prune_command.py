from __future__ import annotations

import json
from pathlib import Path

import pytest
from compiled_projects import HEADER, stamp_all, states, tree, write_artifact, write_compiled

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK, USAGE

NUMBERS = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice a number."""

    @spec
    def area(radius: float) -> float:
        """Return the area of a circle."""

    def test_numbers() -> None:
        assert double(2) == 4 and area(0) == 0
    '''
BODIES = '''
    import math
    import re
    from decimal import Decimal, localcontext

    HALF = Decimal("0.5")
    QUARTER = HALF / 2


    def double(n: int) -> int:
        """Return twice a number."""
        with localcontext():
            return n * 2


    # about area
    def area(radius: float) -> float:
        """Return the area of a circle."""
        return float(QUARTER) * 4 * math.pi * radius ** 2 if re else 0
    '''
ARTIFACT = Path("src/generated/numbers.py")
RECORD = Path("src/generated/numbers.provenance.json")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_compiled(tmp_path / "example", {"specs/numbers.py": NUMBERS}, {"numbers": BODIES})
    monkeypatch.chdir(root)
    assert states(root) == {"double": "fresh", "area": "fresh"}
    return root


def prune(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    status = main(["prune", *flags])
    caught = capsys.readouterr()
    return status, caught.out + caught.err


def orphan(root: Path) -> Path:
    """Compile a spec file, then take it away."""
    spec = root / "specs" / "old.py"
    spec.write_text(
        "from pytest_compiled_ai import spec\n\n@spec\ndef f() -> int:\n    ...\n\ndef test_f():\n    f()\n", "utf-8"
    )
    path = write_artifact(root, "old", "\n\ndef f() -> int:\n    return 1\n")
    spec.unlink()
    return path


def drop_stub(name: str, path: Path = Path("specs/numbers.py")) -> None:
    text = path.read_text(encoding="utf-8")
    start = text.index(f"@spec\ndef {name}")
    end = text.index('"""\n', text.index('"""', start) + 3) + 4
    path.write_text(text[:start] + text[end:], encoding="utf-8")


def test_nothing_to_prune_writes_nothing(project, capsys):
    before = tree(project)
    assert prune(capsys) == (OK, "compiled-ai: nothing to prune: a spec stands behind each body\n")
    assert tree(project) == before
    assert not (project / ".compiled-ai").exists()


def test_an_orphan_goes_with_its_record_and_bytecode(project, capsys):
    before, path = tree(project), orphan(project)
    cached = path.parent / "__pycache__" / f"old.{__import__('sys').implementation.cache_tag}.pyc"
    cached.parent.mkdir()
    cached.touch()
    assert main(["check"]) == FAILED
    capsys.readouterr()
    assert prune(capsys, "--dry-run") == (OK, "would remove src/generated/old.py\n")
    assert path.exists()
    assert prune(capsys) == (OK, "removed src/generated/old.py\n")
    assert tree(project) == before
    assert not cached.exists()
    assert main(["check"]) == OK


def test_an_artifact_with_no_section_left_is_an_orphan_too(project, capsys):
    path = project / "src/generated/empty.py"
    path.write_text(HEADER.format(name="empty"), encoding="utf-8")
    assert prune(capsys)[0] == OK
    assert not path.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("return 1", "old.py: f was edited by hand"),
        ("return 1\n\ndef g():\n    return 2", "old.py: no compile wrote g"),
        ("return 1\n\nprint(1)", "old.py: line 9 is a statement that no compile writes"),
        ("return (", "old.py: it cannot be read as Python"),
    ],
)
def test_an_orphan_with_the_work_of_a_person_is_left_and_told(project, capsys, text, reason):
    path = orphan(project)
    path.write_text(path.read_text(encoding="utf-8").replace("return 1", text.replace("1", "2", 1)), encoding="utf-8")
    if "print" in text or "g()" in text:
        path.write_text(path.read_text(encoding="utf-8").replace("return 2", "return 1", 1), encoding="utf-8")
    before = tree(project)
    assert prune(capsys) == (FAILED, f"left src/generated/{reason}\n")
    assert tree(project) == before


@pytest.mark.parametrize("text", ["", "X = 1\n", "import os\n"])
def test_a_module_of_the_user_is_left(project, capsys, text):
    (project / "src/generated/mine.py").write_text(text, encoding="utf-8")
    assert prune(capsys) == (FAILED, "left src/generated/mine.py: no compile wrote it\n")


def test_a_section_whose_stub_is_gone_goes_with_what_it_alone_needed(project, capsys):
    drop_stub("area")
    Path("specs/numbers.py").write_text(
        Path("specs/numbers.py").read_text(encoding="utf-8").replace(" and area(0) == 0", ""), encoding="utf-8"
    )
    stamp_all(project)
    assert main(["check"]) == FAILED
    capsys.readouterr()
    assert prune(capsys) == (OK, "removed src/generated/numbers.py::area\n")
    text = ARTIFACT.read_text(encoding="utf-8")
    stamp = next(line for line in text.splitlines() if line.startswith("# spec "))
    assert text == HEADER.format(name="numbers") + (
        "\nfrom decimal import localcontext\n\n\n"
        f'{stamp}\ndef double(n: int) -> int:\n    """Return twice a number."""\n'
        "    with localcontext():\n        return n * 2\n\n\n# about area\n"
    )
    assert list(json.loads(RECORD.read_text(encoding="utf-8"))["specs"]) == ["double"]
    assert main(["check"]) == OK


def test_the_last_section_takes_the_file_with_it(project, capsys):
    spec = "from pytest_compiled_ai import spec\n\n@spec\ndef other() -> int:\n    ...\n\ndef test_it():\n    other()\n"
    Path("specs/numbers.py").write_text(spec, encoding="utf-8")
    assert prune(capsys) == (OK, "removed src/generated/numbers.py::double\nremoved src/generated/numbers.py::area\n")
    assert not ARTIFACT.exists()
    assert not RECORD.exists()


def test_an_edited_section_and_what_it_calls_are_left(project, capsys):
    drop_stub("double")
    drop_stub("area")
    Path("specs/numbers.py").write_text(
        Path("specs/numbers.py").read_text(encoding="utf-8") + "\n\n@spec\ndef more() -> int:\n    ...\n", "utf-8"
    )
    text = ARTIFACT.read_text(encoding="utf-8")
    ARTIFACT.write_text(text.replace("radius ** 2", "double(3)"), encoding="utf-8")
    status, said = prune(capsys)
    assert status == FAILED
    assert said == (
        "left src/generated/numbers.py::double: area calls it\n"
        "left src/generated/numbers.py::area: area was edited by hand\n"
    )
    assert sorted(json.loads(RECORD.read_text(encoding="utf-8"))["specs"]) == ["area", "double"]


def test_code_that_would_be_lost_keeps_its_neighbours(project, capsys):
    drop_stub("area")
    ARTIFACT.write_text(ARTIFACT.read_text(encoding="utf-8") + "\nprint(double)\n", encoding="utf-8")
    status, said = prune(capsys)
    assert status == FAILED
    assert said.startswith("left src/generated/numbers.py::area: line ")
    assert said.endswith(" is a statement that no compile writes\n")


def test_lines_that_hold_other_code_are_left(project, capsys):
    text = ARTIFACT.read_text(encoding="utf-8").replace("import math\nimport re\n", "import re; import math\n")
    ARTIFACT.write_text(text.replace("with localcontext():", "with localcontext() if re else re:"), encoding="utf-8")
    drop_stub("area")
    assert prune(capsys) == (FAILED, "left src/generated/numbers.py::area: its lines hold other code, too\n")


def test_a_record_of_a_gone_stub_goes_alone(project, capsys):
    loaded = json.loads(RECORD.read_text(encoding="utf-8"))
    before = RECORD.read_bytes()
    loaded["specs"]["ghost"] = loaded["specs"]["double"]
    RECORD.write_text(json.dumps(loaded), encoding="utf-8")
    assert prune(capsys) == (OK, "removed the record of src/generated/numbers.py::ghost\n")
    assert RECORD.read_bytes() == before


def test_a_record_without_its_artifact_goes_unless_it_is_damaged(project, capsys):
    lone = project / "src/generated/old.provenance.json"
    lone.write_text('{"version": 1, "spe', encoding="utf-8")
    told = "left src/generated/old.provenance.json: it is damaged, so whose it is cannot be told\n"
    assert prune(capsys) == (FAILED, told)
    lone.write_text('{"version": 1, "specs": {}}', encoding="utf-8")
    assert prune(capsys) == (OK, "removed src/generated/old.provenance.json\n")
    assert not lone.exists()


def test_a_broken_artifact_of_a_spec_is_no_orphan(project, capsys):
    ARTIFACT.write_text("def (", encoding="utf-8")
    before = tree(project)
    assert prune(capsys)[0] == OK
    assert tree(project) == before


def test_a_spec_file_that_cannot_be_read_stops_it(project, capsys):
    before = tree(project)
    Path("specs/numbers.py").write_text("from pytest_compiled_ai import spec\ndef (", encoding="utf-8")
    status, said = prune(capsys)
    assert status == FAILED
    assert "specs/numbers.py:2: is not valid Python" in said
    assert "its bodies would be taken for orphans" in said
    assert {**tree(project), "specs/numbers.py": b""} == {**before, "specs/numbers.py": b""}


def test_a_wrong_name_of_the_specs_folder_removes_nothing(project, capsys):
    settings = Path("pyproject.toml")
    settings.write_text(settings.read_text(encoding="utf-8").replace('["specs"]', '["spec"]'), encoding="utf-8")
    status, said = prune(capsys)
    assert status == USAGE
    assert "specs = ['spec'] names no folder; mend that first" in said
    assert ARTIFACT.exists()


def test_a_file_that_cannot_be_removed_is_told(project, capsys, monkeypatch):
    path = orphan(project)
    monkeypatch.setattr(
        Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    status, said = prune(capsys)
    assert status == USAGE
    assert f"{path} cannot be removed (Permission denied)." in said
