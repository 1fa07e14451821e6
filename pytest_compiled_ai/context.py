"""Where a run happens, and what a `--compile-ai` may do there: detected here alone, and told in one line.

Only one thing depends on it: whether a model is asked. Nothing here, no variable and no setting, switches a check or a
verification off. Workers of xdist are told apart by what xdist hands them, in `plugin.py`: its variable is also seen by
processes that a worker starts.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from os import PathLike
from types import MappingProxyType
from typing import Literal, NamedTuple

Place = Literal["ci", "ide", "terminal"]
Origin = Literal["given", "configured"]
"""Where a flag stands: on the command line or in PYTEST_ADDOPTS of this very run, or in a file of the project."""


class Sign(NamedTuple):
    """An environment variable that tells a place, unless another variable tells better."""

    variable: str
    place: Place
    unless: str = ""


class Context(NamedTuple):
    """Where a run happens, and the variable that decided; none decides for a terminal."""

    place: Place
    variable: str = ""


SIGNS = (
    Sign("CI", "ci"),  # nearly all services
    Sign("BUILD_NUMBER", "ci"),  # Jenkins; with CI, what pytest itself looks at
    Sign("TF_BUILD", "ci"),  # Azure Pipelines
    Sign("TEAMCITY_VERSION", "ci", unless="PYCHARM_HOSTED"),  # PyCharm sets it, too, to get TeamCity's output
    Sign("CODEBUILD_BUILD_ID", "ci"),  # AWS
    Sign("bamboo_buildKey", "ci"),
    Sign("HEROKU_TEST_RUN_ID", "ci"),
    Sign("GITHUB_ACTIONS", "ci"),
    Sign("GITLAB_CI", "ci"),
    Sign("PYCHARM_HOSTED", "ide"),
)
"""The first one that is set decides."""

COMPILES: Mapping[Place, frozenset[Origin]] = MappingProxyType(
    {
        "ci": frozenset({"given"}),
        "ide": frozenset({"given", "configured"}),
        "terminal": frozenset({"given", "configured"}),
    }
)
"""Which `--compile-ai` asks a model in a place; where it does not, the specs are checked instead."""

_UNSET = frozenset({"", "0", "false"})


def detect_context(environ: Mapping[str, str]) -> Context:
    """Return where a run with this environment happens. A variable that is empty, 0 or false counts as not set."""
    for sign in SIGNS:
        if _is_set(environ, sign.variable) and not _is_set(environ, sign.unless):
            return Context(sign.place, sign.variable)
    return Context("terminal")


def find_origin(arguments: Sequence[str | PathLike[str]], environ: Mapping[str, str]) -> Origin:
    """Return where the `--compile-ai` of a run stands, of which `arguments` is the command line."""
    given = (*arguments, *shlex.split(environ.get("PYTEST_ADDOPTS", "")))
    return "given" if "--compile-ai" in given else "configured"


def explain_hold(arguments: Sequence[str | PathLike[str]], environ: Mapping[str, str]) -> str | None:
    """Return the line that says why a run with `--compile-ai` only checks, or None where it may compile."""
    context = detect_context(environ)
    if find_origin(arguments, environ) in COMPILES[context.place]:
        return None
    return (
        f"compiled-ai: this is CI ({context.variable} is set): specs are checked, and no model is asked; "
        "to compile here, give --compile-ai on the command line"
    )


def _is_set(environ: Mapping[str, str], variable: str) -> bool:
    return environ.get(variable, "").lower() not in _UNSET
