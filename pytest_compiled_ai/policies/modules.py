"""The standard modules that a body may use without being asked: those that compute on data and reach nothing else.

No file, process, network, clock setting, randomness, interpreter or state of the process can be had through what is
listed here. An empty entry stands for the module's whole public API, less what `WITHHELD` names; any other entry lists
the names that are pure, where the rest of the module is not.
"""

from __future__ import annotations

from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WHOLE = """
abc array ast base64 binascii bisect calendar cmath collections collections.abc colorsys contextlib copy csv dataclasses
datetime decimal difflib enum fnmatch fractions functools graphlib hashlib heapq hmac html html.entities html.parser
ipaddress itertools json keyword math numbers operator pprint quopri re reprlib statistics string stringprep struct
textwrap tomllib typing unicodedata urllib.parse zlib
"""
_PATHS = (
    "altsep basename commonpath commonprefix curdir dirname extsep isabs join normcase normpath pardir pathsep sep "
    "split splitdrive splitext splitroot"
)
_STREAMLESS = "BadGzipFile LZMACompressor LZMADecompressor LZMAError BZ2Compressor BZ2Decompressor compress decompress"

ALLOWED: Mapping[str, frozenset[str]] = {
    **{module: frozenset() for module in _WHOLE.split()},
    # Waiting for others; no loop, thread, process or stream can be had.
    "asyncio": _names(
        "as_completed CancelledError create_task current_task ensure_future Event Future FIRST_COMPLETED "
        "FIRST_EXCEPTION ALL_COMPLETED gather iscoroutine iscoroutinefunction isfuture LifoQueue Lock PriorityQueue "
        "Queue QueueEmpty QueueFull Semaphore BoundedSemaphore shield sleep Task TaskGroup timeout TimeoutError wait "
        "wait_for"
    ),
    # Packing bytes; their `open` is left out.
    "bz2": _names(_STREAMLESS),
    "gzip": _names(_STREAMLESS),
    "lzma": _names(_STREAMLESS),
    "codecs": _names("decode encode BOM_UTF8 BOM_UTF16 BOM_UTF16_BE BOM_UTF16_LE BOM_UTF32 BOM_UTF32_BE BOM_UTF32_LE"),
    # Headers as text; `make_msgid` asks for the host's name.
    "email.utils": _names(
        "collapse_rfc2231_value decode_rfc2231 encode_rfc2231 format_datetime formataddr formatdate getaddresses "
        "mktime_tz parseaddr parsedate parsedate_to_datetime parsedate_tz quote unquote"
    ),
    "http": _names("HTTPStatus HTTPMethod"),
    "io": _names("BytesIO StringIO SEEK_CUR SEEK_END SEEK_SET UnsupportedOperation"),
    # Paths as text; what looks at the disk is left out.
    "ntpath": _names(_PATHS),
    "pathlib": _names("PurePath PurePosixPath PureWindowsPath"),
    "posixpath": _names(_PATHS),
    "plistlib": _names("dumps FMT_BINARY FMT_XML InvalidFileException loads UID"),
    "shlex": _names("join quote split"),
    # Clocks are left out, and so is what reads one where no time is given to it; `sleep` only stalls.
    "time": _names("mktime strptime struct_time"),
    # The makers of functions, code, classes and modules are left out.
    "types": _names("EllipsisType MappingProxyType NoneType NotImplementedType SimpleNamespace UnionType"),
    # `uuid1` and `getnode` ask for the network card, `uuid4` for chance.
    "uuid": _names("NAMESPACE_DNS NAMESPACE_OID NAMESPACE_URL NAMESPACE_X500 UUID uuid3 uuid5"),
    "warnings": _names("warn"),
    "zoneinfo": _names("ZoneInfo ZoneInfoNotFoundError"),
}

WITHHELD: Mapping[str, frozenset[str]] = {
    "abc": _names("ABCMeta update_abstractmethods"),
    "ast": _names("main"),
    "calendar": _names("main setfirstweekday"),
    "contextlib": _names("AsyncExitStack chdir ExitStack redirect_stderr redirect_stdout"),
    "csv": _names("field_size_limit register_dialect unregister_dialect"),
    "dataclasses": _names("make_dataclass"),
    "decimal": _names("BasicContext DefaultContext ExtendedContext getcontext setcontext"),
    "enum": _names("EnumMeta EnumType global_enum global_enum_repr global_flag_repr global_str"),
    "functools": _names("singledispatch singledispatchmethod update_wrapper"),
    "operator": _names("attrgetter call delitem methodcaller setitem"),
    "string": _names("Formatter"),
    "typing": _names("evaluate_forward_ref ForwardRef get_type_hints no_type_check no_type_check_decorator"),
}
"""What takes names as text, makes classes, swallows every exception, or changes state that others see."""

OUTSIDE = _names(
    "builtins code codecs ctypes gc http importlib inspect io marshal multiprocessing os pathlib pdb pickle posix pty "
    "runpy shutil signal socket ssl subprocess sys tempfile threading urllib webbrowser"
)
"""Modules that a dependency may have imported for itself, and that a body shall not get from it."""
