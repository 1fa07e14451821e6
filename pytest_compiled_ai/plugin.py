"""pytest's hooks, and nothing else: a thin shell that imports pytest alone until there is work. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import functools
import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from pytest_compiled_ai.config import Config
    from pytest_compiled_ai.finder import Finder
    from pytest_compiled_ai.reports.model import RunReport

CONFIG: pytest.StashKey[Config] = pytest.StashKey()
FINDER: pytest.StashKey[Finder] = pytest.StashKey()
_FLAGS = ("attempts", "provider")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the flags: https://docs.pytest.org/en/stable/reference/reference.html#std-hook-pytest_addoption."""
    group = parser.getgroup("compiled-ai", "compile specs into src/generated")
    add = functools.partial(group.addoption, default=None)
    group.addoption("--compile-ai", action="store_true", default=False, help="compile missing and stale specs first")
    group.addoption("--no-compile-ai", action="store_true", default=False, help="compile nothing, whatever addopts say")
    group.addoption(
        "--compile-ai-force", action="store_true", default=False, help="compile fresh and edited specs, too"
    )
    group.addoption(
        "--compile-ai-check", action="store_true", default=False, help="fail if a spec is not fresh; ask no model"
    )
    group.addoption(
        "--compile-ai-dry-run",
        action="store_true",
        default=False,
        help="show what would be asked, and where; ask nothing",
    )
    group.addoption(
        "--compile-ai-no-cache", action="store_true", default=False, help="ask the model anew what it has answered once"
    )
    add("--compile-ai-only", metavar="GLOB", help="compile the specs whose id or name fits")
    add("--compile-ai-provider", metavar="NAME", help="who answers: embedded, openai, or a configured name")
    add("--compile-ai-attempts", metavar="N", type=int, help="questions for each spec at most")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Serve the generated package before a conftest may import it."""
    options = early_config.known_args_namespace
    start = early_config.inipath.parent if early_config.inipath else early_config.rootpath
    config = _load(start, options)
    if config is None:
        if _wants_work(options):
            raise pytest.UsageError(
                f"--compile-ai: no [tool.compiled-ai] table at or above {start}; run `compiled-ai init`."
            )
        return
    from pytest_compiled_ai import binding

    early_config.stash[CONFIG] = config
    early_config.stash[FINDER] = binding.install(config, fail=_fail, forwarding=_wants_compile(options))


def pytest_configure(config: pytest.Config) -> None:
    """Make spec files test modules, and get ready to compile where that was asked for."""
    settings = config.stash.get(CONFIG, None)
    if settings is None:
        return
    from pytest_compiled_ai.layout import spec_pattern

    for entry in settings.specs:
        pattern = os.path.join(glob.escape(str(settings.root)), *spec_pattern(entry).split("/"))  # noqa: PTH118
        config.addinivalue_line("python_files", pattern)
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        config.pluginmanager.register(_States(settings), "compiled_ai_states")
    if is_worker or config.option.collectonly or getattr(config.option, "setupplan", False):
        return
    if _wants_work(config.option) and not config.option.no_compile_ai:
        config.pluginmanager.register(_Compiling(config, settings), "compiled_ai_compiling")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the import system as it was."""
    finder = config.stash.get(FINDER, None)
    if finder is not None:
        from pytest_compiled_ai import binding

        binding.uninstall(finder)
        del config.stash[FINDER]


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect a spec file under its name from the root: `specs/calendar.py` is `specs.calendar`, not `calendar`."""
    settings = parent.config.stash.get(CONFIG, None)
    if settings is None or module_path.name in {"__init__.py", "conftest.py"}:
        return None
    from pytest_compiled_ai.layout import target_module

    if target_module(settings, module_path) is None:
        return None
    from pytest_compiled_ai.collection import SpecModule

    return SpecModule.from_parent(parent, path=module_path)


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str) -> Any:
    """Collect the examples in a stub's docstring: https://docs.pytest.org/en/stable/how-to/doctest.html."""
    if type(collector).__name__ != "SpecModule":
        return None
    from pytest_compiled_ai.collection import collect_examples

    return collect_examples(collector, name)


class _Compiling:
    """Compiles once, in the process that collects: before test modules are imported, and before workers start."""

    def __init__(self, config: pytest.Config, settings: Config) -> None:
        self._config, self._settings = config, settings
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
            self._config.stash[FINDER].refresh()


class _States:
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
        from pytest_compiled_ai.session import describe_states

        for line in describe_states(self._settings, paths):
            reporter.ensure_newline()
            if reporter._tw.width_of_current_line:
                # Under xdist the progress line is still open, and the reporter does not know it.
                reporter.write_line("")
            reporter.write_line(line, yellow=True)


def _load(start: Path, options: Any) -> Config | None:
    from pytest_compiled_ai.config import load_config
    from pytest_compiled_ai.errors import ConfigError
    from pytest_compiled_ai.pyproject import find_root

    try:
        root = find_root(start)
        flags = {name: getattr(options, f"compile_ai_{name}", None) for name in _FLAGS}
        return None if root is None else load_config(root, **flags)
    except ConfigError as error:
        raise pytest.UsageError(f"compiled-ai: {error}") from None


def _wants_compile(options: Any) -> bool:
    return bool(getattr(options, "compile_ai", False)) and not getattr(options, "no_compile_ai", False)


def _wants_work(options: Any) -> bool:
    flags = ("compile_ai", "compile_ai_check", "compile_ai_dry_run")
    return any(getattr(options, flag, False) for flag in flags) and not getattr(options, "no_compile_ai", False)


def _fail(message: str) -> NoReturn:
    # Not an Exception: `pytest.raises(Exception)` in a user's test must not take it for the function's own.
    pytest.fail(message, pytrace=False)
