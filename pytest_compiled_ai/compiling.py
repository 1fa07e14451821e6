"""The hooks of a run that compiles, checks, or shows what it would ask. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pytest_compiled_ai.config import Config

if TYPE_CHECKING:
    from pytest_compiled_ai.reports.model import RunReport


class Compiling:
    """Compiles once, in the process that collects: before test modules are imported, and before workers start."""

    def __init__(self, config: pytest.Config, settings: Config, refresh: Callable[[], None]) -> None:
        self._config, self._settings, self._refresh = config, settings, refresh
        self._report: RunReport | None = None
        self._is_done = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Compile before xdist starts its workers."""
        self._compile_once()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Compile before anything is collected."""
        self._compile_once()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if a spec was not compiled, whatever tests were chosen."""
        if self._report and self._report.failed and session.exitstatus in {0, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _compile_once(self) -> None:
        if self._is_done:
            return
        self._is_done = True
        from pytest_compiled_ai.errors import CompiledAIError, ConfigError, ProviderError
        from pytest_compiled_ai.session import run_session

        try:
            self._report = run_session(self._config, self._settings)
        except (ConfigError, ProviderError) as error:
            raise pytest.UsageError(f"compiled-ai: {error}") from None
        except CompiledAIError as error:
            pytest.exit(f"compiled-ai: {error}", returncode=pytest.ExitCode.TESTS_FAILED)
        finally:
            self._refresh()
