"""Bodies under a spec's own header, held to packs."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Candidate, Subject, Verdict
from pytest_compiled_ai.gates.packs import Packs
from pytest_compiled_ai.policies.packs.catalogue import packs_of
from pytest_compiled_ai.testing import write_project

HEAD = """
import hashlib
import hmac
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any
from app.types import Card, Patient, Receipt, log, logger
{more}
from pytest_compiled_ai import spec

FIXED = ["a"]

@spec(policies=[{packs}])
def {signature}:
    ...
"""


class Court:
    """Holds bodies to packs, in a project of one stub."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def subject(self, signature: str, *packs: str, more: str = "") -> tuple[Project, Subject]:
        named = ", ".join(map(repr, packs))
        root = write_project(self._root, {"specs/it.py": HEAD.format(packs=named, signature=signature, more=more)})
        project = Project(load_config(root))
        (file,) = project.files
        return project, project.subject(file, file.stubs[0])

    def cut(self, signature: str, body: str, *packs: str) -> tuple[Candidate, Subject]:
        project, subject = self.subject(signature, *packs)
        text = "".join(f"    {line}\n" if line else "\n" for line in dedent(body).strip("\n").split("\n"))
        written = Body(text=text, imports=())
        module = assemble(project.blank(subject.file), subject, written, "v1:0")
        return cut_candidate(module, subject, written), subject

    def judge(self, signature: str, body: str, *packs: str) -> Verdict:
        candidate, subject = self.cut(signature, body, *packs)
        return Packs(load_config(self._root)).check(candidate, subject)

    def breaches(self, rule: str, signature: str, body: str, *packs: str) -> list[int]:
        """Return the lines that break one rule, counted from the body's first."""
        candidate, subject = self.cut(signature, body, *packs)
        packs_held = packs_of(load_config(self._root), subject.stub)
        rules = {each.name: each for pack in packs_held for each in pack.rules}
        return sorted({found.line - candidate.header_lines for found in rules[rule].check(candidate, subject)})


@pytest.fixture
def court(tmp_path: Path) -> Court:
    return Court(tmp_path / "example")
