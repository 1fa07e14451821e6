"""Data files that a spec names: which a glob fits, and what of them counts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.specs.canonical import hash_of
from pytest_compiled_ai.specs.depends import find_data, hash_data, is_inside
from pytest_compiled_ai.specs.model import SpecLineError

SPEC = "from pytest_compiled_ai import spec\n\n\n@spec{}\ndef rate(name: str) -> int: ...\n"
FILES = [
    "data/a.json",
    "data/b.csv",
    "data/.hidden.json",
    "data/deep/c.json",
    "data/deep/er/d.json",
    "data/.dot/e.json",
    "data/__pycache__/f.json",
    "src/generated/g.json",
    "h.json",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "data" / "linked").symlink_to("deep")
    (root / "data" / "deep" / "up").symlink_to("..")
    return root


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("data/a.json", ["data/a.json"]),
        ("./data/a.json", ["data/a.json"]),
        ("data/*.json", ["data/a.json"]),
        ("data/[ab].*", ["data/a.json", "data/b.csv"]),
        ("data/?.json", ["data/a.json"]),
        ("data/A.json", []),
        ("data/.*.json", ["data/.hidden.json"]),
        ("data/.dot/*", ["data/.dot/e.json"]),
        ("data/*/*.json", ["data/deep/c.json", "data/linked/c.json"]),
        ("data/linked/*.json", ["data/linked/c.json"]),
        ("data/**", ["data/a.json", "data/b.csv", "data/deep/c.json", "data/deep/er/d.json"]),
        ("data/**/*.json", ["data/a.json", "data/deep/c.json", "data/deep/er/d.json"]),
        ("**/**/d.json", ["data/deep/er/d.json"]),
        ("**/*.json", ["data/a.json", "data/deep/c.json", "data/deep/er/d.json", "h.json"]),
        ("src/generated/g.json", []),
        ("data", []),
        ("data/a.json/x", []),
        ("data/none/*.json", []),
        ("", []),
        (".", []),
        ("..", []),
        ("data/../h.json", []),
        ("/etc/hosts", []),
    ],
)
def test_what_a_glob_fits(tree: Path, glob: str, found: list[str]) -> None:
    assert list(find_data(glob, tree, tree / "src" / "generated")) == found


@given(st.lists(st.sampled_from(["*", "**", "data", "deep", "*.json", "?*", "a.json"]), min_size=1, max_size=4))
def test_what_a_glob_fits_is_sorted_and_among_the_files(tree: Path, parts: list[str]) -> None:
    found = find_data("/".join(parts), tree, tree / "src" / "generated")
    assert list(found) == sorted(set(found))
    assert all((tree / name).is_file() and "generated" not in name for name in found)


def test_links_lead_inside_or_out(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "data").mkdir(parents=True)
    (tmp_path / "far.json").write_text("{}")
    (root / "near.json").write_text("{}")
    (root / "data" / "out.json").symlink_to(tmp_path / "far.json")
    (root / "data" / "in.json").symlink_to(root / "near.json")
    (tmp_path / "again").symlink_to(root)
    assert [is_inside(root, f"data/{name}.json") for name in ("in", "out")] == [True, False]
    assert is_inside(tmp_path / "again", "data/in.json")


def test_a_hash_is_over_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1\r\n")
    assert hash_data(tmp_path, "a") == hash_of(b"1\r\n") != hash_of(b"1\n")


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecLineError, match=r"^a/b:1: cannot be read: No such file or directory\.$"):
        hash_data(tmp_path, "a/b")


def test_data_count_file_by_file_and_only_where_they_are_named(project: Any) -> None:
    made = project({"specs/a.py": SPEC.format(""), "data/b.json": "1", "data/a.json": "1", "data/c.txt": "1"})
    before = made.digest("rate")
    made.write("specs/a.py", SPEC.format('(depends=["data/*.json", "data/a.json"])'))
    assert made.stub("rate")[1].options.depends == ("data/a.json", "data/b.json")
    after = made.digest("rate")
    assert after.parts.keys() - before.parts.keys() == {"data data/a.json", "data data/b.json"}
    assert before.parts.items() <= after.parts.items()
    made.write("data/c.txt", "2")
    assert made.digest("rate") == after
    made.write("specs/a.py", SPEC.format('(depends=("data/**/[ab].json",))'))
    assert made.digest("rate") == after
    made.write("data/b.json", "2")
    assert {name for name, value in made.digest("rate").parts.items() if value != after.parts[name]} == {
        "data data/b.json"
    }


def test_data_of_a_used_spec_are_its_own(project: Any) -> None:
    text = SPEC.format('(depends=["a.json"])') + "\n\n@spec(uses=[rate])\ndef more() -> int: ...\n"
    made = project({"specs/a.py": text, "a.json": "1"})
    before = made.digest("more")
    made.write("a.json", "2")
    assert made.digest("more") == before


def test_a_file_outside_the_project_is_refused(project: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    made = project({"specs/a.py": SPEC.format('(depends=["*.json"])')})
    (made.root / "out.json").symlink_to(tmp_path_factory.mktemp("far") / "far.json")
    (made.root / "out.json").resolve().write_text("{}")
    assert made.messages() == ["specs/a.py:4: depends names '*.json', but out.json leads out of the project."]


@pytest.mark.parametrize("name", [b"a\nb.json", b"\xff.json"])
def test_a_name_that_cannot_be_written_down_is_refused(project: Any, name: bytes) -> None:
    made = project({"specs/a.py": SPEC.format('(depends=["*.json"])')})
    Path(os.fsdecode(bytes(made.root) + b"/" + name)).write_text("{}")
    (message,) = made.messages()
    assert message.endswith("cannot be written down; rename it.")
    assert message.isprintable()


def test_a_folder_that_cannot_be_read_is_told(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    made = project({"specs/a.py": SPEC.format('(depends=["data/*.json"])')})
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert made.messages() == [
        f"specs/a.py:4: depends names 'data/*.json', but {made.root} cannot be read: Permission denied."
    ]
