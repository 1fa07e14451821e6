"""`compiled-ai report --evaluate`: what the compiled specs cost and are worth, measured on the bodies that stand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from pytest_compiled_ai.artifacts.plan import apply_changes, check_writable, plan_change
from pytest_compiled_ai.commands.base import OK, read_settings
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.evaluation.framework.cost import Prices
from pytest_compiled_ai.evaluation.framework.first_pass import count_first_passes
from pytest_compiled_ai.evaluation.framework.gathering import INPUTS, gather
from pytest_compiled_ai.evaluation.framework.measuring import SEEDS
from pytest_compiled_ai.evaluation.framework.model import Evaluation
from pytest_compiled_ai.evaluation.framework.run_time import read_run_time
from pytest_compiled_ai.evaluation.framework.security import Rate, read_rates
from pytest_compiled_ai.reports.figures.document import render_document
from pytest_compiled_ai.reports.figures.picture import draw_picture
from pytest_compiled_ai.reports.figures.run_progress import RunProgress
from pytest_compiled_ai.reports.figures.text import PICTURE, render_text, show_evaluation
from pytest_compiled_ai.specs.order import compile_order

RUNS = 1000
_FLAGS = ("runs", "runtime_tokens", "prices", "security", "evaluate_to")


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of an evaluation to those of a report."""
    group = parser.add_argument_group("evaluation")
    group.add_argument("--evaluate", action="store_true", help="measure what the compiled specs cost and are worth")
    group.add_argument("--runs", metavar="N", type=_count, help=f"fresh processes of each body (default {RUNS})")
    group.add_argument(
        "--runtime-tokens",
        metavar="T|FILE",
        help="tokens of a call of the model at run time, or JSON lines with the usage of such calls",
    )
    group.add_argument(
        "--prices", metavar="IN,OUT", type=_prices, help="of a million tokens (default: the provider's `price`)"
    )
    group.add_argument("--security", metavar="FILE", type=Path, help="the JSON that a security benchmark wrote")
    group.add_argument(
        "--evaluate-to", metavar="FOLDER", type=Path, help="write evaluation.md, evaluation.json and the curve there"
    )


def check_flags(options: argparse.Namespace) -> None:
    """Make sure that no flag of an evaluation stands without it.

    Raises:
        ConfigError: one does.
    """
    lone = [name for name in _FLAGS if getattr(options, name) is not None]
    if lone and not options.evaluate:
        raise ConfigError(f"--{lone[0].replace('_', '-')} belongs to --evaluate; add that.")


def run_evaluation(options: argparse.Namespace) -> int:
    """Measure, print, and write where a folder is named."""
    settings = read_settings()
    if options.evaluate_to:
        check_writable(options.evaluate_to.absolute())
    evaluation = evaluate(settings, options)
    show_evaluation(evaluation, Console(highlight=False, markup=False))
    if options.evaluate_to:
        write_evaluation(evaluation, options.evaluate_to)
    return OK


def evaluate(settings: Config, options: argparse.Namespace) -> Evaluation:
    """Return the figures of a project.

    Raises:
        ConfigError: a file that is named cannot be read.
        SandboxError: the sandbox broke.
    """
    run_time = read_run_time(options.runtime_tokens) if options.runtime_tokens else None
    rates = read_security(options.security) if options.security else ()
    project, runs = Project(settings), options.runs or RUNS
    entries = compile_order(project.files)
    with RunProgress(Console(stderr=True), runs * len(entries)) as progress:
        found = list(gather(project, entries, runs, progress))
    return Evaluation(
        project=settings.root.name,
        specs=tuple(each.figures for each in found),
        first_pass=count_first_passes([each.making for each in found if each.making]),
        run_time=run_time,
        prices=options.prices or find_prices(settings),
        rates=rates,
        how=describe_runs(runs),
    )


def describe_runs(runs: int) -> str:
    """Return in one line what was done."""
    seeds = min(runs, len(SEEDS))
    return (
        f"Each body answered up to {INPUTS} inputs of its tests in {runs:,} fresh sealed processes, forked from "
        f"{seeds} interpreters with different hash seeds. H and the share of equal answers are the worst input's; "
        "P50, P99 and jitter are of a call with the way to the process and back; process is a fork with its first "
        "answer, cold a fresh interpreter with its first answer, in ms."
    )


def find_prices(settings: Config) -> Prices | None:
    """Return what the first provider costs, None where the project does not say."""
    try:
        price = settings.settings_of(settings.ladder[0]).price
    except ConfigError:
        return None
    return Prices(into=price[0], out=price[1]) if price else None


def read_security(path: Path) -> tuple[Rate, ...]:
    """Return the rates in a benchmark's JSON.

    Raises:
        ConfigError: it cannot be read, or holds none.
    """
    try:
        rates = tuple(read_rates(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:
        raise ConfigError(f"--security {path}: {type(error).__name__}: {error}.") from None
    if not rates:
        raise ConfigError(f"--security {path}: it has no rate, an object with `right` and `of`.")
    return rates


def write_evaluation(evaluation: Evaluation, folder: Path) -> None:
    """Write the Markdown, the JSON, and the picture where there is a curve.

    Raises:
        ConfigError: a file cannot be written.
    """
    texts = {"evaluation.md": render_text(evaluation), "evaluation.json": render_document(evaluation)}
    if curve := evaluation.curve:
        texts[PICTURE] = draw_picture(curve, f"Tokens of {evaluation.project}")
    apply_changes(plan_change(folder.absolute() / name, text) for name, text in texts.items())


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return number


def _prices(text: str) -> Prices:
    try:
        into, out = map(float, text.split(","))
    except ValueError:
        into = out = -1.0
    if not (0 <= into < float("inf") and 0 <= out < float("inf")):
        raise argparse.ArgumentTypeError("must be two numbers, 0 or more")
    return Prices(into=into, out=out)
