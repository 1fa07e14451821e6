"""The input gate: what may go into a prompt, and where to.

======================  =====================  ======================  =============
found                   remote, in a spec      remote, in data         embedded
======================  =====================  ======================  =============
hidden character        refuse                 refuse                  refuse
injection               warn                   refuse                  the same
secret, personal        refuse                 refuse                  note
the same, uncertain     warn                   refuse                  -
======================  =====================  ======================  =============

Kinds of secrets and personal data can be allowed; hidden characters and injections cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.screens.injection import INJECTION, find_injection
from pytest_compiled_ai.screens.model import Finding, Hit, Level, Part, strongest
from pytest_compiled_ai.screens.personal import KINDS as PERSONAL
from pytest_compiled_ai.screens.personal import find_personal
from pytest_compiled_ai.screens.secrets import SECRET, find_secrets
from pytest_compiled_ai.screens.unicode import HIDDEN, LOOKALIKE, find_hidden

ALLOWABLE = PERSONAL | {SECRET}
"""The kinds that a project may allow to be sent."""


def check_allowed(kinds: Iterable[str]) -> None:
    """Make sure that a project's `allow` names kinds that can be allowed.

    Raises:
        ConfigError: it names another one.
    """
    for kind in kinds:
        if kind not in ALLOWABLE:
            known = ", ".join(sorted(ALLOWABLE))
            raise ConfigError(f"[tool.compiled-ai] allow cannot name {kind!r}; the kinds are: {known}.")


def screen_prompt(parts: Iterable[Part], *, remote: bool, allow: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what was found in the texts of a prompt, in their order.

    Args:
        parts: the texts, as they are sent: a docstring as its literal stands in the source, escapes unread.
        remote: whether the prompt leaves this machine.
        allow: kinds of `ALLOWABLE` that are passed over.
    """
    return tuple(finding for part in parts for finding in _screen(part, remote, allow))


def find_all(text: str) -> Iterator[Hit]:
    """Yield every hit of every screen; of overlapping secrets and personal data only the most certain one."""
    yield from find_hidden(text)
    yield from find_injection(text)
    yield from strongest([*find_secrets(text), *find_personal(text)])


def judge(hit: Hit, part: Part, *, remote: bool) -> Level | None:
    """Return what becomes of a hit, None where it is not worth a word; the table stands above."""
    if hit.kind in {HIDDEN, LOOKALIKE}:
        return "refuse"
    if hit.kind == INJECTION or (hit.weak and remote):
        return "refuse" if part.origin == "data" else "warn"
    if remote:
        return "refuse"
    return None if hit.weak else "note"


def explain_refusal(findings: Sequence[Finding], where: str) -> str | None:
    """Return why a prompt cannot be sent, in two lines, or None where it can.

    Args:
        findings: what `screen_prompt` said.
        where: where the prompt would go, as in `api.example.com`.
    """
    refused = [finding for finding in findings if finding.level == "refuse"]
    if not refused:
        return None
    first = refused[0]
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return f"nothing was sent to {where}: {first}{more}.\n{_advise(first)}"


def _screen(part: Part, remote: bool, allow: Collection[str]) -> Iterator[Finding]:
    for hit in find_all(part.text):
        level = judge(hit, part, remote=remote)
        if level and not (hit.kind in allow and hit.kind in ALLOWABLE):
            line = part.first_line + part.text.count("\n", 0, hit.start)
            yield Finding(kind=hit.kind, level=level, label=part.label, line=line, what=hit.what)


def _advise(finding: Finding) -> str:
    if finding.kind in ALLOWABLE:
        made_up = "example.com, 555-0100, a published test number"
        return f'Write a made-up value ({made_up}), or allow it: allow = ["{finding.kind}"] in [tool.compiled-ai].'
    if finding.kind == INJECTION:
        return "Data must not speak to the model; take the record out, or say it in other words."
    return "Remove it, or write it as an escape sequence, so that a reviewer can see it."
