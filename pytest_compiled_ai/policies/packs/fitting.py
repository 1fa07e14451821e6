"""A spec and its packs: whether it is fit for them, and what a model is told of them."""

from __future__ import annotations

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.policies.packs.catalogue import packs_of
from pytest_compiled_ai.specs.model import SpecLineError


def fit_packs(config: Config, subject: Subject) -> None:
    """Make sure that a spec has what its packs demand of it.

    Raises:
        SpecLineError: it has not, or names a pack that is not known.
    """
    stub = subject.stub
    for pack in packs_of(config, stub):
        if lack := pack.demand(subject):
            raise SpecLineError(subject.file.relative, stub.line, f"{pack.name} holds for {stub.name}, which {lack}.")


def describe_packs(config: Config, subject: Subject) -> str:
    """Return what a prompt says of a spec's packs, a line each; "" where none holds.

    Raises:
        SpecLineError: the spec names a pack that is not known.
    """
    return "\n".join(f"Rule: {pack.prompt}" for pack in packs_of(config, subject.stub))
