"""Which of the helpers that a body may call are shown to the model: a small one overlooks one of many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pytest_compiled_ai.templates.modules.catalogue import Helper

_CALLS: Final = {
    "numbers_in": "number numbers int integer float decimal count amount",
    "number_lists_in": "array matrix vector matrices vectors coordinates",
    "matrices_in": "matrix matrices nested",
    "number_after": "number int integer float decimal",
    "number_before": "number int integer float decimal",
    "quantities_in": "quantity quantities unit units",
    "quantity_in": "quantity unit units percent percentage interest rate duration distance weight",
    "dates_in": "date dates day",
    "date_texts_in": "date dates",
    "times_in": "time clock hour",
    "relative_date": "today tomorrow yesterday",
    "money_in": "money price prices currency currencies",
    "amounts_in": "money total totals price prices receipt invoice",
    "read_amount": "money total price receipt invoice",
    "currencies_in": "currency currencies",
    "options_in": "enum literal options",
    "closest_option": "enum literal options option",
    "closest_member": "enum member members",
    "quoted_in": "string str text title name",
    "text_after": "string str text name",
    "text_between": "string str text name",
    "names_in": "name names person artist author player team company title",
    "places_in": "city cities country place location state address destination",
    "items_in": "array list items ingredients",
    "literals_in": "array tuple nested",
}
"""The words of a spec that call for a helper. One that is not named here is always shown."""


def choose_helpers(helpers: Iterable[Helper], texts: Iterable[str], told: str = "") -> tuple[Helper, ...]:
    """Return the offered helpers that the words of a spec call for; all of them where they call for none.

    Args:
        helpers: what the body may use; that stays so for those which are not shown.
        texts: the spec's own words: docstring, signature and constants.
        told: what the template says, which may name some of them.
    """
    offered = tuple(helper for helper in helpers if helper.is_offered)
    words = frozenset(word.lower() for text in texts for word in re.findall(r"[A-Za-z]+", text.replace("_", " ")))
    named = set(re.findall(r"\w+", told))

    def is_called_for(name: str) -> bool:
        return name not in _CALLS or name in named or bool(words & set(_CALLS[name].split()))

    return tuple(helper for helper in offered if is_called_for(helper.name)) or offered
