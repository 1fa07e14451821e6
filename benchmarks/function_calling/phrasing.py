"""The same request in fewer words, or in more: so that no body of a group is made for one wording."""

from __future__ import annotations

import re
from dataclasses import replace

from benchmarks.function_calling.calls import Call
from benchmarks.function_calling.places import find_places

_SENTENCES = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


def reduce(call: Call) -> Call:
    """Return the call with the sentences of its request alone in which a value stands, where that keeps all of them."""
    before = find_places(call)
    spots = [spot for found in before.spots.values() for spot in found]
    kept, start = [], 0
    for sentence in [*_SENTENCES.split(call.text)]:
        start = call.text.index(sentence, start)
        if any(start <= spot.start < start + len(sentence) for spot in spots):
            kept.append(sentence)
    shorter = replace(call, id=f"{call.id}-reduced", text=" ".join(kept))
    return shorter if set(find_places(shorter).spots) == set(before.spots) else call


def frame(call: Call) -> Call:
    """Return the call with something polite before and behind its request."""
    return replace(call, id=f"{call.id}-framed", text=f"Good morning. {call.text} Thank you in advance.")
