from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from pytest_compiled_ai.compiler import runner
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.sandbox.jail.shadow import Shadow

SPEC = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    ...\n"


def test_the_candidate_is_put_into_the_shadow_and_its_tests_run_there(bench, monkeypatch):
    made, asked = bench({"specs/it.py": SPEC}), []
    monkeypatch.setattr(runner, "run_tests", lambda _, **names: asked.append(SimpleNamespace(**names)))
    subject = replace(made.subject("f"), tests=("t",))
    with Shadow(made.root) as shadow:
        jailed = JailedRunner(shadow, 3.0)
        jailed.run("text", subject, stop_after=5)
        assert (shadow.root / subject.target).read_text() == "text"
        jailed.run("text", subject, cover=True)
    first, second = asked
    assert (first.select, first.stop_after, first.cover, first.limits.wall) == (("t",), 5, None, 3.0)
    assert second.cover == "src/generated/it.py"
    assert second.paths == ("specs/it.py",)
    assert "--no-compile-ai" in second.extra_args
