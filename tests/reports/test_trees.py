from __future__ import annotations

import pytest
from report_projects import ARTIFACT, RECORD

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports import trees
from pytest_compiled_ai.reports.trees import GitTree, Snapshot, find_base, find_prefix, take_snapshot


def test_a_commit_is_read_as_it_was(sample):
    commit = sample.git("rev-parse", "HEAD")
    sample.edit(ARTIFACT, "n * 2", "n + n")
    tree = GitTree(root=sample.root, commit=commit, name="main")
    assert "n * 2" in (tree.read(ARTIFACT) or "")
    assert tree.read("nothing.py") is None
    assert tree.files("src/generated") == ("src/generated/__init__.py", RECORD, ARTIFACT)
    assert tree.files("nowhere") == ()
    assert tree.label == f"main ({commit[:9]})"
    assert GitTree(root=sample.root, commit=commit, name=commit[:7]).label == commit[:7]


def test_a_project_below_the_top_of_its_repository_is_read(sample):
    inner = sample.root / "packages" / "app"
    (inner / "specs").mkdir(parents=True)
    (inner / "specs" / "a.py").write_text("x = 1\r\n", encoding="utf-8")
    (inner / "specs" / "b.py").write_bytes(b"\xff")
    commit = sample.commit()
    tree = find_base(inner, "HEAD")
    assert tree is not None
    assert (tree.commit, tree.read("specs/a.py"), tree.read("specs/b.py")) == (commit, "x = 1\n", None)
    assert tree.files("specs") == ("specs/a.py", "specs/b.py")
    assert (find_prefix(inner), find_prefix(sample.root)) == ("packages/app/", "")


def test_the_base_is_where_the_branch_left_main(sample):
    parted = sample.git("rev-parse", "HEAD")
    sample.git("checkout", "--quiet", "-b", "work")
    sample.commit()
    sample.git("checkout", "--quiet", "main")
    later = sample.commit()
    sample.git("checkout", "--quiet", "work")
    assert find_base(sample.root) == GitTree(root=sample.root, commit=parted, name="main")
    assert find_base(sample.root, later) == GitTree(root=sample.root, commit=parted, name=later)


def test_a_remote_s_head_comes_before_main(sample, tmp_path):
    first = sample.git("rev-parse", "HEAD")
    sample.git("update-ref", "refs/remotes/origin/trunk", first)
    sample.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    sample.commit()
    assert find_base(sample.root) == GitTree(root=sample.root, commit=first, name="origin/HEAD")


def test_histories_that_never_met_are_compared_as_they_are(sample):
    main = sample.git("rev-parse", "HEAD")
    sample.git("checkout", "--quiet", "--orphan", "other")
    sample.commit()
    base = find_base(sample.root)
    assert base is not None
    assert base.commit == main


def test_without_a_repository_there_is_no_base(tmp_path):
    assert find_base(tmp_path) is None
    assert find_prefix(tmp_path) == ""


def test_without_git_there_is_no_base(sample, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_base(sample.root) is None


@pytest.mark.parametrize("wanted", ["nope", "--output=x", "", "HEAD:specs"])
def test_an_unknown_revision_is_said(sample, wanted):
    if not wanted:
        assert find_base(sample.root, wanted) is not None
        return
    with pytest.raises(ConfigError, match="git knows no revision"):
        find_base(sample.root, wanted)
    assert not (sample.root / "x").exists()


def test_git_that_does_not_answer_is_no_git(sample, monkeypatch):
    monkeypatch.setattr(trees, "_GIT_SECONDS", 0)
    assert trees.run_git(sample.root, "log") is None


def test_a_snapshot_keeps_what_was_there(sample):
    snapshot = take_snapshot(sample.root, [sample.root / ARTIFACT, sample.root / "src/generated/later.py"])
    sample.edit(ARTIFACT, "n * 2", "n + n")
    sample.write("src/generated/later.py", "x = 1\n")
    sample.write("specs/new.py", "y = 1\n")
    assert "n * 2" in (snapshot.read(ARTIFACT) or "")
    assert snapshot.read("src/generated/later.py") is None
    assert snapshot.read("specs/new.py") == "y = 1\n"
    assert snapshot.files("src/generated") == (ARTIFACT,)
    assert snapshot.files("src/gen") == ()
    assert Snapshot(root=sample.root).files("src") == ()
