"""Lines of an Apache or nginx access log in the combined format."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec

LINE = (
    '203.0.113.7 - alice [23/Nov/2026:10:15:30 +0100] "GET /cart?id=7 HTTP/1.1" 200 5120'
    ' "https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64)"'
)
FIELD = r'\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\S+'


@spec
def parse_log_time(text: str) -> datetime:
    """Read the time of a log line, written `%d/%b/%Y:%H:%M:%S %z` in the terms of strftime, with its UTC offset.

    >>> parse_log_time("23/Nov/2026:10:15:30 +0000").isoformat()
    '2026-11-23T10:15:30+00:00'
    >>> parse_log_time("01/Jan/2026:00:00:00 -0330").isoformat()
    '2026-01-01T00:00:00-03:30'

    Raises:
        ValueError: the text has another form, or there is no such time.
    """


@pytest.mark.parametrize("text", ["", "23/Nov/2026", "23/11/2026:10:15:30 +0000", "31/Feb/2026:10:15:30 +0000"])
def test_not_a_time(text: str) -> None:
    with pytest.raises(ValueError):
        parse_log_time(text)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-47, 47))
def test_times_round_trip(moment: datetime, quarters: int) -> None:
    zoned = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    parsed = parse_log_time(zoned.strftime("%d/%b/%Y:%H:%M:%S %z"))
    assert (parsed, parsed.utcoffset()) == (zoned, zoned.utcoffset())


@spec
def split_request(request: str) -> tuple[str, str, str]:
    """Split the first line of an HTTP request into its method, its target and its protocol.

    They are separated by one space each; the target itself holds no space, and the protocol begins with `HTTP/`.

    >>> split_request("GET /cart?id=7 HTTP/1.1")
    ('GET', '/cart?id=7', 'HTTP/1.1')

    Raises:
        ValueError: the request has another form, as those of port scanners and broken clients.
    """


def test_requests() -> None:
    assert split_request("POST / HTTP/2.0") == ("POST", "/", "HTTP/2.0")


@pytest.mark.parametrize("request_line", ["", "-", "GET", "GET /", "GET /a b HTTP/1.1", "GET / SMTP/1.0", r"\x16\x03"])
def test_broken_requests(request_line: str) -> None:
    with pytest.raises(ValueError):
        split_request(request_line)


@spec
def unwrap(field: str) -> str:
    """Take off the square brackets, or the two double quotes, that a field stands in.

    Any other field stays as it is, and so does a single character.

    >>> unwrap("[23/Nov/2026:10:15:30 +0000]")
    '23/Nov/2026:10:15:30 +0000'
    >>> unwrap('"GET / HTTP/1.1"')
    'GET / HTTP/1.1'
    >>> unwrap("304")
    '304'
    """


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("", ""),
        ("-", "-"),
        ('""', ""),
        ("[]", ""),
        ('"-"', "-"),
        ('"', '"'),
        ("[", "["),
        ("[open", "[open"),
        ('"open', '"open'),
        ('[a "quoted" time]', 'a "quoted" time'),
        (r'"say \"hello\""', r"say \"hello\""),
        ('["a"]', '"a"'),
    ],
)
def test_fields_are_unwrapped(field: str, text: str) -> None:
    assert unwrap(field) == text


@spec(uses=[unwrap])
def split_fields(line: str) -> list[str]:
    r"""Split a log line into its fields, from left to right: all that the regular expression FIELD finds in it.

    It finds text in square brackets, text in double quotes with its backslashes, and anything else up to the next white
    space. Each field is returned without its brackets or quotes (`unwrap`).

    >>> split_fields('10.0.0.1 - [23/Nov/2026:10:15:30 +0000] "GET / HTTP/1.1" 304')
    ['10.0.0.1', '-', '23/Nov/2026:10:15:30 +0000', 'GET / HTTP/1.1', '304']
    >>> split_fields('"" "-"')
    ['', '-']
    """


def test_fields() -> None:
    assert split_fields(LINE + "\n") == [
        "203.0.113.7",
        "-",
        "alice",
        "23/Nov/2026:10:15:30 +0100",
        "GET /cart?id=7 HTTP/1.1",
        "200",
        "5120",
        "https://shop.example.com/",
        "Mozilla/5.0 (X11; Linux x86_64)",
    ]


@pytest.mark.parametrize("agent", ["", r"say \"hello\" bot", r"ends with a backslash \\", "a ] [ b", r"\""])
def test_quoted_fields(agent: str) -> None:
    assert split_fields(f'1 "{agent}" [a "quoted" time] "{agent}" 2') == ["1", agent, 'a "quoted" time', agent, "2"]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("", []),
        ("  ", []),
        ("200", ["200"]),
        ('"GET / HTTP/1.1" 304 5', ["GET / HTTP/1.1", "304", "5"]),
        (r'"say \"hello\"" 1', [r"say \"hello\"", "1"]),
        (r'"ends with a backslash \\" 1', [r"ends with a backslash \\", "1"]),
        ('[a "quoted" time] 1', ['a "quoted" time', "1"]),
        ("[open 1", ["[open", "1"]),
        ('"open 1', ['"open', "1"]),
    ],
)
def test_short_lines(line: str, fields: list[str]) -> None:
    assert split_fields(line) == fields


@given(st.lists(st.text(alphabet="abc:/[]- ")))
def test_any_quoted_fields(fields: list[str]) -> None:
    assert split_fields(" ".join(f'"{field}"' for field in fields)) == fields


@spec
def known(field: str) -> str | None:
    """Return a field, or None if it is `-`: nothing was known.

    >>> known("alice")
    'alice'
    >>> known("-") is None
    True
    """


@pytest.mark.parametrize(("field", "text"), [("", ""), ("--", "--"), (" -", " -"), ("-", None), ("0", "0")])
def test_known(field: str, text: str | None) -> None:
    assert known(field) == text


@spec(uses=[known, parse_log_time, split_fields])
def parse_log_line(line: str) -> tuple[str, str | None, datetime, str, int, int, str | None, str | None]:
    """Read a line of the combined log format: host, user, time, request, status, size, referer, agent.

    The nine fields of a line (`split_fields`) are these eight in this order, and an identity between host and user,
    which is left out.

    - User, referer and agent may be None (`known`).
    - The time is one that `parse_log_time` reads; status and size are whole numbers, and a size of `-` is 0.

    >>> fields = parse_log_line('10.0.0.1 - bob [23/Nov/2026:10:15:30 +0000] "GET / HTTP/1.1" 304 - "-" "curl/8.5"')
    >>> fields[0], fields[1], fields[3:]
    ('10.0.0.1', 'bob', ('GET / HTTP/1.1', 304, 0, None, 'curl/8.5'))

    Raises:
        ValueError: the line has more or fewer fields, or its time, status or size is none.
    """


def test_a_whole_line() -> None:
    host, user, time, request, status, size, referer, agent = parse_log_line(LINE)
    assert (host, user, request) == ("203.0.113.7", "alice", "GET /cart?id=7 HTTP/1.1")
    assert time == datetime(2026, 11, 23, 10, 15, 30, tzinfo=timezone(timedelta(hours=1)))
    assert (status, size) == (200, 5120)
    assert (referer, agent) == ("https://shop.example.com/", "Mozilla/5.0 (X11; Linux x86_64)")


def test_dashes_mean_nothing() -> None:
    line = '10.0.0.1 - - [23/Nov/2026:10:15:30 +0000] "-" 408 - "-" "-"'
    time = datetime(2026, 11, 23, 10, 15, 30, tzinfo=UTC)
    assert parse_log_line(line) == ("10.0.0.1", None, time, "-", 408, 0, None, None)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "garbage",
        LINE + " more",
        LINE[:-1],
        LINE.replace(" 5120", ""),
        LINE.replace("200", "OK"),
        LINE.replace("5120", "5k"),
        LINE.replace("[", "").replace("]", ""),
        LINE.replace("Nov", "Nix"),
        LINE.replace("[23", "[31"),
    ],
)
def test_broken_lines(line: str) -> None:
    with pytest.raises(ValueError):
        parse_log_line(line)
