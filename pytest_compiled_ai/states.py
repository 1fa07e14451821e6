"""One line for each spec that a run tests and whose body is not the one that it asks for. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.config import Config


class States:
    """Says of each spec file that ran whether its bodies are the ones that its specs ask for."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._seen: set[str] = set()
        self._was_said = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say it right after collection; under xdist the controller collects nothing and says it at the end."""
        self._seen |= {item.nodeid.partition("::")[0] for item in session.items}
        if session.items:
            self._say(session.config)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the files that workers ran."""
        if not self._was_said:
            self._seen.add(report.nodeid.partition("::")[0])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Say it for workers."""
        if self._seen and not session.config.option.collectonly:
            self._say(session.config)

    def _say(self, config: pytest.Config) -> None:
        if self._was_said:
            return
        self._was_said = True
        from pytest_compiled_ai.layout import target_module

        paths = {(config.rootpath / name).resolve() for name in self._seen}
        paths = {path for path in paths if target_module(self._settings, path)}
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if not paths or reporter is None:
            return
        from pytest_compiled_ai.unchanged import is_unchanged

        if is_unchanged(self._settings):
            return
        from pytest_compiled_ai.checking import describe_states

        for line in describe_states(self._settings, paths):
            reporter.ensure_newline()
            if reporter._tw.width_of_current_line:
                # Under xdist the progress line is still open, and the reporter does not know it.
                reporter.write_line("")
            reporter.write_line(line, yellow=True)
