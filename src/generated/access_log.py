# Compiled from specs/access_log.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

from datetime import datetime


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
