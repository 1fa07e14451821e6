"""Draw docs/report.png: `compiled-ai report` on a small pull request, as Chromium shows it: `python docs/picture.py`.

The bodies come from a script in place of a model; gates, ambiguity, strength and the page are real.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from textwrap import dedent

from pytest_compiled_ai.commands.report import make_report
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.html_page import render_page
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.testing import PYPROJECT, ScriptedProvider, fenced, write_project

TARGET = Path(__file__).parent / "report.png"
SIZE = "1180,1400"
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
NAMES = '''
    from pytest_compiled_ai import spec


    @spec
    def initials(name: str) -> str:
        """Return the first letter of each word of a name, in upper case, with nothing between them.
        {rule}
        >>> initials("ada lovelace")
        'AL'{example}
        """


    def test_white_space_is_ignored() -> None:
        assert initials("  grace   brewster hopper ") == "GBH"


    def test_no_name_has_no_initials() -> None:
        assert initials("") == ""
    '''
TEXTS = '''
    from pytest_compiled_ai import spec


    @spec
    def shorten(text: str, width: int) -> str:
        """Return a text cut to a width, with "..." at its end where it was cut.

        >>> shorten("a long sentence", 9)
        'a long...'
        >>> shorten("short", 9)
        'short'
        """
    '''
RULE, EXAMPLE = "A hyphen parts words, too.\n", "\n        >>> initials(\"jean-luc picard\")\n        'JLP'"
HEAD = "def initials(name: str) -> str:\n"
OLD = f'{HEAD}    return "".join(word[0].upper() for word in name.split())\n'
NEW = f'{HEAD}    words = name.replace("-", " ").split()\n    return "".join(word[0].upper() for word in words)\n'
CUT = "def shorten(text: str, width: int) -> str:\n    if len(text) <= width:\n        return text\n"
SHORT = f'{CUT}    return text[: width - 3] + "..."\n'
OTHER = f'{CUT}    return text[: max(width - 3, 0)] + "..."\n'


def main() -> int:
    """Make the pull request, its report and the picture."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("docs/picture.py: no Chromium is installed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = Path(folder) / "shop"
        settings = dedent(PYPROJECT.format(url="http://127.0.0.1:9/v1"))
        settings = settings.replace("[tool.pytest", "confirm_samples = 1\nprice = [0.4, 1.6]\n\n[tool.pytest")
        names = NAMES.format(rule="", example="")
        write_project(root, {"pyproject.toml": settings, "specs/names.py": names, ".gitignore": ".compiled-ai/\n"})
        compile_with(root, OLD, OLD)
        for command in (["init", "--quiet", "-b", "main"], ["add", "."], ["commit", "--quiet", "-m", "names"]):
            subprocess.run([*GIT, *command], cwd=root, check=True)
        write_project(root, {"pyproject.toml": settings, "specs/texts.py": TEXTS})
        write_project(root, {"pyproject.toml": settings, "specs/names.py": NAMES.format(rule=RULE, example=EXAMPLE)})
        compile_with(root, NEW, NEW, SHORT, OTHER)
        page = root.parent / "report.html"
        page.write_text(render_page(make_report(load_config(root), watcher=TerminalWatcher())), encoding="utf-8")
        draw(browser, page, root.parent / "profile")
    return 0


def compile_with(root: Path, *bodies: str) -> None:
    """Compile the project, with these replies."""
    provider = ScriptedProvider(*map(fenced, bodies))
    provider.name, provider.model = "openai", "example-model"
    report = Compiler(Project(load_config(root)), lambda: (provider,), TerminalWatcher()).compile()
    assert not report.failed


def draw(browser: str, page: Path, profile: Path) -> None:
    """Write the picture."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
    command = [browser, *flags, f"--window-size={SIZE}", f"--screenshot={TARGET}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
