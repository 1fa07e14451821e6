"""A template from the first question to the committed body, in real sealed workers: a compile, then a verification."""

from __future__ import annotations

import pytest
from doubles import NoMypy

from pytest_compiled_ai.artifacts.module import parse_module, render_module
from pytest_compiled_ai.commands.verify import verify_specs
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project, hash_section
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.testing import ScriptedProvider, fenced

SPEC = '''
    from app.types import Kind
    from pytest_compiled_ai import spec

    @spec(template="classifier")
    def kind(text: str) -> Kind:
        """Say what a text is.

        >>> kind("An invoice").name
        'INVOICE'
        >>> kind("A receipt").name
        'RECEIPT'
        """
'''
HEAD = "def kind(text: str) -> Kind:\n"
BROKEN = "    return Kind[text.split()[1].upper()]"
RIGHT = '    return Kind.INVOICE if "invoice" in text else Kind.RECEIPT if "receipt" in text else Kind.OTHER'


class Silent:
    """Hears nothing."""

    def __getattr__(self, name):
        return lambda *args: None


def test_a_body_that_passes_the_tests_alone_is_neither_kept_nor_verified(project_of, monkeypatch):
    if not detect_sealed_tier().verified:
        pytest.skip("this machine has no sealed tier")
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    root = project_of(SPEC).config.root
    config = load_config(root, timeout=60, attempts=2)
    provider = ScriptedProvider(fenced(HEAD + BROKEN), fenced(HEAD + RIGHT))
    (result,) = Compiler(Project(config), lambda: (provider,), Silent()).compile().results
    assert (result.outcome, result.attempts) == ("compiled", 2)
    again = provider.requests[1]
    asked = again.note + "".join(message.content for message in again.messages)
    assert "kind('') raised IndexError" in asked
    assert "`Kind.INVOICE` = 'invoice'" in asked
    held = {verdict.gate: verdict.evidence for verdict in result.verdicts}["properties"]
    assert held["held"] == "total, unmodified, valid, deterministic"

    (verified,) = verify_specs(config, Silent()).results
    assert verified.outcome == "verified"
    path = root / "src/generated/it.py"
    module = parse_module(path.read_text().replace(RIGHT, BROKEN), "specs/it.py")
    (section,) = module.sections
    path.write_text(render_module(module).replace(section.body_hash, hash_section(module, section)))
    (refused,) = verify_specs(config, Silent()).results
    assert refused.outcome == "failed"
    assert refused.message == "its body is refused: properties: it is not total: kind('') raised IndexError."
