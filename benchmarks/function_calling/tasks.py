"""What is compiled, and on which calls it is scored.

`simple_python`: each call is a spec of its own, with variants of the kind `tests`, and is scored on `SCORED` variants
of the kind `scoring`. The other sets: calls of the same function with the same parameters are a group, of two or more;
a spec is made of every second call of a group, with variants, and the others are scored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.function_calling.calls import LEFT_OUT, Call, read_calls
from benchmarks.function_calling.perturb import perturb
from benchmarks.function_calling.phrasing import frame, reduce
from benchmarks.function_calling.places import Places, find_places, is_derivable, map_leaves
from benchmarks.function_calling.reading import read_value
from benchmarks.function_calling.texts import Text

PERTURBED = "simple_python"
VARIANTS = 3
"""So many variants of its call has a spec for its tests."""
SCORED = 6
"""On so many variants a spec of one call is scored."""
_MOST = 4
"""Of so many calls of a group a spec is made at most: a prompt is short."""
_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A spec to be: its tests' calls, the calls it is scored on, and those of the set that it was made of."""

    name: str
    rows: tuple[Call, ...]
    scored: tuple[Call, ...]
    own: tuple[Call, ...]
    is_group: bool = False


def read_tasks(folder: Path, name: str) -> list[Task]:
    """Return the tasks of one set; a call in whose text no value stands is none, and neither is a lonely one."""
    calls = read_calls(folder, name)
    if name == PERTURBED:
        return [_task_of(call) for call in calls if find_places(call).spots]
    return list(_groups(name, calls))


def _task_of(call: Call) -> Task:
    return Task(
        name=_plain(call.id),
        rows=(call, *_variants(call, VARIANTS)),
        scored=tuple(found for number in range(SCORED) if (found := perturb(call, "scoring", number))),
        own=(call,),
    )


def _groups(name: str, calls: Sequence[Call]) -> Iterator[Task]:
    def same(call: Call) -> tuple[str, list[str]]:
        return call.name, sorted(call.properties)

    for number, (_, found) in enumerate(groupby(sorted(calls, key=same), same)):
        group = sorted(found, key=lambda call: calls.index(call))
        if len(group) > 1:
            own = group[::2][: len(group) // 2]
            yield Task(
                name=f"{name}_{number}_{_plain(group[0].name)}",
                rows=tuple(_rows(own)),
                scored=tuple(call for call in group if call not in own),
                own=tuple(own),
                is_group=True,
            )


def _rows(own: Sequence[Call]) -> Iterator[Call]:
    """Yield the calls of a group's tests: those whose values stand in their texts, if there are any, and variants."""
    chosen = ([call for call in own if is_derivable(call)] or list(own))[:_MOST]
    yield from chosen
    for call in chosen[: max(1, _ROWS - len(chosen))]:
        for number, found in enumerate(_variants(call, max(1, (_ROWS - len(chosen)) // len(chosen)))):
            yield frame(found) if number % 2 else reduce(found)


def _variants(call: Call, count: int) -> list[Call]:
    """Return so many variants for tests, no two of them alike, as far as there are so many."""
    found = filter(None, (perturb(call, "tests", number) for number in range(3 * count)))
    return list({each.text: each for each in found if each.text != call.text}.values())[:count]


def expected(call: Call) -> dict[str, Any]:
    """Return the one answer that a test expects: values as the text spells them, and nothing that may be left out.

    What does not stand in the text is the first accepted value.
    """
    places, answer = find_places(call), {}
    for name in (name for name in call.properties if name in call.answer):
        if name in places.chosen:
            spell = partial(_spell, name=name, schema=call.properties[name], places=places)
            answer[name] = map_leaves(places.chosen[name], spell)
        elif not call.may_omit(name):
            answer[name] = _plain_dict(next(filter(_is_given, call.answer[name]), LEFT_OUT))
    return answer


def _spell(part: Any, name: str, schema: Any, places: Places) -> Any:
    """Return a part of an accepted value in the type of its schema; a text, which is compared loosely, as it stands."""
    if isinstance(part, int) and not isinstance(part, bool) and _innermost(schema) == "float":
        return float(part)
    value = read_value(part, name, schema)
    return places.spots[value.key][0].form if isinstance(value, Text) else part


def _innermost(schema: Any) -> str:
    return _innermost(schema["items"]) if "items" in schema else str(schema["type"])


def _is_given(value: Any) -> bool:
    return bool(value != LEFT_OUT)


def _plain_dict(value: Any) -> Any:
    """Return nested objects, whose values are lists of accepted ones, with the first of each."""
    if isinstance(value, list):
        return [_plain_dict(each) for each in value]
    if not isinstance(value, dict):
        return value
    listed = {key: each if isinstance(each, list) else [each] for key, each in value.items()}
    return {key: _plain_dict(each[0]) for key, each in listed.items() if each and LEFT_OUT not in each}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
