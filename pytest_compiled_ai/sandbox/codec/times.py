"""The kinds of data that tell a time, and the zones that they are told in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from types import NoneType
from typing import Any, Final
from zoneinfo import ZoneInfo

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.kinds import Kind, Shape

_ZONE = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*")
_ZONES: Final = (NoneType, dt.timezone, ZoneInfo)
_CLOCK: Final[Shape] = (*((int,),) * 5, _ZONES)
_THREE: Final[Shape] = ((int,),) * 3


def _split_time(value: dt.time | dt.datetime) -> Iterable[object]:
    return (value.hour, value.minute, value.second, value.microsecond, value.fold, value.tzinfo)


def _join_time(parts: list[Any]) -> dt.time:
    hour, minute, second, microsecond, fold, zone = parts
    return dt.time(hour, minute, second, microsecond, zone, fold=fold)


def _split_date(value: dt.date) -> Iterable[object]:
    return (value.year, value.month, value.day)


def _join_date(parts: list[int]) -> dt.date:
    return dt.date(*parts)


def _split_datetime(value: dt.datetime) -> Iterable[object]:
    return (*_split_date(value), *_split_time(value))


def _join_datetime(parts: list[Any]) -> dt.datetime:
    clock = _join_time(parts[3:])
    return dt.datetime.combine(_join_date(parts[:3]), clock)


def _split_timezone(value: dt.timezone) -> Iterable[object]:
    # Copying and pickling use it too; no public name tells whether a zone was given a name.
    offset, *name = value.__getinitargs__()  # type: ignore[attr-defined]
    return (offset, name[0] if name else None)


def _join_timezone(parts: list[Any]) -> dt.timezone:
    offset, name = parts
    return dt.timezone(offset) if name is None else dt.timezone(offset, name)


def _split_zone(value: ZoneInfo) -> Iterable[object]:
    if value.key is None or not _ZONE.fullmatch(value.key):
        raise CodecError("is a time zone without a name")
    return (value.key,)


def _join_zone(parts: list[str]) -> ZoneInfo:
    if not _ZONE.fullmatch(parts[0]):
        raise CodecError("is no message: a time zone has no such name")
    return ZoneInfo(parts[0])


TIMES: Final = (
    Kind(tag="date", type=dt.date, split=_split_date, join=_join_date, shape=_THREE),
    Kind(tag="time", type=dt.time, split=_split_time, join=_join_time, shape=_CLOCK),
    Kind(tag="datetime", type=dt.datetime, split=_split_datetime, join=_join_datetime, shape=_THREE + _CLOCK),
    Kind(
        tag="delta",
        type=dt.timedelta,
        split=lambda value: (value.days, value.seconds, value.microseconds),
        join=lambda parts: dt.timedelta(*parts),
        shape=_THREE,
    ),
    Kind(
        tag="timezone",
        type=dt.timezone,
        split=_split_timezone,
        join=_join_timezone,
        shape=((dt.timedelta,), (NoneType, str)),
    ),
    Kind(tag="zone", type=ZoneInfo, split=_split_zone, join=_join_zone, shape=((str,),)),
)
