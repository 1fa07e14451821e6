"""A record beside an artifact as a report shows it; it is a file of the repository, so anything may stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_compiled_ai.artifacts.module import Section
from pytest_compiled_ai.artifacts.provenance import is_about
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.changes import Choice, GateLine, Origin


def read_origin(record: Mapping[str, Any], section: Section | None, config: Config) -> Origin | None:
    """Return where a body came from, None where no record is about the body that the section's stamp names."""
    if section is None or not is_about(record, section.digest, section.body_hash):
        return None
    asked, said = _whole(record.get("prompt_tokens")), _whole(record.get("completion_tokens"))
    ambiguity = record.get("ambiguity")
    opened = ambiguity if isinstance(ambiguity, dict) else {}
    provider = _text(record.get("provider"))
    return Origin(
        provider=provider,
        model=_text(record.get("model")),
        based_on=_text(record.get("based_on")),
        prompt=_text(record.get("prompt")),
        compiler=_text(record.get("compiler")),
        # Older records tell what the machine's kernel gave, too.
        tier=_text(record.get("tier")).partition(":")[0],
        coverage=_text(record.get("coverage")),
        tests=_texts(record.get("tests")),
        held_out=_texts(record.get("held_out")),
        changes=_texts(record.get("changes")),
        attempt=_whole(record.get("attempt")),
        attempts=_whole(record.get("attempts")),
        prompt_tokens=asked,
        completion_tokens=said,
        cost=_cost(config, provider, asked, said),
        seed=_whole(record.get("seed")),
        temperature=float(found) if isinstance(found := record.get("temperature"), int | float) else 0.0,
        gates=tuple(_gates(record.get("gates"))),
        call=_text(opened.get("call")),
        choices=tuple(_choices(opened.get("choices"))),
    )


def _cost(config: Config, provider: str, asked: int, said: int) -> float | None:
    try:
        price = config.settings_of(provider).price
    except ConfigError:
        return None
    return None if price is None else (asked * price[0] + said * price[1]) / 1e6


def _gates(found: object) -> Iterator[GateLine]:
    for gate in found if isinstance(found, list) else ():
        if isinstance(gate, dict):
            evidence = {_text(key): _text(value) for key, value in gate.items() if key != "gate"}
            yield GateLine(gate=_text(gate.get("gate")), evidence=evidence)
        else:
            # Older records name the gates without their evidence.
            yield GateLine(gate=_text(gate), evidence={})


def _choices(found: object) -> Iterator[Choice]:
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict):
            yield Choice(
                answer=_text(each.get("answer")), bodies=_whole(each.get("bodies")), test=_text(each.get("test"))
            )


def _whole(found: object) -> int:
    return found if isinstance(found, int) else 0


def _text(found: object) -> str:
    return found if isinstance(found, str) else "" if found is None else str(found)


def _texts(found: object) -> tuple[str, ...]:
    return tuple(map(_text, found)) if isinstance(found, list) else (found,) if isinstance(found, str) else ()
