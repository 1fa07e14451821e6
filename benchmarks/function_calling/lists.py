"""The names and words that stand for others: those of the specs' tests, and those of the scoring, with none in common.

A list is chosen by what a value is about; those of the tests have one word or two, those of the scoring three or four.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import cycle
from typing import Literal

Kind = Literal["tests", "scoring"]
Lists = Mapping[int, tuple[str, ...]]

_PLACES: Mapping[Kind, Lists] = {
    "tests": {
        1: ("Lisbon", "Nairobi", "Oslo", "Tampa", "Quito", "Perth", "Krakow", "Osaka"),
        2: ("Cape Verde", "Santa Cruz", "Hong Kong", "Baton Rouge", "Fort Worth", "Buenos Aires"),
    },
    "scoring": {
        3: ("Rio de Janeiro", "Salt Lake City", "Stratford upon Avon", "New South Wales", "San Luis Obispo"),
        4: ("Ho Chi Minh City", "Palma de la Costa", "Villa Nueva Del Sol", "Villa Rica de Oro"),
    },
}
_REGIONS: Mapping[Kind, tuple[str, ...]] = {
    "tests": ("Kenya", "Ohio", "Norway", "Peru"),
    "scoring": ("New Mexico", "South Korea", "British Columbia", "Costa Rica"),
}
_PEOPLE: Mapping[Kind, Lists] = {
    "tests": {
        1: ("Marta", "Tobias", "Ingrid", "Kwame", "Yusuf", "Elena"),
        2: ("Olga Petrov", "Hiro Tanaka", "Nina Alvarez", "Omar Haddad", "Greta Lind", "Paul Okoro"),
    },
    "scoring": {
        3: ("Anna Maria Lopez", "John Quincy Waters", "Mary Ann Bexley", "Jean Luc Moreau", "Amara N Diallo"),
        4: ("Vincent van der Berg", "Maria del Carmen Ruiz", "Otto von der Heide"),
    },
}
_TITLES: Mapping[Kind, Lists] = {
    "tests": {
        1: ("Meridian", "Halcyon", "Zenith", "Corvus", "Pinnacle", "Larkspur"),
        2: ("Silver Harbor", "Northern Star", "Copper Field", "Winter Garden", "Blue Lantern"),
    },
    "scoring": {
        3: ("Seven Grey Doors", "Old Stone Bridge", "Last Summer Rain", "Velvet Moon Garden", "Hidden Valley Road"),
        4: ("Lost Green Glass Orchard", "Long Walk Home Again", "Three Tall Pine Trees"),
    },
}
_WORDS: Mapping[Kind, Lists] = {
    "tests": {
        1: ("amber", "walnut", "silver", "cotton", "lunar", "marble", "cedar", "violet"),
        2: ("paper lantern", "garden gate", "stone bridge", "winter coat", "apple pie"),
    },
    "scoring": {
        3: ("old brick oven", "slow morning train", "small wooden boat", "bright autumn leaf", "quiet desert wind"),
        4: ("pale green harvest moon", "two handed copper kettle", "low slung velvet rope"),
    },
}
FORMULAS: Mapping[Kind, tuple[str, ...]] = {
    "tests": ("5x^2 + 4x - 7", "x^3 + 6", "7x^2 - 9"),
    "scoring": ("x^4 - 8x^2 + 3x", "12x + 31", "2x^5 - x", "sin(x) + 3", "6x^3 - 15x^2"),
}
OPPOSITES = (
    ("ascending", "descending"),
    ("increasing", "decreasing"),
    ("including", "excluding"),
    ("include", "exclude"),
)
_ABOUT: tuple[tuple[re.Pattern[str], Mapping[Kind, Lists]], ...] = (
    (
        re.compile(
            r"city|cities|location|place|country|state|region|origin|destination|address|where|town|area|province|stop"
        ),
        _PLACES,
    ),
    (
        re.compile(
            r"person|people|player|artist|author|actor|director|singer|athlete|cast|patient|plaintiff|defendant|"
            r"painter|composer|scientist|celebrity|friend|judge|lawyer|sculptor"
        ),
        _PEOPLE,
    ),
)


def choose_list(about: str, spelling: str, kind: Kind) -> Lists:
    """Return the names or words that may stand for a text.

    Args:
        about: the name and the description of its parameter.
        spelling: the text as it stands in the request.
        kind: for whom the call is made.
    """
    first = next((letter for letter in spelling if letter.isalpha()), "")
    if not first.isupper():
        return _WORDS[kind]
    lists = next((lists for fits, lists in _ABOUT if fits.search(about.lower())), _TITLES)[kind]
    if "," in spelling:
        return {size: tuple(map(", ".join, zip(names, cycle(_REGIONS[kind])))) for size, names in lists.items()}
    return lists
