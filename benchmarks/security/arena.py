"""A small project on disk with one honest spec, and the ways in which a body for it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.compiler.assembly import RAISING, assemble, cut_candidate
from pytest_compiled_ai.compiler.baseline import take_baseline
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body, Refusal
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.compiler.runners import Runners
from pytest_compiled_ai.compiler.tiers import TieredRunner
from pytest_compiled_ai.compiler.workshop import Workshop, open_workshop
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from hypothesis import given
    from hypothesis import strategies as st
    from pytest_compiled_ai import spec
    from tools import MOST


    @spec
    def settle(items: list[int], most: int = MOST) -> list[int]:
        """Return the different items in ascending order, at most `most` of them.

        >>> settle([3, 1, 3, 2])
        [1, 2, 3]
        >>> settle([5, 4, 6], 2)
        [4, 5]
        """


    def test_nothing_comes_of_nothing() -> None:
        want: list[int] = []
        assert settle([]) == want


    def test_numbers_below_zero_come_first() -> None:
        want = [-2, 0, 7]
        assert settle([7, -2, 0, 7]) == want


    def test_the_given_list_is_left_alone() -> None:
        given_items = [2, 1]
        settle(given_items)
        assert given_items == [2, 1]


    @given(st.lists(st.integers(-1000, 1000)), st.integers(0, 20))
    def test_it_agrees_with_the_obvious(items: list[int], most: int) -> None:
        want = sorted(set(items))[:most]
        assert settle(items, most) == want
'''
# What a project's modules import is there for a body to find, and the worst that there can be is wanted here.
TOOLS = """
    import asyncio, builtins, ctypes, fcntl, gc, inspect, io, mmap, multiprocessing, os, pathlib, pickle, pty, random
    import re, resource, select, shutil, signal, socket, subprocess, sys, tempfile, threading, time, traceback, types
    import unittest

    MOST = 1000
"""
HONEST = "return sorted(set(items))[:most]"
FILES: Mapping[str, str] = {"specs/order.py": SPEC, "src/tools.py": TOOLS}
PATIENCE = 60.0
"""Seconds in which an honest body is through on any machine."""
STATIC = frozenset({"suppressions", "characters", "policy", "imports", "secrets", "bandit", "elision", "size"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """One spec with its baseline taken; `shop` holds the gates, `sealed` and `jailed` run its tests in their tier."""

    root: Path
    shop: Workshop
    subject: Subject
    artifact: ArtifactModule
    sealed: TieredRunner | Runners
    jailed: JailedRunner

    def candidate(self, text: str) -> Candidate:
        """Return a body, written without indentation, as the gates see it."""
        body = Body(text=indent(text), imports=())
        return cut_candidate(assemble(self.artifact, self.subject, body, "v1:0"), self.subject, body)

    def run_sealed(self, text: str, *, stop_after: int = 1) -> TestRun:
        """Run the tests from outside of the body."""
        return self.sealed.run(self.candidate(text).module, self.subject, stop_after=stop_after)

    def run_jailed(self, text: str, *, stop_after: int = 1) -> TestRun:
        """Run the tests beside the body."""
        return self.jailed.run(self.candidate(text).module, self.subject, stop_after=stop_after)

    def refuse(self, text: str, only: frozenset[str] | None = None) -> Verdict | None:
        """Return the first refusal of the gates, or of those named, or None."""
        try:
            candidate = self.candidate(text)
        except (Refusal, SyntaxError) as error:
            return Verdict(gate="reply", stage=Stage.OUTPUT, passed=False, message=str(error))
        for gate in (*self.shop.gates_for(self.subject), self.shop.confirm):
            if only is None or gate.name in only:
                verdict = gate.check(candidate, self.subject)
                if not verdict.passed:
                    return verdict
        return None


@contextmanager
def open_arena(root: Path, *, timeout: float = PATIENCE, files: Mapping[str, str] = FILES) -> Iterator[Arena]:
    """Write the project below `root` and make ready to judge bodies for its one spec.

    Args:
        root: a folder that is not there yet.
        timeout: seconds of one run of the tests; the gates and the baseline are more patient.
        files: the project's files.
    """
    write_project(root, files)
    project = Project(load_config(root, timeout=PATIENCE))
    (file,) = project.files
    (stub,) = file.stubs
    refs = project.tests(file, stub)
    subject = replace(project.subject(file, stub), tests=tuple(ref.id for ref in refs))
    artifact, raising = project.blank(file), Body(text=RAISING, imports=())
    with open_workshop(project.config) as shop:
        blank = cut_candidate(assemble(artifact, subject, raising, "v1:0"), subject, raising)
        subject = take_baseline(subject, blank, shop).subject
        jailed = JailedRunner(shop.shadow, timeout)
        sealed: TieredRunner | Runners = shop.runner
        if timeout != PATIENCE:
            sealed = TieredRunner(load_config(root, timeout=timeout), shop.shadow, jailed)
            sealed.begin(subject, blank)
        try:
            yield Arena(root=root, shop=shop, subject=subject, artifact=artifact, sealed=sealed, jailed=jailed)
        finally:
            sealed.end()


def indent(text: str) -> str:
    """Return the lines of a body as they stand in its function."""
    return "".join(f"    {line}\n" if line.strip() else "\n" for line in text.strip("\n").split("\n")).rstrip("\n")
