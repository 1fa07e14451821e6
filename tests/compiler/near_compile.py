"""`compiled-ai compile` with neither sandbox nor mypy, in the folder that it is started in: to be killed by tests."""

from __future__ import annotations

import sys

import pytest
from doubles import NearRunner, NoMypy
from near_sites import sites_here

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.compiler import workshop

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch, sites_here(patch):
        patch.setattr(workshop, "TieredRunner", NearRunner)
        patch.setattr(workshop, "MypyProcess", NoMypy)
        status = main(["compile"])
    sys.exit(status)
