"""Which bodies a person approved: a file of their own beside the artifacts, with no time, no name and no machine.

It names hashes, and everybody who may write it may approve; who that is, is for the repository's rules to say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

VERSION = 1


class Approvals(NamedTuple):
    """The approved body of each spec by its id, as a hash; `problem` says why a file that is there approves nothing."""

    bodies: Mapping[str, str]
    problem: str = ""


NO_APPROVALS = Approvals({})


def approvals_path(generated: Path) -> Path:
    """Return where the approvals of a folder of artifacts are."""
    return generated / "approvals.json"


def read_approvals(generated: Path) -> Approvals:
    """Return what is approved; a file that cannot be read approves nothing, and says so."""
    path = approvals_path(generated)
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded["version"] != VERSION:
            raise ValueError(f"version {loaded['version']!r}")
        return Approvals({str(spec): _hash_in(block) for spec, block in loaded["approved"].items()})
    except FileNotFoundError:
        return NO_APPROVALS
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        said = "is damaged, so it approves nothing; restore it, or delete it and approve anew"
        return Approvals({}, f"{generated.name}/{path.name} {said}")


def render_approvals(bodies: Mapping[str, str]) -> str:
    """Return the file's text: sorted, a block for each spec, so that approvals of neighbours merge."""
    blocks = {spec: {"body": body} for spec, body in bodies.items()}
    return json.dumps({"version": VERSION, "approved": blocks}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _hash_in(block: Mapping[str, object]) -> str:
    body = block["body"]
    if not isinstance(body, str):
        raise TypeError(body)
    return body
