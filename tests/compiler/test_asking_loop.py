from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from asked_projects import BODY, REPLIES, SPEC, files
from doubles import NoMypy

from pytest_compiled_ai.artifacts.module import parse_module
from pytest_compiled_ai.artifacts.stamping import restamp
from pytest_compiled_ai.asking.declaration import read_question
from pytest_compiled_ai.asking.requests import requests_of_failure
from pytest_compiled_ai.commands.explain import explain_spec
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.compiler.verification import cut_present
from pytest_compiled_ai.gates.base import Candidate
from pytest_compiled_ai.testing import ScriptedProvider

ARTIFACT = "src/generated/mail.py"
PYDANTIC = """
from typing import Any

TypeAdapter: Any
class BaseModel:
    @classmethod
    def model_json_schema(cls) -> dict[str, Any]: ...
    @classmethod
    def model_validate_json(cls, text: str) -> BaseModel: ...
def create_model(name: str, **fields: Any) -> type[BaseModel]: ...
class ValidationError(ValueError):
    def errors(self) -> list[Any]: ...
"""
ASKS_OTHERWISE = BODY.replace("ask_kind(text)", "ask_kind(text.lower())")
SWALLOWS = """
def triage(text: str) -> str:
    try:
        return ask_kind(text.lower()).upper()
    except Exception:
        return "DELIVERY" if "parcel" in text else "BILLING" if text.strip() else "EMPTY"
"""


@pytest.fixture(scope="module")
def compiled(shared_bench, sealed):
    """Compile it once, sealed; mypy has the whole artifact in the test of the types."""
    made = shared_bench(files())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "MypyProcess", NoMypy)
        made.provider = ScriptedProvider(ASKS_OTHERWISE, SWALLOWS, BODY)
        made.result = made.compile(made.provider)["triage"]
    return made


@pytest.fixture
def copied(compiled, bench):
    """Return a copy of it to change."""
    made = bench(files())
    for name, data in compiled.tree().items():
        path = made.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return made


def state(made):
    project = made.project()
    return project.standing(*project.find("triage"))


def run_python(made, *arguments, **variables):
    environment = {**os.environ, "PYTHONPATH": "", **variables}
    environment = {
        k: v for k, v in environment.items() if not k.startswith(("SUPPORT_", "COV", "COMPILED_AI_")) or k in variables
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=made.root, env=environment, capture_output=True, text=True, check=False
    )


def test_it_is_compiled_in_sealed_workers_from_recorded_replies(compiled):
    assert compiled.result.outcome == "compiled", compiled.result.message
    assert compiled.result.tier.startswith("sealed")
    assert "may ask a model while it runs: ask_kind of 'support'; without a model 'other'" in compiled.result.notes


def test_its_record_says_that_it_asks(compiled):
    record = json.loads(compiled.read("src/generated/mail.provenance.json"))["specs"]["triage"]
    assert {"gate": "asking", "asks": "ask_kind", "of": "support", "fallback": "'other'"} in record["gates"]
    assert "asking" in next(line for line in explain_spec(compiled.project().config, "triage") if "gates:" in line)


def test_the_artifact_holds_the_question_and_its_runtime(compiled):
    text = compiled.read(ARTIFACT)
    assert "pytest_compiled_ai" not in text
    assert "recorded='specs/mail.replies.json'" in text
    assert {"ask_kind", "_ask_model", "_Asked"} <= parse_module(text, "").constants.keys()
    assert "delivery" not in text.replace('Literal["delivery", "billing", "other"]', "")


def test_a_plain_run_answers_from_what_is_recorded(compiled):
    done = run_python(
        compiled, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "specs", SUPPORT_MODEL="never"
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_a_missing_reply_is_one_line_that_names_the_command(copied):
    (copied.root / "specs/mail.replies.json").write_text('{"replies": []}', encoding="utf-8")
    done = run_python(copied, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "specs")
    assert "1 failed, 1 passed" in done.stdout
    line = 'no reply is recorded for ask_kind {"text": "My parcel never came"}; run `compiled-ai record specs/mail.py`'
    assert line in done.stdout


def test_the_file_alone_answers_with_the_fallback(compiled):
    code = (
        "import sys; sys.modules['pytest_compiled_ai'] = None; sys.path.insert(0, 'src')\n"
        "from generated.mail import triage; print(triage('My parcel never came'), triage(' '))"
    )
    done = run_python(compiled, "-c", code)
    assert (done.stdout, done.returncode) == ("OTHER EMPTY\n", 0), done.stderr
    assert "ask_kind: no model is named by SUPPORT_MODEL; the fallback stands in" in done.stderr


def test_a_changed_reply_or_question_makes_it_stale(copied):
    assert state(copied).state == "fresh"
    copied.edit("specs/mail.replies.json", '"billing"', '"other"')
    assert (state(copied).state, state(copied).changed) == ("stale", ("data specs/mail.replies.json",))
    copied.write("specs/mail.replies.json", json.dumps(REPLIES))
    assert state(copied).state == "fresh"
    copied.edit("specs/mail.py", "Say what", "Tell what")
    assert state(copied).changed == ("question specs/mail.py::ask_kind",)
    copied.edit("specs/mail.py", "Tell what", "Say what")
    copied.edit("specs/mail.py", "timeout=5", "timeout=6")
    assert state(copied).changed == ("helper specs/mail.py::ask_kind",)


def test_an_edited_question_or_runtime_is_seen(copied):
    copied.edit(ARTIFACT, "range(2)", "range(20)")
    assert state(copied).state == "edited"
    copied.edit(ARTIFACT, "range(20)", "range(2)")
    copied.edit(ARTIFACT, "timeout=5.0", "timeout=500.0")
    assert state(copied).state == "edited"


def test_verify_knows_the_question_and_the_runtime(copied):
    subject, text = copied.tested("triage"), copied.read(ARTIFACT)
    assert isinstance(cut_present(parse_module(text, ""), subject, text), Candidate)
    for old, new, name in (("range(2)", "range(20)", "_ask_endpoint"), ("timeout=5.0", "timeout=500.0", "ask_kind")):
        forged = _restamped(text.replace(old, new))
        assert cut_present(parse_module(forged, ""), subject, forged) == f"the helper {name} is not this version's"


def _restamped(text):
    module = parse_module(text, "")
    section = module.section("triage")
    return restamp(text, replace(section, body_hash=hash_section(module, section)))


def test_a_body_that_asks_what_is_not_recorded_fails_whatever_it_catches(compiled):
    assert len(compiled.watcher.refusals) == 2
    assert all("no reply is recorded for ask_kind" in refusal for refusal in compiled.watcher.refusals)


def test_what_a_failed_body_asked_can_be_read_of_its_failure(compiled):
    question = read_question(compiled.project().files[0])
    request = compiled.provider.requests[1]
    told = "\n".join([*(message.content for message in request.messages), request.note])
    assert [entry.arguments for entry in requests_of_failure(question, told)] == [{"text": "my parcel never came"}]


def test_the_types_of_question_and_fallback_are_checked_before_a_prompt(bench):
    # The real libraries take mypy a while.
    stubs = {
        "src/pydantic.py": PYDANTIC,
        "src/openai.py": "from typing import Any\n\nOpenAI: Any\nOpenAIError: type[Exception]\n",
    }
    made = bench(files(SPEC.replace('fallback="other"', 'fallback="weather"')) | stubs)
    provider = ScriptedProvider(BODY)
    result = made.compile(provider)["triage"]
    assert "what triage takes from the spec does not type-check: " in result.message
    assert 'incompatible type "Literal[' in result.message
    assert provider.requests == []


def test_replies_are_asked_for_before_a_prompt(bench, near):
    made = bench(files(replies=None))
    provider = ScriptedProvider(BODY)
    assert "specs/mail.replies.json is missing" in made.compile(provider)["triage"].message
    assert provider.requests == []


def test_the_pack_pure_refuses_it(bench, near):
    made = bench(files(SPEC.replace('runtime_model="support"', 'runtime_model="support", policies=["pure"]')))
    assert (
        "pure holds for triage, which asks a model while it runs"
        in made.compile(ScriptedProvider(BODY))["triage"].message
    )
