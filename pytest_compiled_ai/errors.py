"""Every error a user can meet, in one tree.

::

    CompiledAIError            said to the user in one line, never as a traceback
    ├── ConfigError            a bad setting, flag or project layout            (exit 4)
    ├── SpecError              a spec that cannot be compiled as it stands      (exit 1)
    │   └── SpecLineError      the same, at one line (specs/model.py)
    ├── ProviderError          a model that cannot be asked                     (exit 4 before the first prompt)
    │   └── ModelFileError     the embedded model's file is absent or damaged
    ├── HarnessError           our own machinery failed: no candidate is blamed (exit 1)
    │   └── SandboxError       the jail could not be built or read
    └── NotCompiledError       a stub was called that has no body yet
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class CompiledAIError(Exception):
    """The root: `str(error)` is one or two lines that say what happened and what to do next."""


class ConfigError(CompiledAIError):
    """A setting, a flag or the project's layout is not usable."""


class SpecError(CompiledAIError):
    """A spec cannot be compiled as it is written; the message names the file and the line."""


class ProviderError(CompiledAIError):
    """A model could not be asked: no key, no server, refused, or gone."""


class ModelFileError(ProviderError):
    """The embedded model's file is missing, incomplete, damaged, or cannot be written."""


class HarnessError(CompiledAIError):
    """The machinery around a candidate failed, so nothing can be said about the candidate."""


class SandboxError(HarnessError):
    """The jail could not be set up, or its report could not be read."""


class NotCompiledError(CompiledAIError):
    """A stub was called, outside pytest, that no compiled body stands behind."""


@contextmanager
def tell_machine_errors() -> Iterator[None]:
    """Have what the machine refuses, like room on a disk, told in a line.

    Raises:
        HarnessError: the machine refused something.
    """
    try:
        yield
    except BrokenPipeError:
        # Nobody reads what is said any more.
        raise
    except OSError as error:
        what = f": {error.filename}" if error.filename else ""
        raise HarnessError(f"this machine failed ({error.strerror or error}{what}); mend that and run again.") from None
