from __future__ import annotations

from pathlib import Path

from pytest_compiled_ai.ejection.mentions import find_mentions
from pytest_compiled_ai.testing import write_project

NAMED = "pip install pytest-compiled-ai\n"


def test_lines_of_text_files_are_told(tmp_path: Path) -> None:
    files = dict.fromkeys(
        ["requirements.txt", "Makefile", "docs/notes.md", "picture.png", ".github/workflows/ci.yml", "gone.json",
         "env/lib/x.py", "env/pyvenv.cfg", ".git/config.ini", "node_modules/x.json", "tests/__pycache__/x.py"],
        NAMED,
    )  # fmt: skip
    files |= {
        "pyproject.toml": "addopts = '--compile-ai'\n",
        "conftest.py": "import pytest_compiled_ai\n",
        "a.py": "a\n",
    }
    root = write_project(tmp_path, files)
    (root / "latin.txt").write_bytes(b"compiled-ai \xe9\n")
    (root / "large.txt").write_text(NAMED + "x" * 1_000_000, encoding="utf-8")
    (root / "dangling.py").symlink_to(root / "nowhere.py")
    planned = {
        root / "pyproject.toml": "[tool.x]\n",
        root / "conftest.py": "\n  import pytest_compiled_ai as " + "x" * 60,
    }
    assert list(find_mentions(root, planned, {root / "gone.json"})) == [
        "Makefile:1: pip install pytest-compiled-ai",
        "conftest.py:2: import pytest_compiled_ai as " + "x" * 31,
        "requirements.txt:1: pip install pytest-compiled-ai",
        ".github/workflows/ci.yml:1: pip install pytest-compiled-ai",
    ]
