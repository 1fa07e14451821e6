"""The child's side of the jail: confine this process, then become the module that the job names.

Only the standard library is imported until the jail is closed. Raises nothing of its own: what goes wrong here ends the
process with a traceback, before any candidate, and the parent reports it.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_compiled_ai.sandbox.kernel import filter as jailed
from pytest_compiled_ai.sandbox.kernel import landlock, oracle_filter, privileges, rlimits, seccomp
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.kernel.rights import Grants


def main() -> None:
    """Read the job that the command line names, close the jail, and run the job's module as `__main__`."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    _confine(job)
    _arrange_imports(job["path"], job["moved"])
    sys.argv = [job["module"], *job["argv"]]
    runpy.run_module(job["module"], run_name="__main__", alter_sys=True)


def _confine(job: Mapping[str, Any]) -> None:
    os.umask(0o077)
    os.chdir(job["folder"])
    privileges.die_with(job["parent"])
    privileges.drop()
    rlimits.apply(Limits(**job["limits"]))
    abi = landlock.restrict(Grants(**job["grants"]))
    filtered = seccomp.install(os.getpid(), oracle_filter.build if job["forks"] else jailed.build)
    record = {"event": "confined", "landlock": abi, "seccomp": filtered}
    os.write(job["records"], json.dumps(record).encode() + b"\n")


def _arrange_imports(path: list[str], moved: Mapping[str, str]) -> None:
    package = __name__.partition(".")[0]
    # pytest wants to import the plugins itself, and complains of those that are there already.
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    for name, module in list(sys.modules.items()):
        if name.startswith("__editable__") and hasattr(module, "MAPPING"):
            module.MAPPING.update({key: _moved(value, moved) for key, value in module.MAPPING.items()})
    sys.path[:] = path
    importlib.invalidate_caches()


def _moved(location: str, moved: Mapping[str, str]) -> str:
    for old, new in moved.items():
        if location == old or location.startswith(old + os.sep):
            return new + location[len(old) :]
    return location
