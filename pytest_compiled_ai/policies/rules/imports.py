"""Imports: of standard modules only those that compute, of each only its public names, under names of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.artifacts.module import Import, read_imports
from pytest_compiled_ai.policies.api import is_standard, public_names
from pytest_compiled_ai.policies.attributes import is_dunder, is_private
from pytest_compiled_ai.policies.modules import ALLOWED, OUTSIDE
from pytest_compiled_ai.policies.policy import Policy
from pytest_compiled_ai.policies.rules.finding import Finding
from pytest_compiled_ai.policies.scene import BUILTINS, Scene

_INSTEAD = {
    "os": "use posixpath for the text of paths; what else it does is not for a body",
    "sys": "use float('inf') for a bound; what else it does is not for a body",
    "pathlib": "use PurePosixPath for the text of paths",
    "random": "compute the result from the arguments alone",
    "secrets": "compute the result from the arguments alone",
}


def may_import(module: str, policy: Policy) -> bool:
    """Tell whether a module's names may be used; where one from outside comes from is the imports gate's matter."""
    return not is_standard(module) or module in ALLOWED or policy.names(module)


def may_pass(module: str, policy: Policy) -> bool:
    """Tell whether a module may be named at all: it may be used, or one below it may."""
    below = f"{module}."
    return may_import(module, policy) or any(name.startswith(below) for name in (*ALLOWED, *policy.imports))


def may_take(module: str, name: str, policy: Policy) -> bool:
    """Tell whether a name may be taken from a module."""
    if is_dunder(name) or is_private(name):
        return False
    if not is_standard(module):
        return name not in OUTSIDE or policy.names(name)
    public = public_names(module, whole=policy.names(module))
    return may_import(module, policy) and (name in public or name in policy.builtins)


def is_module(item: Import, policy: Policy) -> bool:
    """Tell whether an import binds a module that may be used, or one on the way to it."""
    return item.name is None or (
        is_standard(item.module) and may_pass(f"{item.module}.{item.name}", policy) and _is_below(item, policy)
    )


def _is_below(item: Import, policy: Policy) -> bool:
    return item.name not in public_names(item.module, whole=policy.names(item.module))


def find_faults(scene: Scene) -> Iterator[Finding]:
    """Yield what is wrong with the imports at the top of the reply, and with those inside the body."""
    for item in scene.brought:
        yield from _judge(item, 0, scene)
    for node in scene.nodes:
        if isinstance(node, ast.ImportFrom) and (node.level or any(alias.name == "*" for alias in node.names)):
            form = "a relative import" if node.level else "`import *`"
            yield Finding(
                rule="imports", what=f"{form} is not for a body", instead="name what you import", line=node.lineno
            )
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for item in read_imports(node):
                yield from _judge(item, node.lineno, scene)


def _judge(item: Import, line: int, scene: Scene) -> Iterator[Finding]:
    policy = scene.policy
    if item.bound in BUILTINS or is_dunder(item.bound):
        what = f"`{item.line}` takes a builtin's name"
        yield Finding(rule="shadowing", what=what, instead="import it under another name", line=line)
    if item in scene.given:
        return
    fine = may_pass(item.module, policy)
    if item.name is not None:
        fine = may_take(item.module, item.name, policy) or (fine and is_module(item, policy))
    if not fine:
        what = f"`{item.line}` is not for a body"
        instead = _INSTEAD.get(item.module.partition(".")[0], "do without it")
        yield Finding(rule="modules", what=what, instead=instead, line=line)
