"""pytest's hooks, and nothing else: a thin shell that imports pytest alone until there is work. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import functools
import glob
import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from pytest_compiled_ai.config import Config
    from pytest_compiled_ai.finder import Finder

CONFIG: pytest.StashKey[Config] = pytest.StashKey()
FINDER: pytest.StashKey[Finder] = pytest.StashKey()
REPLIES: pytest.StashKey[str | None] = pytest.StashKey()
_RECORDED = "COMPILED_AI_RECORDED"
_FLAGS = ("attempts", "provider", "max_time")


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
    group.addoption(
        "--compile-ai-review", action="store_true", default=False, help="put new bodies aside for `compiled-ai review`"
    )
    add("--compile-ai-only", metavar="GLOB", help="compile the specs whose id or name fits")
    add("--compile-ai-provider", metavar="NAME", help="who answers: embedded, openai, or a configured name")
    add("--compile-ai-attempts", metavar="N", type=int, help="questions for each spec at most")
    add("--compile-ai-max-time", metavar="SECONDS", type=float, help="begin no question behind so many seconds")
    add("--compile-ai-shard", metavar="I/N", help="compile the I-th of N shares of the specs, for several machines")
    add("--compile-ai-report", metavar="PATH", help="write the report of a compile: .md, .html, .json or .sarif")


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
    # Whatever a test runs: a body that may ask a model is answered from what is recorded.
    early_config.stash[REPLIES], os.environ[_RECORDED] = os.environ.get(_RECORDED), str(config.root)
    early_config.stash[FINDER] = binding.install(config, fail=_fail, forwarding=_wants_compile(early_config, options))


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
        from pytest_compiled_ai.states import States

        config.pluginmanager.register(States(settings), "compiled_ai_states")
    if is_worker or config.option.collectonly or getattr(config.option, "setupplan", False):
        return
    if _wants_work(config.option):
        from pytest_compiled_ai.compiling import Compiling

        refresh = config.stash[FINDER].refresh
        config.pluginmanager.register(Compiling(config, settings, refresh), "compiled_ai_compiling")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the import system as it was."""
    finder = config.stash.get(FINDER, None)
    if finder is not None:
        from pytest_compiled_ai import binding

        binding.uninstall(finder)
        del config.stash[FINDER]
        _restore(config.stash[REPLIES])


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell in a JUnit report, if one is written, which specs a test gates."""
    settings = config.stash.get(CONFIG, None)
    if settings is not None and items and getattr(config.option, "xmlpath", None):
        from pytest_compiled_ai.junit import tag_items

        tag_items(settings, items)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list[Any], list[Any]]:
    """Keep `--doctest-modules` off the artifacts, unless one is named: their examples run in the spec file.

    There the names stand that an example needs; an artifact has those that its bodies need.
    """
    found = yield
    settings = parent.config.stash.get(CONFIG, None)
    if settings is None or parent.session.isinitpath(file_path) or settings.generated_root not in file_path.parents:
        return found
    return [each for each in found if type(each).__name__ != "DoctestModule"]


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str) -> Any:
    """Collect the examples in a stub's docstring: https://docs.pytest.org/en/stable/how-to/doctest.html."""
    if type(collector).__name__ != "SpecModule":
        return None
    from pytest_compiled_ai.collection import collect_examples

    return collect_examples(collector, name)


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


def _wants_compile(config: pytest.Config, options: Any) -> bool:
    if not getattr(options, "compile_ai", False) or getattr(options, "no_compile_ai", False):
        return False
    from pytest_compiled_ai.context import explain_hold

    return explain_hold(config.invocation_params.args, os.environ) is None


def _restore(replies: str | None) -> None:
    if replies is None:
        os.environ.pop(_RECORDED, None)
    else:
        os.environ[_RECORDED] = replies


def _wants_work(options: Any) -> bool:
    is_asked = any(getattr(options, flag, False) for flag in ("compile_ai", "compile_ai_dry_run"))
    # `--no-compile-ai` takes back what would compile; it switches no check off.
    is_wanted = is_asked and not getattr(options, "no_compile_ai", False)
    return is_wanted or bool(getattr(options, "compile_ai_check", False))


def _fail(message: str) -> NoReturn:
    # Not an Exception: `pytest.raises(Exception)` in a user's test must not take it for the function's own.
    pytest.fail(message, pytrace=False)
