from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.module import Section
from pytest_compiled_ai.artifacts.stamping import restamp

OLD, NEW = "# spec v1:1 body 1\n", "# spec v1:2 body 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"import a\n\n\n{OLD}def f():\n    pass\n", f"import a\n\n\n{NEW}def f():\n    pass\n"),
        ("import a\n\n\n@a\ndef f():\n    pass\n", f"import a\n\n\n{NEW}@a\ndef f():\n    pass\n"),
        (f"{OLD}\n# mine\n@a\nclass f:\n    pass\n", f"\n# mine\n{NEW}@a\nclass f:\n    pass\n"),
        ("def f(): ...\n", f"{NEW}def f(): ...\n"),
        (f"{OLD}def g(): ...\r\ndef f(): ...\r\n", f"{OLD}def g(): ...\r\n{NEW}def f(): ...\r\n"),
        (f"'''\n{OLD}'''\ndef f(): ...\n", f"'''\n{OLD}'''\n{NEW}def f(): ...\n"),
    ],
)
def test_one_stamp_above_the_definition(before, after):
    section = Section(name="f", text="", digest="v1:2", body_hash="2")
    assert restamp(before, section) == after
