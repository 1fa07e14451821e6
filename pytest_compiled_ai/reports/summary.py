"""What several sinks say of a report in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_compiled_ai.reports.changes import ChangeReport, Origin, SpecChange

_ORDER = ("fresh", "stale", "missing", "edited", "conflict", "unreadable")


def split_code(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of one of our messages, and whether each stood between backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        # One is left over: then none of them is ours to take away.
        parts = [text]
    yield from ((part, number % 2 == 1) for number, part in enumerate(parts) if part)


def describe_base(report: ChangeReport) -> str:
    """Return what the report is about, as a sentence."""
    if not report.base:
        return report.notice
    return f"Compared with {report.base}." + (f" {report.notice}" if report.notice else "")


def describe_states(report: ChangeReport) -> str:
    """Return how many specs there are, and in which states."""
    total = sum(report.states.values())
    counts = [f"{report.states[state]} {state}" for state in _ORDER if report.states.get(state)]
    return f"{total} spec{'' if total == 1 else 's'}" + (f": {', '.join(counts)}" if counts else "")


def name_state(spec: SpecChange) -> str:
    """Return the word for where a spec stands: what the reported run did, else its state."""
    if spec.result:
        return spec.result.outcome
    return spec.state or ("gone" if spec.kind == "removed" else "unreadable")


def describe_spending(tokens: int, cost: float | None) -> str:
    """Return tokens and cost; a cost that no price is known for is left out."""
    return f"{tokens:,} tokens" + ("" if cost is None else f", cost {cost:.4f}")


def describe_model(origin: Origin | None) -> str:
    """Return who wrote a body."""
    if origin is None:
        return "no record"
    name = f"{origin.model or 'no model'} ({origin.provider})"
    return f"{name}, based on {origin.based_on}" if origin.based_on else name


def describe_strength(spec: SpecChange) -> str:
    """Return what share of its mutants the tests kill, or why that is not known."""
    if spec.strength is None:
        return "not measured"
    found = spec.strength.strength
    return f"{found.killed} of {found.total} mutants killed" if found else f"not measured: {spec.strength.problem}"


def list_facts(spec: SpecChange) -> Iterator[tuple[str, str]]:
    """Yield the facts about a body's origin, by name."""
    origin = spec.origin
    if spec.result:
        yield "this run", spec.result.outcome + (f": {spec.result.message}" if spec.result.message else "")
    yield "written by", describe_model(origin)
    if origin:
        yield "attempt", f"{origin.attempt} of at most {origin.attempts}"
        yield (
            "tokens",
            f"{origin.prompt_tokens:,} in, {origin.completion_tokens:,} out"
            + ("" if origin.cost is None else f"; cost {origin.cost:.4f}"),
        )
        yield "tier", origin.tier or "unknown"
        yield "coverage", origin.coverage or "not measured"
        yield "tests", f"{len(origin.tests)}" + (f", {len(origin.held_out)} held out" if origin.held_out else "")
    yield "strength", describe_strength(spec)


def describe_evidence(evidence: Mapping[str, str]) -> str:
    """Return a gate's evidence in one line."""
    return ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in evidence.items() if value)
