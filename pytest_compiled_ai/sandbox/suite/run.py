"""Run a project's tests beside a candidate, by real pytest, in the jail."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.grants import machine_grants, search_path
from pytest_compiled_ai.sandbox.jail.job import Job
from pytest_compiled_ai.sandbox.jail.process import run
from pytest_compiled_ai.sandbox.jail.protocol import ORDERS_VARIABLE
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.jail.tier import detect_tier
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.suite.verdict import read_outcome

REPORTER = "pytest_compiled_ai.sandbox.suite.reporter"
_DEFAULTS = Limits()


def run_tests(
    shadow: Shadow,
    *,
    paths: Sequence[str],
    select: Collection[str] | None = None,
    limits: Limits = _DEFAULTS,
    cover: str | None = None,
    stop_after: int = 0,
    extra_args: Sequence[str] = (),
) -> TestRun:
    """Run the tests in `paths` (relative to the project's root) on the shadow, and return what came of it.

    `select` keeps the tests whose node id, or its part before "[", is in it. `cover` names one file of the shadow whose
    executed lines and branches are wanted. `stop_after` ends the run at so many failures. `extra_args` go to pytest.

    Raises:
        SandboxError: the jail could not be closed, or not as tightly as on the self-test.
    """
    tier = detect_tier()
    stop = [f"--maxfail={stop_after}"] if stop_after else []
    with Scratch() as scratch:
        orders = {
            "select": None if select is None else sorted(select),
            "cover": None if cover is None else str(shadow.root / cover),
            "hidden": hidden_paths(shadow, scratch),
        }
        job = make_job(shadow, scratch, REPORTER, (*stop, *extra_args, *paths), orders, limits)
        outcome = run(job if cover is None else _measured(job, str(shadow.root / cover)))
    if tier.verified and outcome.confinement != tier.confinement:
        raise SandboxError(f"sandbox: this run was sealed less than the machine allows ({tier}); run it again.")
    return read_outcome(outcome, limits=limits, stop_after=stop_after, tier=tier)


def make_job(
    shadow: Shadow, scratch: Scratch, plugin: str, args: Sequence[str], orders: Mapping[str, object], limits: Limits
) -> Job:
    """Return a run of pytest on a shadow: `plugin` is the module that speaks for us there, and reads `orders`."""
    path, cache = scratch.given / "orders.json", f"cache_dir={scratch.tmp / 'pytest-cache'}"
    path.write_text(json.dumps(orders), encoding="utf-8")
    grants = machine_grants(shadow.project)
    return Job(
        module="pytest",
        argv=("-p", plugin, f"--rootdir={shadow.root}", "-o", cache, "--color=no", *args),
        folder=shadow.root,
        scratch=scratch,
        path=search_path(shadow.project, shadow.root),
        grants=replace(grants, readable=(*grants.readable, str(shadow.root), *map(str, shadow.linked))),
        moved={str(shadow.project): str(shadow.root)},
        env={ORDERS_VARIABLE: str(path), "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch.home / ".hypothesis")},
        limits=limits,
    )


def hidden_paths(shadow: Shadow, scratch: Scratch) -> dict[str, str]:
    """Return the paths that no failure's text may show, with what stands for each."""
    return {f"{shadow.root}/": "", str(shadow.root): ".", str(scratch.tmp): "TMP", str(scratch.home): "~"}


def _measured(job: Job, path: str) -> Job:
    # A settings file of our own, so that the project's cannot leave the file out or write elsewhere.
    settings = job.scratch.given / "coveragerc"
    settings.write_text(f"[run]\nbranch = true\ndata_file = {job.scratch.tmp / 'coverage'}\n", encoding="utf-8")
    options = ("run", f"--rcfile={settings}", f"--include={path}", "-m", job.module)
    return replace(job, module="coverage", argv=(*options, *job.argv))
