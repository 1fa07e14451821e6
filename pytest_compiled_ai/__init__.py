"""Compile stubs and their tests into plain Python: `pytest --compile-ai`. PYTEST_DONT_REWRITE.

`spec` marks a stub, `ask` a question that bodies may put to a model while they run. All else is reached through
pytest's flags and the `compiled-ai` command.
"""

from pytest_compiled_ai.binding import ask, spec

__all__ = ["__version__", "ask", "spec"]

__version__ = "0.1.0"
