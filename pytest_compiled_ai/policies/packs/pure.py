"""`pure`: the same arguments give the same result, and nothing else happens."""

from __future__ import annotations

from typing import Final

from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.policies.packs.base import Pack
from pytest_compiled_ai.policies.packs.changes import NO_CHANGES
from pytest_compiled_ai.policies.packs.effects import (
    NO_CHANCE,
    NO_CLOCK,
    NO_ENVIRONMENT,
    NO_FILES,
    NO_INPUT,
    NO_NETWORK,
    NO_OUTPUT,
)


def _demand(subject: Subject) -> str | None:
    if subject.stub.options.runtime_model:
        return "asks a model while it runs (runtime_model); drop that, or the pack"
    return None


PURE: Final = Pack(
    name="pure",
    summary="the result comes from the arguments alone, and nothing is changed or said",
    prompt=(
        "Compute the result from the arguments alone: no print, log, file, network, clock, randomness or environment. "
        "Change no argument: work on a copy."
    ),
    rules=(NO_OUTPUT, NO_INPUT, NO_FILES, NO_NETWORK, NO_CLOCK, NO_CHANCE, NO_ENVIRONMENT, NO_CHANGES),
    demand=_demand,
)
