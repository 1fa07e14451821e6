from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.guarding.shell import Written, find_written


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("echo x > a.py", ["a.py"]),
        ("echo x >> a.py 2>&1 | tee -a b.py", ["a.py", "1", "b.py"]),
        ("cat a.py", []),
        ("grep -i x a.py | sort", []),
        ("sed -n 1,5p a.py", []),
        ("sed -i 's/a/b/' a.py b.py", ["s/a/b/", "a.py", "b.py"]),
        ("sed -Ei.bak 's/a/b/' a.py", ["s/a/b/", "a.py"]),
        ("sed --in-place=.bak s/a/b/ a.py", ["s/a/b/", "a.py"]),
        ("perl -pi -e 's/a/b/' a.py", ["s/a/b/", "a.py"]),
        ("cp -r b.py a.py", ["a.py"]),
        ("cp -t out b.py", ["b.py", "out"]),
        ("mv a.py b.py", ["a.py", "b.py"]),
        ("git mv a.py b.py", ["a.py", "b.py"]),
        ("git rm -f a.py", ["a.py"]),
        ("git checkout a.py", []),
        ("dd if=x of=a.py", ["a.py"]),
        ("rm -rf 'a b.py'", ["a b.py"]),
        ("X=1 sudo env Y=2 touch a.py", ["a.py"]),
        ("true && echo '> no.py' > a.py; ls", ["a.py"]),
        ("bash -c 'echo x > a.py'", ["a.py"]),
        ("bash -c", []),
        ("(echo x) >| a.py # > b.py", ["a.py"]),
        ("cat <<'END' > a.py\necho x > no.py\nEND\ntouch b.py", ["a.py", "b.py"]),
        ("cat > a.py <<-END\n\trm no.py\n\tEND", ["a.py"]),
        ("python - < in.txt &> a.py", ["a.py"]),
        ("ls\ntouch a.py\n", ["a.py"]),
        ("echo 'it > a.py", ["a.py"]),
        ("X=1", []),
        ("", []),
    ],
)
def test_what_a_command_writes(command, paths):
    assert [found.path for found in find_written(command)] == paths


def test_cd_counts():
    assert list(find_written("cd src && cd gen; touch a.py; bash -c 'cd b; touch c'")) == [
        Written("src/gen", "a.py"), Written("src/gen/b", "c"),
    ]  # fmt: skip
    assert list(find_written("cd; touch a.py")) == [Written("", "a.py")]


@given(st.text(alphabet="ab.>|&;<'\"\n\\ $()#-/", max_size=40))
def test_no_command_is_too_strange(command):
    assert all(isinstance(found, Written) for found in find_written(command))
