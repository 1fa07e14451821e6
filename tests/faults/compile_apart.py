"""A compile in a Python of its own, without mypy and the jail: `python compile_apart.py COMMAND...`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from doubles import NearRunner, NoMypy

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.compiler import workshop

workshop.MypyProcess = NoMypy
workshop.TieredRunner = NearRunner
sys.exit(main(sys.argv[1:]))
