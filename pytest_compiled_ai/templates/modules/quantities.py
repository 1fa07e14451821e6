"""Numbers with their units in a text, and units by one name."""

from __future__ import annotations

import re

from pytest_compiled_ai.templates.modules.numbers import find_numbers

__all__ = ["quantities_in", "quantity_in"]

_SYMBOLS = {
    "m": "meter metre", "km": "kilometer kilometre", "cm": "centimeter centimetre", "mm": "millimeter millimetre",
    "mi": "mile", "ft": "foot feet", "in": "inch inche", "yd": "yard", "nm": "nanometer nanometre",
    "g": "gram gramme gm", "kg": "kilogram kilo kgs", "mg": "milligram", "t": "ton tonne", "lb": "pound lbs",
    "oz": "ounce", "s": "second sec", "ms": "millisecond", "min": "minute", "h": "hour hr", "d": "day",
    "l": "liter litre", "ml": "milliliter millilitre", "gal": "gallon", "j": "joule", "kj": "kilojoule",
    "cal": "calorie", "kcal": "kilocalorie", "n": "newton", "pa": "pascal", "kpa": "kilopascal", "w": "watt",
    "kw": "kilowatt", "kwh": "kilowatthour", "v": "volt", "a": "ampere amp", "ohm": "\u03c9", "c": "coulomb",
    "f": "farad", "hz": "hertz", "mol": "mole", "k": "kelvin", "\u00b0c": "celsius centigrade", "\u00b0f": "fahrenheit",
    "\u00b0": "degree", "%": "percent", "mph": "mi/h", "km/h": "kph kmh", "m/s": "mps", "m/s^2": "m/s\u00b2",
}  # fmt: skip
_UNIT = re.compile(
    r"[\s-]?(?P<degrees>degrees?\s+)?(?P<unit>%|\u00b0\s?[CF]?\b|[^\W\d_]+(?:[/^\u00b7][\w\u00b2\u00b3]+)*[\u00b2\u00b3]?)"
    r"(?P<per>\s+per\s+(?:square\s+)?[^\W\d_]+(?:\s+squared)?)?"
)
_NO_UNIT = re.compile(r"and|or|of|to|in|on|at|by|for|from|the|an?|is|are|with|than|as|if|then|plus|minus|times|x", re.I)


def quantities_in(text: str) -> list[tuple[int | float, str]]:
    """Return the numbers in a text with their units: "6cm, 20 dice" gives [(6, "cm"), (20, "dice")].

    The unit is as it is written, and empty where a number stands alone.
    """
    return [(value, _unit_at(text, end)) for _, end, value in find_numbers(text)]


def quantity_in(text: str, *units: str) -> int | float | None:
    """Return the first number of a unit, "%" included: ("30 km in 2 hours", "hour") gives 2."""
    wanted = {unit_symbol(unit) for unit in units}
    return next((value for value, unit in quantities_in(text) if unit and unit_symbol(unit) in wanted), None)


def unit_symbol(unit: str) -> str:
    """Return the symbol of a unit: "kilometers per hour" gives "km/h", "Pounds" gives "lb"; else its singular."""
    parts = re.split(r"\s+per\s+|/", unit.strip().lower())
    symbols = [_symbol_of(part.strip()) for part in parts]
    joined = "/".join(symbols)
    return {"meter/second squared": "m/s^2", "m/second squared": "m/s^2"}.get(joined, _symbol_of(joined))


def _symbol_of(name: str) -> str:
    for word in (name, name.removesuffix("s")):
        for symbol, names in _SYMBOLS.items():
            if word == symbol or word in names.split():
                return symbol
    return name.removesuffix("s") if len(name) > 3 and not name.endswith("ss") else name


def _unit_at(text: str, end: int) -> str:
    found = _UNIT.match(text, end)
    if found is None or _NO_UNIT.fullmatch(found["unit"]):
        return ""
    return f"{found['unit']}{found['per'] or ''}".strip()
