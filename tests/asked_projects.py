"""A project with one spec whose body may ask a model."""

from __future__ import annotations

import json

SETTINGS = """
    [project]
    name = "example"
    version = "0"
    requires-python = ">=3.11"
    dependencies = ["openai", "pydantic"]

    [tool.compiled-ai]
    specs = ["specs"]
    provider = "openai"
    model = "scripted"
    base_url = "{url}"

    [tool.compiled-ai.providers.support]
    model = "small"
    base_url = "{url}"

    [tool.pytest.ini_options]
    pythonpath = ["src"]
"""
SPEC = '''
    from typing import Literal

    from pytest_compiled_ai import ask, spec


    @ask(fallback="other", timeout=5)
    def ask_kind(text: str) -> Literal["delivery", "billing", "other"]:
        """Say what a customer complains about."""


    @spec(runtime_model="support")
    def triage(text: str) -> str:
        """Return the queue of a complaint: its kind in upper case, or "EMPTY" for a blank text."""


    def test_triage() -> None:
        assert triage("My parcel never came") == "DELIVERY"
        assert triage("You charged me twice") == "BILLING"


    def test_blank() -> None:
        assert triage(" ") == "EMPTY"
'''
BODY = """
def triage(text: str) -> str:
    if not text.strip():
        return "EMPTY"
    return ask_kind(text).upper()
"""
REPLIES = {
    "replies": [
        {"arguments": {"text": "My parcel never came"}, "reply": "delivery"},
        {"arguments": {"text": "You charged me twice"}, "reply": "billing"},
    ]
}


def files(spec: str = SPEC, replies: object = REPLIES, *, url: str = "http://127.0.0.1:9/v1") -> dict[str, str]:
    """Return the files of the project; without `replies` nothing is recorded."""
    found = {"pyproject.toml": SETTINGS.format(url=url), "specs/mail.py": spec}
    return found | ({"specs/mail.replies.json": json.dumps(replies)} if replies is not None else {})
