import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.shards import Shard, find_share, read_shard
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.testing import ScriptedProvider, fenced

SPEC = """
    from pytest_compiled_ai import spec

    @spec
    def {name}(n: int) -> int:
        \"\"\"Return n.\"\"\"

    def test_{name}() -> None:
        assert {name}(3) == 3
"""
IDS = st.lists(st.text("abc", min_size=1, max_size=4), unique=True, max_size=12)


@st.composite
def orders(draw):
    ids = draw(IDS)
    return {
        name: frozenset(draw(st.sets(st.sampled_from(ids[:place]), max_size=2))) if place else frozenset()
        for place, name in enumerate(ids)
    }


@given(before=orders(), count=st.integers(1, 5))
def test_each_spec_is_in_one_share_beside_what_it_waits_for(before, count):
    shares = [find_share(before, Shard(number, count)) for number in range(1, count + 1)]
    assert sorted(spec for share in shares for spec in share) == sorted(before)
    for spec, earlier in before.items():
        (own,) = [share for share in shares if spec in share]
        assert earlier <= own


def test_a_spec_more_moves_no_other():
    before = {f"specs/m{n}.py::f": frozenset() for n in range(40)}
    share = find_share(before, Shard(1, 3))
    assert 0 < len(share) < len(before)
    assert find_share({**before, "specs/new.py::g": frozenset()}, Shard(1, 3)) - {"specs/new.py::g"} == share


def test_a_share_is_written_as_one_number_of_another():
    assert read_shard(" 2/8 ") == Shard(2, 8)


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "a/b", "1/0", "-1/2"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ConfigError, match=r"like 2/8, the second of eight, not"):
        read_shard(text)


@pytest.mark.usefixtures("near")
def test_the_shares_of_a_project_are_its_specs(bench):
    made = bench({f"specs/{name}.py": SPEC.format(name=name) for name in "abcd"})
    done = []
    for number in (1, 2):
        from pytest_compiled_ai.compiler.compiler import Compiler

        compiler = Compiler(made.project(), lambda: (Echo(),), made.watcher)
        done += [
            result.id for result in compiler.compile(shard=Shard(number, 2)).results if result.outcome == "compiled"
        ]
    assert sorted(done) == [f"specs/{name}.py::{name}" for name in "abcd"]


class Echo(ScriptedProvider):
    def __init__(self):
        super().__init__("")

    def complete(self, request, on_token=None):
        self._script = [fenced(request.prefill.partition("```python\n")[2] + "    return n")]
        return super().complete(request, on_token)
