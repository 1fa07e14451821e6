from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from pytest_compiled_ai import layout
from pytest_compiled_ai.config import Config


@pytest.mark.parametrize(
    ("entry", "base", "pattern"),
    [
        ("specs", "specs", "specs/*.py"),
        ("a/specs", "a/specs", "a/specs/*.py"),
        ("specs/*/api_*.py", "specs", "specs/*/api_*.py"),
        ("specs/money.py", "specs", "specs/money.py"),
        ("*.py", ".", "*.py"),
        ("a/[bc].py", "a", "a/[bc].py"),
    ],
)
def test_an_entry_has_a_base_and_a_pattern(entry, base, pattern):
    assert layout.spec_base(entry) == PurePosixPath(base)
    assert layout.spec_pattern(entry) == pattern


@pytest.fixture
def config(tmp_path):
    return Config(root=tmp_path, specs=("specs", "more/*.py"), generated="src/app/gen")


@pytest.mark.parametrize(
    ("path", "module", "target"),
    [
        ("specs/money.py", "app.gen.money", "src/app/gen/money.py"),
        ("specs/deep/er.py", "app.gen.deep.er", "src/app/gen/deep/er.py"),
        ("more/x.py", "app.gen.x", "src/app/gen/x.py"),
    ],
)
def test_a_spec_file_and_its_artifact_name_each_other(config, path, module, target):
    spec = config.root / path
    spec.parent.mkdir(parents=True)
    spec.touch()
    assert layout.target_module(config, spec) == module
    assert layout.target_path(config, module) == config.root / target
    assert layout.spec_path(config, module) == spec
    assert layout.spec_module(config, spec) == path.removesuffix(".py").replace("/", ".")


def test_a_file_elsewhere_has_no_artifact_and_a_module_without_a_spec_no_file(config):
    assert layout.target_module(config, config.root / "tests/test_x.py") is None
    assert layout.target_module(config, Path("/elsewhere/specs/x.py")) is None
    assert layout.spec_path(config, "app.gen.nothing") is None
