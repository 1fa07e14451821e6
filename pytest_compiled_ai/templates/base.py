"""What a template is: a scaffold with one hole, and what holds for whatever fills it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_compiled_ai.gates.base import Gate
    from pytest_compiled_ai.templates.examples import Example
    from pytest_compiled_ai.templates.form import Form
    from pytest_compiled_ai.templates.scaffold import Scaffold
    from pytest_compiled_ai.templates.sketch import Sketch


def fits_any(_: Form) -> str:
    """Accept every stub."""
    return ""


def sketch_nothing(_: Form, __: Sequence[Example]) -> Sketch:
    """Leave it to the model how a body begins."""
    from pytest_compiled_ai.templates.sketch import Sketch

    return Sketch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A kind of function.

    `prompt` is what the model is told beside the stub, and `sketch` shows it the lines that a body may begin with;
    `modules` are names of the helper modules that its body is
    offered; `find_misfit` says what a stub lacks for the template, as "a parameter", or ""; `properties` are names of
    the free properties that hold for every body; `gates` are its own; `scaffold` is the code around the body.
    """

    name: str
    summary: str
    prompt: str = ""
    sketch: Callable[[Form, Sequence[Example]], Sketch] = sketch_nothing
    modules: tuple[str, ...] = ()
    find_misfit: Callable[[Form], str] = fits_any
    properties: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    scaffold: Scaffold | None = None
