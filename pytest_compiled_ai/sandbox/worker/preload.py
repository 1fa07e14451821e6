"""What a zygote has in memory before it is asked for anything: a sealed worker can open no file any more."""

from __future__ import annotations

import importlib
import importlib.resources
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from pytest_compiled_ai.sandbox.kernel.syscalls import words

MODULES: Final = words("""
_strptime abc array ast asyncio base64 binascii bisect bz2 calendar cmath codecs collections collections.abc colorsys
concurrent.futures.thread configparser contextlib contextvars copy csv dataclasses datetime decimal difflib
email.message email.mime.text email.utils enum fnmatch fractions functools gettext graphlib gzip hashlib heapq hmac
html html.entities html.parser http inspect io ipaddress itertools json json.decoder keyword linecache locale logging
lzma math mimetypes ntpath numbers opcode operator os.path pathlib plistlib posixpath pprint queue quopri random re
reprlib secrets shlex statistics string stringprep struct textwrap threading time token tokenize tomllib traceback
types typing unicodedata urllib.error urllib.parse uuid warnings weakref xml.etree.ElementTree xml.parsers.expat
zipfile zlib zoneinfo
""")

CODECS: Final = words("""
ascii big5 cp1250 cp1251 cp1252 cp1253 cp1254 cp437 cp850 cp858 euc_jp euc_kr gb18030 gbk hex idna iso2022_jp iso8859_2
iso8859_5 iso8859_7 iso8859_9 iso8859_15 koi8_r koi8_u latin_1 mac_roman punycode quopri raw_unicode_escape rot_13
shift_jis unicode_escape utf_7 utf_8 utf_8_sig utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le base64 zlib
""")


def preload(modules: Sequence[str] = MODULES) -> None:
    """Import the modules and read the codecs and time zones; without modules, nothing."""
    if not modules:
        return
    for name in modules:
        # A Python may be built without some of them.
        with suppress(ImportError):
            importlib.import_module(name)
    _load_codecs()
    _load_zones()
    _wake_lazy_parts()


def _load_codecs() -> None:
    import codecs

    for name in CODECS:
        with suppress(LookupError):
            codecs.lookup(name)


def _load_zones() -> None:
    import zoneinfo

    kept = []
    for key in _zone_keys(zoneinfo.TZPATH):
        # The folders hold other files, too.
        with suppress(ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            kept.append(zoneinfo.ZoneInfo(key))
    # The module's own cache is weak.
    zoneinfo.__dict__["_kept"] = kept


def _zone_keys(folders: Iterable[str]) -> list[str]:
    for folder in map(Path, folders):
        files = [path.relative_to(folder).as_posix() for path in folder.rglob("[A-Z]*") if path.is_file()]
        if files:
            return sorted(files)
    with suppress(ImportError, OSError):
        return (importlib.resources.files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return []


def _wake_lazy_parts() -> None:
    import asyncio
    import datetime
    import decimal
    import email.message
    import uuid

    time.tzset()
    datetime.datetime.strptime("2000-01-01", "%Y-%m-%d").astimezone()
    decimal.getcontext()
    email.message.Message().as_string()
    uuid.uuid4()
    "ß".encode("idna")
    # Some of its names are loaded at their first use.
    asyncio.run(asyncio.sleep(0))
