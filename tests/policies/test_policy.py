from __future__ import annotations

import pytest

from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.policies.policy import Policy, read_policy


@pytest.fixture
def read(tmp_path):
    def write_and_read(text):
        (tmp_path / "pyproject.toml").write_text(f"[tool.compiled-ai.policy]\n{text}\n", encoding="utf-8")
        return read_policy(load_config(tmp_path))

    return write_and_read


def test_a_project_without_a_table_has_the_default(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    assert read_policy(load_config(tmp_path)) == Policy()


def test_a_table_is_read(read):
    policy = read('imports = ["numpy", "os.path"]\nbuiltins = ["vars"]\nbandit = "medium"\nmax_lines = 9')
    assert policy == Policy(imports=("numpy", "os.path"), builtins=("vars",), bandit="medium", max_lines=9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import = []", "unknown key 'import' in [tool.compiled-ai.policy]; did you mean 'imports'?"),
        ("max_lines = 0", "[tool.compiled-ai.policy] max_lines must be at least 1, not 0."),
        ("max_lines = '9'", "[tool.compiled-ai.policy] max_lines must be a int, not '9'."),
        ("imports = 'numpy'", "[tool.compiled-ai.policy] imports must be a list, not 'numpy'."),
        ("imports = [1]", "[tool.compiled-ai.policy] imports must be a list of names, not [1]."),
        ("imports = ['a b']", "[tool.compiled-ai.policy] imports must be a list of names, not ['a b']."),
        ("bandit = 'off'", "[tool.compiled-ai.policy] bandit must be one of low, medium, high, not 'off'."),
    ],
)
def test_what_a_table_may_not_hold(read, text, said):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert str(caught.value) == said


def test_a_spec_widens_the_policy_of_its_project():
    policy = Policy(imports=("numpy",)).widened(["os.path"])
    assert [policy.names(name) for name in ("numpy", "numpy.linalg", "os.path", "os", "numpyx")] == [
        True, True, True, False, False,
    ]  # fmt: skip
