from __future__ import annotations

from typing import Any

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.order import compile_order


def spec(name: str, *uses: str) -> str:
    listed = ", ".join(f'"{item}"' for item in uses)
    return f"@spec(uses=[{listed}])\ndef {name}() -> int: ...\n\n"


def write(project: Any, a: str, b: str) -> Any:
    head = "from pytest_compiled_ai import spec\n\n"
    return project({"specs/a.py": head + a, "specs/b.py": head + b})


def test_order_is_source_order_but_for_uses(project: Any) -> None:
    made = write(project, spec("one", "b.four") + spec("two"), spec("three") + spec("four", "three"))
    order = compile_order(made.discover().files)
    assert [(file.relative, stub.name) for file, stub in order] == [
        ("specs/b.py", "three"), ("specs/b.py", "four"), ("specs/a.py", "one"), ("specs/a.py", "two"),
    ]  # fmt: skip


def test_a_circle_is_drawn(project: Any) -> None:
    made = write(project, spec("start", "one") + spec("one", "b.two"), spec("two", "a.one"))
    with pytest.raises(SpecError) as caught:
        compile_order(made.discover().files)
    assert str(caught.value) == (
        "specs/a.py:7: uses makes a circle: one (specs/a.py:7) -> two (specs/b.py:4) -> one (specs/a.py:7); "
        "remove one of these uses."
    )


def test_a_stub_cannot_use_itself(project: Any) -> None:
    with pytest.raises(SpecError, match=r"one \(specs/a\.py:4\) -> one \(specs/a\.py:4\)"):
        compile_order(write(project, spec("one", "one"), "").discover().files)


def test_stubs_that_are_not_given_do_not_matter(project: Any) -> None:
    files = write(project, spec("one", "b.two"), spec("two")).discover().files
    assert [stub.name for _, stub in compile_order(files[:1])] == ["one"]
