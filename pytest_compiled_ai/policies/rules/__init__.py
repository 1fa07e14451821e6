"""The rules of the policy: each looks at one node of a body, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_compiled_ai.policies.rules import (
    attributes,
    calls,
    classes,
    clock,
    handlers,
    imports,
    modules,
    names,
    state,
)
from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene

RULES: tuple[Rule, ...] = (
    *names.RULES, *modules.RULES, *attributes.RULES, *calls.RULES, *classes.RULES, *clock.RULES, *handlers.RULES,
    *state.RULES,
)  # fmt: skip


def find_faults(scene: Scene) -> Iterator[Finding]:
    """Yield what the rules find: in the imports at the top first, then in the body."""
    yield from imports.find_faults(scene)
    for node in scene.nodes:
        for rule in RULES:
            if isinstance(node, rule.types):
                yield from rule.look(node, scene)


__all__ = ["RULES", "Finding", "Rule", "find_faults"]
