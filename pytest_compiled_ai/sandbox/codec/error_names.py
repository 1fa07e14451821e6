"""The exceptions that may be raised in a test for a body: an allow-list by name."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from pytest_compiled_ai.sandbox.codec.bounds import name_type
from pytest_compiled_ai.sandbox.codec.classes import Classes, is_error

_BUILTINS: Final[Mapping[str, type[Exception]]] = MappingProxyType(
    {
        f"builtins.{name}": found
        for name, found in vars(builtins).items()
        if isinstance(found, type) and is_error(found) and found.__name__ == name
    }
)

_MODULES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "argparse": ("ArgumentError", "ArgumentTypeError"),
        "asyncio": ("IncompleteReadError", "InvalidStateError", "LimitOverrunError", "QueueEmpty", "QueueFull"),
        "binascii": ("Error", "Incomplete"),
        "calendar": ("IllegalMonthError", "IllegalWeekdayError"),
        "concurrent.futures": ("BrokenExecutor", "InvalidStateError"),
        "configparser": (
            "DuplicateOptionError",
            "DuplicateSectionError",
            "Error",
            "InterpolationError",
            "MissingSectionHeaderError",
            "NoOptionError",
            "NoSectionError",
            "ParsingError",
        ),
        "copy": ("Error",),
        "csv": ("Error",),
        "dataclasses": ("FrozenInstanceError",),
        "decimal": (
            "Clamped",
            "DecimalException",
            "DivisionByZero",
            "FloatOperation",
            "Inexact",
            "InvalidOperation",
            "Overflow",
            "Rounded",
            "Subnormal",
            "Underflow",
        ),
        "graphlib": ("CycleError",),
        "gzip": ("BadGzipFile",),
        "ipaddress": ("AddressValueError", "NetmaskValueError"),
        "json": ("JSONDecodeError",),
        "locale": ("Error",),
        "lzma": ("LZMAError",),
        "plistlib": ("InvalidFileException",),
        "pyexpat": ("ExpatError",),
        "queue": ("Empty", "Full"),
        "re": ("error",),
        "statistics": ("StatisticsError",),
        "struct": ("error",),
        "tokenize": ("TokenError",),
        "tomllib": ("TOMLDecodeError",),
        "xml.etree.ElementTree": ("ParseError",),
        "zipfile": ("BadZipFile", "LargeZipFile"),
        "zlib": ("error",),
        "zoneinfo": ("ZoneInfoNotFoundError",),
    }
)


def find_error(name: str, classes: Classes) -> type[Exception] | None:
    """Return the allow-listed class with this name, None where there is none or its module cannot be loaded."""
    found = _BUILTINS.get(name) or classes.find_error(name)
    if found is not None:
        return found
    module, _, attribute = name.rpartition(".")
    if attribute not in _MODULES.get(module, ()):
        return None
    try:
        return _take(module, attribute)
    except ImportError:
        return None


def name_error(cls: type[BaseException], classes: Classes) -> str:
    """Return the name that an exception is sent under.

    One that is not allow-listed, as a body's own, goes by its nearest relation that is; what no test may meet goes by
    its own name, which nothing is found for.
    """
    if not is_error(cls):
        return name_type(cls)
    return next(name for base in cls.__mro__ for name in _names_of(base, classes))


def _names_of(cls: type, classes: Classes) -> Iterator[str]:
    if cls.__module__ == "builtins":
        yield f"builtins.{cls.__name__}"
    if cls in classes.names:
        yield classes.names[cls]
    for module, attributes in _MODULES.items():
        for attribute in attributes:
            if module in sys.modules and _take(module, attribute) is cls:
                yield f"{module}.{attribute}"


def _take(module: str, attribute: str) -> type[Exception] | None:
    found: type[Exception] | None = getattr(import_module(module), attribute, None)
    return found
