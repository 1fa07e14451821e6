"""A headless Chromium, to see a page as a reviewer does."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell")


def find_browser() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Browser:
    """One browser with a profile of its own; it reaches no network."""

    path: str
    folder: Path

    def screenshot(self, page: Path, target: Path, *, width: int = 1280, height: int = 900) -> None:
        self._run(page, f"--window-size={width},{height}", "--hide-scrollbars", f"--screenshot={target}")

    def dump(self, page: Path) -> str:
        """Return the document as it stands when the page is loaded."""
        return self._run(page, "--dump-dom").stdout

    def print(self, page: Path, target: Path) -> None:
        self._run(page, "--no-pdf-header-footer", f"--print-to-pdf={target}")

    def _run(self, page: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        # As root, and in a container, there is no sandbox of its own to start.
        own = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
               "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self.folder}")  # fmt: skip
        command = [self.path, *own, *arguments, page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done
