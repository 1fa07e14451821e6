"""Check and state lines, on a project that nothing has compiled."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from pytest_compiled_ai.checking import (
    check_specs,
    describe_states,
    explain_standing,
    mend,
    pause_collection,
)
from pytest_compiled_ai.compiler.project import Standing
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.specs.model import Digest
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """
    '''
BODY = "def double(n: int) -> int:\n    return n * 2\n"


def checked(root: Path) -> tuple[list[str], bool]:
    lines: list[str] = []
    report = check_specs(load_config(root), lines.append)
    return lines, report.failed


def test_a_missing_body_fails_the_check(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC})
    assert checked(root) == (["compiled-ai: specs/doubling.py::double is missing; run `pytest --compile-ai`"], True)


def test_a_body_without_a_stamp_and_one_that_is_no_python_fail_the_check(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC, "src/generated/doubling.py": BODY})
    lines, failed = checked(root)
    assert failed
    assert lines[0] == (
        "compiled-ai: specs/doubling.py::double is conflict (no record says what changed); "
        "run `compiled-ai adopt specs/doubling.py::double` to keep the edit, or "
        "`pytest --compile-ai --compile-ai-force --compile-ai-only specs/doubling.py::double` to write it anew"
    )
    (root / "src/generated/doubling.py").write_text("<<<<<<<\n", encoding="utf-8")
    lines, failed = checked(root)
    assert failed
    assert lines[0].startswith("compiled-ai: specs/doubling.py::double is edited; ")


def test_a_file_that_cannot_be_read_fails_the_check(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC.replace("n: int) ->", "n: int ->")})
    lines, failed = checked(root)
    assert failed
    assert len(lines) == 1
    assert lines[0].startswith("compiled-ai: specs/doubling.py:5")


def test_an_orphan_is_told_and_left_where_it_is(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"src/generated/gone.py": BODY, "src/generated/__init__.py": ""})
    lines, failed = checked(root)
    assert lines == [
        "compiled-ai: src/generated/gone.py is orphaned: no spec stands behind it; run `compiled-ai prune`"
    ]
    assert failed
    assert (root / "src/generated/gone.py").is_file()


@pytest.mark.parametrize(
    ("old", "new"), [("n: int) ->", "n: int ->"), ("@spec", '@spec(uses=["doubling.gone"])'), ("@spec", "@spec(1)")]
)
def test_an_artifact_whose_spec_file_cannot_be_read_is_no_orphan(tmp_path: Path, old: str, new: str) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC.replace(old, new), "src/generated/doubling.py": BODY})
    lines, failed = checked(root)
    assert failed
    assert [line.partition(" ")[2].partition(":")[0] for line in lines] == ["specs/doubling.py"]


def test_an_artifact_whose_spec_file_lost_its_stubs_is_an_orphan(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC.replace("@spec", ""), "src/generated/doubling.py": BODY})
    assert checked(root)[0] == [
        "compiled-ai: src/generated/doubling.py is orphaned: no spec stands behind it; run `compiled-ai prune`"
    ]


def test_a_body_whose_spec_is_gone_from_its_file_is_an_orphan(tmp_path: Path) -> None:
    body = f"# spec v1:0 body 0\ndef gone() -> None: ...\n\n\n{BODY}"
    root = write_project(tmp_path, {"specs/doubling.py": SPEC, "src/generated/doubling.py": body})
    assert checked(root)[0][1:] == [
        "compiled-ai: src/generated/doubling.py:2 is orphaned: gone, which no spec asks for; run `compiled-ai prune`"
    ]


def test_a_spec_whose_tests_cannot_be_read_is_told_beside_the_others(tmp_path: Path) -> None:
    files = {
        "specs/doubling.py": SPEC.replace("@spec", '@spec(tests=["tests/test_more.py"])'),
        "specs/other.py": SPEC,
        "tests/test_more.py": "def (\n",
    }
    lines, failed = checked(write_project(tmp_path, files))
    assert failed
    assert lines == [
        "compiled-ai: specs/other.py::double is missing; run `pytest --compile-ai`",
        "compiled-ai: specs/doubling.py::double cannot be checked: tests/test_more.py:1: is not valid Python: "
        "invalid syntax.",
    ]


def test_of_many_inputs_a_check_names_all_and_a_plain_run_three() -> None:
    changed = ("docstring", "options", "signature", "test a.py::test_a", "test a.py::test_b")
    standing = Standing(spec="s", state="stale", digest=Digest(value="", parts={}), changed=changed)
    assert explain_standing(standing) == f"stale ({', '.join(changed)} changed); run `pytest --compile-ai`"
    told = "stale (docstring, options, signature and 2 more changed); run `pytest --compile-ai`"
    assert explain_standing(standing, 3) == told
    assert mend(standing._replace(state="fresh")) == ""


def test_code_of_no_spec_in_an_artifact_fails_a_check(tmp_path: Path) -> None:
    files = {"specs/doubling.py": SPEC, "src/generated/__init__.py": ""}
    root = write_project(tmp_path, {**files, "src/generated/doubling.py": f"import os\n{BODY}\nos.nice(0)\n"})
    lines, failed = checked(root)
    assert failed
    assert lines[1:] == [
        "compiled-ai: src/generated/doubling.py:1 is code of no spec: an import of os that no body uses; "
        "move it into a module of your own",
        "compiled-ai: src/generated/doubling.py:5 is code of no spec: a statement that no compile writes; "
        "move it into a module of your own",
    ]


def test_a_body_that_is_not_for_this_spec_is_described_for_chosen_files_alone(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC, "src/generated/doubling.py": BODY})
    config = load_config(root)
    (line,) = describe_states(config, {root / "specs/doubling.py"})
    assert "specs/doubling.py::double is conflict" in line
    assert list(describe_states(config, {root / "specs/other.py"})) == []


def test_a_project_that_cannot_be_read_is_described_and_raises_nothing(tmp_path: Path) -> None:
    files = {
        "specs/doubling.py": SPEC.replace("@spec", '@spec(tests=["tests/test_more.py"])'),
        "tests/test_more.py": "def (\n",
    }
    root = write_project(tmp_path, files)
    (line,) = describe_states(load_config(root), {root / "specs/doubling.py"})
    assert line.startswith("compiled-ai: ")
    assert "tests/test_more.py" in line


def test_a_policy_pack_that_nobody_knows_stops_a_check(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"specs/doubling.py": SPEC})
    config = load_config(root)._replace(policies=("nothing",))
    with pytest.raises(ConfigError, match="names 'nothing', which is no policy pack"):
        check_specs(config, print)


def test_the_collector_is_as_it_was_behind_a_pause() -> None:
    with pause_collection():
        assert not gc.isenabled()
        with pause_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), pause_collection():
        raise KeyError
    assert gc.isenabled()


def test_a_check_tells_of_each_file_in_turn_and_of_what_is_around_them_behind(tmp_path: Path) -> None:
    again = SPEC.replace("double", "again")
    root = write_project(tmp_path, {"specs/one.py": SPEC, "specs/two.py": again})
    for name in ("one", "two"):
        path = root / f"src/generated/{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("print('here')\n", encoding="utf-8")
    lines, failed = checked(root)
    assert failed
    assert [line.removeprefix("compiled-ai: ").partition(";")[0] for line in lines] == [
        "specs/one.py::double is missing",
        "specs/two.py::again is missing",
        "src/generated/one.py:1 is code of no spec: a statement that no compile writes",
        "src/generated/two.py:1 is code of no spec: a statement that no compile writes",
    ]
