"""An endpoint that is too busy, or fails for a while, is waited for; one that never answers, or wants money, is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from loopback import Stage, answer, refuse

from pytest_compiled_ai.config import ProviderSettings
from pytest_compiled_ai.errors import ProviderError
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.providers.openai_compatible import PATIENCE, OpenAICompatible, create_openai

ASKED = Request(messages=(Message(role="user", content="hello"),))
SOON = {"retry_after_ms": "1"}
SPENT = {"error": {"message": "pay first", "code": "insufficient_quota"}}


@pytest.fixture
def provider(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAICompatible]:
    monkeypatch.setattr("pytest_compiled_ai.providers.pacing._FIRST", 0.001)
    made = create_openai("openai", ProviderSettings(base_url=stage.url, model="m"), {})
    yield made
    made.close()


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_endpoint_is_waited_for_from_the_first_question_on(
    stage: Stage, provider: OpenAICompatible, status: int
) -> None:
    stage.acts = [*[refuse(status, **SOON)] * 12, answer("at last")]
    assert provider.complete(ASKED).text == "at last"
    assert len(stage.requests) == 13


def test_an_error_is_waited_out_where_it_has_answered_before(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer("once"), *[refuse(500, **SOON)] * 12, answer("again")]
    assert [provider.complete(ASKED).text for _ in range(2)] == ["once", "again"]
    assert len(stage.requests) == 14


def test_one_that_has_never_answered_is_given_up_after_its_retries(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [refuse(500, **SOON)]
    with pytest.raises(ProviderError, match="still fails with 500"):
        provider.complete(ASKED)
    assert len(stage.requests) == 5


def test_no_waiting_pays_a_bill(stage: Stage, provider: OpenAICompatible) -> None:
    stage.acts = [answer("once"), refuse(429, SPENT, **SOON)]
    provider.complete(ASKED)
    with pytest.raises(ProviderError, match=r"still says 429 after all retries \(pay first\)"):
        provider.complete(ASKED)
    assert len(stage.requests) == 6


def test_patience_has_an_end(stage: Stage, provider: OpenAICompatible) -> None:
    assert provider._patience == PATIENCE
    provider._patience = 0.0
    stage.acts = [refuse(429, **SOON)]
    with pytest.raises(ProviderError, match="still says 429"):
        provider.complete(ASKED)
    assert len(stage.requests) == 5
