"""Calls that a sealed worker gave no answer to.

None is an `Exception`: a test's `except Exception`, or `pytest.raises`, must not take it for the body's own, and
hypothesis must not look for a smaller example of it.
"""

from __future__ import annotations


class Unanswered(BaseException):
    """The root; `str(error)` is one line: the call, and why there is no answer."""


class BodyDied(Unanswered):
    """The body ended its process, or took too long."""


class Hostile(BodyDied):
    """The body was killed for what no honest body does."""


class ResultRefused(Unanswered):
    """The body gave a value that is no data."""


class NeedsJail(Unanswered):
    """A test passes an argument that is no data: its spec's tests have to run beside the candidate."""


class OracleBroken(Unanswered):
    """The machinery failed; no candidate is to blame."""


for _kind in (BodyDied, Hostile, ResultRefused, NeedsJail, OracleBroken):
    # A failure's text is read by people and by models: the place of our classes tells them nothing.
    _kind.__module__ = "builtins"
