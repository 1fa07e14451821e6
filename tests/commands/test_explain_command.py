from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_compiled_ai.commands.explain import explain_spec
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import SpecError


def explained(root: Path, wanted: str) -> str:
    return "\n".join(explain_spec(load_config(root), wanted))


def test_a_fresh_spec_has_an_origin_and_a_prompt(project: Path) -> None:
    text = explained(project, "numbers.double")
    assert "specs/numbers.py::double (specs/numbers.py:5) is fresh" in text
    assert "its body: by scripted at attempt 1, " in text
    assert "its 1 test: specs/numbers.py::double" in text
    assert "--- the prompt" in text
    assert "def double(n: int)" in text
    assert "why it was refused" not in text
    assert "to mend it" not in text


def test_a_failed_spec_shows_its_best_candidate_and_its_failure(project: Path) -> None:
    text = explained(project, "negate")
    assert "is missing" in text
    assert "to mend it: run `pytest --compile-ai`" in text
    assert "the best of them, attempt 1" in text
    assert "    return n\n" in text
    assert "assert 3 == -3" in text
    assert "what would help" in text


def test_a_stale_spec_tells_what_changed(project: Path) -> None:
    path = project / "specs" / "numbers.py"
    path.write_text(path.read_text(encoding="utf-8").replace("twice a", "two times a"), encoding="utf-8")
    text = explained(project, "specs/numbers.py::double")
    assert "is stale\nchanged since its body was made: docstring" in text


def test_what_changed_for_callers_is_shown_where_something_did(project: Path) -> None:
    assert "changed for callers" not in explained(project, "double")
    path = project / "src" / "generated" / "numbers.provenance.json"
    loaded = json.loads(path.read_text(encoding="utf-8"))
    loaded["specs"]["double"]["changes"] = ["double(3): 5 -> 6", "double(9): 1 -> 18"]
    path.write_text(json.dumps(loaded), encoding="utf-8")
    text = explained(project, "double")
    said = "--- changed for callers when this body took the place of the one before"
    assert f"{said}\ndouble(3): 5 -> 6\ndouble(9): 1 -> 18\n" in text
    del loaded["specs"]["double"]["changes"]
    path.write_text(json.dumps(loaded), encoding="utf-8")
    assert "changed for callers" not in explained(project, "double")


@pytest.mark.parametrize("name", ["nobody", "umbers.double", ""])
def test_an_unknown_name_lists_the_specs(project: Path, name: str) -> None:
    with pytest.raises(
        SpecError, match=r"names 0 specs; the specs are: specs/numbers.py::double, specs/numbers.py::negate\."
    ):
        explained(project, name)
