"""One real compile from end to end, by the small embedded model."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.providers.catalogue import find_entry
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE, status
from pytest_compiled_ai.testing import write_project

MODEL = "qwen2.5-coder-0.5b"
FILES = {
    "pyproject.toml": f"""
        [tool.compiled-ai]
        provider = "embedded"
        model = "{MODEL}"

        [tool.pytest.ini_options]
        pythonpath = ["src"]
        testpaths = ["specs"]
        """,
    "specs/__init__.py": "",
    "specs/names.py": '''
        from pytest_compiled_ai import spec


        @spec
        def initials(name: str) -> str:
            """Return the first letter of each word of a name, in upper case, with nothing between them.

            >>> initials("ada lovelace")
            'AL'
            """


        def test_three_words() -> None:
            assert initials("grace brewster hopper") == "GBH"


        def test_no_words() -> None:
            assert initials("") == ""
        ''',
}


def run_pytest(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio", *arguments],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def read_generated(root: Path) -> dict[str, bytes]:
    folder = root / "src" / "generated"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.model
@pytest.mark.skipif(
    status(find_entry(MODEL)).state not in {"verified", "unverified"},
    reason=f"run `compiled-ai model prepare {MODEL}` first",
)
def test_a_small_model_compiles_and_is_not_asked_again(tmp_path: Path) -> None:
    root = write_project(tmp_path, FILES)

    compiled = run_pytest(root, "--compile-ai")
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    assert f"prompts go to this machine ({MODEL})" in compiled.stdout
    written = read_generated(root)
    assert {"__init__.py", "names.py", "names.provenance.json"} == set(written)
    assert b"pytest_compiled_ai" not in written["names.py"]

    plain = run_pytest(root, **{FOLDER_VARIABLE: str(tmp_path / "nowhere")})
    assert plain.returncode == 0, plain.stdout + plain.stderr
    assert "3 passed" in plain.stdout
    assert read_generated(root) == written

    shutil.rmtree(root / "src" / "generated")
    again = run_pytest(root, "--compile-ai")
    assert again.returncode == 0, again.stdout + again.stderr
    assert read_generated(root) == written
