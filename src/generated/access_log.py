# Compiled from specs/access_log.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

import re
from datetime import datetime

FIELD = r'\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\S+'


# spec v1:3f056450382927258de6dac8873dd001 body 76bf7edf583f377e043b43184198b3ab
def parse_log_time(text: str) -> datetime:
    """Read the time of a log line, written `%d/%b/%Y:%H:%M:%S %z` in the terms of strftime, with its UTC offset.

    >>> parse_log_time("23/Nov/2026:10:15:30 +0000").isoformat()
    '2026-11-23T10:15:30+00:00'
    >>> parse_log_time("01/Jan/2026:00:00:00 -0330").isoformat()
    '2026-01-01T00:00:00-03:30'

    Raises:
        ValueError: the text has another form, or there is no such time.
    """
    try:
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        raise ValueError("The text has another form, or there is no such time.")


# spec v1:2c49ddfc5e295e96815dc4e585ab046f body 9afa2d58018092642a387b1736e768c3
def split_request(request: str) -> tuple[str, str, str]:
    """Split the first line of an HTTP request into its method, its target and its protocol.

    They are separated by one space each; the target itself holds no space, and the protocol begins with `HTTP/`.

    >>> split_request("GET /cart?id=7 HTTP/1.1")
    ('GET', '/cart?id=7', 'HTTP/1.1')

    Raises:
        ValueError: the request has another form, as those of port scanners and broken clients.
    """
    parts = request.split()
    if len(parts) != 3:
        raise ValueError("The request has another form, as those of port scanners and broken clients.")
    method, target, protocol = parts
    if not method or not target or not protocol.startswith("HTTP/"):
        raise ValueError("The request has another form, as those of port scanners and broken clients.")
    return method, target, protocol


# spec v1:d5bb040812136058a0d74e52b929dcdc body fefe033155bb62e46661b9876d35651c
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
    # Check if the field is a string
    if not isinstance(field, str):
        raise ValueError("Field must be a string")

    # Check if the field is empty
    if field == "":
        return field

    # Check if the field is a single character
    if len(field) == 1:
        return field

    # Check if the field is a string with quotes
    if field.startswith('"') and field.endswith('"'):
        return field[1:-1]

    # Check if the field is a string with brackets
    if field.startswith('[') and field.endswith(']'):
        return field[1:-1]

    # If none of the above conditions are met, return the field as is
    return field


# spec v1:81a1b02f3434a1971a0206d8c6f35011 body 75f8690ec9f5730291df5825082e9f9f
def split_fields(line: str) -> list[str]:
    r"""Split a log line into its fields, from left to right: all that the regular expression FIELD finds in it.

    It finds text in square brackets, text in double quotes with its backslashes, and anything else up to the next white
    space. Each field is returned without its brackets or quotes (`unwrap`).

    >>> split_fields('10.0.0.1 - [23/Nov/2026:10:15:30 +0000] "GET / HTTP/1.1" 304')
    ['10.0.0.1', '-', '23/Nov/2026:10:15:30 +0000', 'GET / HTTP/1.1', '304']
    >>> split_fields('"" "-"')
    ['', '-']
    """
    return [unwrap(field) for field in re.findall(FIELD, line)]


# spec v1:1819a83e283cc16183d3b285bec129f6 body bd2664b58d0ef6cda613184e815641e8
def known(field: str) -> str | None:
    """Return a field, or None if it is `-`: nothing was known.

    >>> known("alice")
    'alice'
    >>> known("-") is None
    True
    """
    return field if field != "-" else None
